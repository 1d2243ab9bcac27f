/*
 * 32-bit paging as software sees it through the self-map (Intel SDM vol. 3A, 4.3).
 *
 *   virtual address   | directory 31:22 | table 21:12 | offset 11:0 |
 *   PDE, page table   | table's frame 31:12           |...| PS 7 = 0 |...| P 0 |
 *   PDE, 4 MiB page   | frame 31:22     |             |...| PS 7 = 1 |...| P 0 |
 *   PTE               | frame 31:12                   |...          |...| P 0 |
 *
 * The page directory that CR3 names is also entered in itself at index 300h. So the tables of the
 * current address space can be read as memory: all PTEs in one array at C0000000, of which the
 * 300th page, at C0300000, is the directory.
 */
#pragma once

#include <ntddk.h>

#define SELF_MAP_TABLES    0xC0000000u
#define SELF_MAP_DIRECTORY 0xC0300000u

#define ENTRY_PRESENT    0x001u
#define ENTRY_LARGE_PAGE 0x080u

#define PAGE_OFFSET       0x00000FFFu /* of a 4 KiB page */
#define LARGE_PAGE_OFFSET 0x003FFFFFu /* of a 4 MiB page */

/* One read of the PDE that maps this virtual address; the directory is always there. */
static inline ULONG ReadPde(ULONG Virtual)
{
    return ((volatile ULONG *)SELF_MAP_DIRECTORY)[Virtual >> 22];
}

/* One read of its PTE: faults unless the PDE is present; no PTE at all if it maps a large page. */
static inline ULONG ReadPte(ULONG Virtual)
{
    return ((volatile ULONG *)SELF_MAP_TABLES)[Virtual >> 12];
}

static inline BOOLEAN IsPresent(ULONG Entry)
{
    return (Entry & ENTRY_PRESENT) != 0;
}

static inline BOOLEAN IsLargePage(ULONG Pde)
{
    return (Pde & ENTRY_LARGE_PAGE) != 0;
}

/* The physical address: the entry's frame, and the virtual address's place in the page. */
static inline ULONG InPage(ULONG Pte, ULONG Virtual)
{
    return (Pte & ~PAGE_OFFSET) | (Virtual & PAGE_OFFSET);
}

static inline ULONG InLargePage(ULONG Pde, ULONG Virtual)
{
    return (Pde & ~LARGE_PAGE_OFFSET) | (Virtual & LARGE_PAGE_OFFSET);
}

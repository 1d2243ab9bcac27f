/*
 * PAE paging as software sees it through the self-map (Intel SDM vol. 3A, 4.4). NT sets
 * ProcessorFeatures[PF_PAE_ENABLED] in the shared user data when it runs so.
 *
 *   virtual address   | PDPTE 31:30 | directory 29:21 | table 20:12 | offset 11:0 |
 *   PDE, page table   | XD 63 | table's frame 51:12           |...| PS 7 = 0 |...| P 0 |
 *   PDE, 2 MiB page   | XD 63 | frame 51:21     |             |...| PS 7 = 1 |...| P 0 |
 *   PTE               | XD 63 | frame 51:12                   |...          |...| P 0 |
 *
 * The four directories are also entered in the last one, at C0000000. So all PTEs are one array of
 * 64-bit entries there, and all PDEs of the four directories one at C0600000.
 */
#pragma once

#include <ntddk.h>

#define PAE_SELF_MAP_TABLES      0xC0000000u
#define PAE_SELF_MAP_DIRECTORIES 0xC0600000u

#define PAE_LARGE_PAGE_OFFSET 0x001FFFFFu /* of a 2 MiB page */
#define PAE_FRAME_HIGH        0x000FFFFFu /* bits 51:32 of an entry's frame, in its high half */

/* An entry's halves. */
typedef struct {
    ULONG Low, High;
} PAE_ENTRY;

static inline PAE_ENTRY ReadPaePde(ULONG Virtual)
{
    volatile PAE_ENTRY *Pde = (volatile PAE_ENTRY *)PAE_SELF_MAP_DIRECTORIES + (Virtual >> 21);

    return (PAE_ENTRY){Pde->Low, Pde->High};
}

/* Faults unless the PDE is present; no PTE at all if it maps a large page. */
static inline PAE_ENTRY ReadPaePte(ULONG Virtual)
{
    volatile PAE_ENTRY *Pte = (volatile PAE_ENTRY *)PAE_SELF_MAP_TABLES + (Virtual >> 12);

    return (PAE_ENTRY){Pte->Low, Pte->High};
}

/* The answer has 32 bits: a frame above 4 GiB is none that it could name. */
static inline BOOLEAN IsBelow4GiB(PAE_ENTRY Entry)
{
    return (Entry.High & PAE_FRAME_HIGH) == 0;
}

static inline ULONG InPaeLargePage(PAE_ENTRY Pde, ULONG Virtual)
{
    return (Pde.Low & ~PAE_LARGE_PAGE_OFFSET) | (Virtual & PAE_LARGE_PAGE_OFFSET);
}

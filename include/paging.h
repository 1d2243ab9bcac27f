/*
 * The entries of 32-bit paging, drawn once (Intel SDM vol. 3A, 4.3, figure 4-4 and tables 4-4 to
 * 4-6). No other file spells a mask.
 *
 *   CR3         31..........12 | 11..5  4   3   2..0
 *               page directory |  -    PCD PWT   -
 *   PDE, table  31..........12 | 11..9  8   7   6  5   4   3   2   1   0
 *               page table     | free   -  PS=0 -  A  PCD PWT U/S R/W  P
 *   PDE, 4 MiB  31..22 21 20..13 12 | 11..9  8   7   6  5   4   3   2   1   0
 *               frame   0 39..32 PAT| free   G  PS=1 D  A  PCD PWT U/S R/W  P
 *   PTE         31..........12 | 11..9  8   7   6  5   4   3   2   1   0
 *               frame          | free   G  PAT  D  A  PCD PWT U/S R/W  P
 *
 *   linear address  31......22 | 21......12 | 11.....0
 *                   PDE index  | PTE index  | offset
 */
#pragma once

#include <stdint.h>

typedef uint32_t paging_entry; /* a PDE or a PTE */

enum {
    PAGE_PRESENT = 1u << 0,
    PAGE_WRITE = 1u << 1,
    PAGE_USER = 1u << 2,
    PAGE_CACHE_DISABLE = 1u << 4,
    PAGE_LARGE = 1u << 7, /* in a PDE */
    PAGE_GLOBAL = 1u << 8,
    PAGE_HELD = 1u << 9, /* free to software; in a PTE with P=0: the frame is kept, not reachable */
    PAGE_CODE = 1u << 10, /* free to software; a right: instructions may be fetched from there */
};

#define PAGE_SHIFT       12
#define PAGE_SIZE        4096u
#define LARGE_PAGE_SHIFT 22
#define LARGE_PAGE_SIZE  0x400000u
#define PAGE_ENTRIES     1024u

/* Where the tables see themselves: the directory is its own page table number 300h. */
#define SELF_MAP_INDEX 0x300u
#define SELF_MAP_PTES  0xC0000000u
#define SELF_MAP_PDES  0xC0300000u

static inline uint32_t pde_index(uint32_t address)
{
    return address >> LARGE_PAGE_SHIFT;
}

static inline uint32_t pte_index(uint32_t address)
{
    return address >> PAGE_SHIFT & (PAGE_ENTRIES - 1);
}

/* The physical address of the table or 4 KiB page that an entry points to. */
static inline uint32_t entry_frame_address(paging_entry entry)
{
    return entry & ~(PAGE_SIZE - 1);
}

/* The physical address of the 4 MiB page of a PDE; bits 20:13 are bits 39:32 (PSE-36). */
static inline uint64_t pde_large_address(paging_entry pde)
{
    return (uint64_t)(pde >> 13 & 0xFF) << 32 | (pde & ~(LARGE_PAGE_SIZE - 1));
}

/*
 * The reserved bits of a 4 MiB PDE: 21, and those of 20:13 that are above the CPU's physical
 * addresses, of which PSE-36 takes 32 to 40 bits (SDM vol. 3A, table 4-4).
 */
static inline uint32_t pde_large_reserved(uint32_t maxphyaddr)
{
    uint32_t above = maxphyaddr >= 40 ? 8 : maxphyaddr <= 32 ? 0 : maxphyaddr - 32;

    return 0x003FE000u & ~((1u << (13 + above)) - 1);
}

static inline paging_entry make_entry(uint32_t physical, uint32_t flags)
{
    return entry_frame_address(physical) | flags | PAGE_PRESENT;
}

static inline uint32_t page_round_down(uint32_t bytes)
{
    return bytes & ~(PAGE_SIZE - 1);
}

static inline uint32_t page_round_up(uint32_t bytes)
{
    return page_round_down(bytes + PAGE_SIZE - 1);
}

/* The number of pages that hold `bytes`. */
static inline uint32_t page_count(uint32_t bytes)
{
    return (bytes >> PAGE_SHIFT) + !!(bytes & (PAGE_SIZE - 1));
}

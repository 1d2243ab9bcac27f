/*
 * The entries of PAE paging, drawn once (Intel SDM vol. 3A, 4.4, figure 4-7 and tables 4-8 to
 * 4-11). M is MAXPHYADDR; what is marked 0 is reserved. XD is reserved too unless EFER.NXE is set.
 *
 *   CR3          31..5                        | 4..0
 *                4 PDPTEs                     |  -
 *   PDPTE        63..M  M-1..12               | 11..9 8..5  4   3   2..1 0
 *                  0    page directory        | free   0*  PCD PWT   0   P
 *   PDE, table   63  62..M  M-1..12           | 11..9  8   7   6  5   4   3   2   1   0
 *                XD    0    page table        | free   -  PS=0 -  A  PCD PWT U/S R/W  P
 *   PDE, 2 MiB   63  62..M  M-1..21 20..13 12 | 11..9  8   7   6  5   4   3   2   1   0
 *                XD    0    frame      0   PAT| free   G  PS=1 D  A  PCD PWT U/S R/W  P
 *   PTE          63  62..M  M-1..12           | 11..9  8   7   6  5   4   3   2   1   0
 *                XD    0    frame             | free   G  PAT  D  A  PCD PWT U/S R/W  P
 *
 *   linear address  31...30 | 29......21 | 20......12 | 11.....0
 *                   PDPTE   | PDE index  | PTE index  | offset
 */
#pragma once

#include <stdint.h>

typedef uint64_t pae_entry; /* a PDPTE, a PDE or a PTE */

#define PAE_NO_EXECUTE      (1ull << 63)
#define PAE_LARGE_PAGE_SIZE 0x200000u
#define PAE_ENTRIES         512u
#define PAE_POINTERS        4u

/* Where the tables see themselves: 8 MiB of PTEs, and in them the four directories. */
#define PAE_SELF_MAP_PTES 0xC0000000u
#define PAE_SELF_MAP_PDES 0xC0600000u
#define PAE_SELF_MAP_END  0xC0800000u

#define PAE_MAXPHYADDR 52u /* the most that the SDM allows */

static inline uint32_t pae_pointer_index(uint32_t address)
{
    return address >> 30;
}

static inline uint32_t pae_pde_index(uint32_t address)
{
    return address >> 21 & (PAE_ENTRIES - 1);
}

static inline uint32_t pae_pte_index(uint32_t address)
{
    return address >> 12 & (PAE_ENTRIES - 1);
}

/* The physical address of the PDPTEs that CR3 points to. */
static inline uint32_t pae_pointers_address(uint32_t cr3)
{
    return cr3 & ~0x1Fu;
}

/* The physical address of the table or 4 KiB page that an entry points to. */
static inline uint64_t pae_frame_address(uint64_t entry)
{
    return entry & 0x000FFFFFFFFFF000ull;
}

static inline uint64_t pae_large_address(uint64_t pde)
{
    return pde & 0x000FFFFFFFE00000ull;
}

/* A PDPTE that points to a directory: it has no rights. */
static inline pae_entry pae_pointer(uint32_t physical)
{
    return physical | 1u;
}

/* The reserved bits of a PDE that points to a table and of a PTE; all are in the high half. */
static inline uint64_t pae_reserved(uint32_t maxphyaddr, int no_execute)
{
    uint32_t bits = maxphyaddr >= PAE_MAXPHYADDR ? PAE_MAXPHYADDR : maxphyaddr;
    uint32_t high = ~0u << (bits - 32);

    return (uint64_t)(no_execute ? high & ~0x80000000u : high) << 32;
}

/* Of a 2 MiB PDE, besides. */
#define PAE_LARGE_RESERVED 0x00000000001FE000ull

/*
 * Of a PDPTE, besides; XD is always reserved there. The manual has bit 5 among them, but QEMU sets it
 * in memory, as if a PDPTE had an A: whoever reads the tables there finds it in sound entries.
 */
#define PAE_POINTER_RESERVED (PAE_NO_EXECUTE | 0x1C6u)

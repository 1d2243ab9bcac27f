/*
 * The address space: every base and limit that is a choice stands here once; mm/layout.c has the
 * same as a table with words, which the printer and the tests iterate.
 *
 *   00000000-0000FFFF  never mapped: NULL
 *   00010000-7FFEFFFF  the process: VirtToPhys.exe 00400000, user32 77D00000, advapi32 77DA0000,
 *                      kernel32 77E40000, ntdll 77F40000; TEBs below 7FFDF000, PEB 7FFDF000,
 *                      shared user data 7FFE0000 (read-only)
 *   7FFF0000-7FFFFFFF  never mapped: the guard between process and kernel
 *   80000000-9FFFFFFF  physical memory 0..512 MiB, mapped directly (kernel image at 80100000)
 *   C0000000-C03FFFFF  the page tables themselves; the page directory at C0300000
 *                      (PAE: to C07FFFFF; the four page directories at C0600000)
 *   E0000000-EFFFFFFF  system PTEs: driver images, kernel stacks with a guard page each, physical
 *                      ranges outside the direct map
 *   FFDF0000-FFDF0FFF  shared user data, where the kernel and drivers write it (wdm.h)
 *   FFDFF000-FFDFFFFF  processor control: FS in ring 0 (wdm.h)
 */
#pragma once

#include "nt/ntdef.h"

#define USER_START        0x00010000u
#define USER_END          0x7FFF0000u /* MmUserProbeAddress: the first byte above the process */
#define KERNEL_BASE       0x80000000u
#define DIRECT_MAP_BYTES  0x20000000u
#define DIRECT_MAP_END    (KERNEL_BASE + DIRECT_MAP_BYTES)
#define SYSTEM_PTES_START 0xE0000000u
#define SYSTEM_PTES_END   0xF0000000u

#define SHARED_DATA_ALIAS 0xFFDF0000u
#define KPCR_ADDRESS      0xFFDFF000u

#define VGA_TEXT_PHYSICAL 0x000B8000u

struct mm_region {
    ULONG start, last; /* linear addresses, both included */
    BOOLEAN mapped;    /* FALSE: never mapped */
    const char *purpose;
};

extern const struct mm_region mm_regions[];
extern const ULONG mm_region_count;

/* The region that an address lies in: there is always one. */
const struct mm_region *mm_region_at(ULONG address);

/* The linear address of a physical one inside the direct map, and back. */
static inline void *direct_map(ULONG physical)
{
    return (void *)(uintptr_t)(physical + KERNEL_BASE);
}

static inline ULONG direct_physical(const void *address)
{
    return (ULONG)(uintptr_t)address - KERNEL_BASE;
}

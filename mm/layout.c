#include "mm/layout.h"

#include "paging.h"
#include "paging_pae.h"

const struct mm_region mm_regions[] = {
    {0x00000000u, USER_START - 1, FALSE, "NULL"},
    {USER_START, USER_END - 1, TRUE, "process"},
    {USER_END, KERNEL_BASE - 1, FALSE, "guard"},
    {KERNEL_BASE, DIRECT_MAP_END - 1, TRUE, "physical memory"},
    {DIRECT_MAP_END, SELF_MAP_PTES - 1, FALSE, "free"},
    {SELF_MAP_PTES, SELF_MAP_PTES + LARGE_PAGE_SIZE - 1, TRUE, "page tables"},
    {SELF_MAP_PTES + LARGE_PAGE_SIZE, PAE_SELF_MAP_END - 1, TRUE, "page tables under PAE"},
    {PAE_SELF_MAP_END, SYSTEM_PTES_START - 1, FALSE, "free"},
    {SYSTEM_PTES_START, SYSTEM_PTES_END - 1, TRUE, "system PTEs"},
    {SYSTEM_PTES_END, SHARED_DATA_ALIAS - 1, FALSE, "free"},
    {SHARED_DATA_ALIAS, SHARED_DATA_ALIAS + PAGE_SIZE - 1, TRUE, "shared user data"},
    {SHARED_DATA_ALIAS + PAGE_SIZE, KPCR_ADDRESS - 1, FALSE, "free"},
    {KPCR_ADDRESS, KPCR_ADDRESS + PAGE_SIZE - 1, TRUE, "processor control"},
    {KPCR_ADDRESS + PAGE_SIZE, 0xFFFFFFFFu, FALSE, "free"},
};

const ULONG mm_region_count = ARRAY_SIZE(mm_regions);

const struct mm_region *mm_region_at(ULONG address)
{
    const struct mm_region *region = mm_regions;

    while (address > region->last)
        region++;
    return region;
}

/* Linear addresses of system space: first fit, reuse, exhaustion. */
#include "tests/kernel/mm_support.h"

#include "mm/system_pte.h"

#define ALL_PAGES ((SYSTEM_PTES_END - SYSTEM_PTES_START) / PAGE_SIZE)

SELFTEST(mm_system_ptes_fit_first)
{
    struct pool_counts pool = pool_counts();
    ULONG a = system_pte_reserve(3), b = system_pte_reserve(5), c = system_pte_reserve(1);

    CHECK(a >= SYSTEM_PTES_START && c < SYSTEM_PTES_END);
    CHECK_EQUAL(b, a + 3 * PAGE_SIZE);
    CHECK_EQUAL(c, b + 5 * PAGE_SIZE);
    system_pte_release(b);
    ULONG d = system_pte_reserve(2), e = system_pte_reserve(4), f = system_pte_reserve(3);

    CHECK_EQUAL(d, b);
    CHECK_EQUAL(e, c + PAGE_SIZE);
    CHECK_EQUAL(f, b + 2 * PAGE_SIZE);
    system_pte_release(a);
    system_pte_release(d);
    CHECK_EQUAL(system_pte_reserve(5), a); /* two gaps that touch are one */
    system_pte_release(a);
    system_pte_release(c);
    system_pte_release(e);
    system_pte_release(f);
    CHECK_EQUAL(system_pte_reserve(3), a);
    system_pte_release(a);
    CHECK_EQUAL(pool_counts().blocks, pool.blocks);
}

SELFTEST(mm_system_ptes_are_whole_pages_inside)
{
    ULONG state = 7, at[32];

    for (ULONG i = 0; i < ARRAY_SIZE(at); i++) {
        ULONG pages = 1 + next_random(&state) % 100;

        at[i] = system_pte_reserve(pages);
        CHECK(at[i] % PAGE_SIZE == 0 && at[i] >= SYSTEM_PTES_START);
        CHECK(at[i] + pages * PAGE_SIZE <= SYSTEM_PTES_END);
        for (ULONG j = 0; j < i; j++)
            CHECK(at[j] != at[i]);
    }
    for (ULONG i = 0; i < ARRAY_SIZE(at); i++)
        system_pte_release(at[i * 7 % ARRAY_SIZE(at)]);
}

SELFTEST(mm_system_ptes_run_out)
{
    static const ULONG too_many[] = {ALL_PAGES + 1, 0xFFFFF,    0x100000,
                                     0x100001,      0x7FFFFFFF, 0xFFFFFFFF};
    struct pool_counts pool = pool_counts();
    ULONG taken[64], count = 0;

    for (ULONG i = 0; i < ARRAY_SIZE(too_many); i++)
        CHECK_EQUAL(system_pte_reserve(too_many[i]), 0);
    for (ULONG pages = ALL_PAGES; pages && count < ARRAY_SIZE(taken);) {
        taken[count] = system_pte_reserve(pages);
        if (!taken[count]) {
            pages /= 2;
            continue;
        }
        CHECK(taken[count] >= SYSTEM_PTES_START && taken[count] < SYSTEM_PTES_END);
        CHECK(pages * PAGE_SIZE <= SYSTEM_PTES_END - taken[count]);
        count++;
    }
    CHECK(count > 0 && count < ARRAY_SIZE(taken));
    CHECK_EQUAL(system_pte_reserve(1), 0);
    system_pte_release(taken[--count]);
    CHECK_EQUAL(system_pte_reserve(1), taken[count]);
    system_pte_release(taken[count]);
    while (count--)
        system_pte_release(taken[count]);
    CHECK_EQUAL(pool_counts().blocks, pool.blocks);
}

/* Inside the direct map there is nothing to do. */
SELFTEST(mm_physical_memory_is_mapped_directly)
{
    struct pool_counts pool = pool_counts();

    CHECK_EQUAL(mm_map_physical(VGA_TEXT_PHYSICAL, 4000), KERNEL_BASE + VGA_TEXT_PHYSICAL);
    CHECK_EQUAL(mm_map_physical(0x100123, 0x5000), KERNEL_BASE + 0x100123);
    CHECK_EQUAL(pool_counts().blocks, pool.blocks);
}

/* The end of the firmware, 16 bytes below 4 GiB: where a PC's CPU starts, with a far jump. */
SELFTEST(mm_physical_memory_outside_is_mapped)
{
    const UCHAR *reset = mm_map_physical(0xFFFFFFF0, 16);
    ULONG page = page_round_down((ULONG)reset);

    if (!CHECK(reset != NULL))
        return;
    CHECK(page >= SYSTEM_PTES_START && page < SYSTEM_PTES_END);
    CHECK_EQUAL((ULONG)reset - page, 0xFF0);
    CHECK_EQUAL(MmGetPhysicalAddress((PVOID)reset).LowPart, 0xFFFFFFF0);
    CHECK_EQUAL(reset[0], 0xEA);
    CHECK(!MmIsAddressValid((PVOID)(page + PAGE_SIZE)));
    CHECK_EQUAL(mm_unmap(&mm_system_space, page), frame_of(0xFFFFF000));
    system_pte_release(page);
}

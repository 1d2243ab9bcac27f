/* Address spaces: what mm_map, mm_unmap and mm_protect do to the tables and to the CPU. */
#include "tests/kernel/mm_support.h"

#include "boot/boot.h"
#include "mm/table.h"
#include "paging_pae.h"
#include "x86/cpu.h"

#define AT 0x00500000u /* of the process half */

static ULONGLONG pde_of(const struct mm_space *space, ULONG address)
{
    return table_read(table_pde(space->cr3, address));
}

/* The PTE of an address in the current space. */
static ULONGLONG pte_of(ULONG address)
{
    struct walk walk = mm_walk(address);

    return walk.levels[walk.level_count - 1].entry;
}

SELFTEST(mm_pages_come_and_go)
{
    struct frame_counts before = frame_counts();
    struct mm_space *space = mm_space_create(), *last;
    frame_number frame = test_frame();

    frame_words(frame)[0] = 0xC0FFEE;
    CHECK_STATUS(mm_map(space, AT, frame, PAGE_WRITE | PAGE_USER), STATUS_SUCCESS);
    CHECK(!MmIsAddressValid((PVOID)AT)); /* not in this space */
    last = mm_space_switch(space);
    CHECK_EQUAL(mm_space_current(), space);
    CHECK_EQUAL(read_cr3(), space->cr3);
    CHECK_EQUAL(*(volatile ULONG *)AT, 0xC0FFEE);
    *(volatile ULONG *)(AT + 4) = 0xBEEF;
    CHECK_EQUAL(frame_words(frame)[1], 0xBEEF);
    CHECK_EQUAL(MmGetPhysicalAddress((PVOID)(AT + 0x123)).LowPart, frame_address(frame) + 0x123);
    CHECK_EQUAL(mm_unmap(space, AT), frame);
    CHECK_EQUAL(probe_read(AT), 0); /* not present, read, kernel */
    CHECK_EQUAL(mm_unmap(space, AT), FRAME_NONE);
    CHECK_EQUAL(mm_unmap(space, 0x30000000), FRAME_NONE);
    CHECK_EQUAL(mm_space_switch(last), space);
    frame_free(frame);
    mm_space_destroy(space);
    CHECK_EQUAL(frame_counts().free, before.free);
}

SELFTEST(mm_rights_are_what_was_asked)
{
    static const ULONG rights[] = {0, PAGE_WRITE, PAGE_USER, PAGE_WRITE | PAGE_USER,
                                   PAGE_WRITE | PAGE_CACHE_DISABLE};
    struct mm_space *space = mm_space_create(), *last = mm_space_switch(space);
    frame_number frame = test_frame();

    CHECK_STATUS(mm_map(space, AT, frame, PAGE_USER), STATUS_SUCCESS);
    for (ULONG i = 0; i < ARRAY_SIZE(rights); i++) {
        mm_protect(space, AT, rights[i]);
        struct walk walk = mm_walk(AT);

        CHECK_EQUAL(pte_of(AT) & 0x1F, rights[i] | PAGE_PRESENT);
        CHECK_EQUAL(walk.physical, frame_address(frame));
        CHECK_EQUAL(walk.write, !!(rights[i] & PAGE_WRITE));
        CHECK_EQUAL(walk.user, !!(rights[i] & PAGE_USER));
        /* The CPU agrees at once: protection, write, kernel (CR0.WP). */
        CHECK_EQUAL(probe_write(AT), rights[i] & PAGE_WRITE ? NO_FAULT : 3);
    }
    mm_space_switch(last);
    mm_space_destroy(space); /* frees the page too */
}

/* Rights are an AND over the levels (paging-facts 2): for the walk as for the CPU. */
SELFTEST(mm_rights_need_every_level)
{
    struct mm_space *space = mm_space_create(), *last = mm_space_switch(space);
    struct table_slot pde = table_pde(space->cr3, AT);

    CHECK_STATUS(mm_map(space, AT, test_frame(), PAGE_WRITE | PAGE_USER), STATUS_SUCCESS);
    CHECK(mm_walk(AT).write && mm_walk(AT).user);
    table_write(pde, table_read(pde) & ~(ULONGLONG)(PAGE_WRITE | PAGE_USER));
    write_cr3(read_cr3());
    CHECK(!mm_walk(AT).write && !mm_walk(AT).user);
    CHECK_EQUAL(probe_write(AT), 3);
    table_write(pde, table_read(pde) | PAGE_WRITE);
    write_cr3(read_cr3());
    CHECK(mm_walk(AT).write && !mm_walk(AT).user);
    CHECK_EQUAL(probe_write(AT), NO_FAULT);
    mm_space_switch(last);
    mm_space_destroy(space);
}

/* Another frame at the same address is seen at once: the TLB is told. */
SELFTEST(mm_remapping_is_seen_at_once)
{
    struct mm_space *space = mm_space_create(), *last = mm_space_switch(space);
    frame_number frames[2] = {test_frame(), test_frame()};

    for (ULONG i = 0; i < 20; i++) {
        frame_words(frames[i % 2])[0] = i;
        CHECK_STATUS(mm_map(space, AT, frames[i % 2], PAGE_WRITE), STATUS_SUCCESS);
        CHECK_EQUAL(*(volatile ULONG *)AT, i);
        CHECK_EQUAL(mm_unmap(space, AT), frames[i % 2]);
    }
    mm_space_switch(last);
    frame_free(frames[0]);
    frame_free(frames[1]);
    mm_space_destroy(space);
}

/* The physical address of the directory of the process half's beginning, by the self-map and by CR3. */
static ULONG self_mapped_directory(void)
{
    return MmGetPhysicalAddress((PVOID)(table_is_pae ? PAE_SELF_MAP_PDES : SELF_MAP_PDES)).LowPart;
}

static ULONG directory_of(const struct mm_space *space)
{
    return direct_physical(table_pde(space->cr3, 0).table);
}

SELFTEST(mm_spaces_are_separate)
{
    struct mm_space *spaces[2] = {mm_space_create(), mm_space_create()}, *last = NULL;

    for (ULONG i = 0; i < 2; i++) {
        frame_number frame = test_frame();

        frame_words(frame)[0] = 100 + i;
        CHECK_STATUS(mm_map(spaces[i], AT, frame, PAGE_WRITE | PAGE_USER), STATUS_SUCCESS);
    }
    for (ULONG i = 0; i < 4; i++) {
        struct mm_space *was = mm_space_switch(spaces[i % 2]);

        last = i ? last : was;
        CHECK_EQUAL(*(volatile ULONG *)AT, 100 + i % 2);
        CHECK_EQUAL(self_mapped_directory(), directory_of(spaces[i % 2]));
    }
    mm_space_switch(last);
    mm_space_destroy(spaces[0]);
    mm_space_destroy(spaces[1]);
}

SELFTEST(mm_destroying_a_space_frees_everything)
{
    static const ULONG places[] = {USER_START, 0x003FF000, 0x00400000, 0x40000000,
                                   USER_END - 0x1000};
    struct frame_counts before = frame_counts();
    struct pool_counts pool = pool_counts();
    struct mm_space *space = mm_space_create();
    ULONG at_start = pool_counts().pages - pool.pages;

    for (ULONG i = 0; i < ARRAY_SIZE(places); i++)
        CHECK_STATUS(mm_map(space, places[i], test_frame(), PAGE_USER), STATUS_SUCCESS);
    /* 5 pages, their tables, and what CR3 leads to: under PAE places 2 and 3 have tables apart */
    CHECK_EQUAL(frame_counts().free, before.free - 5 - (table_is_pae ? 5 + 4 : 4 + 1) - at_start);
    mm_space_destroy(space);
    CHECK_EQUAL(frame_counts().free + pool_counts().pages, before.free + pool.pages);
    CHECK_EQUAL(pool_counts().blocks, pool.blocks);
}

/* A place in system space whose page table is missing so far, or 0. */
static ULONG find_new_table(void)
{
    for (ULONG at = SYSTEM_PTES_END - table_span(); at > SYSTEM_PTES_START; at -= table_span())
        if (!(pde_of(&mm_system_space, at) & PAGE_PRESENT))
            return at;
    return 0;
}

static void check_from(struct mm_space *space, ULONG address, ULONG expected)
{
    struct mm_space *last = mm_space_switch(space);

    CHECK_EQUAL(probe_read(address), NO_FAULT);
    CHECK_EQUAL(*(volatile ULONG *)address, expected);
    CHECK(!mm_walk(address).user);
    mm_space_switch(last);
}

/* Made in one space, seen in those that exist already and in those to come. */
SELFTEST(mm_kernel_tables_are_everywhere)
{
    ULONG at = find_new_table();
    struct mm_space *older = mm_space_create(), *newer;
    frame_number frame = test_frame();

    if (!CHECK(at != 0))
        return;
    frame_words(frame)[0] = 4711;
    CHECK_STATUS(mm_map(older, at, frame, PAGE_WRITE), STATUS_SUCCESS);
    newer = mm_space_create();
    CHECK_EQUAL(pde_of(older, at), pde_of(&mm_system_space, at));
    CHECK_EQUAL(pde_of(newer, at), pde_of(&mm_system_space, at));
    check_from(&mm_system_space, at, 4711);
    check_from(older, at, 4711);
    check_from(newer, at, 4711);
    CHECK_EQUAL(mm_unmap(newer, at), frame);
    CHECK_EQUAL(probe_read(at), 0);
    mm_space_destroy(older);
    mm_space_destroy(newer);
    CHECK(pde_of(&mm_system_space, at) & PAGE_PRESENT); /* tables stay */
    frame_free(frame);
}

SELFTEST(mm_ranges_are_free_or_not)
{
    struct mm_space *space = mm_space_create();

    CHECK_STATUS(mm_map(space, AT, test_frame(), PAGE_USER), STATUS_SUCCESS);
    CHECK(!mm_is_range_free(space, AT, 1));
    CHECK(!mm_is_range_free(space, AT + 0xFFF, 1));
    CHECK(!mm_is_range_free(space, AT - 1, 2));
    CHECK(!mm_is_range_free(space, USER_START, USER_END - USER_START));
    CHECK(mm_is_range_free(space, AT - 0x1000, 0x1000));
    CHECK(mm_is_range_free(space, AT + 0x1000, 0x10000000));
    CHECK(mm_is_range_free(space, USER_START, AT - USER_START));
    CHECK(!mm_is_range_free(space, KERNEL_BASE, 1));
    CHECK(!mm_is_range_free(space, table_is_pae ? PAE_SELF_MAP_PDES : SELF_MAP_PDES, 1));
    mm_space_destroy(space);
}

/* Large pages, where the CPU has them: what lies in them is no page table. */
SELFTEST(mm_no_page_of_the_direct_map_is_free)
{
    ULONG free = 0;

    for (ULONG at = KERNEL_BASE + LARGE_PAGE_SIZE; at < DIRECT_MAP_END; at += PAGE_SIZE)
        if (pde_of(&mm_system_space, at) & PAGE_PRESENT)
            free += mm_is_range_free(&mm_system_space, at, 1);
    CHECK_EQUAL(free, 0);
}

SELFTEST(mm_without_memory_nothing_is_mapped)
{
    struct mm_space *space = mm_space_create();
    frame_number frame = test_frame();
    struct pool_counts pool = pool_counts();

    memory_take_all(0, FALSE);
    CHECK_STATUS(mm_map(space, AT, frame, PAGE_USER), STATUS_NO_MEMORY);
    CHECK_EQUAL(pde_of(space, AT), 0);
    CHECK_EQUAL(mm_space_create(), NULL);
    memory_give_back();
    CHECK_EQUAL(pool_counts().blocks, pool.blocks);
    CHECK_STATUS(mm_map(space, AT, frame, PAGE_USER), STATUS_SUCCESS);
    mm_space_destroy(space);
}

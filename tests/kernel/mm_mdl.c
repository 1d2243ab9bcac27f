/* Locked pages: they come when they are locked, and stay when their process lets them go. */
#include "tests/kernel/mm_support.h"

#include "mm/commit.h"
#include "mm/mdl.h"
#include "mm/user.h"
#include "mm/vad.h"

#define AT 0x00500000u

static struct mm_space *last;

static struct mm_space *enter(ULONG pages, ULONG protect)
{
    struct mm_space *space = mm_space_create();
    struct mm_range range = {AT, pages * PAGE_SIZE};

    CHECK_STATUS(mm_vad_reserve(space, &range, 0, MEM_COMMIT, protect), STATUS_SUCCESS);
    last = mm_space_switch(space);
    return space;
}

static void leave(struct mm_space *space)
{
    mm_space_switch(last);
    mm_space_destroy(space);
}

SELFTEST(mm_mdl_brings_pages_and_keeps_them)
{
    ULONG before = frame_counts().free + pool_counts().pages;
    struct mm_space *space = enter(2, PAGE_READWRITE);
    PMDL mdl = mdl_create((PVOID)(AT + 4), PAGE_SIZE);
    ULONG *mapped;

    CHECK_STATUS(mdl_lock(mdl, UserMode, TRUE), STATUS_SUCCESS);
    frame_number first = frame_of((ULONG)mm_walk(AT).physical);

    CHECK(mm_walk(AT).write && mm_walk(AT + PAGE_SIZE).write);
    CHECK_EQUAL(frame_owners(first), 2);
    leave(space); /* the process is gone, the two frames are not */
    CHECK_EQUAL(frame_owners(first), 1);
    mapped = MmMapLockedPagesSpecifyCache(mdl, KernelMode, 0, NULL, FALSE, 0);
    if (CHECK(mapped != NULL)) {
        mapped[0] = 4711;
        CHECK_EQUAL(frame_words(first)[1], 4711);
    }
    mdl_destroy(mdl);
    CHECK_EQUAL(frame_counts().free + pool_counts().pages, before);
    CHECK_EQUAL(commit_promised(), 0);
}

/* WDK: MmBuildMdlForNonPagedPool and MmMapLockedPages: two addresses of one buffer. */
SELFTEST(mm_mdl_maps_what_the_pool_has)
{
    ULONG before = frame_counts().free + pool_counts().pages;
    ULONG *block = ExAllocatePool(NonPagedPool, 2 * PAGE_SIZE);
    PMDL mdl = mdl_create(block + 1, PAGE_SIZE + 8);

    MmBuildMdlForNonPagedPool(mdl);
    CHECK_EQUAL(mdl->MappedSystemVa, block + 1);
    CHECK(mdl->MdlFlags & MDL_SOURCE_IS_NONPAGED_POOL && !(mdl->MdlFlags & MDL_PAGES_LOCKED));
    ULONG *mapped = MmMapLockedPages(mdl, KernelMode);

    CHECK(mapped != block + 1 && (ULONG)mapped >= SYSTEM_PTES_START);
    CHECK_EQUAL((ULONG)mapped % PAGE_SIZE, (ULONG)(block + 1) % PAGE_SIZE);
    block[1] = 4711;
    mapped[PAGE_SIZE / 4] = 4712;
    CHECK_EQUAL(mapped[0], 4711);
    CHECK_EQUAL(block[1 + PAGE_SIZE / 4], 4712);
    MmUnmapLockedPages(mapped, mdl);
    CHECK(!MmIsAddressValid(mapped));
    mdl_destroy(mdl);
    ExFreePool(block);
    CHECK_EQUAL(frame_counts().free + pool_counts().pages, before);
}

/* Another touch of the address gives another page: the locked one is the driver's alone. */
SELFTEST(mm_mdl_survives_decommit)
{
    struct mm_space *space = enter(1, PAGE_READWRITE);
    struct mm_range range = {AT, PAGE_SIZE};
    PMDL mdl = mdl_create((PVOID)AT, PAGE_SIZE);
    ULONG word = 1;

    CHECK_STATUS(mdl_lock(mdl, UserMode, FALSE), STATUS_SUCCESS);
    frame_number locked = frame_of((ULONG)mm_walk(AT).physical);

    CHECK_STATUS(mm_vad_free(space, &range, MEM_DECOMMIT), STATUS_SUCCESS);
    CHECK_STATUS(mm_vad_commit(space, &range, PAGE_READWRITE), STATUS_SUCCESS);
    CHECK_STATUS(mm_copy_to_user((PVOID)AT, &word, sizeof word), STATUS_SUCCESS);
    CHECK(frame_of((ULONG)mm_walk(AT).physical) != locked);
    CHECK_EQUAL(frame_words(locked)[0], 0);
    mdl_destroy(mdl);
    leave(space);
}

SELFTEST(mm_mdl_refuses_what_may_not_be_touched)
{
    static const struct {
        ULONG address, length;
        KPROCESSOR_MODE mode;
        BOOLEAN write;
        NTSTATUS status;
    } cases[] = {
        {AT, 1, UserMode, TRUE, STATUS_ACCESS_VIOLATION}, /* read-only */
        {AT, 1, KernelMode, TRUE, STATUS_ACCESS_VIOLATION},
        {AT, 3 * PAGE_SIZE, UserMode, FALSE, STATUS_ACCESS_VIOLATION}, /* beyond its end */
        {AT - 1, 2, UserMode, FALSE, STATUS_ACCESS_VIOLATION},
        {0x7FFEFFFF, 2, UserMode, FALSE, STATUS_ACCESS_VIOLATION},
        {0x7FFEF000, 0x20000, KernelMode, FALSE, STATUS_ACCESS_VIOLATION},
        {0x80100000, 4, UserMode, FALSE, STATUS_ACCESS_VIOLATION},
        {0xFFFFF000, 0x1000, UserMode, FALSE, STATUS_ACCESS_VIOLATION},
        {0xFFFFF000, 0x1001, KernelMode, FALSE, STATUS_ACCESS_VIOLATION},
        {AT, 2 * PAGE_SIZE, UserMode, FALSE, STATUS_SUCCESS},
        {0x80100000, 4, KernelMode, FALSE, STATUS_SUCCESS},
    };
    ULONG before = frame_counts().free + pool_counts().pages;
    struct mm_space *space = enter(2, PAGE_READONLY);

    for (ULONG i = 0; i < ARRAY_SIZE(cases); i++) {
        PMDL mdl = mdl_create((PVOID)cases[i].address, cases[i].length);

        CHECK_STATUS(mdl_lock(mdl, cases[i].mode, cases[i].write), cases[i].status);
        CHECK_EQUAL(!!(mdl->MdlFlags & MDL_PAGES_LOCKED), NT_SUCCESS(cases[i].status));
        mdl_destroy(mdl);
    }
    leave(space);
    CHECK_EQUAL(frame_counts().free + pool_counts().pages, before);
}

/* Memory of ring 3 under the kernel's hands: probes, guarded copies, pages that come when touched. */
#include "tests/kernel/mm_support.h"

#include "mm/commit.h"
#include "mm/fault.h"
#include "mm/user.h"
#include "mm/vad.h"

#define AT 0x00500000u

static struct mm_space *last;

/* A space of its own, current, with `pages` committed at AT. */
static struct mm_space *enter(ULONG pages, ULONG protect)
{
    struct mm_space *space = mm_space_create();
    struct mm_range range = {AT, pages * PAGE_SIZE};

    CHECK_STATUS(mm_vad_reserve(space, &range, 0, MEM_RESERVE | MEM_COMMIT, protect),
                 STATUS_SUCCESS);
    last = mm_space_switch(space);
    return space;
}

static void leave(struct mm_space *space)
{
    mm_space_switch(last);
    mm_space_destroy(space);
}

static ULONG protect(ULONG address, ULONG bytes, ULONG protection)
{
    struct mm_range range = {address, bytes};
    ULONG old = 0;

    CHECK_STATUS(mm_vad_protect(mm_space_current(), &range, protection, &old), STATUS_SUCCESS);
    return old;
}

SELFTEST(mm_probes_judge_the_range)
{
    static const struct {
        ULONG address, bytes, alignment;
        NTSTATUS status;
    } cases[] = {
        {0x7FFEFFFF, 1, 1, STATUS_SUCCESS},
        {0x7FFEFFFF, 2, 1, STATUS_ACCESS_VIOLATION},
        {0x7FFF0000, 1, 1, STATUS_ACCESS_VIOLATION},
        {0x7FFF0000, 0, 1, STATUS_SUCCESS},
        {0xFFFFFFFF, 0, 4, STATUS_SUCCESS},
        {0xFFFFFFFC, 8, 4, STATUS_ACCESS_VIOLATION},
        {0xFFFFFFFF, 1, 1, STATUS_ACCESS_VIOLATION},
        {0x80000000, 1, 1, STATUS_ACCESS_VIOLATION},
        {0x00010000, 0x7FFE0000, 4, STATUS_SUCCESS},
        {0x00010000, 0x7FFE0001, 4, STATUS_ACCESS_VIOLATION},
        {0x00010000, 0xFFFFFFFF, 4, STATUS_ACCESS_VIOLATION},
        {0x00010000, 0xFFFF0000, 4, STATUS_ACCESS_VIOLATION},
        {0x00010002, 4, 4, STATUS_DATATYPE_MISALIGNMENT},
        {0x80000001, 4, 2, STATUS_DATATYPE_MISALIGNMENT},
        {0x00010002, 4, 2, STATUS_SUCCESS},
        {0, 4, 4, STATUS_SUCCESS}, /* the range alone */
    };

    for (ULONG i = 0; i < ARRAY_SIZE(cases); i++)
        CHECK_STATUS(mm_probe_read((PVOID)cases[i].address, cases[i].bytes, cases[i].alignment),
                     cases[i].status);
}

SELFTEST(mm_a_probe_for_writing_brings_every_page)
{
    struct mm_space *space = enter(3, PAGE_READWRITE);
    ULONG free = frame_counts().free, promised = commit_promised();

    CHECK_STATUS(mm_probe_write((PVOID)(AT + PAGE_SIZE - 1), 2, 1), STATUS_SUCCESS);
    CHECK_EQUAL(frame_counts().free, free - 3); /* two pages and their table */
    CHECK_EQUAL(commit_promised(), promised - 2);
    CHECK(mm_walk(AT).write && mm_walk(AT + PAGE_SIZE).write);
    CHECK(!MmIsAddressValid((PVOID)(AT + 2 * PAGE_SIZE)));
    CHECK_STATUS(mm_probe_write((PVOID)AT, 3 * PAGE_SIZE, 4), STATUS_SUCCESS);
    CHECK_STATUS(mm_probe_write((PVOID)AT, 3 * PAGE_SIZE + 1, 4), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(mm_probe_write((PVOID)AT, 0, 4), STATUS_SUCCESS);
    CHECK_STATUS(mm_probe_write((PVOID)(AT + 1), 4, 4), STATUS_DATATYPE_MISALIGNMENT);
    CHECK_STATUS(mm_probe_write((PVOID)0x7FFF0000, 1, 1), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(mm_probe_write((PVOID)0, 1, 1), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(mm_probe_write((PVOID)KERNEL_BASE, 4, 4), STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(protect(AT, 1, PAGE_READONLY), PAGE_READWRITE);
    CHECK_STATUS(mm_probe_write((PVOID)AT, 4, 4), STATUS_ACCESS_VIOLATION);
    leave(space);
}

SELFTEST(mm_guarded_copies_bring_pages)
{
    struct mm_space *space = enter(2, PAGE_READWRITE);
    ULONG free = frame_counts().free, words[2] = {0xC0FFEE, 4711}, back[2] = {1, 2};

    CHECK_STATUS(mm_copy_from_user(back, (PVOID)AT, sizeof back), STATUS_SUCCESS);
    CHECK(back[0] == 0 && back[1] == 0);
    CHECK_EQUAL(frame_counts().free, free - 2); /* the page and its table */
    CHECK_STATUS(mm_copy_to_user((PVOID)(AT + PAGE_SIZE - 3), words, 7), STATUS_SUCCESS);
    CHECK_EQUAL(frame_counts().free, free - 3);
    CHECK_STATUS(mm_copy_from_user(back, (PVOID)(AT + PAGE_SIZE - 3), 7), STATUS_SUCCESS);
    CHECK(memcmp(words, back, 7) == 0 && back[1] >> 24 == 0);
    leave(space);
}

SELFTEST(mm_guarded_copies_survive_a_hole)
{
    struct mm_space *space = enter(1, PAGE_READWRITE);
    UCHAR bytes[16], seen[8];
    PVOID end = (PVOID)(AT + PAGE_SIZE - 8);

    memset(bytes, 0xA5, sizeof bytes);
    CHECK_STATUS(mm_copy_to_user(end, bytes, 16), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(mm_copy_from_user(seen, end, 8), STATUS_SUCCESS);
    CHECK(memcmp(seen, bytes, 8) == 0); /* in front of the fault: copied */
    memset(bytes, 0, sizeof bytes);
    CHECK_STATUS(mm_copy_from_user(bytes, end, 16), STATUS_ACCESS_VIOLATION);
    CHECK(memcmp(seen, bytes, 8) == 0 && !bytes[8] && !bytes[15]);
    CHECK_STATUS(mm_copy_from_user(bytes, NULL, 1), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(mm_copy_from_user(bytes, (PVOID)(AT - 1), 1), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(mm_copy_from_user(bytes, (PVOID)KERNEL_BASE, 1), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(mm_copy_to_user((PVOID)0x7FFEFFFF, bytes, 2), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(mm_copy_to_user((PVOID)0xFFFFFFF0, bytes, 0x20), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(mm_copy_to_user(NULL, bytes, 0), STATUS_SUCCESS);
    CHECK_STATUS(mm_copy_from_user(bytes, (PVOID)KERNEL_BASE, 0), STATUS_SUCCESS);
    leave(space);
}

SELFTEST(mm_a_page_that_keeps_its_frame_is_out_of_reach)
{
    struct mm_space *space = enter(1, PAGE_READWRITE);
    ULONG word = 4711, seen = 0;

    CHECK_STATUS(mm_copy_to_user((PVOID)AT, &word, sizeof word), STATUS_SUCCESS);
    CHECK_EQUAL(protect(AT, 1, PAGE_NOACCESS), PAGE_READWRITE);
    CHECK_EQUAL(probe_read(AT), 0); /* not present, read, kernel */
    CHECK_STATUS(mm_copy_from_user(&seen, (PVOID)AT, sizeof seen), STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(protect(AT, 1, PAGE_READONLY), PAGE_NOACCESS);
    CHECK_STATUS(mm_copy_from_user(&seen, (PVOID)AT, sizeof seen), STATUS_SUCCESS);
    CHECK_EQUAL(seen, 4711);
    CHECK_EQUAL(probe_write(AT), 3); /* protection, write, kernel */
    CHECK_STATUS(mm_copy_to_user((PVOID)AT, &word, sizeof word), STATUS_ACCESS_VIOLATION);
    protect(AT, 1, PAGE_NOACCESS);
    leave(space); /* frees the held frame too */
}

SELFTEST(mm_guard_pages_warn_once)
{
    ULONG before = frame_counts().free + pool_counts().pages;
    struct mm_space *space = enter(2, PAGE_READWRITE | PAGE_GUARD);
    ULONG word = 0;

    CHECK_STATUS(mm_copy_from_user(&word, (PVOID)AT, 4), STATUS_GUARD_PAGE_VIOLATION);
    CHECK_STATUS(mm_copy_from_user(&word, (PVOID)AT, 4), STATUS_SUCCESS);
    CHECK_STATUS(mm_probe_write((PVOID)(AT + PAGE_SIZE), 4, 4), STATUS_GUARD_PAGE_VIOLATION);
    CHECK_STATUS(mm_probe_write((PVOID)(AT + PAGE_SIZE), 4, 4), STATUS_SUCCESS);
    CHECK_EQUAL(protect(AT, 1, PAGE_READWRITE | PAGE_GUARD), PAGE_READWRITE);
    CHECK_STATUS(mm_fault(AT, MM_FAULT_WRITE | MM_FAULT_USER), STATUS_GUARD_PAGE_VIOLATION);
    CHECK_EQUAL(protect(AT, 1, PAGE_READONLY | PAGE_GUARD), PAGE_READWRITE);
    CHECK_STATUS(mm_fault(AT, MM_FAULT_WRITE), STATUS_ACCESS_VIOLATION);
    leave(space);
    CHECK_EQUAL(frame_counts().free + pool_counts().pages, before);
    CHECK_EQUAL(commit_promised(), 0);
}

SELFTEST(mm_without_memory_a_touch_fails)
{
    struct mm_space *space = enter(1, PAGE_READWRITE);
    ULONG word = 0;

    memory_take_all(0, FALSE);
    CHECK_STATUS(mm_copy_from_user(&word, (PVOID)AT, 4), STATUS_IN_PAGE_ERROR);
    CHECK_STATUS(mm_probe_write((PVOID)AT, 4, 4), STATUS_IN_PAGE_ERROR);
    memory_give_back();
    CHECK_STATUS(mm_probe_write((PVOID)AT, 4, 4), STATUS_SUCCESS);
    leave(space);
}

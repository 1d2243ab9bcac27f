/* The address-space table against the page tables and against the CPU itself. */
#include "tests/kernel/mm_support.h"

#include "boot/boot.h"
#include "mm/table.h"
#include "paging_pae.h"
#include "tests/kernel/ps_support.h"

SELFTEST(mm_regions_cover_the_address_space)
{
    CHECK_EQUAL(mm_regions[0].start, 0);
    CHECK_EQUAL(mm_regions[mm_region_count - 1].last, 0xFFFFFFFF);
    for (ULONG i = 0; i < mm_region_count; i++) {
        CHECK(mm_regions[i].start <= mm_regions[i].last && mm_regions[i].purpose[0]);
        if (i)
            CHECK_EQUAL(mm_regions[i].start, mm_regions[i - 1].last + 1);
    }
}

/* The end of what the page table maps, or of the region. */
static ULONG chunk_last(ULONG at, ULONG last)
{
    ULONG end = at | (table_span() - 1);

    return end < last ? end : last;
}

/* Present pages in [start, last]; skips missing page tables. */
static ULONG count_pages(ULONG start, ULONG last)
{
    ULONG count = 0;

    for (ULONG at = start, end;; at = end + 1) {
        end = chunk_last(at, last);
        struct walk walk = mm_walk(at);

        if (walk.stop == WALK_MAPPED && walk.page_size > PAGE_SIZE)
            count++;
        else if (walk.level_count == 2u + table_is_pae)
            for (ULONG page = 0; page <= (end - at) / PAGE_SIZE; page++)
                count += mm_walk(at + page * PAGE_SIZE).stop == WALK_MAPPED;
        if (end == last)
            return count;
    }
}

static void check_regions(void)
{
    for (ULONG i = 0; i < mm_region_count; i++)
        if (!mm_regions[i].mapped)
            CHECK_EQUAL(count_pages(mm_regions[i].start, mm_regions[i].last), 0);
}

SELFTEST(mm_nothing_is_mapped_where_nothing_should)
{
    check_regions();
    CHECK_EQUAL(count_pages(USER_START, USER_END - 1), 0); /* the System process */
}

SELFTEST(mm_nothing_is_mapped_there_in_a_process_either)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.exe");
    struct process *process = test_process(), *last;

    CHECK_STATUS(test_map_dlls(process), STATUS_SUCCESS);
    last = ps_attach(process);
    for (ULONG i = 0; i < TEST_IMAGES; i++)
        test_touch_image(test_images[i].base);
    check_regions();
    CHECK(count_pages(USER_START, USER_END - 1) > 10);
    ps_attach(last);
    ObfDereferenceObject(process);
}

/* ---- The kernel's own pages ---- */

SELFTEST(mm_kernel_text_and_constants_are_read_only)
{
    ULONG start = (ULONG)kernel_text_start, end = (ULONG)kernel_readonly_end;

    CHECK(start % PAGE_SIZE == 0 && end % PAGE_SIZE == 0 && end > start);
    CHECK((ULONG)mm_regions > start && (ULONG)mm_regions < end);
    CHECK((ULONG)count_pages > start && (ULONG)count_pages < end); /* self-tests too */
    for (ULONG at = start; at < end; at += PAGE_SIZE) {
        struct walk walk = mm_walk(at);

        CHECK(walk.stop == WALK_MAPPED && walk.page_size == PAGE_SIZE);
        CHECK(!walk.write && !walk.user);
        CHECK_EQUAL(walk.physical, at - KERNEL_BASE);
    }
    CHECK_EQUAL(probe_write(start), 3); /* protection, write, kernel */
    CHECK_EQUAL(probe_write(end - 1), 3);
    CHECK_EQUAL(probe_write(end), NO_FAULT);
}

SELFTEST(mm_stack_has_a_guard)
{
    ULONG guard = (ULONG)boot_stack_guard;

    CHECK_EQUAL(probe_read(guard), 0);
    CHECK_EQUAL(probe_read(guard + PAGE_SIZE - 1), 0);
    CHECK_EQUAL(probe_write(guard + PAGE_SIZE), NO_FAULT);
    CHECK((ULONG)__builtin_frame_address(0) > guard + PAGE_SIZE);
}

/* No page table of the kernel half lets ring 3 in. */
SELFTEST(mm_kernel_half_is_supervisor)
{
    ULONG user = 0;

    for (ULONG at = KERNEL_BASE; at >= KERNEL_BASE; at += table_span())
        user += (table_read(table_pde(mm_system_space.cr3, at)) & (PAGE_PRESENT | PAGE_USER)) ==
                (PAGE_PRESENT | PAGE_USER);
    CHECK_EQUAL(user, 0);
}

/* Every page of the direct map lies where it says, and all are there but the guard. */
SELFTEST(mm_direct_map_is_straight)
{
    ULONG absent = 0, pages = 0;

    for (ULONG at = KERNEL_BASE; at < DIRECT_MAP_END; at += PAGE_SIZE) {
        struct walk walk = mm_walk(at);

        if (walk.level_count == 1u + table_is_pae && walk.stop == WALK_NOT_PRESENT)
            break; /* the end of memory */
        pages++;
        if (walk.stop != WALK_MAPPED)
            absent++;
        else if (!CHECK_EQUAL(walk.physical, at - KERNEL_BASE))
            break;
    }
    CHECK_EQUAL(absent, 1);
    CHECK(pages >= frame_counts().usable);
}

/* The self-map shows the tables that CR3 names. */
SELFTEST(mm_self_map_shows_the_tables)
{
    struct table_slot ptes = {(void *)SELF_MAP_PTES, 0};
    struct table_slot pdes = {(void *)(table_is_pae ? PAE_SELF_MAP_PDES : SELF_MAP_PDES), 0};
    ULONG text = (ULONG)kernel_text_start;

    for (ULONG at = 0; pdes.index < (4096u >> 2 << table_is_pae); pdes.index++, at += table_span())
        CHECK_EQUAL(table_read(pdes), table_read(table_pde(mm_space_current()->cr3, at)));
    ptes.index = text / PAGE_SIZE;
    struct walk walk = mm_walk(text);

    CHECK_EQUAL(table_read(ptes), walk.levels[walk.level_count - 1].entry);
    CHECK(!mm_walk(SELF_MAP_PTES + (KERNEL_BASE >> 12) * (table_is_pae ? 8 : 4)).user);
}

/* ---- The CPU as the judge ---- */

SELFTEST(mm_null_and_guards_fault)
{
    const ULONG behind_tables = table_is_pae ? 0xC0800000 : 0xC0400000;
    const ULONG absent[] = {0,          1,          0xFFF,      0x1000,        0xFFFF,
                            0x7FFF0000, 0x7FFFFFFF, 0xA0000000, behind_tables, 0xD0000000,
                            0xF0000000, 0xFFFFFFFF};

    for (ULONG i = 0; i < ARRAY_SIZE(absent); i++) {
        CHECK_EQUAL(probe_read(absent[i]), 0); /* not present, read, kernel */
        CHECK(!MmIsAddressValid((PVOID)absent[i]));
        CHECK_EQUAL(MmGetPhysicalAddress((PVOID)absent[i]).QuadPart, 0);
    }
}

/* MmIsAddressValid says what touching the address shows, and the walk knows who may write: at once, or
 * when a write has made the page the process's own. */
static BOOLEAN check_verdict(ULONG address)
{
    struct walk walk = mm_walk(address);
    BOOLEAN valid = MmIsAddressValid((PVOID)address);

    if (!CHECK_EQUAL(valid, walk.stop == WALK_MAPPED) ||
        !CHECK_EQUAL(probe_read(address), valid ? NO_FAULT : 0))
        return FALSE;
    ULONG error = !valid || walk.write ? NO_FAULT : probe_write(address);

    return !valid || CHECK_EQUAL(error, mm_walk(address).write ? NO_FAULT : 3);
}

/* Every page of an image once it has been touched: before, touching brings what is not valid yet. */
static BOOLEAN check_image(ULONG base)
{
    ULONG bytes = test_touch_image(base);

    for (ULONG at = 0; at < bytes; at += PAGE_SIZE)
        if (!CHECK(MmIsAddressValid((PVOID)(base + at))) || !check_verdict(base + at + at / 0x123))
            return FALSE;
    return TRUE;
}

SELFTEST(mm_valid_addresses_can_be_read)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.exe");
    static const ULONG bases[] = {0,          0x80000000, 0x80100000, 0xC0000000,
                                  0xC0200000, 0xC0300000, 0xE0000000};
    struct process *process = test_process(), *last;
    ULONG state = 3;

    CHECK_STATUS(test_map_dlls(process), STATUS_SUCCESS);
    last = ps_attach(process);
    for (ULONG i = 0; i < TEST_IMAGES; i++)
        if (!check_image(test_images[i].base))
            break;
    for (ULONG i = 0; i < ARRAY_SIZE(bases); i++)
        for (ULONG page = 0; page < 64; page++)
            if (!check_verdict(bases[i] + page * PAGE_SIZE + page))
                break;
    for (ULONG i = 0; i < 3000; i++)
        if (!check_verdict(next_random(&state) << 8 | (i & 0xFF)))
            break;
    ps_attach(last);
    ObfDereferenceObject(process);
}

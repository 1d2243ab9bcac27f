/*
 * The scan over tables laid by hand: what makes neighbours one range and what ends it, what is
 * skipped, and who maps a frame.
 */
#include "control.h"
#include "paging_pae.h"
#include "tables.h"

/* Where things lie: the directory or the PDPTEs, two page tables, two directories of PAE. */
#define ROOT        0x1000u
#define TABLE       0x2000u
#define SECOND      0x3000u
#define DIRECTORY   0x4000u
#define DIRECTORY_2 0x5000u

#define RW_USER 0x07u
#define KERNEL  0x03u

static struct scan_range ranges[TABLES_RANGES];

static void assert_range(const struct scan_range *range, ULONG first, ULONG last,
                         ULONGLONG physical, ULONG page_size)
{
    assert_int_equal(range->first, first);
    assert_int_equal(range->last, last);
    assert_int_equal(range->stop, WALK_MAPPED);
    assert_int_equal(range->page_size, page_size);
    assert_true(range->physical == physical);
}

/* A space whose first 4 MiB (2 MiB with PAE) are TABLE, and the next ones SECOND. */
static struct walk_registers two_tables(enum tables_format format)
{
    tables_clear();
    if (format >= TABLES_PAE) {
        tables_set64(ROOT, 0, DIRECTORY | PAGE_PRESENT);
        tables_set64(DIRECTORY, 0, TABLE | RW_USER);
        tables_set64(DIRECTORY, 1, SECOND | RW_USER);
    } else {
        tables_set32(ROOT, 0, TABLE | RW_USER);
        tables_set32(ROOT, 1, SECOND | RW_USER);
    }
    return tables_registers(format, ROOT);
}

static void set_pte(enum tables_format format, ULONG table, ULONG index, ULONGLONG entry)
{
    if (format >= TABLES_PAE)
        tables_set64(table, index, entry);
    else
        tables_set32(table, index, (ULONG)entry);
}

static ULONG entries(enum tables_format format)
{
    return format >= TABLES_PAE ? PAE_ENTRIES : PAGE_ENTRIES;
}

/* ---- What is one range ---- */

static void an_empty_space(void **state)
{
    (void)state;
    for (enum tables_format format = 0; format < TABLES_FORMATS; format++) {
        const struct walk_registers registers = tables_registers(format, ROOT);

        tables_clear();
        assert_int_equal(tables_scan(&registers, ranges), 0);
    }
}

static void one_page_at_either_end(void **state)
{
    (void)state;
    for (enum tables_format format = 0; format < TABLES_FORMATS; format++) {
        const struct walk_registers registers = two_tables(format);
        ULONG last = entries(format) - 1;

        set_pte(format, TABLE, 0, 0x00345000 | RW_USER);
        if (format >= TABLES_PAE) {
            tables_set64(ROOT, 3, DIRECTORY_2 | PAGE_PRESENT);
            tables_set64(DIRECTORY_2, last, SECOND | KERNEL);
        } else {
            tables_set32(ROOT, last, SECOND | KERNEL);
        }
        tables_set32(format >= TABLES_PAE ? DIRECTORY : ROOT, format >= TABLES_PAE ? 2 : 1, 0);
        set_pte(format, SECOND, last, 0x00346000 | RW_USER);
        assert_in_range(tables_scan(&registers, ranges), 2, 3);
        assert_range(&ranges[0], 0, 0xFFF, 0x00345000, PAGE_SIZE);
        assert_true(ranges[0].user && ranges[0].write);
        last = tables_scan(&registers, ranges) - 1;
        assert_range(&ranges[last], 0xFFFFF000, 0xFFFFFFFF, 0x00346000, PAGE_SIZE);
        assert_false(ranges[last].user);
    }
}

/* The page at FFFFF000 and the page at 0 are no neighbours, whatever their frames. */
static void the_end_does_not_lead_to_the_beginning(void **state)
{
    const struct walk_registers registers = tables_registers(TABLES_PSE, ROOT);

    (void)state;
    tables_clear();
    tables_set32(ROOT, 0, 0x00400000 | 0x83);
    tables_set32(ROOT, 1023, 0x00000000 | 0x83);
    assert_int_equal(tables_scan(&registers, ranges), 2);
    assert_range(&ranges[0], 0, 0x003FFFFF, 0x00400000, LARGE_PAGE_SIZE);
    assert_range(&ranges[1], 0xFFC00000, 0xFFFFFFFF, 0, LARGE_PAGE_SIZE);
}

static void frames_that_follow_are_one_range_over_tables(void **state)
{
    (void)state;
    for (enum tables_format format = 0; format < TABLES_FORMATS; format++) {
        const struct walk_registers registers = two_tables(format);
        ULONG count = entries(format);

        for (ULONG i = 2; i < count; i++)
            set_pte(format, TABLE, i, (0x100 + i) * PAGE_SIZE | RW_USER);
        for (ULONG i = 0; i < 3; i++)
            set_pte(format, SECOND, i, (0x100 + count + i) * PAGE_SIZE | RW_USER);
        assert_int_equal(tables_scan(&registers, ranges), 1);
        assert_range(&ranges[0], 0x2000, (count + 3) * PAGE_SIZE - 1, 0x102000, PAGE_SIZE);
    }
}

static void frames_that_do_not_follow_end_it(void **state)
{
    static const ULONG frames[] = {0x100, 0x101, 0x103, 0x102, 0x102, 0x103, 0, 1};

    (void)state;
    for (enum tables_format format = 0; format < TABLES_FORMATS; format++) {
        const struct walk_registers registers = two_tables(format);

        for (ULONG i = 0; i < ARRAY_SIZE(frames); i++)
            set_pte(format, TABLE, i, frames[i] * PAGE_SIZE | RW_USER);
        assert_int_equal(tables_scan(&registers, ranges), 5);
        assert_range(&ranges[0], 0x0000, 0x1FFF, 0x100000, PAGE_SIZE);
        assert_range(&ranges[1], 0x2000, 0x2FFF, 0x103000, PAGE_SIZE);
        assert_range(&ranges[2], 0x3000, 0x3FFF, 0x102000, PAGE_SIZE);
        assert_range(&ranges[3], 0x4000, 0x5FFF, 0x102000, PAGE_SIZE);
        assert_range(&ranges[4], 0x6000, 0x7FFF, 0x000000, PAGE_SIZE);
    }
}

/* The last frame that an entry can name, then frame 0: 2^32 and 2^40 are not 0. */
static void the_last_frame_is_not_followed_by_the_first(void **state)
{
    (void)state;
    for (enum tables_format format = 0; format < TABLES_FORMATS; format++) {
        const struct walk_registers registers = two_tables(format);
        ULONGLONG last = (format >= TABLES_PAE ? 1ull << 40 : 1ull << 32) - PAGE_SIZE;

        set_pte(format, TABLE, 0, last | RW_USER);
        set_pte(format, TABLE, 1, 0 | RW_USER);
        assert_int_equal(tables_scan(&registers, ranges), 2);
        assert_range(&ranges[0], 0, 0xFFF, last, PAGE_SIZE);
        assert_range(&ranges[1], 0x1000, 0x1FFF, 0, PAGE_SIZE);
    }
}

/* What PAE's entries name beyond the CPU's physical addresses is reserved, and ends a run. */
static void behind_the_last_frame_it_is_broken(void **state)
{
    const struct walk_registers registers = two_tables(TABLES_PAE_NX);

    (void)state;
    tables_set64(TABLE, 0, ((1ull << 40) - PAGE_SIZE) | RW_USER);
    tables_set64(TABLE, 1, 1ull << 40 | RW_USER);
    assert_int_equal(tables_scan(&registers, ranges), 2);
    assert_range(&ranges[0], 0, 0xFFF, (1ull << 40) - PAGE_SIZE, PAGE_SIZE);
    assert_int_equal(ranges[1].stop, WALK_RESERVED_BIT);
    assert_int_equal(ranges[1].first, 0x1000);
    assert_int_equal(ranges[1].last, 0x1FFF);
}

/* ---- Rights ---- */

/* The number of ranges of two pages whose frames follow, with these bits besides P. */
static ULONG count_with(enum tables_format format, ULONGLONG one, ULONGLONG other)
{
    const struct walk_registers registers = two_tables(format);

    set_pte(format, TABLE, 4, 0x104000 | PAGE_PRESENT | one);
    set_pte(format, TABLE, 5, 0x105000 | PAGE_PRESENT | other);
    return tables_scan(&registers, ranges);
}

/* R/W, U/S, G and XD count; PWT, PCD, A, D, PAT and the three free bits do not. */
static void each_bit_of_a_pte(void **state)
{
    (void)state;
    for (enum tables_format format = 0; format < TABLES_FORMATS; format++) {
        for (ULONG bit = 1; bit < 12; bit++) {
            BOOLEAN counts = bit == 1 || bit == 2 || bit == 8;

            assert_int_equal(count_with(format, 0, 1ull << bit), 1 + counts);
            assert_int_equal(count_with(format, 0xFFE, 0xFFE & ~(1ull << bit)), 1 + counts);
        }
    }
    assert_int_equal(count_with(TABLES_PAE_NX, 0, PAE_NO_EXECUTE), 2);
    assert_int_equal(count_with(TABLES_PAE_NX, PAE_NO_EXECUTE, PAE_NO_EXECUTE), 1);
}

/* The number of ranges of two pages whose frames follow and whose PDEs differ in one bit. */
static ULONG count_with_pde(enum tables_format format, ULONG bit)
{
    const struct walk_registers registers = two_tables(format);
    ULONG directory = format >= TABLES_PAE ? DIRECTORY : ROOT;

    set_pte(format, directory, 1, SECOND | (RW_USER ^ 1ull << bit));
    set_pte(format, TABLE, entries(format) - 1, 0x100000 | RW_USER);
    set_pte(format, SECOND, 0, 0x101000 | RW_USER);
    return tables_scan(&registers, ranges);
}

/* R/W, U/S and XD count here too; G does not, nor does what counts nowhere. */
static void each_bit_of_a_pde(void **state)
{
    (void)state;
    for (enum tables_format format = 0; format < TABLES_FORMATS; format++)
        for (ULONG bit = 1; bit < 12; bit++)
            if (bit != 7 || format == TABLES_32BIT) /* else a large page */
                assert_int_equal(count_with_pde(format, bit), 1 + (bit == 1 || bit == 2));
    assert_int_equal(count_with_pde(TABLES_PAE_NX, 63), 2);
}

/* Rights are those of all levels: where a PDE denies, what its PTEs say makes no difference. */
static void what_the_pde_denies_does_not_count_in_ptes(void **state)
{
    (void)state;
    for (enum tables_format format = 0; format < TABLES_FORMATS; format++) {
        const struct walk_registers registers = two_tables(format);

        set_pte(format, format >= TABLES_PAE ? DIRECTORY : ROOT, 0, TABLE | PAGE_PRESENT);
        for (ULONG i = 0; i < 4; i++)
            set_pte(format, TABLE, i, (0x100 + i) * PAGE_SIZE | PAGE_PRESENT | i << 1);
        assert_int_equal(tables_scan(&registers, ranges), 1);
        assert_range(&ranges[0], 0, 0x3FFF, 0x100000, PAGE_SIZE);
        assert_false(ranges[0].user || ranges[0].write);
    }
}

static void xd_of_the_pde_or_of_the_pte_is_the_same(void **state)
{
    const struct walk_registers registers = two_tables(TABLES_PAE_NX);

    (void)state;
    tables_set64(DIRECTORY, 1, SECOND | RW_USER | PAE_NO_EXECUTE);
    tables_set64(TABLE, 511, 0x100000 | RW_USER | PAE_NO_EXECUTE);
    tables_set64(SECOND, 0, 0x101000 | RW_USER);
    tables_set64(SECOND, 1, 0x102000 | RW_USER | PAE_NO_EXECUTE);
    assert_int_equal(tables_scan(&registers, ranges), 1);
    assert_true(ranges[0].no_execute);
    assert_int_equal(ranges[0].can[WALK_USER], WALK_CAN(WALK_READ) | WALK_CAN(WALK_WRITE));
}

static void global_counts_with_cr4_pge(void **state)
{
    struct walk_registers registers = two_tables(TABLES_PSE);

    (void)state;
    tables_set32(TABLE, 0, 0x100000 | KERNEL | PAGE_GLOBAL);
    tables_set32(TABLE, 1, 0x101000 | KERNEL);
    assert_int_equal(tables_scan(&registers, ranges), 2);
    assert_true(ranges[0].global && !ranges[1].global);
    registers.cr4 &= ~CR4_PGE;
    assert_int_equal(tables_scan(&registers, ranges), 1);
    assert_false(ranges[0].global);
}

/* ---- Large pages ---- */

static void small_and_large_pages_are_apart(void **state)
{
    (void)state;
    for (enum tables_format format = TABLES_PSE; format < TABLES_FORMATS; format++) {
        const struct walk_registers registers = two_tables(format);
        ULONG size = format >= TABLES_PAE ? PAE_LARGE_PAGE_SIZE : LARGE_PAGE_SIZE;
        ULONG directory = format >= TABLES_PAE ? DIRECTORY : ROOT;

        for (ULONG i = 0; i < entries(format); i++)
            set_pte(format, TABLE, i, i * PAGE_SIZE | KERNEL);
        set_pte(format, directory, 1, size | KERNEL | PAGE_LARGE);
        set_pte(format, directory, 2, 2 * size | KERNEL | PAGE_LARGE);
        assert_int_equal(tables_scan(&registers, ranges), 2);
        assert_range(&ranges[0], 0, size - 1, 0, PAGE_SIZE);
        assert_range(&ranges[1], size, 3 * size - 1, size, size);
    }
}

/* Two PDEs with one frame, of which the second has PAT, in a PTE's first frame bit: two ranges. */
static void a_large_page_twice(void **state)
{
    const struct walk_registers registers = tables_registers(TABLES_PSE, ROOT);

    (void)state;
    tables_clear();
    tables_set32(ROOT, 1, 0x00400000 | KERNEL | PAGE_LARGE);
    tables_set32(ROOT, 2, 0x00401000 | KERNEL | PAGE_LARGE);
    assert_int_equal(tables_scan(&registers, ranges), 2);
    assert_range(&ranges[0], 0x00400000, 0x007FFFFF, 0x00400000, LARGE_PAGE_SIZE);
    assert_range(&ranges[1], 0x00800000, 0x00BFFFFF, 0x00400000, LARGE_PAGE_SIZE);
}

/* Bit 7 of a PDE without CR4.PSE: a table like others. */
static void without_pse_there_are_no_large_pages(void **state)
{
    const struct walk_registers registers = two_tables(TABLES_32BIT);

    (void)state;
    tables_set32(ROOT, 0, TABLE | RW_USER | PAGE_LARGE);
    tables_set32(TABLE, 9, 0x100000 | RW_USER);
    assert_int_equal(tables_scan(&registers, ranges), 1);
    assert_range(&ranges[0], 0x9000, 0x9FFF, 0x100000, PAGE_SIZE);
}

/* PSE-36: FFC00000 is followed by 1_00000000, and bits 20:13 count. */
static void large_pages_follow_above_4_gib(void **state)
{
    const struct walk_registers registers = tables_registers(TABLES_PSE, ROOT);

    (void)state;
    tables_clear();
    tables_set32(ROOT, 8, 0xFFC00000 | KERNEL | PAGE_LARGE);
    tables_set32(ROOT, 9, 0x00002000 | KERNEL | PAGE_LARGE);
    tables_set32(ROOT, 10, 0x00402000 | KERNEL | PAGE_LARGE);
    tables_set32(ROOT, 11, 0x00804000 | KERNEL | PAGE_LARGE);
    assert_int_equal(tables_scan(&registers, ranges), 2);
    assert_range(&ranges[0], 0x02000000, 0x02BFFFFF, 0xFFC00000, LARGE_PAGE_SIZE);
    assert_range(&ranges[1], 0x02C00000, 0x02FFFFFF, 0x200800000, LARGE_PAGE_SIZE);
}

static void pae_ranges_go_over_the_pointers(void **state)
{
    const struct walk_registers registers = tables_registers(TABLES_PAE_NX, ROOT);

    (void)state;
    tables_clear();
    tables_set64(ROOT, 1, DIRECTORY | PAGE_PRESENT);
    tables_set64(ROOT, 2, DIRECTORY_2 | PAGE_PRESENT);
    tables_set64(DIRECTORY, 511, 0x1FFFE00000 | KERNEL | PAGE_LARGE);
    tables_set64(DIRECTORY_2, 0, 0x2000000000 | KERNEL | PAGE_LARGE);
    tables_set64(DIRECTORY_2, 1, 0x2000200000 | KERNEL | PAGE_LARGE | PAE_NO_EXECUTE);
    assert_int_equal(tables_scan(&registers, ranges), 2);
    assert_range(&ranges[0], 0x7FE00000, 0x801FFFFF, 0x1FFFE00000, PAE_LARGE_PAGE_SIZE);
    assert_range(&ranges[1], 0x80200000, 0x803FFFFF, 0x2000200000, PAE_LARGE_PAGE_SIZE);
    assert_true(ranges[1].no_execute && !ranges[0].no_execute);
}

/* ---- What is skipped, and what is broken ---- */

/* One entry read for each that is absent, and nothing below it. */
static void absent_tables_cost_one_entry(void **state)
{
    static const ULONG expected[] = {PAGE_ENTRIES, PAGE_ENTRIES, 4, 4};

    (void)state;
    for (enum tables_format format = 0; format < TABLES_FORMATS; format++) {
        const struct walk_registers registers = tables_registers(format, ROOT);

        tables_clear();
        assert_int_equal(tables_scan(&registers, ranges), 0);
        assert_int_equal(tables_reads, expected[format]);
    }
}

/* Of a table whose entries all go on alike, each is read once but for the first one's walk. */
static void a_table_is_read_once(void **state)
{
    (void)state;
    for (enum tables_format format = 0; format < TABLES_FORMATS; format++) {
        const struct walk_registers registers = two_tables(format);
        ULONG upper = format >= TABLES_PAE ? 4 + PAE_ENTRIES : PAGE_ENTRIES;

        for (ULONG i = 0; i < entries(format); i++)
            set_pte(format, TABLE, i, (0x100 + i) * PAGE_SIZE | RW_USER);
        tables_reads = 0;
        assert_int_equal(tables_scan(&registers, ranges), 1);
        /* Walks to the same directory read its PDPTE again. */
        assert_in_range(tables_reads, upper, 2 * upper + 2 * entries(format));
    }
}

/* Entries with reserved bits, and tables outside the memory: each kind is a range of its own. */
static void what_cannot_be_walked(void **state)
{
    const struct walk_registers registers = tables_registers(TABLES_PSE, ROOT);

    (void)state;
    tables_clear();
    tables_set32(ROOT, 4, 0x00600000 | RW_USER | PAGE_LARGE);
    tables_set32(ROOT, 5, 0x00200000 | KERNEL | PAGE_LARGE);
    tables_set32(ROOT, 6, 0x70000000 | RW_USER);
    tables_set32(ROOT, 7, 0x70001000 | KERNEL);
    tables_set32(ROOT, 8, 0x00400000 | KERNEL | PAGE_LARGE);
    assert_int_equal(tables_scan(&registers, ranges), 3);
    assert_int_equal(ranges[0].stop, WALK_RESERVED_BIT);
    assert_int_equal(ranges[0].first, 0x01000000);
    assert_int_equal(ranges[0].last, 0x017FFFFF);
    assert_int_equal(ranges[0].page_size, 0);
    assert_int_equal(ranges[1].stop, WALK_UNREADABLE);
    assert_int_equal(ranges[1].first, 0x01800000);
    assert_int_equal(ranges[1].last, 0x01FFFFFF);
    assert_range(&ranges[2], 0x02000000, 0x023FFFFF, 0x00400000, LARGE_PAGE_SIZE);
}

/* NXE decides whether XD is a right or a reserved bit. */
static void xd_without_nxe_is_broken(void **state)
{
    const struct walk_registers registers = two_tables(TABLES_PAE);

    (void)state;
    tables_set64(TABLE, 3, 0x100000 | RW_USER);
    tables_set64(TABLE, 4, 0x101000 | RW_USER | PAE_NO_EXECUTE);
    assert_int_equal(tables_scan(&registers, ranges), 2);
    assert_range(&ranges[0], 0x3000, 0x3FFF, 0x100000, PAGE_SIZE);
    assert_int_equal(ranges[1].stop, WALK_RESERVED_BIT);
    assert_int_equal(ranges[1].last, 0x4FFF);
}

static void without_paging_all_is_one_range(void **state)
{
    const struct walk_registers registers = {.maxphyaddr = 40};

    (void)state;
    tables_clear();
    assert_int_equal(tables_scan(&registers, ranges), 1);
    assert_range(&ranges[0], 0, 0xFFFFFFFF, 0, PAGE_SIZE);
    assert_int_equal(tables_reads, 0);
}

/* ---- From the middle on ---- */

static void assert_begins(const struct walk_registers *registers, ULONG from, ULONG first,
                          ULONG last, ULONGLONG physical, ULONG page_size)
{
    struct scan scan;
    struct scan_range range;

    scan_begin(&scan, registers, &tables_memory, from);
    assert_true(scan_next(&scan, &range));
    assert_range(&range, first, last, physical, page_size);
}

/* A scan may begin in a run of small pages, in a large page, in a table that is absent. */
static void a_scan_from_the_middle(void **state)
{
    (void)state;
    for (enum tables_format format = TABLES_PSE; format < TABLES_FORMATS; format++) {
        const struct walk_registers registers = two_tables(format);
        ULONG size = format >= TABLES_PAE ? PAE_LARGE_PAGE_SIZE : LARGE_PAGE_SIZE;
        struct scan scan;
        struct scan_range range;

        for (ULONG i = 2; i < 8; i++)
            set_pte(format, TABLE, i, (0x100 + i) * PAGE_SIZE | RW_USER);
        set_pte(format, format >= TABLES_PAE ? DIRECTORY : ROOT, 3, size | KERNEL | PAGE_LARGE);
        set_pte(format, format >= TABLES_PAE ? DIRECTORY : ROOT, 4, 2 * size | KERNEL | PAGE_LARGE);
        assert_begins(&registers, 0x0000, 0x2000, 0x7FFF, 0x102000, PAGE_SIZE);
        assert_begins(&registers, 0x2FFF, 0x2000, 0x7FFF, 0x102000, PAGE_SIZE);
        assert_begins(&registers, 0x5123, 0x5000, 0x7FFF, 0x105000, PAGE_SIZE);
        assert_begins(&registers, 0x8000, 3 * size, 5 * size - 1, size, size);
        assert_begins(&registers, 2 * size + 0x5000, 3 * size, 5 * size - 1, size, size);
        assert_begins(&registers, 3 * size + 0x5678, 3 * size + 0x5000, 5 * size - 1, size + 0x5000,
                      size);
        assert_begins(&registers, 5 * size - 1, 5 * size - PAGE_SIZE, 5 * size - 1,
                      3 * size - PAGE_SIZE, size);
        scan_begin(&scan, &registers, &tables_memory, 5 * size);
        assert_false(scan_next(&scan, &range));
        scan_begin(&scan, &registers, &tables_memory, 0xFFFFFFFF);
        assert_false(scan_next(&scan, &range));
    }
}

/* ---- Who maps a frame ---- */

static void every_address_of_a_frame(void **state)
{
    const struct walk_registers registers = tables_registers(TABLES_PSE, ROOT);
    struct scan scan;
    ULONG address;

    (void)state;
    tables_clear();
    tables_set32(ROOT, 0, TABLE | RW_USER);
    tables_set32(TABLE, 5, 0x00ABC000 | RW_USER);
    tables_set32(TABLE, 6, 0x00ABD000 | RW_USER);
    tables_set32(TABLE, 9, 0x00ABD000 | PAGE_PRESENT);
    tables_set32(ROOT, 2, 0x00800000 | KERNEL | PAGE_LARGE);
    tables_set32(ROOT, 1023, 0x00800000 | KERNEL | PAGE_LARGE);
    tables_set32(ROOT, 7, 0x00A00000 | KERNEL | PAGE_LARGE); /* reserved */
    scan_begin(&scan, &registers, &tables_memory, 0);
    for (ULONG i = 0; i < 4; i++) {
        static const ULONG expected[] = {0x00006123, 0x00009123, 0x00ABD123, 0xFFEBD123};

        assert_true(scan_find(&scan, 0x00ABD123, &address));
        assert_int_equal(address, expected[i]);
    }
    assert_false(scan_find(&scan, 0x00ABD123, &address));
    scan_begin(&scan, &registers, &tables_memory, 0);
    assert_false(scan_find(&scan, 0x00C00000, &address)); /* one byte behind the large page */
    scan_begin(&scan, &registers, &tables_memory, 0);
    assert_false(scan_find(&scan, 0x100ABD123, &address)); /* and 4 GiB above */
}

static void a_frame_above_4_gib(void **state)
{
    const struct walk_registers registers = tables_registers(TABLES_PSE, ROOT);
    struct scan scan;
    ULONG address;

    (void)state;
    tables_clear();
    tables_set32(ROOT, 1, 0x00402000 | KERNEL | PAGE_LARGE);
    scan_begin(&scan, &registers, &tables_memory, 0);
    assert_true(scan_find(&scan, 0x1007FFFFF, &address));
    assert_int_equal(address, 0x007FFFFF);
    assert_false(scan_find(&scan, 0x1007FFFFF, &address));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_space),
        TEST(one_page_at_either_end),
        TEST(the_end_does_not_lead_to_the_beginning),
        TEST(frames_that_follow_are_one_range_over_tables),
        TEST(frames_that_do_not_follow_end_it),
        TEST(the_last_frame_is_not_followed_by_the_first),
        TEST(behind_the_last_frame_it_is_broken),
        TEST(each_bit_of_a_pte),
        TEST(each_bit_of_a_pde),
        TEST(what_the_pde_denies_does_not_count_in_ptes),
        TEST(xd_of_the_pde_or_of_the_pte_is_the_same),
        TEST(global_counts_with_cr4_pge),
        TEST(small_and_large_pages_are_apart),
        TEST(a_large_page_twice),
        TEST(without_pse_there_are_no_large_pages),
        TEST(large_pages_follow_above_4_gib),
        TEST(pae_ranges_go_over_the_pointers),
        TEST(absent_tables_cost_one_entry),
        TEST(a_table_is_read_once),
        TEST(what_cannot_be_walked),
        TEST(xd_without_nxe_is_broken),
        TEST(without_paging_all_is_one_range),
        TEST(a_scan_from_the_middle),
        TEST(every_address_of_a_frame),
        TEST(a_frame_above_4_gib),
    };

    return RUN_TESTS(tests);
}

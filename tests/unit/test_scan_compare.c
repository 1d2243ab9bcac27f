/* The comparison of two spaces over tables laid by hand. */
#include "paging_pae.h"
#include "tables.h"

#define ONE    0x1000u /* two directories, and a table for each */
#define OTHER  0x2000u
#define TABLE  0x3000u
#define SECOND 0x4000u

#define RW_USER 0x07u
#define KERNEL  0x03u

static struct scan_comparison comparison;
static struct scan_difference found;

/* Two spaces with a table each over the first 4 MiB; all else is empty. */
static void begin_spaces(void)
{
    tables_clear();
    tables_set32(ONE, 0, TABLE | RW_USER);
    tables_set32(OTHER, 0, SECOND | RW_USER);
}

static void compare_from(ULONG from)
{
    static struct walk_registers registers[2];

    registers[0] = tables_registers(TABLES_PSE, ONE);
    registers[1] = tables_registers(TABLES_PSE, OTHER);
    scan_compare_begin(&comparison, &registers[0], &registers[1], &tables_memory, from);
}

static void compare(void)
{
    compare_from(0);
}

static void assert_next(ULONG first, ULONG last, BOOLEAN one, BOOLEAN other)
{
    assert_true(scan_compare_next(&comparison, &found));
    assert_int_equal(found.first, first);
    assert_int_equal(found.last, last);
    assert_int_equal(found.mapped[0], one);
    assert_int_equal(found.mapped[1], other);
    for (int i = 0; i < 2; i++) {
        if (!found.mapped[i])
            continue;
        assert_int_equal(found.sides[i].first, first);
        assert_int_equal(found.sides[i].last, last);
    }
}

static void assert_no_more(void)
{
    assert_false(scan_compare_next(&comparison, &found));
    assert_false(scan_compare_next(&comparison, &found));
}

static void equal_spaces_are_silent(void **state)
{
    (void)state;
    begin_spaces();
    compare();
    assert_no_more();
    for (ULONG i = 3; i < 9; i++) {
        tables_set32(TABLE, i, (0x100 + i) * PAGE_SIZE | RW_USER);
        tables_set32(SECOND, i, (0x100 + i) * PAGE_SIZE | RW_USER);
    }
    tables_set32(ONE, 1023, 0x00400000 | KERNEL | PAGE_LARGE);
    tables_set32(OTHER, 1023, 0x00400000 | KERNEL | PAGE_LARGE);
    compare();
    assert_no_more();
}

/* A and D, caching and what is free to software make no difference. */
static void bits_without_meaning_are_no_difference(void **state)
{
    (void)state;
    begin_spaces();
    tables_set32(TABLE, 3, 0x00345000 | RW_USER);
    tables_set32(SECOND, 3, 0x00345000 | RW_USER | 0xEF8);
    compare();
    assert_no_more();
}

static void one_side_is_absent(void **state)
{
    (void)state;
    begin_spaces();
    tables_set32(TABLE, 0, 0x00345000 | RW_USER);
    tables_set32(SECOND, 2, 0x00346000 | RW_USER);
    tables_set32(ONE, 1023, 0x00400000 | KERNEL | PAGE_LARGE);
    compare();
    assert_next(0, 0xFFF, TRUE, FALSE);
    assert_next(0x2000, 0x2FFF, FALSE, TRUE);
    assert_next(0xFFC00000, 0xFFFFFFFF, TRUE, FALSE);
    assert_no_more();
}

/* A range of one side is cut to where the other changes, and its frame with it. */
static void ranges_are_cut(void **state)
{
    (void)state;
    begin_spaces();
    for (ULONG i = 0; i < 10; i++)
        tables_set32(TABLE, i, (0x100 + i) * PAGE_SIZE | RW_USER);
    for (ULONG i = 2; i < 6; i++)
        tables_set32(SECOND, i, (0x100 + i) * PAGE_SIZE | RW_USER);
    tables_set32(SECOND, 6, 0x00106000 | PAGE_PRESENT);
    tables_set32(SECOND, 7, 0x00999000 | RW_USER);
    compare();
    assert_next(0, 0x1FFF, TRUE, FALSE);
    assert_true(found.sides[0].physical == 0x100000);
    assert_next(0x6000, 0x6FFF, TRUE, TRUE);
    assert_true(found.sides[0].physical == 0x106000 && found.sides[1].physical == 0x106000);
    assert_true(found.sides[0].write && !found.sides[1].write);
    assert_next(0x7000, 0x7FFF, TRUE, TRUE);
    assert_true(found.sides[0].physical == 0x107000 && found.sides[1].physical == 0x999000);
    assert_next(0x8000, 0x9FFF, TRUE, FALSE);
    assert_true(found.sides[0].physical == 0x108000);
    assert_no_more();
}

/* A comparison may begin in the middle of a difference, and behind the last one. */
static void from_the_middle(void **state)
{
    (void)state;
    begin_spaces();
    for (ULONG i = 0; i < 10; i++)
        tables_set32(TABLE, i, (0x100 + i) * PAGE_SIZE | RW_USER);
    for (ULONG i = 0; i < 4; i++)
        tables_set32(SECOND, i, (0x200 + i) * PAGE_SIZE | RW_USER);
    compare_from(0x4567);
    assert_next(0x4000, 0x9FFF, TRUE, FALSE);
    assert_true(found.sides[0].physical == 0x104000);
    assert_no_more();
    compare_from(0xA000);
    assert_no_more();
}

/* The same frames with the same rights by small pages and by a large one: the size differs. */
static void a_large_page_and_a_table_of_it(void **state)
{
    (void)state;
    begin_spaces();
    for (ULONG i = 0; i < PAGE_ENTRIES; i++)
        tables_set32(TABLE, i, (0x400 + i) * PAGE_SIZE | RW_USER);
    tables_set32(OTHER, 0, 0x00400000 | RW_USER | PAGE_LARGE);
    compare();
    assert_next(0, 0x003FFFFF, TRUE, TRUE);
    assert_int_equal(found.sides[0].page_size, PAGE_SIZE);
    assert_int_equal(found.sides[1].page_size, LARGE_PAGE_SIZE);
    assert_no_more();
}

static void broken_and_mapped_differ(void **state)
{
    (void)state;
    begin_spaces();
    tables_set32(ONE, 8, 0x00600000 | RW_USER | PAGE_LARGE);
    tables_set32(OTHER, 8, 0x00400000 | RW_USER | PAGE_LARGE);
    tables_set32(ONE, 9, 0x00A00000 | RW_USER | PAGE_LARGE);
    tables_set32(OTHER, 9, 0x00200000 | KERNEL | PAGE_LARGE); /* broken alike: no difference */
    compare();
    assert_next(0x02000000, 0x023FFFFF, TRUE, TRUE);
    assert_int_equal(found.sides[0].stop, WALK_RESERVED_BIT);
    assert_int_equal(found.sides[1].stop, WALK_MAPPED);
    assert_no_more();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(equal_spaces_are_silent),  TEST(bits_without_meaning_are_no_difference),
        TEST(one_side_is_absent),       TEST(ranges_are_cut),
        TEST(from_the_middle),          TEST(a_large_page_and_a_table_of_it),
        TEST(broken_and_mapped_differ),
    };

    return RUN_TESTS(tests);
}

/*
 * The scan against the walk, on random tables of 32-bit paging: whatever address it begins at, it
 * gives what a scan of everything gives from there on; and so does the comparison of two spaces.
 */
#include "mm/scan.h"
#include "paging.h"
#include "unit.h"

#define TABLES     6 /* pages of tables; the first two are directories */
#define RANGES_MAX 40000
#define BEGINNINGS 300

static uint32_t tables[TABLES][1024];

static const struct walk_memory memory = {.direct = tables, .direct_bytes = sizeof(tables)};

static struct walk_registers registers_of(uint32_t directory)
{
    return (struct walk_registers){
        .cr0 = 0x80010000, .cr3 = directory << 12, .cr4 = 0x10, .maxphyaddr = 36};
}

/* A PDE: absent, a 4 MiB page (now and then broken), or one of the tables. */
static uint32_t random_pde(struct unit_random *random)
{
    switch (random_below(random, 8)) {
    case 0:
        return random_below(random, 4) << 22 | 0x87;
    case 1:
        return 0x00200087; /* bit 21 is reserved */
    case 2:
        return (2 + random_below(random, TABLES - 2)) << 12 | 7;
    case 3:
        return 0x100000 | 7; /* a table where no memory is */
    default:
        return 0;
    }
}

/* PTEs in runs: a few frames that follow each other, then something else. */
static void fill_table(struct unit_random *random, uint32_t *table)
{
    uint32_t pte = 0;

    for (uint32_t i = 0; i < 1024; i++) {
        if (random_below(random, 6) == 0)
            pte = random_below(random, 3) ? random_below(random, 64) << 12 | random_below(random, 8)
                                          : 0;
        table[i] = pte;
        pte += pte & 1 ? 0x1000 : 0;
    }
}

static void fill_all(struct unit_random *random)
{
    for (uint32_t i = 0; i < 1024; i++) {
        tables[0][i] = random_pde(random);
        tables[1][i] = random_below(random, 3) ? tables[0][i] : random_pde(random);
    }
    for (uint32_t i = 2; i < TABLES; i++)
        fill_table(random, tables[i]);
}

/* ---- Ranges ---- */

static struct scan_range whole[RANGES_MAX];

static uint32_t scan_all(const struct walk_registers *registers)
{
    uint32_t count = 0;
    struct scan scan;

    scan_begin(&scan, registers, &memory, 0);
    while (scan_next(&scan, &whole[count]))
        assert_in_range(++count, 0, RANGES_MAX - 1);
    return count;
}

/* What is left of a range from a page on. */
static struct scan_range cut(struct scan_range range, uint32_t page)
{
    if (range.first < page) {
        range.physical += range.stop == WALK_MAPPED ? page - range.first : 0;
        range.first = page;
    }
    return range;
}

static void assert_same_range(const struct scan_range *a, const struct scan_range *b)
{
    assert_int_equal(a->first, b->first);
    assert_int_equal(a->last, b->last);
    assert_int_equal(a->stop, b->stop);
    assert_int_equal(a->page_size, b->page_size);
    assert_int_equal(a->physical, b->physical);
    assert_int_equal(a->user, b->user);
    assert_int_equal(a->write, b->write);
    assert_int_equal(a->no_execute, b->no_execute);
    assert_int_equal(a->global, b->global);
    assert_memory_equal(a->can, b->can, sizeof(a->can));
}

/* An address in a range, at one of its ends, or anywhere. */
static uint32_t random_beginning(struct unit_random *random, uint32_t count)
{
    const struct scan_range *range = &whole[random_below(random, count)];

    switch (random_below(random, 4)) {
    case 0:
        return range->first;
    case 1:
        return range->last;
    case 2:
        return range->first + (uint32_t)(random_next(random) % (range->last - range->first + 1ull));
    default:
        return (uint32_t)random_next(random);
    }
}

static void ranges_from_anywhere(void **state)
{
    struct unit_random random = unit_random(1);
    struct walk_registers registers = registers_of(0);

    (void)state;
    fill_all(&random);
    uint32_t count = scan_all(&registers);

    assert_true(count > 1000);
    for (int i = 0; i < BEGINNINGS; i++) {
        uint32_t from = random_beginning(&random, count), page = from & ~0xFFFu, at = 0;
        struct scan_range range, expected;
        struct scan scan;

        while (at < count && whole[at].last < page)
            at++;
        scan_begin(&scan, &registers, &memory, from);
        for (; at < count; at++) {
            expected = cut(whole[at], page);
            assert_true(scan_next(&scan, &range));
            assert_same_range(&range, &expected);
        }
        assert_false(scan_next(&scan, &range));
        assert_false(scan_next(&scan, &range));
    }
}

/* Each page of the ranges is as a walk says, and what lies between them is absent. */
static void ranges_are_what_the_walk_says(void **state)
{
    struct unit_random random = unit_random(2);
    struct walk_registers registers = registers_of(0);
    uint64_t next = 0;

    (void)state;
    fill_all(&random);
    uint32_t count = scan_all(&registers);

    for (uint32_t i = 0; i < count; i++) {
        for (; next < whole[i].first; next += 4096)
            assert_int_equal(walk_address(&registers, (uint32_t)next, &memory).stop,
                             WALK_NOT_PRESENT);
        for (; next <= whole[i].last; next += 4096) {
            struct walk walk = walk_address(&registers, (uint32_t)next, &memory);

            assert_int_equal(walk.stop, whole[i].stop);
            if (walk.stop == WALK_MAPPED)
                assert_int_equal(walk.physical, whole[i].physical + (next - whole[i].first));
            assert_memory_equal(walk.can, whole[i].can, sizeof(walk.can));
        }
    }
}

/* A frame's addresses, asked for one by one, are those of one scan. */
static void a_frame_is_found_from_anywhere(void **state)
{
    struct unit_random random = unit_random(3);
    struct walk_registers registers = registers_of(0);

    (void)state;
    fill_all(&random);
    for (uint64_t physical = 0x123; physical < 64 << 12; physical += 0x1000) {
        struct scan scan, again;
        ULONG address, resumed;
        uint32_t from = 0;

        scan_begin(&scan, &registers, &memory, 0);
        while (scan_find(&scan, physical, &address)) {
            scan_begin(&again, &registers, &memory, from);
            assert_true(scan_find(&again, physical, &resumed));
            assert_int_equal(resumed, address);
            from = (address & ~0xFFFu) + 0x1000;
        }
        scan_begin(&again, &registers, &memory, from);
        assert_true(!from || !scan_find(&again, physical, &resumed));
    }
}

/* ---- Comparison ---- */

static bool facts_differ(const struct walk *a, const struct walk *b)
{
    return a->stop != b->stop || a->physical != b->physical || a->page_size != b->page_size ||
           memcmp(a->can, b->can, sizeof(a->can)) != 0;
}

/* Taken one stretch at a time, each from where the last one ended. */
static void differences_are_what_two_walks_say(void **state)
{
    struct unit_random random = unit_random(4);
    struct walk_registers one = registers_of(0), other = registers_of(1);
    struct scan_comparison comparison;
    struct scan_difference difference;
    uint64_t next = 0;
    uint32_t found = 0;

    (void)state;
    fill_all(&random);
    while (next < 1ull << 32) {
        scan_compare_begin(&comparison, &one, &other, &memory, (uint32_t)next);
        bool more = scan_compare_next(&comparison, &difference);
        uint64_t first = more ? difference.first : 1ull << 32;

        assert_true(first >= next);
        for (; next < first; next += 4096) {
            struct walk a = walk_address(&one, (uint32_t)next, &memory);
            struct walk b = walk_address(&other, (uint32_t)next, &memory);

            assert_false(facts_differ(&a, &b));
        }
        for (; more && next <= difference.last; next += 4096) {
            struct walk a = walk_address(&one, (uint32_t)next, &memory);
            struct walk b = walk_address(&other, (uint32_t)next, &memory);

            assert_true(facts_differ(&a, &b));
        }
        found += more;
    }
    assert_true(found > 100);
    scan_compare_begin(&comparison, &one, &one, &memory, 0);
    assert_false(scan_compare_next(&comparison, &difference));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ranges_from_anywhere),
        TEST(ranges_are_what_the_walk_says),
        TEST(a_frame_is_found_from_anywhere),
        TEST(differences_are_what_two_walks_say),
    };

    return RUN_TESTS(tests);
}

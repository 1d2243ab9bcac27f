/*
 * The scan over tables filled by chance, against an oracle that walks each of the million pages by
 * itself. VTP_SEED=N for others.
 */
#include "tables.h"

#define PAGES  0x100000u
#define ROUNDS 3

/* What a walk says of a page, as far as a range has it. */
struct fact {
    ULONGLONG physical;
    ULONG page_size;
    UCHAR stop, rights, can[WALK_ASKERS];
};

static struct fact facts[2][PAGES];
static const struct walk_memory *memory;
static ULONG large_pages, stops[WALK_UNREADABLE + 1];

static void take_facts(struct fact *of, const struct walk_registers *registers)
{
    for (ULONG i = 0; i < PAGES; i++) {
        struct walk walk = walk_address(registers, i << PAGE_SHIFT, memory);

        of[i] = (struct fact){.physical = walk.physical,
                              .page_size = walk.page_size,
                              .stop = (UCHAR)walk.stop,
                              .rights = (UCHAR)(walk.user | walk.write << 1 | walk.no_execute << 2 |
                                                walk.global << 3),
                              .can = {walk.can[0], walk.can[1]}};
        stops[walk.stop]++;
        large_pages += walk.page_size > PAGE_SIZE;
    }
}

static BOOLEAN alike(const struct fact *a, const struct fact *b)
{
    return a->stop == b->stop && a->page_size == b->page_size && a->rights == b->rights;
}

/* TRUE if `b`, of the next page, belongs to the range of `a`. */
static BOOLEAN goes_on(const struct fact *a, const struct fact *b)
{
    return alike(a, b) && (a->stop != WALK_MAPPED || a->physical + PAGE_SIZE == b->physical);
}

static struct fact fact_of(const struct scan_range *range)
{
    return (struct fact){.physical = range->physical,
                         .page_size = range->page_size,
                         .stop = (UCHAR)range->stop,
                         .rights = (UCHAR)(range->user | range->write << 1 |
                                           range->no_execute << 2 | range->global << 3),
                         .can = {range->can[0], range->can[1]}};
}

static void assert_fact(const struct fact *a, const struct fact *b, ULONG page)
{
    if (a->physical == b->physical && a->can[0] == b->can[0] && a->can[1] == b->can[1] &&
        alike(a, b))
        return;
    print_error("VTP_SEED=%llu: page %05X\n", (unsigned long long)unit_seed(), page);
    fail();
}

/* The next page from `page` on that is not absent; PAGES if there is none. */
static ULONG next_present(const struct fact *of, ULONG page)
{
    while (page < PAGES && of[page].stop == WALK_NOT_PRESENT)
        page++;
    return page;
}

/* From a page on, each range is where the oracle's begins and ends, and says the same. Returns their
 * number. */
static ULONG check_ranges(const struct walk_registers *registers, ULONG page)
{
    struct scan scan;
    struct scan_range range;
    ULONG count = 0;

    scan_begin(&scan, registers, memory, page << PAGE_SHIFT);
    for (; scan_next(&scan, &range); count++) {
        struct fact fact = fact_of(&range);
        ULONG first = next_present(facts[0], page);

        page = first + 1;
        assert_int_equal(range.first, first << PAGE_SHIFT);
        assert_fact(&fact, &facts[0][first], first);
        while (page < PAGES && goes_on(&facts[0][page - 1], &facts[0][page]))
            page++;
        if (range.last != (page << PAGE_SHIFT) - 1)
            print_error("VTP_SEED=%llu: range %08X\n", (unsigned long long)unit_seed(),
                        range.first);
        assert_int_equal(range.last, (page << PAGE_SHIFT) - 1);
    }
    assert_int_equal(next_present(facts[0], page), PAGES);
    return count;
}

/* Every page that maps the byte is found, once, in order. */
static void check_find(const struct walk_registers *registers, ULONGLONG physical)
{
    struct scan scan;
    ULONG address;

    scan_begin(&scan, registers, memory, 0);
    for (ULONG page = 0; page < PAGES; page++) {
        const struct fact *fact = &facts[0][page];

        if (fact->stop != WALK_MAPPED || fact->physical != (physical & ~(PAGE_SIZE - 1ull)))
            continue;
        assert_true(scan_find(&scan, physical, &address));
        assert_int_equal(address, page << PAGE_SHIFT | (physical & (PAGE_SIZE - 1)));
    }
    assert_false(scan_find(&scan, physical, &address));
}

static BOOLEAN same(ULONG page)
{
    const struct fact *a = &facts[0][page], *b = &facts[1][page];

    return a->stop == b->stop &&
           (a->stop == WALK_NOT_PRESENT || (alike(a, b) && a->physical == b->physical));
}

/* The pages between differences are the same, those inside are not, and the sides are right. */
static void check_comparison(const struct walk_registers *one, const struct walk_registers *other)
{
    struct scan_comparison comparison;
    struct scan_difference found;
    ULONG page = 0;

    scan_compare_begin(&comparison, one, other, memory, 0);
    while (scan_compare_next(&comparison, &found)) {
        ULONG first = found.first >> PAGE_SHIFT, last = found.last >> PAGE_SHIFT;

        assert_true(first >= page && last >= first);
        for (; page < first; page++)
            assert_true(same(page));
        for (int i = 0; i < 2; i++) {
            struct fact fact = fact_of(&found.sides[i]);

            assert_int_equal(found.mapped[i], facts[i][first].stop != WALK_NOT_PRESENT);
            if (found.mapped[i])
                assert_fact(&fact, &facts[i][first], first);
        }
        for (; page <= last; page++)
            assert_false(same(page));
    }
    for (; page < PAGES; page++)
        assert_true(same(page));
}

static void check_round(struct unit_random *random, enum tables_format format, ULONG *ranges)
{
    struct walk_registers registers = tables_fill(random, format), other = registers;

    take_facts(facts[0], &registers);
    *ranges += check_ranges(&registers, 0);
    check_ranges(&registers, random_below(random, PAGES));
    for (int i = 0; i < 8; i++) {
        ULONG page = next_present(facts[0], random_below(random, PAGES));

        if (page < PAGES)
            check_find(&registers, facts[0][page].physical + random_below(random, PAGE_SIZE));
    }
    other.cr3 = random_below(random, TABLES_PAGES) * PAGE_SIZE;
    take_facts(facts[1], &other);
    check_comparison(&registers, &other);
}

static void check_format(enum tables_format format)
{
    struct unit_random random = unit_random(0x5CA0 + format);
    ULONG ranges = 0;

    memset(stops, 0, sizeof(stops));
    large_pages = 0;
    for (int i = 0; i < ROUNDS; i++) {
        memory = i & 1 ? &tables_memory : &tables_open;
        check_round(&random, format, &ranges);
    }
    print_message("# VTP_SEED=%llu ranges=%u\n", (unsigned long long)unit_seed(), ranges);
    assert_true(ranges > 1000);
    assert_true(stops[WALK_MAPPED] && stops[WALK_NOT_PRESENT] && stops[WALK_UNREADABLE]);
    assert_true(format == TABLES_32BIT || (stops[WALK_RESERVED_BIT] && large_pages));
}

static void tables_of_32_bits(void **state)
{
    (void)state;
    check_format(TABLES_32BIT);
}

static void tables_with_pse(void **state)
{
    (void)state;
    check_format(TABLES_PSE);
}

static void tables_of_pae(void **state)
{
    (void)state;
    check_format(TABLES_PAE);
}

static void tables_of_pae_with_nx(void **state)
{
    (void)state;
    check_format(TABLES_PAE_NX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tables_of_32_bits),
        TEST(tables_with_pse),
        TEST(tables_of_pae),
        TEST(tables_of_pae_with_nx),
    };

    return RUN_TESTS(tests);
}

/* The table of the address space (mm/layout.c): whole, in order, and as design and NT have it. */
#include "mm/layout.h"
#include "paging.h"
#include "unit.h"

/* Every address is in exactly one region. */
static void the_table_covers_everything_once(void **state)
{
    uint64_t next = 0;

    (void)state;
    for (ULONG i = 0; i < mm_region_count; i++) {
        assert_int_equal(mm_regions[i].start, next);
        assert_true(mm_regions[i].last >= mm_regions[i].start);
        assert_int_equal(mm_regions[i].start % PAGE_SIZE, 0);
        assert_int_equal((uint64_t)(mm_regions[i].last + 1ull) % PAGE_SIZE, 0);
        assert_non_null(mm_regions[i].purpose);
        next = mm_regions[i].last + 1ull;
    }
    assert_true(next == 1ull << 32);
}

static BOOLEAN is_mapped(uint32_t address)
{
    for (ULONG i = 0; i < mm_region_count; i++)
        if (address >= mm_regions[i].start && address <= mm_regions[i].last)
            return mm_regions[i].mapped;
    fail();
    return FALSE;
}

/* The picture of the design page, spelled out again. */
static void the_addresses_of_the_design(void **state)
{
    static const struct {
        uint32_t first, last;
        bool mapped;
    } expected[] = {
        {0x00000000, 0x0000FFFF, false}, {0x00010000, 0x7FFEFFFF, true},
        {0x7FFF0000, 0x7FFFFFFF, false}, {0x80000000, 0x9FFFFFFF, true},
        {0xC0000000, 0xC07FFFFF, true},  {0xE0000000, 0xEFFFFFFF, true},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
        assert_int_equal(!!is_mapped(expected[i].first), expected[i].mapped);
        assert_int_equal(!!is_mapped(expected[i].last), expected[i].mapped);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_table_covers_everything_once),
        TEST(the_addresses_of_the_design),
    };

    return RUN_TESTS(tests);
}

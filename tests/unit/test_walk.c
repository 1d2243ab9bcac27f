/*
 * The walk against a second walker, written here from the Intel SDM (vol. 3A, 4.3) and sharing
 * nothing with it: on random tables every member of the record agrees.
 */
#include "mm/walk.h"
#include "unit.h"

/* A machine's memory: a few pages at scattered places, and a list of what was read. */
#define PAGES     24
#define READS_MAX 8

struct machine {
    uint32_t frames[PAGES]; /* physical page numbers, ascending is not needed */
    uint32_t words[PAGES][1024];
    uint64_t reads[READS_MAX];
    uint32_t read_count;
};

static struct machine machine;

static uint32_t *find_word(uint64_t physical)
{
    for (int i = 0; i < PAGES; i++)
        if (physical >> 12 == machine.frames[i])
            return &machine.words[i][physical >> 2 & 1023];
    return NULL;
}

static BOOLEAN read_word(const void *context, ULONGLONG physical, ULONG *value)
{
    const uint32_t *word = find_word(physical);

    assert_ptr_equal(context, &machine);
    assert_int_equal(physical & 3, 0);
    assert_in_range(machine.read_count, 0, READS_MAX - 1);
    machine.reads[machine.read_count++] = physical;
    if (word)
        *value = *word;
    return word != NULL;
}

static const struct walk_memory memory = {read_word, &machine};

static struct walk walk(enum walk_format format, uint32_t cr3, uint32_t address)
{
    machine.read_count = 0;
    return walk_address(format, cr3, address, &memory);
}

static void clear_machine(void)
{
    memset(&machine, 0, sizeof(machine));
    for (uint32_t i = 0; i < PAGES; i++)
        machine.frames[i] = 0x100 + i;
}

/* ---- The second walker: SDM figure 4-2 (4 KiB), 4-3 (4 MiB), tables 4-3 to 4-6 ---- */

static uint64_t bits(uint64_t value, int high, int low)
{
    return value >> low & ((1ull << (high - low + 1)) - 1);
}

static struct walk reference(bool pse, uint32_t cr3, uint32_t address)
{
    struct walk r;
    const uint32_t *pde, *pte;

    memset(&r, 0, sizeof(r));
    r.address = address;
    r.level_count = 1;
    r.levels[0].entry_address = bits(cr3, 31, 12) << 12 | bits(address, 31, 22) << 2;
    r.stop = WALK_UNREADABLE;
    if (!(pde = find_word(r.levels[0].entry_address)))
        return r;
    r.levels[0].entry = *pde;
    r.stop = WALK_NOT_PRESENT;
    if (!bits(*pde, 0, 0))
        return r;
    if (pse && bits(*pde, 7, 7)) {
        r.stop = WALK_RESERVED_BIT;
        if (bits(*pde, 21, 21))
            return r;
        r.stop = WALK_MAPPED;
        r.page_size = 4u << 20;
        r.physical = bits(*pde, 20, 13) << 32 | bits(*pde, 31, 22) << 22 | bits(address, 21, 0);
        r.write = bits(*pde, 1, 1);
        r.user = bits(*pde, 2, 2);
        return r;
    }
    r.level_count = 2;
    r.levels[1].entry_address = bits(*pde, 31, 12) << 12 | bits(address, 21, 12) << 2;
    r.stop = WALK_UNREADABLE;
    if (!(pte = find_word(r.levels[1].entry_address)))
        return r;
    r.levels[1].entry = *pte;
    r.stop = WALK_NOT_PRESENT;
    if (!bits(*pte, 0, 0))
        return r;
    r.stop = WALK_MAPPED;
    r.page_size = 4096;
    r.physical = bits(*pte, 31, 12) << 12 | bits(address, 11, 0);
    r.write = bits(*pde, 1, 1) && bits(*pte, 1, 1);
    r.user = bits(*pde, 2, 2) && bits(*pte, 2, 2);
    return r;
}

static void assert_same(const struct walk *a, const struct walk *b)
{
    assert_int_equal(a->address, b->address);
    assert_int_equal(a->stop, b->stop);
    assert_int_equal(a->level_count, b->level_count);
    for (uint32_t i = 0; i < b->level_count; i++) {
        assert_int_equal(a->levels[i].entry_address, b->levels[i].entry_address);
        assert_int_equal(a->levels[i].entry, b->levels[i].entry);
    }
    assert_int_equal(a->page_size, b->page_size);
    assert_int_equal(a->physical, b->physical);
    assert_int_equal(a->user, b->user);
    assert_int_equal(a->write, b->write);
}

/* ---- By hand ---- */

#define CR3 0x00100000u

static void set_pde(uint32_t address, uint32_t pde)
{
    *find_word(CR3 + (address >> 22) * 4) = pde;
}

static void set_pte(uint32_t table, uint32_t address, uint32_t pte)
{
    *find_word(table + (address >> 12 & 0x3FF) * 4) = pte;
}

static void a_small_page(void **state)
{
    struct walk w;

    (void)state;
    clear_machine();
    set_pde(0x77E40123, 0x00101067);
    set_pte(0x00101000, 0x77E40123, 0x043F3025);
    w = walk(WALK_32BIT_PSE, CR3, 0x77E40123);
    assert_int_equal(w.stop, WALK_MAPPED);
    assert_int_equal(w.physical, 0x043F3123);
    assert_int_equal(w.page_size, 4096);
    assert_int_equal(w.level_count, 2);
    assert_int_equal(w.levels[0].entry_address, 0x0010077C);
    assert_int_equal(w.levels[0].entry, 0x00101067);
    assert_int_equal(w.levels[1].entry_address, 0x00101900);
    assert_int_equal(w.levels[1].entry, 0x043F3025);
    assert_true(w.user);
    assert_false(w.write);
}

/* The same PDE is a 4 MiB page with CR4.PSE, and points to a table without. */
static void bit_7_needs_pse(void **state)
{
    struct walk w;

    (void)state;
    clear_machine();
    set_pde(0x80123456, 0x00400083);
    w = walk(WALK_32BIT_PSE, CR3, 0x80123456);
    assert_int_equal(w.stop, WALK_MAPPED);
    assert_int_equal(w.page_size, 0x400000);
    assert_int_equal(w.physical, 0x00523456);
    assert_int_equal(w.level_count, 1);
    assert_true(w.write);
    assert_false(w.user);
    set_pde(0x80123456, 0x00101083);
    set_pte(0x00101000, 0x80123456, 0x0BADF003);
    w = walk(WALK_32BIT, CR3, 0x80123456);
    assert_int_equal(w.physical, 0x0BADF456);
    assert_int_equal(w.page_size, 4096);
}

static void bits_20_to_13_are_bits_39_to_32(void **state)
{
    struct walk w;

    (void)state;
    clear_machine();
    set_pde(0, 0xFFDFE083);
    w = walk(WALK_32BIT_PSE, CR3, 0x003FFFFF);
    assert_int_equal(w.stop, WALK_MAPPED);
    assert_true(w.physical == 0xFFFFFFFFFFull);
    set_pde(0, 0x00002083);
    w = walk(WALK_32BIT_PSE, CR3, 0);
    assert_true(w.physical == 0x100000000ull);
    set_pde(0, 0x00001083); /* bit 12 is PAT, no address */
    w = walk(WALK_32BIT_PSE, CR3, 0);
    assert_true(w.physical == 0);
    assert_int_equal(w.stop, WALK_MAPPED);
}

static void the_reserved_bit(void **state)
{
    struct walk w;

    (void)state;
    clear_machine();
    set_pde(0, 0x00200083);
    w = walk(WALK_32BIT_PSE, CR3, 0);
    assert_int_equal(w.stop, WALK_RESERVED_BIT);
    assert_int_equal(w.level_count, 1);
    assert_int_equal(w.page_size, 0);
    assert_int_equal(w.physical, 0);
    set_pde(0, 0x00200082); /* not present: all other bits are software's */
    assert_int_equal(walk(WALK_32BIT_PSE, CR3, 0).stop, WALK_NOT_PRESENT);
    set_pde(0, 0x00200003); /* a table's address */
    assert_int_equal(walk(WALK_32BIT_PSE, CR3, 0).stop, WALK_UNREADABLE);
}

static void rights_are_an_and(void **state)
{
    (void)state;
    clear_machine();
    for (uint32_t i = 0; i < 16; i++) {
        uint32_t pde = 0x00101001 | (i & 3) << 1, pte = 0x00200001 | i >> 2 << 1;
        struct walk w;

        set_pde(0x1000, pde);
        set_pte(0x00101000, 0x1000, pte);
        w = walk(WALK_32BIT_PSE, CR3, 0x1000);
        assert_int_equal(w.write, (pde & pte) >> 1 & 1);
        assert_int_equal(w.user, (pde & pte) >> 2 & 1);
    }
}

/* PWT, PCD, A, D, PAT, G and the three free bits change nothing of the answer. */
static void other_bits_do_not_matter(void **state)
{
    (void)state;
    clear_machine();
    for (uint32_t bit = 3; bit < 12; bit++) {
        struct walk w;

        set_pde(0x1000, 0x00101007 | (bit == 7 ? 0 : 1u << bit));
        set_pte(0x00101000, 0x1000, 0x00345007 | 1u << bit);
        w = walk(WALK_32BIT_PSE, CR3 | 1u << bit, 0x1ABC);
        assert_int_equal(w.physical, 0x00345ABC);
        assert_int_equal(w.page_size, 4096);
    }
}

static void nothing_is_read_below_an_absent_entry(void **state)
{
    struct walk w;

    (void)state;
    clear_machine();
    set_pde(0x1000, 0x00101066);
    w = walk(WALK_32BIT_PSE, CR3, 0x1000);
    assert_int_equal(w.stop, WALK_NOT_PRESENT);
    assert_int_equal(w.level_count, 1);
    assert_int_equal(w.levels[0].entry, 0x00101066);
    assert_int_equal(machine.read_count, 1);
    assert_int_equal(w.page_size, 0);
    assert_false(w.user);
    assert_false(w.write);
}

static void memory_that_is_not_there(void **state)
{
    struct walk w;

    (void)state;
    clear_machine();
    w = walk(WALK_32BIT_PSE, 0xFFFFF000, 0xFFFFFFFF);
    assert_int_equal(w.stop, WALK_UNREADABLE);
    assert_int_equal(w.level_count, 1);
    assert_true(w.levels[0].entry_address == 0xFFFFFFFC);
    set_pde(0, 0xFFFFF007);
    w = walk(WALK_32BIT_PSE, CR3, 0x003FFFFF);
    assert_int_equal(w.stop, WALK_UNREADABLE);
    assert_int_equal(w.level_count, 2);
    assert_true(w.levels[1].entry_address == 0xFFFFFFFC);
}

/* The directory as its own table: PTEs are seen at C0000000, PDEs at C0300000. */
static void the_self_map(void **state)
{
    (void)state;
    clear_machine();
    set_pde(0xC0300000, CR3 | 0x63);
    set_pde(0x00400000, 0x00101067);
    assert_int_equal(walk(WALK_32BIT_PSE, CR3, 0xC0300004).physical, CR3 + 4);
    assert_int_equal(walk(WALK_32BIT_PSE, CR3, 0xC0300C00).physical, CR3 + 0xC00);
    assert_int_equal(walk(WALK_32BIT_PSE, CR3, 0xC0001234).physical, 0x00101234);
}

/* ---- By chance ---- */

/* A page that exists, mostly; its own directory now and then; anywhere else sometimes. */
static uint32_t random_entry(struct unit_random *random)
{
    uint32_t flags = (uint32_t)random_next(random) & 0xFFF;
    uint32_t frame = machine.frames[random_below(random, PAGES)];

    if (random_below(random, 8))
        flags |= 1;
    if (!random_below(random, 4))
        return (uint32_t)random_next(random);
    if (!random_below(random, 4))
        flags |= 0x80;
    return frame << 12 | flags;
}

static void fill_machine(struct unit_random *random)
{
    memset(&machine, 0, sizeof(machine));
    for (uint32_t i = 0; i < PAGES; i++)
        machine.frames[i] = random_below(random, 2) ? random_below(random, 0x100) * 3 + i
                                                    : (uint32_t)random_next(random) >> 12;
    machine.frames[0] = 0;
    machine.frames[1] = 0xFFFFF;
    for (uint32_t i = 0; i < PAGES; i++)
        for (uint32_t j = 0; j < 1024; j++)
            machine.words[i][j] = random_entry(random);
}

static void random_tables(void **state)
{
    struct unit_random random = unit_random(3);
    uint32_t stops[WALK_UNREADABLE + 1] = {0}, large = 0;

    (void)state;
    for (uint32_t round = 0; round < 200; round++) {
        fill_machine(&random);
        for (uint32_t i = 0; i < 2000; i++) {
            uint32_t cr3 =
                machine.frames[random_below(&random, PAGES)] << 12 | random_below(&random, 0x1000);
            uint32_t address = (uint32_t)random_next(&random);
            bool pse = random_next(&random) & 1;
            struct walk expected = reference(pse, cr3, address);
            struct walk w = walk(pse ? WALK_32BIT_PSE : WALK_32BIT, cr3, address);

            assert_same(&w, &expected);
            assert_int_equal(machine.read_count, w.level_count);
            for (uint32_t j = 0; j < w.level_count; j++)
                assert_true(machine.reads[j] == w.levels[j].entry_address);
            stops[w.stop]++;
            large += w.page_size == 0x400000;
        }
    }
    print_message("# VTP_SEED=%llu mapped=%u (4 MiB: %u) absent=%u reserved=%u unreadable=%u\n",
                  (unsigned long long)unit_seed(), stops[WALK_MAPPED], large,
                  stops[WALK_NOT_PRESENT], stops[WALK_RESERVED_BIT], stops[WALK_UNREADABLE]);
    for (int i = 0; i <= WALK_UNREADABLE; i++)
        assert_in_range(stops[i], 1000, 400000);
    assert_in_range(large, 1000, 400000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_small_page),
        TEST(bit_7_needs_pse),
        TEST(bits_20_to_13_are_bits_39_to_32),
        TEST(the_reserved_bit),
        TEST(rights_are_an_and),
        TEST(other_bits_do_not_matter),
        TEST(nothing_is_read_below_an_absent_entry),
        TEST(memory_that_is_not_there),
        TEST(the_self_map),
        TEST(random_tables),
    };

    return RUN_TESTS(tests);
}

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

static BOOLEAN read_word(const void *context, ULONGLONG physical, ULONG bytes, ULONGLONG *value)
{
    const uint32_t *word = find_word(physical);

    assert_ptr_equal(context, &machine);
    assert_true((bytes == 4 || bytes == 8) && physical % bytes == 0);
    assert_in_range(machine.read_count, 0, READS_MAX - 1);
    machine.reads[machine.read_count++] = physical;
    if (word)
        *value = bytes == 4 ? word[0] : word[0] | (uint64_t)word[1] << 32;
    return word != NULL;
}

static const struct walk_memory memory = {.read = read_word, .context = &machine};

static struct walk walk_with(const struct walk_registers *registers, uint32_t address)
{
    machine.read_count = 0;
    return walk_address(registers, address, &memory);
}

/* 32-bit paging, a CPU with 40 physical bits, CR0.WP. */
static struct walk walk(enum walk_format format, uint32_t cr3, uint32_t address)
{
    const struct walk_registers registers = {.cr0 = 0x80010000,
                                             .cr3 = cr3,
                                             .cr4 = format == WALK_32BIT_PSE ? 0x10 : 0,
                                             .maxphyaddr = 40};

    return walk_with(&registers, address);
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

/* ---- Reserved bits, level by level ---- */

#define PAE_CR3 0x00100020u /* PDPTEs need no page of their own */

static void set_entry(uint64_t physical, uint64_t entry)
{
    uint32_t *word = find_word(physical);

    word[0] = (uint32_t)entry;
    word[1] = (uint32_t)(entry >> 32);
}

static struct walk_registers pae(uint32_t maxphyaddr, bool nx)
{
    return (struct walk_registers){.cr0 = 0x80010000,
                                   .cr3 = PAE_CR3,
                                   .cr4 = 0x20,
                                   .efer = nx ? 0x800 : 0,
                                   .maxphyaddr = maxphyaddr};
}

/* Address C0600000+: the last PDPTE, PDE 3, PTE 5. */
#define PAE_ADDRESS 0xC0605ABCu

static void set_pae(uint64_t pointer, uint64_t pde, uint64_t pte)
{
    clear_machine();
    set_entry(PAE_CR3 + 3 * 8, pointer);
    set_entry(0x00101000 + 3 * 8, pde);
    set_entry(0x00102000 + 5 * 8, pte);
}

static void a_pae_page(void **state)
{
    const struct walk_registers registers = pae(36, true);
    struct walk w;

    (void)state;
    set_pae(0x00101001, 0x00102067, 0x8000000ABCDEF025);
    w = walk_with(&registers, PAE_ADDRESS);
    assert_int_equal(w.format, WALK_PAE);
    assert_int_equal(w.stop, WALK_MAPPED);
    assert_int_equal(w.level_count, 3);
    assert_true(w.physical == 0xABCDEFABC);
    assert_true(w.levels[0].entry_address == 0x00100038 && w.levels[0].entry == 0x00101001);
    assert_true(w.levels[1].entry_address == 0x00101018 && w.levels[1].entry == 0x00102067);
    assert_true(w.levels[2].entry_address == 0x00102028);
    assert_true(w.levels[2].entry == 0x8000000ABCDEF025);
    assert_true(w.user && !w.write && w.no_execute);
}

static void a_pae_large_page(void **state)
{
    const struct walk_registers registers = pae(40, false);
    struct walk w;

    (void)state;
    set_pae(0x00101001, 0xABCDE110E3, 0);
    w = walk_with(&registers, PAE_ADDRESS);
    assert_int_equal(w.stop, WALK_RESERVED_BIT);
    assert_true(w.reserved == 0x00010000);
    set_pae(0x00101001, 0xABCDE110E3 & ~0x1FE000ull, 0);
    w = walk_with(&registers, PAE_ADDRESS);
    assert_int_equal(w.stop, WALK_MAPPED);
    assert_int_equal(w.page_size, 0x200000);
    assert_true(w.physical == 0xABCDE05ABC);
    assert_int_equal(w.level_count, 2);
}

/* Is `bit` reserved, of the PDPTE, a PDE, a 2 MiB PDE, a PTE? From the SDM's tables 4-8 to 4-11, but
 * for bit 5 of a PDPTE, which QEMU sets (include/paging_pae.h). */
static bool pae_bit_is_reserved(int kind, uint32_t bit, uint32_t maxphyaddr, bool nx)
{
    if (bit >= maxphyaddr && bit < 63)
        return true;
    if (bit == 63)
        return kind == 0 || !nx;
    return (kind == 0 && (bit == 1 || bit == 2 || (bit >= 6 && bit <= 8))) ||
           (kind == 2 && bit >= 13 && bit <= 20);
}

static void each_reserved_bit_of_pae(void **state)
{
    (void)state;
    for (uint32_t test = 0; test < 4 * 64 * 21 * 2; test++) {
        int kind = test & 3, level = kind == 3 ? 2 : kind == 0 ? 0 : 1;
        uint32_t bit = test >> 2 & 63, maxphyaddr = 32 + (test >> 8) % 21;
        bool nx = test >> 8 >= 21, expected = pae_bit_is_reserved(kind, bit, maxphyaddr, nx);
        const struct walk_registers registers = pae(maxphyaddr, nx);
        uint64_t flip = 1ull << bit;
        struct walk w;

        if (bit == 0 || (kind == 1 && bit == 7)) /* another walk */
            continue;
        set_pae(0x00101001 ^ (kind == 0 ? flip : 0),
                (kind == 2 ? 0x00800087 : 0x00102007) ^ (level == 1 ? flip : 0),
                0x00345007 ^ (kind == 3 ? flip : 0));
        w = walk_with(&registers, PAE_ADDRESS);
        if (kind == 2 && bit == 7)
            continue;
        assert_int_equal(w.stop == WALK_RESERVED_BIT, expected);
        assert_true(w.reserved == (expected ? flip : 0));
        if (expected) {
            assert_int_equal(w.level_count, level + 1);
            assert_int_equal(walk_access(&w, 0, WALK_READ), 9);
            assert_int_equal(walk_access(&w, 3, WALK_FETCH), nx ? 0x1D : 0xD);
            assert_int_equal(walk_denial(&w, 3, WALK_READ).reason, WALK_BROKEN);
        }
    }
}

static void each_reserved_bit_of_pse(void **state)
{
    (void)state;
    for (uint32_t maxphyaddr = 32; maxphyaddr <= 52; maxphyaddr++) {
        for (uint32_t bit = 8; bit < 32; bit++) {
            const struct walk_registers registers = {
                .cr0 = 0x80010000, .cr3 = CR3, .cr4 = 0x10, .maxphyaddr = maxphyaddr};
            uint32_t most = maxphyaddr > 40 ? 40 : maxphyaddr; /* table 4-4's M */
            bool expected = bit <= 21 && bit >= most - 19;
            struct walk w;

            clear_machine();
            set_pde(0, 0x87 | 1u << bit);
            w = walk_with(&registers, 0);
            assert_int_equal(w.stop, expected ? WALK_RESERVED_BIT : WALK_MAPPED);
            assert_true(w.reserved == (expected ? 1u << bit : 0));
        }
    }
}

/* ---- Rights: every mix of bits, registers, askers and kinds, by the SDM's 4.6.1 in its words ---- */

static bool may(bool user_page, bool writable, bool executable, uint32_t mode, bool user, int kind)
{
    bool wp = mode & 1, smep = mode & 2, smap = mode & 4, ac = mode & 8;

    if (user)
        return user_page && (kind != WALK_WRITE || writable) && (kind != WALK_FETCH || executable);
    if (kind == WALK_FETCH)
        return executable && !(smep && user_page);
    if (user_page && smap && !ac)
        return false;
    return kind == WALK_READ || !wp || writable;
}

static void check_access(const struct walk *w, uint32_t bits, uint32_t mode, bool nx)
{
    bool user_page = bits & bits >> 3 & 1, writable = bits >> 1 & bits >> 4 & 1;
    bool executable = !nx || !((bits >> 2 | bits >> 5) & 1);

    for (int cpl = 0; cpl <= 3; cpl++) {
        for (int kind = WALK_READ; kind <= WALK_FETCH; kind++) {
            LONG error = 1 | (kind == WALK_WRITE) << 1 | (cpl == 3) << 2 |
                         (kind == WALK_FETCH && (nx || mode & 2)) << 4;
            struct walk_denial denial = walk_denial(w, cpl, kind);
            bool allowed = may(user_page, writable, executable, mode, cpl == 3, kind);

            assert_int_equal(walk_access(w, cpl, kind), allowed ? WALK_ALLOWED : error);
            assert_int_equal(denial.reason == WALK_GRANTED, allowed);
            if (denial.reason == WALK_NOT_USER)
                assert_int_equal(denial.level, bits & 1 ? 2 : 1);
            else if (denial.reason == WALK_READ_ONLY)
                assert_int_equal(denial.level, bits & 2 ? 2 : 1);
            else if (denial.reason == WALK_NOT_EXECUTE)
                assert_int_equal(denial.level, bits & 4 ? 1 : 2);
            else
                assert_true(allowed || (cpl < 3 && user_page && mode & 6));
        }
    }
}

/* `bits`: PDE U/S, R/W, XD, then the PTE's. `mode`: WP, SMEP, SMAP, AC, NXE. */
static void every_mix_of_rights(void **state)
{
    (void)state;
    for (uint32_t test = 0; test < 64 * 32; test++) {
        uint32_t bits = test & 63, mode = test >> 6;
        bool nx = mode & 16;
        struct walk_registers registers = pae(40, nx);
        struct walk w;

        registers.cr0 = 0x80000000 | (mode & 1) << 16;
        registers.cr4 = 0x20 | (mode & 2 ? 1u << 20 : 0) | (mode & 4 ? 1u << 21 : 0);
        registers.eflags = mode & 8 ? 1u << 18 : 0;
        set_pae(0x00101001,
                0x00102001 | (bits & 1) << 2 | (bits & 2) | (nx && bits & 4 ? 1ull << 63 : 0),
                0x00345001 | (bits >> 3 & 1) << 2 | (bits >> 3 & 2) |
                    (nx && bits & 32 ? 1ull << 63 : 0));
        w = walk_with(&registers, PAE_ADDRESS);
        assert_int_equal(w.stop, WALK_MAPPED);
        check_access(&w, bits, mode & 15, nx);
    }
}

static void verdicts_of_what_is_absent(void **state)
{
    const struct walk_registers registers = pae(40, true);
    struct walk w;

    (void)state;
    set_pae(0x00101001, 0x00102007, 0);
    w = walk_with(&registers, PAE_ADDRESS);
    assert_int_equal(walk_access(&w, 0, WALK_READ), 0);
    assert_int_equal(walk_access(&w, 0, WALK_WRITE), 2);
    assert_int_equal(walk_access(&w, 3, WALK_WRITE), 6);
    assert_int_equal(walk_access(&w, 3, WALK_FETCH), 0x14);
    assert_int_equal(walk_denial(&w, 3, WALK_FETCH).reason, WALK_ABSENT);
    assert_int_equal(walk_denial(&w, 3, WALK_FETCH).level, 2);
}

/* Without paging an address is its own; entries in the window need no accessor. */
static void other_ways_to_memory(void **state)
{
    static const uint64_t table[512] = {[0] = 0x20 | 1, [4] = 0x1083};
    const struct walk_memory window = {.direct = table, .direct_bytes = sizeof(table)};
    struct walk_registers registers = {.cr0 = 1, .cr4 = 0x20, .maxphyaddr = 36};
    struct walk w = walk_address(&registers, 0xFEE01234, &window);

    (void)state;
    assert_int_equal(w.stop, WALK_MAPPED);
    assert_true(w.physical == 0xFEE01234 && w.level_count == 0);
    registers = (struct walk_registers){.cr0 = 1u << 31, .cr3 = 0xFFC, .maxphyaddr = 36};
    w = walk_address(&registers, 0xFFFFFFFF, &window);
    assert_int_equal(w.stop, WALK_NOT_PRESENT);
    w = walk_address(&registers, 0x00008123, &window);
    assert_int_equal(w.stop, WALK_MAPPED);
    assert_true(w.levels[1].entry_address == 0x20 && w.physical == 0x1123);
    registers.cr3 = 0x1000;
    assert_int_equal(walk_address(&registers, 0, &window).stop, WALK_UNREADABLE);
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
        TEST(a_pae_page),
        TEST(a_pae_large_page),
        TEST(each_reserved_bit_of_pae),
        TEST(each_reserved_bit_of_pse),
        TEST(every_mix_of_rights),
        TEST(verdicts_of_what_is_absent),
        TEST(other_ways_to_memory),
    };

    return RUN_TESTS(tests);
}

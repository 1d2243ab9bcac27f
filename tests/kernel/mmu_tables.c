/*
 * The walk's verdicts against the CPU's: random page tables, six kinds of access to an address below
 * them, under every setting of CR0.WP, CR4.SMEP and CR4.SMAP that the CPU has.
 *
 * The tables lie in 4 MiB of frames of their own, the arena, and every entry leads into it again: page
 * tables overlap, hold themselves and are written to by the accesses. `selftest=mmu` takes 10 000
 * tables, `seed=N` other ones.
 */
#include "tests/kernel/mm_support.h"

#include "console/log.h"
#include "mm/table.h"
#include "paging_pae.h"
#include "tests/kernel/mmu_access.h"
#include "x86/cpu.h"

#define WINDOW        0x40000000u /* PAE: the second PDPTE's */
#define WINDOW_TABLES 8u
#define LOOSE_BITS    40u /* what QEMU takes for every CPU's physical addresses under PSE-36 */

enum { TABLES_WHEN_ASKED = 10000, TABLES = 300, LOGGED = 8 };
enum { ERROR_P = 1, ERROR_RSVD = 8 }; /* SDM vol. 3A, figure 4-12 */

static ULONG random_state;
static frame_number arena;
static struct walk_registers registers; /* as they are during the access */

static struct {
    ULONG accesses, allowed, refused, reserved, skipped, mismatches;
    ULONG reserved_without_p; /* QEMU: a reserved bit's #PF has P=0 in the error code */
    ULONG pse36_unchecked;    /* QEMU: no bit of a 4 MiB PDE is reserved but 21 */
} count;

static ULONG pick(ULONG below)
{
    return next_random(&random_state) % below;
}

/* ---- Random tables ---- */

static BOOLEAN is_in_arena(ULONGLONG physical)
{
    return physical - frame_address(arena) < SELFTEST_ARENA_FRAMES * PAGE_SIZE;
}

/* Bits 21:12 of a large page's entry: mostly a sound one, else PSE-36's high bits or reserved ones. */
static ULONG large_page_bits(ULONG entry)
{
    ULONG kind = pick(8), inside = table_is_pae ? 0x1FF000 : 0x3FF000;

    if (kind == 0)
        return entry;
    entry &= ~inside;
    return kind == 1 ? entry | 1u << (13 + pick(table_is_pae ? 8 : 9)) : entry;
}

/* The low half of an entry: its frame is one of the arena's. G is left out: invlpg is all that flushes. */
static ULONG random_low_half(void)
{
    ULONG entry = frame_address(arena + pick(SELFTEST_ARENA_FRAMES)) | (pick(0x1000) & 0xE78);

    if (pick(16))
        entry |= PAGE_PRESENT;
    if (pick(4))
        entry |= PAGE_WRITE;
    if (pick(4))
        entry |= PAGE_USER;
    return pick(4) ? entry : large_page_bits(entry | PAGE_LARGE);
}

/* XD, or now and then a bit that is reserved on this CPU. */
static ULONG random_high_half(void)
{
    ULONG entry = pick(table_has_no_execute ? 4 : 64) ? 0 : 0x80000000u;

    if (pick(32) == 0)
        entry |= 1u << (registers.maxphyaddr - 32 + pick(63 - registers.maxphyaddr));
    return entry;
}

static ULONGLONG random_entry(void)
{
    ULONG low = random_low_half();

    return table_is_pae ? low | (ULONGLONG)random_high_half() << 32 : low;
}

static void fill_frame(frame_number frame)
{
    struct table_slot slot = {direct_map(frame_address(frame)), 0};

    for (; slot.index < PAGE_SIZE / (table_is_pae ? 8 : 4); slot.index++)
        table_write(slot, random_entry());
}

static void set_window(const struct mm_space *space, ULONGLONG (*entry)(void))
{
    for (ULONG i = 0; i < WINDOW_TABLES; i++)
        table_write(table_pde(space->cr3, WINDOW + i * table_span()), entry ? entry() : 0);
}

/* The window's PDPTE leads to the space's directory, to a frame of the arena, or nowhere. */
static void set_pointer(const struct mm_space *space, ULONGLONG usual)
{
    struct table_slot slot = {direct_map(space->cr3), WINDOW >> 30};
    ULONG kind = pick(16);

    if (kind == 0)
        usual &= ~(ULONGLONG)PAGE_PRESENT;
    else if (kind < 4)
        usual = pae_pointer(frame_address(arena + pick(SELFTEST_ARENA_FRAMES)));
    table_write(slot, usual);
    write_cr3(space->cr3);
}

/* ---- Settings ---- */

/* Setting 0..7: CR0.WP, CR4.SMEP, CR4.SMAP. FALSE if the CPU has not what it takes. */
static BOOLEAN choose_setting(ULONG setting, ULONG possible)
{
    ULONG cr4 = (setting & 2 ? CR4_SMEP : 0) | (setting & 4 ? CR4_SMAP : 0);

    if (cr4 & ~possible)
        return FALSE;
    registers.cr0 = setting & 1 ? registers.cr0 | CR0_WP : registers.cr0 & ~CR0_WP;
    registers.cr4 = (registers.cr4 & ~(CR4_SMEP | CR4_SMAP)) | cr4;
    return TRUE;
}

static void use(const struct walk_registers *wanted)
{
    write_cr0(wanted->cr0);
    if (cpu_features())
        write_cr4(wanted->cr4);
}

/* ---- One access ---- */

struct trial {
    ULONG address, cpl;
    enum walk_kind kind;
    struct walk walk;
    LONG expected;
};

static struct walk walk_loosely(ULONG address)
{
    struct walk_registers loose = registers;

    loose.maxphyaddr = LOOSE_BITS;
    return walk_address(&loose, address, &mm_walk_memory);
}

static void predict(struct trial *trial)
{
    trial->walk = walk_address(&registers, trial->address, &mm_walk_memory);
    trial->expected = walk_access(&trial->walk, trial->cpl, trial->kind);
}

/* Puts ud2 where the fetch leads; FALSE if that is no memory of the arena, or changes the walk. */
static BOOLEAN prepare_fetch(struct trial *trial)
{
    const USHORT ud2 = 0x0B0F;
    ULONGLONG physical = walk_loosely(trial->address).physical;

    if (!physical)
        return TRUE; /* it will be refused */
    if (!is_in_arena(physical))
        return FALSE;
    *(volatile USHORT *)direct_map((ULONG)physical) = ud2;
    predict(trial);
    return walk_loosely(trial->address).physical == physical &&
           *(volatile USHORT *)direct_map((ULONG)physical) == ud2;
}

static BOOLEAN is_like_qemu(const struct trial *trial, LONG actual)
{
    struct walk loose = walk_loosely(trial->address);

    if (trial->expected & ERROR_RSVD && actual == (trial->expected & ~ERROR_P)) {
        count.reserved_without_p++;
        return TRUE;
    }
    if (trial->walk.format != WALK_32BIT_PSE || trial->walk.stop != WALK_RESERVED_BIT ||
        walk_access(&loose, trial->cpl, trial->kind) != actual)
        return FALSE;
    count.pse36_unchecked++;
    return TRUE;
}

static void report(const struct trial *trial, LONG actual, const char *what)
{
    static const char *const kinds[] = {"read", "write", "fetch"};

    if (count.mismatches++ >= LOGGED)
        return;
    log_printf("[mmu] mismatch=\"%s\" address=%08X cpl=%u kind=%s cr0=%08X cr4=%08X eflags=%08X "
               "expected=%d actual=%d stop=%u",
               what, trial->address, trial->cpl, kinds[trial->kind], registers.cr0, registers.cr4,
               registers.eflags, trial->expected, actual, trial->walk.stop);
    for (ULONG i = 0; i < trial->walk.level_count; i++)
        log_printf(" at%u=%08X entry%u=%016llX", i, (ULONG)trial->walk.levels[i].entry_address, i,
                   trial->walk.levels[i].entry);
    log_printf("\n");
}

/* What an allowed access did must be seen at the walk's physical address. */
static void check_place(const struct trial *trial, ULONG value, ULONG written)
{
    const volatile ULONG *at = direct_map((ULONG)trial->walk.physical);

    if (!is_in_arena(trial->walk.physical))
        return;
    if (trial->kind == WALK_READ && value != *at)
        report(trial, WALK_ALLOWED, "another value was read");
    if (trial->kind == WALK_WRITE && *at != written)
        report(trial, WALK_ALLOWED, "the write went elsewhere");
}

static void try_access(struct trial *trial)
{
    struct walk_registers usual = {.cr0 = read_cr0(), .cr4 = cpu_read_cr4()};
    ULONG value = random_low_half(); /* may become an entry: it leads into the arena too */

    registers.eflags = pick(2) ? EFLAGS_AC : 0;
    predict(trial);
    if (trial->walk.stop == WALK_UNREADABLE ||
        (trial->kind == WALK_FETCH && !prepare_fetch(trial))) {
        count.skipped++;
        return;
    }
    use(&registers);
    invlpg(trial->address);
    struct mmu_outcome outcome =
        mmu_access(trial->cpl, trial->kind, trial->address, value, registers.eflags);

    use(&usual);
    count.accesses++;
    count.allowed += outcome.error == WALK_ALLOWED;
    count.refused += outcome.error != WALK_ALLOWED;
    count.reserved += trial->walk.stop == WALK_RESERVED_BIT;
    if (!outcome.sane)
        report(trial, outcome.error, "a trap at another place");
    else if (outcome.error == trial->expected && outcome.error == WALK_ALLOWED)
        check_place(trial, outcome.value, value);
    else if (outcome.error != trial->expected && !is_like_qemu(trial, outcome.error))
        report(trial, outcome.error, "another verdict");
}

static void try_settings(ULONG address, ULONG possible)
{
    for (ULONG setting = 0; setting < 8; setting++) {
        if (!choose_setting(setting, possible))
            continue;
        for (ULONG i = 0; i < 6; i++) {
            struct trial trial = {
                .address = address, .cpl = i < 3 ? 0 : 3, .kind = (enum walk_kind)(i % 3)};

            try_access(&trial);
        }
    }
}

/* ---- All of it ---- */

static void try_tables(struct mm_space *space, ULONG tables)
{
    ULONG possible = cpu_supervisor_protections();
    ULONGLONG pointer =
        table_is_pae ? table_read((struct table_slot){direct_map(space->cr3), WINDOW >> 30}) : 0;

    registers = mm_walk_registers(space->cr3);
    for (ULONG i = 0; i < SELFTEST_ARENA_FRAMES; i++)
        fill_frame(arena + i);
    for (ULONG i = 0; i < tables; i++) {
        fill_frame(arena + pick(SELFTEST_ARENA_FRAMES));
        set_window(space, random_entry);
        if (table_is_pae)
            set_pointer(space, pointer);
        try_settings(WINDOW + (pick(WINDOW_TABLES * (table_span() >> 8)) << 8 | pick(64) << 2),
                     possible);
        if (table_is_pae) {
            table_write((struct table_slot){direct_map(space->cr3), WINDOW >> 30}, pointer);
            write_cr3(space->cr3);
        }
    }
    set_window(space, NULL);
    write_cr3(space->cr3);
}

static void log_count(ULONG tables)
{
    static const char *const formats[] = {
        [WALK_32BIT] = "32", [WALK_32BIT_PSE] = "pse", [WALK_PAE] = "pae"};

    log_printf("[mmu] format=%s nx=%s seed=%u tables=%u accesses=%u allowed=%u refused=%u "
               "reserved=%u skipped=%u mismatches=%u reserved_without_p=%u pse36_unchecked=%u\n",
               formats[walk_format(&registers)], table_has_no_execute ? "yes" : "no",
               selftest_seed(), tables, count.accesses, count.allowed, count.refused,
               count.reserved, count.skipped, count.mismatches, count.reserved_without_p,
               count.pse36_unchecked);
}

SELFTEST(mmu_random_tables)
{
    ULONG tables = selftest_is_asked_for("mmu") || selftest_is_asked_for("mmu_random")
                       ? TABLES_WHEN_ASKED
                       : TABLES;
    struct mm_space *space = mm_space_create(), *last;

    random_state = selftest_seed();
    arena = selftest_arena();
    if (!CHECK(arena != FRAME_NONE))
        return;
    last = mm_space_switch(space);
    mmu_begin(space);
    try_tables(space, tables);
    mmu_end(space);
    mm_space_switch(last);
    mm_space_destroy(space);
    log_count(tables);
    CHECK_EQUAL(count.mismatches, 0);
    CHECK(count.allowed > tables && count.refused > tables);
}

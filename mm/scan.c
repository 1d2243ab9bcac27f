#include "mm/scan.h"

#include "paging_pae.h"

#define SPACE_END 0x100000000ull

/* What neighbours in a table must share: all but A, D, caching and what is free. */
#define FRAME_AND_RIGHTS (~0xFFFull | PAGE_PRESENT | PAGE_WRITE | PAGE_USER | PAGE_GLOBAL)

void scan_begin(struct scan *scan, const struct walk_registers *registers,
                const struct walk_memory *memory, ULONG from)
{
    *scan = (struct scan){.registers = registers, .memory = memory, .next = page_round_down(from)};
}

/* How much of the space the entry at which the walk stopped stands for; by levels looked at. */
static ULONG span_of(const struct walk *walk)
{
    static const ULONG legacy[] = {PAGE_SIZE, LARGE_PAGE_SIZE, PAGE_SIZE};
    static const ULONG pae[] = {PAGE_SIZE, 1u << 30, PAE_LARGE_PAGE_SIZE, PAGE_SIZE};

    return (walk->format == WALK_PAE ? pae : legacy)[walk->level_count];
}

/* The frames from this one to the end of what the format's entries can name. */
static ULONGLONG frames_left(const struct scan *scan, const struct walk *walk)
{
    ULONG bits = walk->format == WALK_PAE ? scan->registers->maxphyaddr : 32;

    return ((1ull << bits) - walk->physical + PAGE_SIZE - 1) >> PAGE_SHIFT;
}

/* The entries of the table from the walk's last one to its end, itself included. */
static ULONG entries_left(const struct walk *walk, ULONG span)
{
    ULONG entries = walk->format != WALK_PAE ? PAGE_ENTRIES
                    : walk->level_count == 1 ? PAE_POINTERS
                                             : PAE_ENTRIES;

    return entries - (walk->address / span & (entries - 1));
}

/* What a table's next entries must be to go on: `first`, and each `step` more, as far as `kept`. */
struct run {
    ULONGLONG first, step, kept;
    ULONG bytes; /* of an entry */
};

/*
 * The number of entries that go on so, of those in memory that lies open: most of a scan's time is
 * here. Not inlined, for then all is in registers.
 */
__attribute__((noinline)) static ULONG narrow_run(const volatile ULONG *words, ULONG left,
                                                  ULONG first, ULONG step, ULONG kept)
{
    ULONG count;

    for (count = 1; count < left; count++) {
        first += step;
        if ((words[count] ^ first) & kept)
            break;
    }
    return count;
}

__attribute__((noinline)) static ULONG wide_run(const volatile ULONG *words, ULONG left,
                                                const struct run *run)
{
    ULONGLONG expected = run->first, step = run->step, kept = run->kept;
    ULONG count;

    for (count = 1; count < left; count++) {
        expected += step;
        words += 2;
        if ((words[0] ^ (ULONG)expected) & (ULONG)kept ||
            (words[1] ^ (ULONG)(expected >> 32)) & (ULONG)(kept >> 32))
            break;
    }
    return count;
}

/* The same through the accessor. */
static ULONG read_run(const struct run *run, const struct walk_memory *memory, ULONGLONG at,
                      ULONG left)
{
    ULONG count;
    ULONGLONG entry;

    for (count = 1; count < left; count++)
        if (!walk_read_entry(memory, at + count * run->bytes, run->bytes, &entry) ||
            (entry ^ (run->first + count * run->step)) & run->kept)
            break;
    return count;
}

/*
 * The number of entries of one table that go on as the last one of `walk` does, itself included.
 * Read straight from the table, without a walk each; its upper levels are the same.
 */
static ULONG run_length(const struct scan *scan, const struct walk *walk, ULONG span)
{
    const struct walk_level *level = &walk->levels[walk->level_count - 1];
    const struct walk_memory *memory = scan->memory;
    ULONG left = entries_left(walk, span);
    struct run run = {level->entry, 0, PAGE_PRESENT, walk->format == WALK_PAE ? 8 : 4};
    const volatile ULONG *words;

    if (walk->stop == WALK_MAPPED) {
        run.step = PAGE_SIZE;
        run.kept = FRAME_AND_RIGHTS;
        if (frames_left(scan, walk) < left)
            left = (ULONG)frames_left(scan, walk);
    }
    if (level->entry_address + left * run.bytes > memory->direct_bytes)
        return read_run(&run, memory, level->entry_address, left);
    words =
        (const volatile ULONG *)((const char *)memory->direct + (uintptr_t)level->entry_address);
    if (run.bytes == 4)
        return narrow_run(words, left, (ULONG)run.first, (ULONG)run.step, (ULONG)run.kept);
    return wide_run(words, left, &run);
}

/* Small pages may go on, and what is absent at any level. */
static BOOLEAN can_run(const struct walk *walk, ULONG span)
{
    return walk->level_count &&
           (walk->stop == WALK_NOT_PRESENT || (walk->stop == WALK_MAPPED && span == PAGE_SIZE));
}

/* The range that begins at the walk's address; its end is the caller's business. */
static struct scan_range describe(const struct walk *walk)
{
    return (struct scan_range){.first = walk->address,
                               .stop = walk->stop,
                               .page_size = walk->page_size,
                               .physical = walk->physical,
                               .user = walk->user,
                               .write = walk->write,
                               .no_execute = walk->no_execute,
                               .global = walk->global,
                               .can = {walk->can[0], walk->can[1]}};
}

static BOOLEAN same_rights(const struct scan_range *a, const struct scan_range *b)
{
    return a->stop == b->stop && a->page_size == b->page_size && a->user == b->user &&
           a->write == b->write && a->no_execute == b->no_execute && a->global == b->global;
}

/* TRUE if `b` goes on where `a` ends. */
static BOOLEAN follows(const struct scan_range *a, const struct scan_range *b)
{
    return a->last + 1 == b->first && same_rights(a, b) &&
           (a->stop != WALK_MAPPED || a->physical + (b->first - a->first) == b->physical);
}

/* The next piece that one entry, or a run in one table, stands for. */
static BOOLEAN next_piece(struct scan *scan, struct scan_range *piece)
{
    while (scan->next < SPACE_END) {
        struct walk walk = walk_address(scan->registers, (ULONG)scan->next, scan->memory);
        ULONG span = span_of(&walk);

        /* To where the entry's span ends: the scan may have begun inside it. */
        scan->next &= ~(ULONGLONG)(span - 1);
        scan->next += can_run(&walk, span) ? (ULONGLONG)run_length(scan, &walk, span) * span : span;
        if (walk.stop == WALK_NOT_PRESENT)
            continue;
        *piece = describe(&walk);
        piece->last = (ULONG)(scan->next - 1);
        return TRUE;
    }
    return FALSE;
}

BOOLEAN scan_next(struct scan *scan, struct scan_range *range)
{
    struct scan_range piece;

    while (next_piece(scan, &piece)) {
        if (scan->has_ahead && follows(&scan->ahead, &piece)) {
            scan->ahead.last = piece.last;
            continue;
        }
        *range = scan->ahead;
        scan->ahead = piece;
        if (scan->has_ahead)
            return TRUE;
        scan->has_ahead = TRUE;
    }
    *range = scan->ahead;
    return scan->has_ahead && (scan->has_ahead = FALSE, TRUE);
}

BOOLEAN scan_find(struct scan *scan, ULONGLONG physical, ULONG *address)
{
    struct scan_range range;

    while (scan_next(scan, &range)) {
        if (range.stop != WALK_MAPPED || physical < range.physical ||
            physical - range.physical > range.last - range.first)
            continue;
        *address = range.first + (ULONG)(physical - range.physical);
        return TRUE;
    }
    return FALSE;
}

void scan_compare_begin(struct scan_comparison *comparison, const struct walk_registers *one,
                        const struct walk_registers *other, const struct walk_memory *memory,
                        ULONG from)
{
    scan_begin(&comparison->scans[0], one, memory, from);
    scan_begin(&comparison->scans[1], other, memory, from);
    for (int i = 0; i < 2; i++)
        comparison->has[i] = scan_next(&comparison->scans[i], &comparison->ranges[i]);
}

/* Takes [.., last] off the front of a range; the next one comes when it is used up. */
static void advance(struct scan_comparison *comparison, int side, ULONG last)
{
    struct scan_range *range = &comparison->ranges[side];

    if (range->last == last) {
        comparison->has[side] = scan_next(&comparison->scans[side], range);
        return;
    }
    if (range->stop == WALK_MAPPED)
        range->physical += last + 1 - range->first;
    range->first = last + 1;
}

/* The next stretch over which both sides stay as they are; FALSE at the end of both. */
static BOOLEAN next_stretch(struct scan_comparison *comparison, struct scan_difference *stretch)
{
    const struct scan_range *ranges = comparison->ranges;
    const BOOLEAN *has = comparison->has;

    if (!has[0] && !has[1])
        return FALSE;
    stretch->first = has[0] && (!has[1] || ranges[0].first <= ranges[1].first) ? ranges[0].first
                                                                               : ranges[1].first;
    stretch->last = 0xFFFFFFFF;
    for (int i = 0; i < 2; i++) {
        ULONG end = has[i] ? ranges[i].last : 0xFFFFFFFF;

        stretch->mapped[i] = has[i] && ranges[i].first == stretch->first;
        if (has[i] && !stretch->mapped[i])
            end = ranges[i].first - 1;
        if (end < stretch->last)
            stretch->last = end;
    }
    for (int i = 0; i < 2; i++) {
        stretch->sides[i] = stretch->mapped[i] ? ranges[i] : (struct scan_range){0};
        if (!stretch->mapped[i])
            continue;
        stretch->sides[i].last = stretch->last;
        advance(comparison, i, stretch->last);
    }
    return TRUE;
}

BOOLEAN scan_compare_next(struct scan_comparison *comparison, struct scan_difference *difference)
{
    while (next_stretch(comparison, difference)) {
        const struct scan_range *sides = difference->sides;

        if (difference->mapped[0] != difference->mapped[1] || !same_rights(&sides[0], &sides[1]) ||
            sides[0].physical != sides[1].physical)
            return TRUE;
    }
    return FALSE;
}

#include "mm/frame.h"

#include "rtl/rtl.h"

#define WORD_BITS 32u
#define WORDS     (FRAME_COUNT / WORD_BITS)

/* One bit a frame; 1 is free. */
static ULONG free_bits[WORDS];
static ULONG ram_bits[WORDS];           /* as free_bits were when the memory map had been read */
static USHORT more_owners[FRAME_COUNT]; /* beyond the first */
static struct frame_counts counts;
static frame_number next; /* where the search goes on */
static ULONG shuffle;     /* state of the generator; 0: not shuffled */

static struct {
    frame_number frame;
    BOOLEAN taken;
} held[FRAME_HELD_LIMIT];
static ULONG held_count;

void frame_init(void)
{
    memset(free_bits, 0, sizeof free_bits);
    memset(more_owners, 0, sizeof more_owners);
    memset(&counts, 0, sizeof counts);
    next = 0;
    shuffle = 0;
    held_count = 0;
}

static BOOLEAN is_free(frame_number frame)
{
    return free_bits[frame / WORD_BITS] >> frame % WORD_BITS & 1;
}

static void set_free(frame_number frame)
{
    ASSERT(frame && frame < FRAME_COUNT && !is_free(frame));
    free_bits[frame / WORD_BITS] |= 1u << frame % WORD_BITS;
    counts.free++;
}

static void set_used(frame_number frame)
{
    ASSERT(is_free(frame));
    free_bits[frame / WORD_BITS] &= ~(1u << frame % WORD_BITS);
    counts.free--;
}

static frame_number clip(ULONGLONG frame)
{
    return frame > FRAME_COUNT ? FRAME_COUNT : (frame_number)frame;
}

void frame_add_range(ULONGLONG base, ULONGLONG length)
{
    frame_number first = clip((base >> 12) + !!(base & 0xFFF));
    frame_number end = clip(frame_range_end(base, length) >> 12);

    for (frame_number frame = first ? first : 1; frame < end;) {
        if (frame % WORD_BITS == 0 && end - frame >= WORD_BITS &&
            free_bits[frame / WORD_BITS] == 0) {
            free_bits[frame / WORD_BITS] = ~0u;
            counts.free += WORD_BITS;
            frame += WORD_BITS;
        } else {
            if (!is_free(frame))
                set_free(frame);
            frame++;
        }
    }
    counts.usable = counts.free;
}

void frame_reserve_range(ULONGLONG base, ULONGLONG length)
{
    ULONGLONG end_byte = frame_range_end(base, length);
    frame_number end = clip((end_byte >> 12) + !!(end_byte & 0xFFF));

    if (!length)
        return;
    for (frame_number frame = clip(base >> 12); frame < end; frame++)
        if (is_free(frame))
            set_used(frame);
    counts.usable = counts.free;
}

void frame_keep_ram(void)
{
    memcpy(ram_bits, free_bits, sizeof ram_bits);
}

BOOLEAN frame_is_ram(frame_number frame)
{
    return frame < FRAME_COUNT && ram_bits[frame / WORD_BITS] >> frame % WORD_BITS & 1;
}

void frame_shuffle(ULONG seed)
{
    shuffle = seed * 2654435769u + 1; /* spread small seeds over all bits */
    if (!shuffle)
        shuffle = 1;
}

/* Marsaglia's xorshift generator of 32 bits. */
static ULONG next_random(void)
{
    shuffle ^= shuffle << 13;
    shuffle ^= shuffle >> 17;
    shuffle ^= shuffle << 5;
    return shuffle;
}

/* The first free frame in [from, end), or FRAME_NONE. */
static frame_number find_free(frame_number from, frame_number end)
{
    ULONG bits = free_bits[from / WORD_BITS] & ~0u << from % WORD_BITS;

    for (ULONG word = from / WORD_BITS; word * WORD_BITS < end;) {
        if (bits) {
            frame_number frame = word * WORD_BITS + (ULONG)__builtin_ctz(bits);

            return frame < end ? frame : FRAME_NONE;
        }
        if (++word < WORDS)
            bits = free_bits[word];
    }
    return FRAME_NONE;
}

/* The first free frame at or after `from`, going round. */
static frame_number find_free_around(frame_number from)
{
    frame_number frame = find_free(from, FRAME_COUNT);

    return frame ? frame : find_free(0, from);
}

/* A random frame that is free, each with the same chance while at least one in 64 is free. */
static frame_number find_free_random(void)
{
    for (int tries = 0; tries < 1024; tries++) {
        frame_number frame = next_random() % FRAME_COUNT;

        if (is_free(frame))
            return frame;
    }
    return find_free_around(next_random() % FRAME_COUNT);
}

frame_number frame_alloc(void)
{
    frame_number frame = shuffle ? find_free_random() : find_free_around(next);

    if (!frame)
        return FRAME_NONE;
    set_used(frame);
    next = (frame + 1) % FRAME_COUNT;
    return frame;
}

/* The length of the free run at `first`, up to `limit`. */
static ULONG free_run_length(frame_number first, ULONG limit)
{
    ULONG length = 0;

    while (length < limit && first + length < FRAME_COUNT && is_free(first + length))
        length++;
    return length;
}

static frame_number find_free_run(frame_number from, ULONG count)
{
    while ((from = find_free(from, FRAME_COUNT)) != FRAME_NONE) {
        ULONG length = free_run_length(from, count);

        if (length == count)
            return from;
        from += length;
        if (from >= FRAME_COUNT)
            break;
    }
    return FRAME_NONE;
}

frame_number frame_alloc_run(ULONG count)
{
    frame_number first = FRAME_NONE;

    ASSERT(count);
    if (count == 1)
        return frame_alloc();
    if (shuffle)
        first = find_free_run(next_random() % FRAME_COUNT, count);
    if (!first)
        first = find_free_run(0, count);
    for (ULONG i = 0; first && i < count; i++)
        set_used(first + i);
    return first;
}

/* The place of a frame in `held`, or held_count. */
static ULONG find_held(frame_number frame)
{
    ULONG i = 0;

    while (i < held_count && held[i].frame != frame)
        i++;
    return i;
}

BOOLEAN frame_share(frame_number frame)
{
    ASSERT(frame < FRAME_COUNT && !is_free(frame));
    if (more_owners[frame] == FRAME_OWNERS_MAX - 1)
        return FALSE;
    more_owners[frame]++;
    return TRUE;
}

ULONG frame_owners(frame_number frame)
{
    ASSERT(frame < FRAME_COUNT && !is_free(frame));
    return more_owners[frame] + 1u;
}

void frame_free(frame_number frame)
{
    ULONG i = find_held(frame);

    ASSERT(frame < FRAME_COUNT);
    if (more_owners[frame]) {
        more_owners[frame]--;
        return;
    }
    if (i == held_count) {
        set_free(frame);
        return;
    }
    ASSERT(held[i].taken);
    held[i].taken = FALSE;
    counts.free++;
}

void frame_free_run(frame_number first, ULONG count)
{
    for (ULONG i = 0; i < count; i++)
        frame_free(first + i);
}

BOOLEAN frame_hold(frame_number frame)
{
    if (frame >= FRAME_COUNT || !is_free(frame) || held_count == FRAME_HELD_LIMIT)
        return FALSE;
    free_bits[frame / WORD_BITS] &= ~(1u << frame % WORD_BITS);
    held[held_count].frame = frame;
    held[held_count++].taken = FALSE;
    return TRUE;
}

void frame_unhold(frame_number frame)
{
    ASSERT(held_count && held[held_count - 1].frame == frame && !held[held_count - 1].taken);
    held_count--;
    free_bits[frame / WORD_BITS] |= 1u << frame % WORD_BITS;
}

BOOLEAN frame_take(frame_number frame)
{
    ULONG i = find_held(frame);

    if (i == held_count || held[i].taken)
        return FALSE;
    held[i].taken = TRUE;
    counts.free--;
    return TRUE;
}

struct frame_counts frame_counts(void)
{
    return counts;
}

/* Frames: given once, never what is in use, held for who asked. */
#include "tests/kernel/mm_support.h"

#include "boot/boot.h"
#include "bootinfo.h"

static BOOLEAN touches(frame_number frame, ULONG start, ULONG bytes)
{
    return bytes && frame >= frame_of(start) && frame <= frame_of(start + bytes - 1);
}

/* Memory that must never be given away. */
static BOOLEAN is_in_use(frame_number frame)
{
    ULONG kernel = (ULONG)kernel_physical_start;

    if (touches(frame, 0, 0x100000) ||
        touches(frame, kernel, direct_physical(boot_spare_tables_next) - kernel))
        return TRUE;
    for (ULONG i = 0; i < boot_info.module_count; i++)
        if (touches(frame, boot_info.modules[i].physical, boot_info.modules[i].size))
            return TRUE;
    return frame == frame_of(mm_space_current()->cr3);
}

/* Takes them all: each is new, in the direct map, and nobody else's. */
SELFTEST(mm_frames_are_given_once)
{
    ULONG free = frame_counts().free, taken = 0, bytes = FRAME_COUNT / 8;
    UCHAR *seen = pool_allocate_zeroed(bytes, 0);
    frame_number frame, chain = FRAME_NONE;

    free = frame_counts().free;
    while ((frame = frame_alloc())) {
        if (!CHECK(frame < FRAME_COUNT && !is_in_use(frame)) ||
            !CHECK(!(seen[frame / 8] >> frame % 8 & 1)))
            break;
        seen[frame / 8] |= (UCHAR)(1 << frame % 8);
        *frame_words(frame) = chain; /* the memory is there */
        chain = frame;
        taken++;
    }
    CHECK_EQUAL(taken, free);
    CHECK_EQUAL(frame_counts().free, 0);
    CHECK_EQUAL(frame_alloc_run(2), FRAME_NONE);
    while (chain) {
        frame = chain;
        chain = *frame_words(frame);
        frame_free(frame);
    }
    CHECK_EQUAL(frame_counts().free, free);
    CHECK(free <= frame_counts().usable);
    ExFreePool(seen);
}

SELFTEST(mm_runs_follow_each_other)
{
    static const ULONG lengths[] = {1, 2, 3, 31, 32, 33, 100, 200};
    frame_number first[ARRAY_SIZE(lengths)];
    ULONG free = frame_counts().free, taken = 0;

    for (ULONG i = 0; i < ARRAY_SIZE(lengths); i++) {
        first[i] = frame_alloc_run(lengths[i]);
        taken += lengths[i];
        CHECK(first[i] != FRAME_NONE && first[i] + lengths[i] <= FRAME_COUNT);
        CHECK_EQUAL(frame_counts().free, free - taken);
        for (ULONG j = 0; j < lengths[i]; j++)
            CHECK(!is_in_use(first[i] + j));
        for (ULONG j = 0; j < i; j++)
            CHECK(first[j] + lengths[j] <= first[i] || first[i] + lengths[i] <= first[j]);
    }
    for (ULONG i = 0; i < ARRAY_SIZE(lengths); i++)
        frame_free_run(first[i], lengths[i]);
    CHECK_EQUAL(frame_counts().free, free);
    CHECK_EQUAL(frame_alloc_run(FRAME_COUNT), FRAME_NONE);
}

/* Held frames are given to who takes them by number, and to nobody else. */
SELFTEST(mm_held_frames_wait)
{
    frame_number frame = test_frame(), chain = FRAME_NONE, other;
    ULONG free;

    CHECK(!frame_hold(frame)); /* in use */
    frame_free(frame);
    free = frame_counts().free;
    CHECK(frame_hold(frame));
    CHECK(!frame_hold(frame));
    CHECK(!frame_hold(FRAME_NONE) && !frame_hold(FRAME_COUNT) && !frame_hold(0xFFFFFFFF));
    CHECK_EQUAL(frame_counts().free, free);
    for (ULONG i = 1; i < free && (other = frame_alloc()); i++) {
        CHECK(other != frame);
        *frame_words(other) = chain;
        chain = other;
    }
    CHECK_EQUAL(frame_counts().free, 1);
    CHECK(frame_take(frame));
    CHECK(!frame_take(frame));
    CHECK_EQUAL(frame_counts().free, 0);
    frame_free(frame); /* it is kept again */
    CHECK_EQUAL(frame_counts().free, 1);
    while (chain) {
        other = chain;
        chain = *frame_words(other);
        frame_free(other);
    }
    frame_unhold(frame);
    CHECK(!frame_take(frame));
    CHECK_EQUAL(frame_counts().free, free);
}

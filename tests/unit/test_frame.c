/* The frame allocator: memory maps with holes, reservation, order, runs, held frames. */
#include "mm/frame.h"
#include "unit.h"

#define PAGE 0x1000ull

/* What the allocator should believe: one byte a frame. */
static uint8_t usable[FRAME_COUNT];

static void model_clear(void)
{
    frame_init();
    memset(usable, 0, sizeof(usable));
}

/* Frames are judged one by one against the range, in 128 bits: no clipping to get wrong. */
static void model_add(uint64_t base, uint64_t length)
{
    unsigned __int128 end = (unsigned __int128)base + length;

    for (uint64_t i = 1; i < FRAME_COUNT; i++)
        if (i * PAGE >= base && (i + 1) * PAGE <= end)
            usable[i] = 1;
    frame_add_range(base, length);
}

static void model_reserve(uint64_t base, uint64_t length)
{
    unsigned __int128 end = (unsigned __int128)base + length;

    for (uint64_t i = 0; i < FRAME_COUNT && length; i++)
        if ((i + 1) * PAGE > base && i * PAGE < end)
            usable[i] = 0;
    frame_reserve_range(base, length);
}

static uint32_t model_count(void)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < FRAME_COUNT; i++)
        count += usable[i];
    return count;
}

/* Every usable frame is given, once; nothing else is. */
static void drain_and_compare(void)
{
    uint32_t count = model_count();

    assert_int_equal(frame_counts().usable, count);
    assert_int_equal(frame_counts().free, count);
    while (count--) {
        frame_number frame = frame_alloc();

        assert_true(frame != FRAME_NONE && frame < FRAME_COUNT);
        assert_true(usable[frame]);
        usable[frame] = 0;
        assert_int_equal(frame_counts().free, count);
    }
    assert_int_equal(frame_alloc(), FRAME_NONE);
    assert_int_equal(frame_alloc_run(2), FRAME_NONE);
}

static void nothing_is_usable_at_first(void **state)
{
    (void)state;
    frame_init();
    assert_int_equal(frame_alloc(), FRAME_NONE);
    assert_int_equal(frame_alloc_run(1), FRAME_NONE);
    assert_int_equal(frame_alloc_run(7), FRAME_NONE);
    assert_int_equal(frame_counts().usable, 0);
    assert_false(frame_hold(1));
}

static void only_whole_frames_are_added(void **state)
{
    static const struct {
        uint64_t base, length;
        uint32_t frames;
    } cases[] = {
        {0x1000, 0x1000, 1},
        {0x1000, 0x0FFF, 0},
        {0x1001, 0x1000, 0},
        {0x1001, 0x1FFF, 1},
        {0x0FFF, 0x1001, 1},
        {0x1000, 0x1FFF, 1},
        {0x1000, 0, 0},
        {0, 0x1000, 0},
        {0, 0x2000, 1},
        {0, 0, 0},
        {0x1800, 0x1000, 0},
        {0x1FFFF000, 0x1000, 1},
        {0x1FFFF000, 0x2000, 1},
        {0x20000000, 0x1000, 0},
        {0x100000000, 0x40000000, 0},
        {0x1FFFE800, 0x10000, 1},
        {~0ull, 1, 0},
        {~0ull, ~0ull, 0},
        {~0ull - 0xFFF, 0x1000, 0},
        {0x8000000000000000, 0x8000000000000000, 0},
        {0, ~0ull, FRAME_COUNT - 1},
        {0x1000, ~0ull, FRAME_COUNT - 1},
        {0, 0x100000000, FRAME_COUNT - 1},
        {0x100001000, 0x1000, 0},
    };

    (void)state;
    frame_init();
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        model_clear();
        model_add(cases[i].base, cases[i].length);
        assert_int_equal(model_count(), cases[i].frames);
        drain_and_compare();
    }
}

/* What a PC of 3 GiB says, with an overlap and an entry above 4 GiB. */
static void a_map_with_holes(void **state)
{
    (void)state;
    frame_init();
    model_clear();
    model_add(0, 0x9FC00);
    model_add(0x100000, 0x07EE0000);
    model_add(0x00180000, 0x1000);      /* inside another */
    model_add(0x07F00000, 0x01000000);  /* overlaps its end */
    model_add(0x1F000800, 0xA0000000);  /* leaves the direct map */
    model_add(0x100000000, 0x40000000); /* above 4 GiB */
    model_reserve(0, 0x100000);
    model_reserve(0x100000, 0x23456);
    model_reserve(0x300FFF, 2); /* touches two frames */
    model_reserve(0x400800, 0); /* touches none */
    model_reserve(0xFFFFFFFFFFFFF000, 0x2000);
    drain_and_compare();
}

static void random_maps(void **state)
{
    struct unit_random random = unit_random(1);

    (void)state;
    frame_init();
    for (int round = 0; round < 20; round++) {
        model_clear();
        if (round % 2)
            frame_shuffle((ULONG)random_next(&random));
        for (uint32_t i = random_below(&random, 8); i; i--)
            model_add(random_below(&random, 0x24000000), random_below(&random, 0x4000000));
        for (uint32_t i = random_below(&random, 8); i; i--)
            model_reserve(random_below(&random, 0x24000000), random_below(&random, 0x100000));
        drain_and_compare();
    }
}

/* Without a seed: the lowest free frame after the last one taken, then round again. */
static void frames_come_in_order(void **state)
{
    (void)state;
    frame_init();
    frame_add_range(0x1000, 4 * PAGE);
    frame_add_range(0x40000, PAGE);
    for (frame_number i = 1; i <= 3; i++)
        assert_int_equal(frame_alloc(), i);
    frame_free(2);
    assert_int_equal(frame_alloc(), 4);
    assert_int_equal(frame_alloc(), 0x40);
    assert_int_equal(frame_alloc(), 2);
    assert_int_equal(frame_alloc(), FRAME_NONE);
}

static void take_all(ULONG seed, frame_number *order, uint32_t count)
{
    frame_init();
    frame_add_range(0x100000, count * PAGE);
    frame_shuffle(seed);
    for (uint32_t i = 0; i < count; i++)
        order[i] = frame_alloc();
    assert_int_equal(frame_alloc(), FRAME_NONE);
}

static void the_seed_decides_the_order(void **state)
{
    enum { COUNT = 3000 };
    static const ULONG seeds[] = {0, 1, 2, 7, 0x80000000, 0xFFFFFFFF, 0x144CBC89};
    frame_number orders[ARRAY_SIZE(seeds)][COUNT], again[COUNT];

    (void)state;
    frame_init();
    for (size_t i = 0; i < ARRAY_SIZE(seeds); i++) {
        take_all(seeds[i], orders[i], COUNT);
        take_all(seeds[i], again, COUNT);
        assert_memory_equal(orders[i], again, sizeof(again));
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(orders[i], orders[j], 64);
    }
}

/* The seed from which the generator's state would come out as 0, and it would never leave 0. */
static void no_seed_is_without_effect(void **state)
{
    static frame_number order[3000];
    int ascending = 0;

    (void)state;
    take_all(0xEBB34377, order, ARRAY_SIZE(order));
    for (int i = 1; i < 500; i++)
        ascending += order[i] == order[i - 1] + 1;
    assert_in_range(ascending, 0, 50);
}

/* A quarter of the first frames falls into each quarter of memory, or about that. */
static void a_shuffle_spreads(void **state)
{
    uint32_t quarters[4] = {0};

    (void)state;
    frame_init();
    frame_add_range(0, 0x20000000);
    frame_shuffle(42);
    for (int i = 0; i < 4000; i++)
        quarters[frame_alloc() / (FRAME_COUNT / 4)]++;
    for (int i = 0; i < 4; i++)
        assert_in_range(quarters[i], 800, 1200);
}

static void runs_are_whole_and_their_own(void **state)
{
    frame_number first, second;

    (void)state;
    frame_init();
    frame_add_range(0x1000, 3 * PAGE);  /* too short */
    frame_add_range(0x1E000, 5 * PAGE); /* over a word's end */
    frame_add_range(0x50000, 100 * PAGE);
    first = frame_alloc_run(5);
    assert_int_equal(first, 0x1E);
    second = frame_alloc_run(4);
    assert_int_equal(second, 0x50);
    assert_int_equal(frame_counts().free, 99);
    assert_int_equal(frame_alloc_run(97), FRAME_NONE); /* 99 are free, but not in one piece */
    assert_int_equal(frame_alloc_run(96), 0x54);
    assert_int_equal(frame_alloc_run(3), 1);
    assert_int_equal(frame_alloc(), FRAME_NONE);
    frame_free_run(first, 5);
    frame_free(second + 1);
    assert_int_equal(frame_counts().free, 6);
    assert_int_equal(frame_alloc_run(5), first);
}

static void runs_reach_the_last_frame(void **state)
{
    (void)state;
    frame_init();
    frame_add_range(0x20000000 - 2 * PAGE, 2 * PAGE);
    assert_int_equal(frame_alloc_run(3), FRAME_NONE);
    assert_int_equal(frame_alloc_run(2), FRAME_COUNT - 2);
    frame_init();
    frame_add_range(0, 0x20000000);
    assert_int_equal(frame_alloc_run(FRAME_COUNT), FRAME_NONE);
    assert_int_equal(frame_alloc_run(0xFFFFFFFF), FRAME_NONE);
    assert_int_equal(frame_alloc_run(FRAME_COUNT - 1), 1);
    assert_int_equal(frame_counts().free, 0);
}

static void wrong_frees_are_our_mistake(void **state)
{
    frame_number frame;

    (void)state;
    frame_init();
    frame_add_range(0x1000, 4 * PAGE);
    frame = frame_alloc();
    frame_free(frame);
    assert_true(ASSERTION_OF(frame_free(frame)));
    assert_true(ASSERTION_OF(frame_free(0)));
    assert_true(ASSERTION_OF(frame_free(FRAME_COUNT)));
    assert_true(ASSERTION_OF(frame_free(0xFFFFFFFF)));
    assert_true(ASSERTION_OF(frame_alloc_run(0)));
    assert_int_equal(frame_counts().free, 4);
}

static void held_frames_wait(void **state)
{
    (void)state;
    frame_init();
    frame_add_range(0x1000, 3 * PAGE);
    assert_true(frame_hold(2));
    assert_false(frame_hold(2));
    assert_false(frame_take(1));
    assert_int_equal(frame_alloc(), 1);
    assert_int_equal(frame_alloc(), 3);
    assert_true(frame_take(2));
    assert_false(frame_take(2));
    assert_int_equal(frame_counts().free, 0);
    frame_free(2);
    assert_int_equal(frame_counts().free, 1);
    assert_true(frame_take(2));
    frame_free(2);
    assert_true(ASSERTION_OF(frame_free(2)));
    frame_unhold(2);
    assert_int_equal(frame_alloc(), 2);
}

/* The last free frames are held ones: there is none to give. */
static void held_frames_are_not_given_at_the_end(void **state)
{
    (void)state;
    frame_init();
    for (int shuffled = 0; shuffled < 2; shuffled++) {
        frame_init();
        frame_add_range(0x1000, 2 * PAGE);
        if (shuffled)
            frame_shuffle(1);
        assert_true(frame_hold(2));
        assert_int_equal(frame_alloc(), 1);
        assert_int_equal(frame_alloc(), FRAME_NONE);
        assert_int_equal(frame_alloc_run(2), FRAME_NONE);
    }
}

static void what_cannot_be_held(void **state)
{
    (void)state;
    frame_init();
    frame_add_range(0x1000, 20 * PAGE);
    assert_false(frame_hold(0));
    assert_false(frame_hold(21));
    assert_false(frame_hold(FRAME_COUNT));
    assert_false(frame_hold(0xFFFFFFFF));
    assert_int_equal(frame_alloc(), 1);
    assert_false(frame_hold(1));
    for (frame_number i = 2; i < 2 + FRAME_HELD_LIMIT; i++)
        assert_true(frame_hold(i));
    assert_false(frame_hold(2 + FRAME_HELD_LIMIT));
    frame_unhold(1 + FRAME_HELD_LIMIT);
    assert_true(frame_hold(2 + FRAME_HELD_LIMIT));
}

/* Any order of taking and giving back, single frames and runs, against a list of what is out. */
static void random_work(void **state)
{
    enum { FRAMES = 4096, RUNS = 64 };
    static struct {
        frame_number first;
        uint32_t count;
    } runs[RUNS];
    static uint8_t out[FRAMES + 1];
    struct unit_random random = unit_random(2);
    uint32_t taken = 0;

    (void)state;
    frame_init();
    memset(runs, 0, sizeof(runs));
    memset(out, 0, sizeof(out));
    frame_add_range(PAGE, FRAMES * PAGE);
    for (int step = 0; step < 100000; step++) {
        uint32_t slot = random_below(&random, RUNS);

        if (step == 50000)
            frame_shuffle(3);
        if (runs[slot].first) {
            frame_free_run(runs[slot].first, runs[slot].count);
            memset(out + runs[slot].first, 0, runs[slot].count);
            taken -= runs[slot].count;
            runs[slot].first = 0;
        } else {
            runs[slot].count = 1 + random_below(&random, random_below(&random, 4) ? 8 : 200);
            runs[slot].first = frame_alloc_run(runs[slot].count);
            for (uint32_t i = 0; runs[slot].first && i < runs[slot].count; i++) {
                assert_in_range(runs[slot].first + i, 1, FRAMES);
                assert_int_equal(out[runs[slot].first + i]++, 0);
            }
            taken += runs[slot].first ? runs[slot].count : 0;
        }
        assert_int_equal(frame_counts().free, FRAMES - taken);
    }
}

/* A frame with several owners is free when the last one has let it go; held ones too. */
static void shared_frames_stay_until_the_last(void **state)
{
    (void)state;
    frame_init();
    frame_add_range(0, 16 * 4096);
    assert_true(frame_hold(5));
    assert_true(frame_take(5));
    for (frame_number frame = frame_alloc(); frame; frame = frame == 5 ? FRAME_NONE : 5) {
        ULONG free = frame_counts().free;

        assert_int_equal(frame_owners(frame), 1);
        assert_true(frame_share(frame) && frame_share(frame));
        assert_int_equal(frame_owners(frame), 3);
        frame_free(frame);
        frame_free(frame);
        assert_int_equal(frame_owners(frame), 1);
        assert_int_equal(frame_counts().free, free);
        frame_free(frame);
        assert_int_equal(frame_counts().free, free + 1);
    }
    assert_true(frame_take(5)); /* held again */
    for (ULONG owners = 1; owners < FRAME_OWNERS_MAX; owners++)
        assert_true(frame_share(5));
    assert_false(frame_share(5));
    assert_int_equal(frame_owners(5), FRAME_OWNERS_MAX);
}

/* RAM is what was usable when the map had been read, whatever happens to it later. */
static void ram_stays_ram(void **state)
{
    (void)state;
    frame_init();
    frame_add_range(0, 64 * 4096);
    frame_reserve_range(32 * 4096, 4096); /* an entry of the map that overlaps */
    frame_keep_ram();
    frame_reserve_range(40 * 4096, 4096); /* in use */
    assert_int_not_equal(frame_alloc(), FRAME_NONE);
    for (frame_number frame = 0; frame < 100; frame++)
        assert_int_equal(frame_is_ram(frame), frame > 0 && frame < 64 && frame != 32);
    assert_false(frame_is_ram(FRAME_COUNT));
    assert_false(frame_is_ram(0xFFFFFFFF));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_usable_at_first),
        TEST(only_whole_frames_are_added),
        TEST(a_map_with_holes),
        TEST(random_maps),
        TEST(frames_come_in_order),
        TEST(the_seed_decides_the_order),
        TEST(no_seed_is_without_effect),
        TEST(a_shuffle_spreads),
        TEST(runs_are_whole_and_their_own),
        TEST(runs_reach_the_last_frame),
        TEST(wrong_frees_are_our_mistake),
        TEST(held_frames_wait),
        TEST(held_frames_are_not_given_at_the_end),
        TEST(what_cannot_be_held),
        TEST(shared_frames_stay_until_the_last),
        TEST(ram_stays_ram),
        TEST(random_work),
    };

    return RUN_TESTS(tests);
}

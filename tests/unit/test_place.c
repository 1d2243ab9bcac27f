/* Figure 4-10's frames (kernel/ps/place.c) over the real frame allocator. */
#include "ps/place.h"
#include "unit.h"

#define MIB 0x100000ull

static const struct {
    const char *name;
    frame_number frame;
} figure[] = {
    {"VirtToPhys.exe", 0x0EC67},
    {"kernel32.dll", 0x043F3},
    {"user32.dll", 0x043F9},
    {"advapi32.dll", 0x043E7},
};

static void give_memory(uint64_t mib)
{
    frame_init();
    frame_add_range(MIB, (mib - 1) * MIB);
}

static void the_figures_frames_are_kept(void **state)
{
    (void)state;
    give_memory(PLACE_NEEDS_MIB);
    assert_true(place_init());
    for (size_t i = 0; i < ARRAY_SIZE(figure); i++) {
        assert_int_equal(place_first_frame(figure[i].name), figure[i].frame);
        assert_int_not_equal(place_first_frame(figure[i].name), figure[i].frame); /* taken */
    }
}

/* Nobody else gets them, however much is asked for; given back, they are kept again. */
static void nobody_else_gets_them(void **state)
{
    uint32_t count = 0;

    (void)state;
    give_memory(PLACE_NEEDS_MIB);
    assert_true(place_init());
    while (count++ < frame_counts().usable - ARRAY_SIZE(figure)) {
        frame_number frame = frame_alloc();

        for (size_t i = 0; i < ARRAY_SIZE(figure); i++)
            assert_int_not_equal(frame, figure[i].frame);
    }
    assert_int_equal(place_first_frame("KERNEL32.DLL"), 0x043F3);
    frame_free(0x043F3);
    assert_int_equal(place_first_frame("kernel32.dll"), 0x043F3);
}

static void other_images_lie_anywhere(void **state)
{
    (void)state;
    give_memory(PLACE_NEEDS_MIB);
    assert_int_equal(place_first_frame("kernel32.dll"), 0x100); /* not asked for: any */
    assert_true(place_init());
    assert_int_equal(place_first_frame("VirtToPhys.sys"), 0x101);
    assert_int_equal(place_first_frame(""), 0x102);
}

/* One frame is not there: none is held, all memory can be given. */
static void all_or_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(figure); i++) {
        uint32_t count = 0;

        give_memory(PLACE_NEEDS_MIB);
        frame_reserve_range(frame_address(figure[i].frame), 1);
        assert_false(place_init());
        while (frame_alloc())
            count++;
        assert_int_equal(count, frame_counts().usable);
    }
    give_memory(PLACE_NEEDS_MIB - 20);
    assert_false(place_init());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_figures_frames_are_kept),
        TEST(nobody_else_gets_them),
        TEST(other_images_lie_anywhere),
        TEST(all_or_none),
    };

    return RUN_TESTS(tests);
}

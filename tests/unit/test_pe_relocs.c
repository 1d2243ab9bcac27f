/* pe_relocate: what it moves, what it refuses, and that a refusal changes nothing. */
#include "pe_builder.h"
#include "unit.h"

#define TABLE RELOC_RVA

static struct loaded load_good(void)
{
    struct built built = build_image();
    struct loaded loaded = load_built(&built);

    built_free(&built);
    return loaded;
}

/* Relocation fails with this status and words, and the image is as before. Ends the image. */
static void expect_refusal(struct loaded *loaded, NTSTATUS status, const char *what)
{
    uint8_t *before = malloc(loaded->image.size);

    memcpy(before, loaded->image.bytes, loaded->image.size);
    assert_status(pe_relocate(&loaded->image, 0x10000000, &loaded->error), status);
    assert_string_equal(loaded->error.what, what);
    assert_memory_equal(loaded->image.bytes, before, loaded->image.size);
    assert_int_equal(loaded->image.address, IMAGE_BASE);
    free(before);
    loaded_free(loaded);
}

static void targets_move(void **state)
{
    static const uint32_t addresses[] = {0x10000000, 0, 0xFFFF0000, 0xE0001000, IMAGE_BASE};
    struct loaded loaded = load_good();
    uint8_t *before = malloc(loaded.image.size);

    (void)state;
    memcpy(before, loaded.image.bytes, loaded.image.size);
    for (size_t i = 0; i < ARRAY_SIZE(addresses); i++) {
        assert_status(pe_relocate(&loaded.image, addresses[i], &loaded.error), STATUS_SUCCESS);
        assert_null(loaded.error.what);
        assert_int_equal(loaded.image.address, addresses[i]);
        for (uint32_t j = 0; j < TARGETS; j++)
            assert_int_equal(image_word(&loaded.image, target_rvas[j]),
                             (uint32_t)(addresses[i] + DATA_RVA + j));
    }
    assert_memory_equal(loaded.image.bytes, before, loaded.image.size);
    free(before);
    loaded_free(&loaded);
}

static void only_targets_move(void **state)
{
    struct loaded loaded = load_good();
    uint8_t *before = malloc(loaded.image.size);

    (void)state;
    memcpy(before, loaded.image.bytes, loaded.image.size);
    assert_status(pe_relocate(&loaded.image, 0x01020304, &loaded.error), STATUS_SUCCESS);
    for (uint32_t j = 0; j < TARGETS; j++)
        memcpy(before + target_rvas[j], loaded.image.bytes + target_rvas[j], 4);
    assert_memory_equal(loaded.image.bytes, before, loaded.image.size);
    free(before);
    loaded_free(&loaded);
}

static void stripped_relocations(void **state)
{
    struct loaded loaded = load_good();

    (void)state;
    loaded.image.fixed = true;
    assert_status(pe_relocate(&loaded.image, IMAGE_BASE, &loaded.error), STATUS_SUCCESS);
    expect_refusal(&loaded, STATUS_CONFLICTING_ADDRESSES, "relocations stripped");
}

/* Not stripped, and none: the image holds no addresses. */
static void no_relocations(void **state)
{
    struct loaded loaded = load_good();

    (void)state;
    loaded.image.relocations = (IMAGE_DATA_DIRECTORY){0, 0};
    assert_status(pe_relocate(&loaded.image, 0x10000000, &loaded.error), STATUS_SUCCESS);
    assert_int_equal(loaded.image.address, 0x10000000);
    assert_int_equal(image_word(&loaded.image, DATA_RVA), IMAGE_BASE + DATA_RVA);
    loaded_free(&loaded);
}

static void block_sizes(void **state)
{
    static const uint32_t sizes[] = {0,  1,  4,          7,          9,          15,        17,
                                     34, 48, 0x7FFFFFFE, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        struct loaded loaded = load_good();

        set_image_word(&loaded.image, TABLE + 4, sizes[i]);
        expect_refusal(&loaded, STATUS_INVALID_IMAGE_FORMAT, "size of a relocation block");
    }
}

static void a_block_cut_off_by_the_directory(void **state)
{
    (void)state;
    for (uint32_t size = 17; size < 24; size++) {
        struct loaded loaded = load_good();

        loaded.image.relocations.Size = size;
        expect_refusal(&loaded, STATUS_INVALID_IMAGE_FORMAT, "relocation block cut off");
    }
}

static void types(void **state)
{
    (void)state;
    for (uint32_t type = 0; type < 16; type++) {
        struct loaded loaded = load_good();

        set_image_word(&loaded.image, TABLE + 8, 0x30040000 | type << 12);
        if (type == IMAGE_REL_BASED_ABSOLUTE || type == IMAGE_REL_BASED_HIGHLOW) {
            assert_status(pe_relocate(&loaded.image, 0, &loaded.error), STATUS_SUCCESS);
            assert_int_equal(image_word(&loaded.image, DATA_RVA),
                             type ? DATA_RVA : IMAGE_BASE + DATA_RVA);
            loaded_free(&loaded);
        } else {
            expect_refusal(&loaded, STATUS_INVALID_IMAGE_FORMAT, "relocation of unknown type");
        }
    }
}

/* The block's page and an entry's offset, at the edges of the image and of 32 bits. */
static void targets_outside_the_image(void **state)
{
    static const uint32_t pages[] = {
        SIZE_IMAGE,     SIZE_IMAGE - 0xFFE - 3,
        0x10000000,     0x80000000,
        0xFFFFF000 - 3, 0xFFFFF000,
        0xFFFFFFFF,     0xFFFFF002,
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(pages); i++) {
        struct loaded loaded = load_good();

        set_image_word(&loaded.image, TABLE, pages[i]);
        expect_refusal(&loaded, STATUS_INVALID_IMAGE_FORMAT, "relocation outside the image");
    }
}

static void the_last_word_is_inside(void **state)
{
    struct loaded loaded = load_good();

    (void)state;
    set_image_word(&loaded.image, TABLE, SIZE_IMAGE - 0xFFE - 4);
    assert_status(pe_relocate(&loaded.image, IMAGE_BASE + 1, &loaded.error), STATUS_SUCCESS);
    assert_int_equal(image_word(&loaded.image, SIZE_IMAGE - 4), 1);
    loaded_free(&loaded);
}

/* An entry that rewrote its own table would pass the check and then mean something else. */
static void the_table_does_not_relocate_itself(void **state)
{
    static const struct {
        uint32_t target;
        bool inside;
    } cases[] = {
        {TABLE - 4, false}, {TABLE - 3, true},     {TABLE, true},
        {TABLE + 23, true}, {TABLE + 0x18, false}, {TABLE + 20, true},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct loaded loaded = load_good();

        set_image_word(&loaded.image, TABLE, cases[i].target);
        set_image_word(&loaded.image, TABLE + 8, 0x3000);
        set_image_word(&loaded.image, TABLE + 12, 0);
        loaded.image.relocations.Size = 24;
        if (cases[i].inside) {
            expect_refusal(&loaded, STATUS_INVALID_IMAGE_FORMAT, "relocation outside the image");
        } else {
            assert_status(pe_relocate(&loaded.image, 0, &loaded.error), STATUS_SUCCESS);
            loaded_free(&loaded);
        }
    }
}

/* The last entry is the bad one: the good ones before it must not have been applied. */
static void a_late_failure_changes_nothing(void **state)
{
    struct loaded loaded = load_good();

    (void)state;
    set_image_word(&loaded.image, TABLE + 12, 0x50003FFE);
    expect_refusal(&loaded, STATUS_INVALID_IMAGE_FORMAT, "relocation of unknown type");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(targets_move),
        TEST(only_targets_move),
        TEST(stripped_relocations),
        TEST(no_relocations),
        TEST(block_sizes),
        TEST(a_block_cut_off_by_the_directory),
        TEST(types),
        TEST(targets_outside_the_image),
        TEST(the_last_word_is_inside),
        TEST(the_table_does_not_relocate_itself),
        TEST(a_late_failure_changes_nothing),
    };

    return RUN_TESTS(tests);
}

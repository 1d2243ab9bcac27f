/* Exports: by name, by ordinal, gaps, forwarders, and tables that lead outside the image. */
#include "pe_builder.h"
#include "unit.h"

#define DIRECTORY_FIELD(field) (EDATA_RVA + offsetof(IMAGE_EXPORT_DIRECTORY, field))

static struct loaded load_good(void)
{
    struct built built = build_image();
    struct loaded loaded = load_built(&built);

    built_free(&built);
    return loaded;
}

static void expect_name(const struct loaded *loaded, const char *name, NTSTATUS status)
{
    struct pe_export export;

    assert_status(pe_export_by_name(&loaded->image, name, &export), status);
}

static void expect_ordinal(const struct loaded *loaded, uint32_t ordinal, NTSTATUS status)
{
    struct pe_export export;

    assert_status(pe_export_by_ordinal(&loaded->image, ordinal, &export), status);
}

static void names_lead_to_rvas(void **state)
{
    struct loaded loaded = load_good();
    struct pe_export export;

    (void)state;
    assert_status(pe_export_by_name(&loaded.image, "Apple", &export), STATUS_SUCCESS);
    assert_int_equal(export.rva, APPLE_RVA);
    assert_null(export.forwarder);
    assert_status(pe_export_by_name(&loaded.image, "Cherry", &export), STATUS_SUCCESS);
    assert_int_equal(export.rva, CHERRY_RVA);
    assert_null(export.forwarder);
    loaded_free(&loaded);
}

static void names_are_exact(void **state)
{
    static const char *const names[] = {"",       "A",       "Appl",     "Apples",
                                        "apple",  "Bananas", "Date",     "APPLE",
                                        "_Apple", "Apple@4", "\xFF\xFF", "NTDLL.Banana"};
    struct loaded loaded = load_good();

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        expect_name(&loaded, names[i], STATUS_ENTRYPOINT_NOT_FOUND);
    loaded_free(&loaded);
}

static void ordinals_lead_to_rvas(void **state)
{
    struct loaded loaded = load_good();
    struct pe_export export;

    (void)state;
    assert_status(pe_export_by_ordinal(&loaded.image, 5, &export), STATUS_SUCCESS);
    assert_int_equal(export.rva, APPLE_RVA);
    assert_null(export.forwarder);
    assert_status(pe_export_by_ordinal(&loaded.image, 9, &export), STATUS_SUCCESS);
    assert_int_equal(export.rva, NAMELESS_RVA);
    expect_ordinal(&loaded, 6, STATUS_ORDINAL_NOT_FOUND); /* a gap */
    expect_ordinal(&loaded, 4, STATUS_ORDINAL_NOT_FOUND);
    expect_ordinal(&loaded, 10, STATUS_ORDINAL_NOT_FOUND);
    expect_ordinal(&loaded, 0, STATUS_ORDINAL_NOT_FOUND);
    expect_ordinal(&loaded, 0xFFFFFFFF, STATUS_ORDINAL_NOT_FOUND);
    loaded_free(&loaded);
}

static void forwarders_are_told(void **state)
{
    struct loaded loaded = load_good();
    struct pe_export export;

    (void)state;
    assert_status(pe_export_by_name(&loaded.image, "Banana", &export), STATUS_SUCCESS);
    assert_int_equal(export.rva, 0);
    assert_string_equal(export.forwarder, "NTDLL.Banana");
    assert_status(pe_export_by_ordinal(&loaded.image, 7, &export), STATUS_SUCCESS);
    assert_string_equal(export.forwarder, "NTDLL.Banana");
    loaded_free(&loaded);
}

/* The directory's own range tells forwarders apart, to the byte. */
static void the_directory_bounds_forwarders(void **state)
{
    static const struct {
        uint32_t rva;
        bool forwarder;
    } cases[] = {{EDATA_RVA - 1, false},
                 {EDATA_RVA, true},
                 {EDATA_RVA + EXPORT_SIZE - 1, true},
                 {EDATA_RVA + EXPORT_SIZE, false}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct loaded loaded = load_good();
        struct pe_export export;

        set_image_word(&loaded.image, FUNCTIONS, cases[i].rva);
        assert_status(pe_export_by_ordinal(&loaded.image, 5, &export), STATUS_SUCCESS);
        assert_int_equal(!!export.forwarder, cases[i].forwarder);
        assert_int_equal(export.rva, cases[i].forwarder ? 0 : cases[i].rva);
        loaded_free(&loaded);
    }
}

static void without_directory_nothing_is_found(void **state)
{
    struct loaded loaded = load_good();

    (void)state;
    /* RVA 0 means none, though something like a directory lies there */
    memcpy(loaded.image.bytes, loaded.image.bytes + EDATA_RVA, sizeof(IMAGE_EXPORT_DIRECTORY));
    loaded.image.exports = (IMAGE_DATA_DIRECTORY){0, 0};
    expect_name(&loaded, "Apple", STATUS_ENTRYPOINT_NOT_FOUND);
    expect_ordinal(&loaded, 5, STATUS_ORDINAL_NOT_FOUND);
    loaded_free(&loaded);
}

static void empty_tables(void **state)
{
    struct loaded loaded = load_good();

    (void)state;
    set_image_word(&loaded.image, DIRECTORY_FIELD(NumberOfNames), 0);
    expect_name(&loaded, "Apple", STATUS_ENTRYPOINT_NOT_FOUND);
    expect_ordinal(&loaded, 5, STATUS_SUCCESS);
    set_image_word(&loaded.image, DIRECTORY_FIELD(NumberOfFunctions), 0);
    expect_ordinal(&loaded, 5, STATUS_ORDINAL_NOT_FOUND);
    loaded_free(&loaded);
}

/* A name whose function number is beyond the table, or a gap. */
static void names_without_function(void **state)
{
    struct loaded loaded = load_good();

    (void)state;
    set_image_word(&loaded.image, NAME_ORDINALS, 0x0002FFFF);
    expect_name(&loaded, "Apple", STATUS_ENTRYPOINT_NOT_FOUND);
    set_image_word(&loaded.image, NAME_ORDINALS, 0x00020005);
    expect_name(&loaded, "Apple", STATUS_ENTRYPOINT_NOT_FOUND);
    set_image_word(&loaded.image, NAME_ORDINALS, 0x00020001);
    expect_name(&loaded, "Apple", STATUS_ENTRYPOINT_NOT_FOUND);
    expect_name(&loaded, "Banana", STATUS_SUCCESS);
    loaded_free(&loaded);
}

static void tables_outside_the_image(void **state)
{
    static const struct {
        uint32_t field, value;
    } cases[] = {
        {DIRECTORY_FIELD(NumberOfFunctions), 0x10000000},
        {DIRECTORY_FIELD(NumberOfFunctions), 0x40000001},
        {DIRECTORY_FIELD(NumberOfFunctions), 0xFFFFFFFF},
        {DIRECTORY_FIELD(NumberOfFunctions), (SIZE_IMAGE - FUNCTIONS) / 4 + 1},
        {DIRECTORY_FIELD(NumberOfNames), (SIZE_IMAGE - NAMES) / 4 + 1},
        {DIRECTORY_FIELD(NumberOfNames), 0x40000003},
        {DIRECTORY_FIELD(NumberOfNames), 0x80000003},
        {DIRECTORY_FIELD(NumberOfNames), 0xFFFFFFFF},
        {DIRECTORY_FIELD(AddressOfFunctions), SIZE_IMAGE - 4 * FUNCTION_COUNT + 1},
        {DIRECTORY_FIELD(AddressOfFunctions), 0xFFFFFFF0},
        {DIRECTORY_FIELD(AddressOfFunctions), 0xFFFFFFFF},
        {DIRECTORY_FIELD(AddressOfNames), SIZE_IMAGE - 4 * NAME_COUNT + 1},
        {DIRECTORY_FIELD(AddressOfNames), 0x80000000},
        {DIRECTORY_FIELD(AddressOfNames), 0xFFFFFFFC},
        {DIRECTORY_FIELD(AddressOfNameOrdinals), SIZE_IMAGE - 2 * NAME_COUNT + 1},
        {DIRECTORY_FIELD(AddressOfNameOrdinals), 0xFFFFFFFE},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct loaded loaded = load_good();

        set_image_word(&loaded.image, cases[i].field, cases[i].value);
        expect_name(&loaded, "Apple", STATUS_INVALID_IMAGE_FORMAT);
        expect_ordinal(&loaded, 5, STATUS_INVALID_IMAGE_FORMAT);
        loaded_free(&loaded);
    }
}

static void a_directory_at_the_images_end(void **state)
{
    struct loaded loaded = load_good();

    (void)state;
    loaded.image.exports.VirtualAddress = SIZE_IMAGE - 39;
    expect_name(&loaded, "Apple", STATUS_INVALID_IMAGE_FORMAT);
    expect_ordinal(&loaded, 5, STATUS_INVALID_IMAGE_FORMAT);
    loaded.image.exports.VirtualAddress = SIZE_IMAGE - 40;
    expect_name(&loaded, "Apple", STATUS_ENTRYPOINT_NOT_FOUND);
    loaded_free(&loaded);
}

/* Names and forwarders must end inside the image; ASan watches the byte behind it. */
static void texts_that_leave_the_image(void **state)
{
    static const uint32_t places[] = {SIZE_IMAGE - 1, SIZE_IMAGE - 6, SIZE_IMAGE, 0x80000000,
                                      0xFFFFFFFF};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        struct loaded loaded = load_good();

        memcpy(loaded.image.bytes + SIZE_IMAGE - 6, "Banana", 6);
        set_image_word(&loaded.image, NAMES + 4, places[i]);
        expect_name(&loaded, "Banana", STATUS_INVALID_IMAGE_FORMAT);
        loaded_free(&loaded);
    }
}

static void forwarders_that_leave_the_image(void **state)
{
    struct loaded loaded = load_good();

    (void)state;
    loaded.image.exports.Size = SIZE_IMAGE - EDATA_RVA;
    memcpy(loaded.image.bytes + SIZE_IMAGE - 3, "A.B", 3);
    set_image_word(&loaded.image, FUNCTIONS, SIZE_IMAGE - 3);
    expect_name(&loaded, "Apple", STATUS_INVALID_IMAGE_FORMAT);
    expect_ordinal(&loaded, 5, STATUS_INVALID_IMAGE_FORMAT);
    loaded.image.bytes[SIZE_IMAGE - 1] = 0;
    expect_name(&loaded, "Apple", STATUS_SUCCESS);
    loaded_free(&loaded);
}

static void functions_outside_the_image(void **state)
{
    static const uint32_t rvas[] = {SIZE_IMAGE, SIZE_IMAGE + 1, 0x80000000, 0xFFFFFFFF};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rvas); i++) {
        struct loaded loaded = load_good();

        set_image_word(&loaded.image, FUNCTIONS, rvas[i]);
        expect_name(&loaded, "Apple", STATUS_INVALID_IMAGE_FORMAT);
        expect_ordinal(&loaded, 5, STATUS_INVALID_IMAGE_FORMAT);
        loaded_free(&loaded);
    }
}

/* 4 KiB without a NUL are no name, though a NUL comes later. */
static void names_are_not_endless(void **state)
{
    struct loaded loaded = load_good();

    (void)state;
    memset(loaded.image.bytes + DATA_RVA, 'B', PE_NAME_MAX);
    loaded.image.bytes[DATA_RVA + PE_NAME_MAX] = 0;
    set_image_word(&loaded.image, NAMES + 4, DATA_RVA);
    expect_name(&loaded, "Banana", STATUS_INVALID_IMAGE_FORMAT);
    set_image_word(&loaded.image, NAMES + 4, DATA_RVA + 1);
    expect_name(&loaded, "Cherry", STATUS_SUCCESS);
    loaded_free(&loaded);
}

/* Every size of table, every name in it and around it. */
static void the_search_finds_every_name(void **state)
{
    struct loaded loaded = load_good();
    struct pe_image *image = &loaded.image;
    struct pe_export export;

    (void)state;
    set_image_word(image, DIRECTORY_FIELD(NumberOfFunctions), 64);
    set_image_word(image, DIRECTORY_FIELD(AddressOfFunctions), DATA_RVA);
    set_image_word(image, DIRECTORY_FIELD(AddressOfNames), DATA_RVA + 0x100);
    set_image_word(image, DIRECTORY_FIELD(AddressOfNameOrdinals), DATA_RVA + 0x200);
    for (uint32_t i = 0; i < 64; i++) {
        uint32_t text = DATA_RVA + 0x300 + 4 * i;

        set_image_word(image, DATA_RVA + 4 * i, TEXT_RVA + 63 - i);
        set_image_word(image, DATA_RVA + 0x100 + 4 * i, text);
        image->bytes[DATA_RVA + 0x200 + 2 * i] = (uint8_t)(63 - i);
        image->bytes[DATA_RVA + 0x201 + 2 * i] = 0;
        sprintf((char *)image->bytes + text, "%03u", 2 * i + 1);
    }
    for (uint32_t count = 0; count <= 64; count++) {
        set_image_word(image, DIRECTORY_FIELD(NumberOfNames), count);
        for (uint32_t number = 0; number < 130; number++) {
            bool there = number % 2 && number / 2 < count;
            char name[12];

            sprintf(name, "%03u", number);
            assert_status(pe_export_by_name(image, name, &export),
                          there ? STATUS_SUCCESS : STATUS_ENTRYPOINT_NOT_FOUND);
            if (there)
                assert_int_equal(export.rva, TEXT_RVA + number / 2);
        }
    }
    loaded_free(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_lead_to_rvas),
        TEST(names_are_exact),
        TEST(ordinals_lead_to_rvas),
        TEST(forwarders_are_told),
        TEST(the_directory_bounds_forwarders),
        TEST(without_directory_nothing_is_found),
        TEST(empty_tables),
        TEST(names_without_function),
        TEST(tables_outside_the_image),
        TEST(a_directory_at_the_images_end),
        TEST(texts_that_leave_the_image),
        TEST(forwarders_that_leave_the_image),
        TEST(functions_outside_the_image),
        TEST(names_are_not_endless),
        TEST(the_search_finds_every_name),
    };

    return RUN_TESTS(tests);
}

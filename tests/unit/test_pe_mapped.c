/*
 * Images that somebody else mapped: pe_describe, the walk over their imports, and their TLS
 * directory.
 */
#include "pe_builder.h"
#include "unit.h"

/* A TLS directory in .data: 8 bytes of data, 4 of zeros, two callbacks. */
#define TLS_RVA       (DATA_RVA + 0x200)
#define TLS_DATA_RVA  (DATA_RVA + 0x300)
#define TLS_INDEX_RVA (DATA_RVA + 0x320)
#define TLS_CALLBACKS (DATA_RVA + 0x340)

static struct loaded load_good(void)
{
    struct built built = build_image();
    struct loaded loaded = load_built(&built);

    built_free(&built);
    return loaded;
}

/* Puts the directory there; `change` is a member's offset and its value, or -1. */
static void put_tls(struct loaded *loaded, int change, uint32_t value)
{
    const IMAGE_TLS_DIRECTORY32 directory = {IMAGE_BASE + TLS_DATA_RVA,
                                             IMAGE_BASE + TLS_DATA_RVA + 8,
                                             IMAGE_BASE + TLS_INDEX_RVA,
                                             IMAGE_BASE + TLS_CALLBACKS,
                                             4,
                                             0};

    memcpy(loaded->image.bytes + TLS_RVA, &directory, sizeof(directory));
    if (change >= 0)
        memcpy(loaded->image.bytes + TLS_RVA + change, &value, sizeof(value));
    set_image_word(&loaded->image, TLS_CALLBACKS, IMAGE_BASE + TEXT_RVA);
    set_image_word(&loaded->image, TLS_CALLBACKS + 4, IMAGE_BASE + TEXT_RVA + 8);
    set_image_word(&loaded->image, TLS_CALLBACKS + 8, 0);
    loaded->image.tls = (IMAGE_DATA_DIRECTORY){TLS_RVA, sizeof(directory)};
}

/* ---- pe_describe ---- */

/* The four directories, the end of the record. */
#define DIRECTORIES_BYTES (sizeof(struct pe_image) - offsetof(struct pe_image, exports))

static void a_loaded_image_is_described(void **state)
{
    struct built built = build_image();
    struct loaded loaded = load_built(&built);
    struct pe_image image;
    struct pe_file file;

    (void)state;
    assert_status(pe_describe(loaded.image.bytes, SIZE_IMAGE, &file, &image, &loaded.error),
                  STATUS_SUCCESS);
    assert_ptr_equal(image.bytes, loaded.image.bytes);
    assert_int_equal(image.size, loaded.image.size);
    assert_int_equal(image.address, loaded.image.address);
    assert_int_equal(image.entry, loaded.image.entry);
    assert_int_equal(image.fixed, loaded.image.fixed);
    assert_memory_equal(&image.exports, &loaded.image.exports, DIRECTORIES_BYTES);
    assert_int_equal(pe_region_count(&file), 1 + SECTIONS);
    for (uint32_t i = 0; i < SECTIONS; i++)
        assert_int_equal(pe_region(&file, i + 1).rva, built.sections[i].VirtualAddress);
    assert_int_equal(pe_page_rights(&file, TEXT_RVA), PE_READ | PE_EXECUTE);
    loaded_free(&loaded);
    built_free(&built);
}

/* What the file's offsets say does not matter in memory. */
static void file_offsets_are_not_looked_at(void **state)
{
    struct built built = build_image();
    struct pe_image image;
    struct pe_file file;
    struct pe_error error;

    (void)state;
    built.sections[TEXT].PointerToRawData = 0x7FFFFE00;
    struct loaded loaded = {0};
    loaded.image.bytes = calloc(1, SIZE_IMAGE);
    memcpy(loaded.image.bytes, built.bytes, SIZE_HEADERS);
    assert_status(pe_describe(loaded.image.bytes, SIZE_IMAGE, &file, &image, &error),
                  STATUS_SUCCESS);
    free(loaded.image.bytes);
    built_free(&built);
}

static void what_is_mapped_is_the_end(void **state)
{
    static const uint32_t sizes[] = {0, 1, 2, 63, 64, 0x100, SIZE_HEADERS, SIZE_IMAGE - 1};
    struct loaded loaded = load_good();

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        uint8_t *part = malloc(sizes[i] + 1); /* to the byte, but for 0 */
        struct pe_image image;
        struct pe_file file;

        part = realloc(part, sizes[i] ? sizes[i] : 1);
        memcpy(part, loaded.image.bytes, sizes[i]);
        assert_false(NT_SUCCESS(pe_describe(part, sizes[i], &file, &image, &loaded.error)));
        assert_non_null(loaded.error.what);
        free(part);
    }
    loaded_free(&loaded);
}

static void not_an_image(void **state)
{
    struct loaded loaded = load_good();
    struct pe_image image;
    struct pe_file file;

    (void)state;
    loaded.image.bytes[0] = 'X';
    assert_status(pe_describe(loaded.image.bytes, SIZE_IMAGE, &file, &image, &loaded.error),
                  STATUS_INVALID_IMAGE_NOT_MZ);
    loaded_free(&loaded);
}

/* ---- pe_import ---- */

static void imports_in_their_order(void **state)
{
    struct loaded loaded = load_good();
    struct pe_import import;

    (void)state;
    assert_true(pe_import(&loaded.image, 0, &import));
    assert_string_equal(import.library, "ALPHA.dll");
    assert_int_equal(import.slots, ALPHA_SLOTS);
    assert_true(pe_import(&loaded.image, 1, &import));
    assert_string_equal(import.library, "beta.dll");
    assert_int_equal(import.slots, BETA_SLOTS);
    assert_false(pe_import(&loaded.image, 2, &import));
    assert_false(pe_import(&loaded.image, 0xFFFFFFFF, &import));
    loaded_free(&loaded);
}

static void imports_that_leave_the_image(void **state)
{
    struct loaded loaded = load_good();
    struct pe_import import;

    (void)state;
    loaded.image.imports.VirtualAddress = SIZE_IMAGE - 19;
    assert_false(pe_import(&loaded.image, 0, &import));
    loaded.image.imports.VirtualAddress = 0xFFFFFFF0;
    assert_false(pe_import(&loaded.image, 1, &import));
    loaded.image.imports.VirtualAddress = 0;
    assert_false(pe_import(&loaded.image, 0, &import));
    loaded.image.imports.VirtualAddress = DESCRIPTORS;
    set_image_word(&loaded.image, DESCRIPTORS + offsetof(IMAGE_IMPORT_DESCRIPTOR, Name),
                   SIZE_IMAGE);
    assert_false(pe_import(&loaded.image, 0, &import));
    loaded_free(&loaded);
}

/* ---- TLS ---- */

static void a_tls_directory(void **state)
{
    struct loaded loaded = load_good();
    struct pe_tls tls;

    (void)state;
    put_tls(&loaded, -1, 0);
    assert_status(pe_read_tls(&loaded.image, &tls, &loaded.error), STATUS_SUCCESS);
    assert_int_equal(tls.data, TLS_DATA_RVA);
    assert_int_equal(tls.data_size, 8);
    assert_int_equal(tls.zero_size, 4);
    assert_int_equal(tls.index, TLS_INDEX_RVA);
    assert_int_equal(pe_tls_callback(&loaded.image, &tls, 0), IMAGE_BASE + TEXT_RVA);
    assert_int_equal(pe_tls_callback(&loaded.image, &tls, 1), IMAGE_BASE + TEXT_RVA + 8);
    assert_int_equal(pe_tls_callback(&loaded.image, &tls, 2), 0);
    assert_int_equal(pe_tls_callback(&loaded.image, &tls, 0x40000000), 0);
    loaded_free(&loaded);
}

static void no_tls_directory(void **state)
{
    struct loaded loaded = load_good();
    struct pe_tls tls;

    (void)state;
    assert_status(pe_read_tls(&loaded.image, &tls, &loaded.error), STATUS_NOT_FOUND);
    assert_int_equal(pe_tls_callback(&loaded.image, &tls, 0), 0);
    loaded_free(&loaded);
}

static void no_callbacks(void **state)
{
    struct loaded loaded = load_good();
    struct pe_tls tls;

    (void)state;
    put_tls(&loaded, offsetof(IMAGE_TLS_DIRECTORY32, AddressOfCallBacks), 0);
    assert_status(pe_read_tls(&loaded.image, &tls, &loaded.error), STATUS_SUCCESS);
    assert_int_equal(pe_tls_callback(&loaded.image, &tls, 0), 0);
    loaded_free(&loaded);
}

static void tls_that_leaves_the_image(void **state)
{
    static const struct {
        int member;
        uint32_t value;
        const char *what;
    } cases[] = {
        {offsetof(IMAGE_TLS_DIRECTORY32, StartAddressOfRawData), IMAGE_BASE - 4,
         "thread-local data outside the image"},
        {offsetof(IMAGE_TLS_DIRECTORY32, EndAddressOfRawData), IMAGE_BASE + SIZE_IMAGE + 1,
         "thread-local data outside the image"},
        {offsetof(IMAGE_TLS_DIRECTORY32, EndAddressOfRawData), 0,
         "thread-local data outside the image"},
        {offsetof(IMAGE_TLS_DIRECTORY32, AddressOfIndex), IMAGE_BASE + SIZE_IMAGE - 3,
         "thread-local index outside the image"},
        {offsetof(IMAGE_TLS_DIRECTORY32, AddressOfIndex), 0,
         "thread-local index outside the image"},
        {offsetof(IMAGE_TLS_DIRECTORY32, AddressOfCallBacks), IMAGE_BASE + SIZE_IMAGE,
         "TLS callbacks outside the image"},
        {offsetof(IMAGE_TLS_DIRECTORY32, SizeOfZeroFill), 0xFFFFFFFF,
         "thread-local data too large"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct loaded loaded = load_good();
        struct pe_tls tls;

        put_tls(&loaded, cases[i].member, cases[i].value);
        assert_status(pe_read_tls(&loaded.image, &tls, &loaded.error), STATUS_INVALID_IMAGE_FORMAT);
        assert_string_equal(loaded.error.what, cases[i].what);
        loaded_free(&loaded);
    }
}

static void a_directory_outside(void **state)
{
    struct loaded loaded = load_good();
    struct pe_tls tls;

    (void)state;
    loaded.image.tls.VirtualAddress = SIZE_IMAGE - 23;
    assert_status(pe_read_tls(&loaded.image, &tls, &loaded.error), STATUS_INVALID_IMAGE_FORMAT);
    assert_string_equal(loaded.error.what, "TLS directory outside the image");
    loaded_free(&loaded);
}

/* Callbacks up to the image's end, without a 0: the end ends them. */
static void callbacks_without_end(void **state)
{
    struct loaded loaded = load_good();
    struct pe_tls tls;

    (void)state;
    put_tls(&loaded, offsetof(IMAGE_TLS_DIRECTORY32, AddressOfCallBacks),
            IMAGE_BASE + SIZE_IMAGE - 4);
    set_image_word(&loaded.image, SIZE_IMAGE - 4, IMAGE_BASE + TEXT_RVA);
    assert_status(pe_read_tls(&loaded.image, &tls, &loaded.error), STATUS_SUCCESS);
    assert_int_equal(pe_tls_callback(&loaded.image, &tls, 0), IMAGE_BASE + TEXT_RVA);
    assert_int_equal(pe_tls_callback(&loaded.image, &tls, 1), 0);
    loaded_free(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_loaded_image_is_described),
        TEST(file_offsets_are_not_looked_at),
        TEST(what_is_mapped_is_the_end),
        TEST(not_an_image),
        TEST(imports_in_their_order),
        TEST(imports_that_leave_the_image),
        TEST(a_tls_directory),
        TEST(no_tls_directory),
        TEST(no_callbacks),
        TEST(tls_that_leaves_the_image),
        TEST(a_directory_outside),
        TEST(callbacks_without_end),
    };

    return RUN_TESTS(tests);
}

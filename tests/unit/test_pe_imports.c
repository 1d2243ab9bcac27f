/*
 * pe_bind_imports: what it asks for, where it writes, and what it says when something is missing.
 */
#include "pe_builder.h"
#include "unit.h"

/* What the binder under test was asked, one line each, and what it refuses. */
struct record {
    char asked[1024];
    const char *refused_library, *refused_symbol; /* "#7" for an ordinal */
    NTSTATUS refusal;
    uint32_t next; /* the addresses given out */
};

static void note(struct record *record, const char *what, const char *name)
{
    strcat(strcat(strcat(record->asked, what), name), ";");
}

static NTSTATUS find_library(void *context, const char *name, void **library)
{
    struct record *record = context;

    note(record, "library ", name);
    *library = record->asked + strlen(record->asked); /* any pointer that is told apart */
    return record->refused_library && !strcmp(name, record->refused_library) ? record->refusal
                                                                             : STATUS_SUCCESS;
}

static NTSTATUS find_symbol(void *context, void *library, const char *name, uint32_t ordinal,
                            uint32_t *address)
{
    struct record *record = context;
    char number[16];

    assert_non_null(library);
    if (!name) {
        snprintf(number, sizeof(number), "#%u", (unsigned)ordinal);
        name = number;
    }
    note(record, "", name);
    *address = ++record->next;
    return record->refused_symbol && !strcmp(name, record->refused_symbol) ? record->refusal
                                                                           : STATUS_SUCCESS;
}

static const struct pe_binder binder = {find_library, find_symbol};

static struct loaded load_good(void)
{
    struct built built = build_image();
    struct loaded loaded = load_built(&built);

    built_free(&built);
    return loaded;
}

static struct record bind(struct loaded *loaded, struct record record, NTSTATUS status)
{
    record.next = 0x77E41000;
    assert_status(pe_bind_imports(&loaded->image, &binder, &record, &loaded->error), status);
    return record;
}

/* Binding fails as broken, with these words. Ends the image. */
static void expect_broken(struct loaded *loaded, const char *what)
{
    bind(loaded, (struct record){0}, STATUS_INVALID_IMAGE_FORMAT);
    assert_string_equal(loaded->error.what, what);
    loaded_free(loaded);
}

static void every_slot_is_written(void **state)
{
    struct loaded loaded = load_good();
    struct record record = bind(&loaded, (struct record){0}, STATUS_SUCCESS);

    (void)state;
    assert_string_equal(record.asked, "library ALPHA.dll;First;Second;#7;library beta.dll;Third;");
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(image_word(&loaded.image, ALPHA_SLOTS + 4 * i), 0x77E41001 + i);
    assert_int_equal(image_word(&loaded.image, BETA_SLOTS), 0x77E41004);
    assert_null(loaded.error.what);
    assert_string_equal(loaded.error.library, "");
    assert_string_equal(loaded.error.symbol, "");
    loaded_free(&loaded);
}

static void only_slots_are_written(void **state)
{
    struct loaded loaded = load_good();
    uint8_t *before = malloc(loaded.image.size);

    (void)state;
    memcpy(before, loaded.image.bytes, loaded.image.size);
    bind(&loaded, (struct record){0}, STATUS_SUCCESS);
    memcpy(before + ALPHA_SLOTS, loaded.image.bytes + ALPHA_SLOTS, 12);
    memcpy(before + BETA_SLOTS, loaded.image.bytes + BETA_SLOTS, 4);
    assert_memory_equal(loaded.image.bytes, before, loaded.image.size);
    free(before);
    loaded_free(&loaded);
}

static void no_import_directory(void **state)
{
    struct loaded loaded = load_good();
    struct record record;

    (void)state;
    memcpy(loaded.image.bytes, loaded.image.bytes + DESCRIPTORS, 60); /* RVA 0 means none */
    loaded.image.imports = (IMAGE_DATA_DIRECTORY){0, 0};
    record = bind(&loaded, (struct record){0}, STATUS_SUCCESS);
    assert_string_equal(record.asked, "");
    loaded_free(&loaded);
}

static void a_missing_library(void **state)
{
    struct loaded loaded = load_good();
    struct record record = {.refused_library = "beta.dll", .refusal = STATUS_DLL_NOT_FOUND};

    (void)state;
    bind(&loaded, record, STATUS_DLL_NOT_FOUND);
    assert_string_equal(loaded.error.what, "missing library");
    assert_string_equal(loaded.error.library, "beta.dll");
    assert_string_equal(loaded.error.symbol, "");
    loaded_free(&loaded);
}

static void a_missing_name(void **state)
{
    struct loaded loaded = load_good();
    struct record record = {.refused_symbol = "Second", .refusal = STATUS_ENTRYPOINT_NOT_FOUND};

    (void)state;
    bind(&loaded, record, STATUS_ENTRYPOINT_NOT_FOUND);
    assert_string_equal(loaded.error.what, "missing symbol");
    assert_string_equal(loaded.error.library, "ALPHA.dll");
    assert_string_equal(loaded.error.symbol, "Second");
    assert_int_equal(image_word(&loaded.image, ALPHA_SLOTS + 4), 0x5C5C5C5C);
    loaded_free(&loaded);
}

static void a_missing_ordinal(void **state)
{
    struct loaded loaded = load_good();
    struct record record = {.refused_symbol = "#7", .refusal = STATUS_DRIVER_ORDINAL_NOT_FOUND};

    (void)state;
    bind(&loaded, record, STATUS_DRIVER_ORDINAL_NOT_FOUND);
    assert_string_equal(loaded.error.what, "missing symbol");
    assert_string_equal(loaded.error.library, "ALPHA.dll");
    assert_string_equal(loaded.error.symbol, "#7");
    loaded_free(&loaded);
}

/* The record's names are cut, never longer than it. */
static void long_names_are_cut(void **state)
{
    struct loaded loaded = load_good();
    struct record record = {.refused_library = NULL, .refusal = STATUS_ENTRYPOINT_NOT_FOUND};
    char name[101];

    (void)state;
    memset(name, 'n', 100);
    name[100] = 0;
    memcpy(loaded.image.bytes + DATA_RVA + 2, name, sizeof(name));
    set_image_word(&loaded.image, ALPHA_LOOKUP, DATA_RVA);
    record.refused_symbol = name;
    bind(&loaded, record, STATUS_ENTRYPOINT_NOT_FOUND);
    assert_int_equal(strlen(loaded.error.symbol), 63);
    assert_memory_equal(loaded.error.symbol, name, 63);
    loaded_free(&loaded);
}

/* The table ends at a descriptor without name, or without slots. */
static void the_end_of_the_table(void **state)
{
    static const uint32_t fields[] = {offsetof(IMAGE_IMPORT_DESCRIPTOR, Name),
                                      offsetof(IMAGE_IMPORT_DESCRIPTOR, FirstThunk)};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
        struct loaded loaded = load_good();
        struct record record;

        set_image_word(&loaded.image, DESCRIPTORS + 20 + fields[i], 0);
        record = bind(&loaded, (struct record){0}, STATUS_SUCCESS);
        assert_string_equal(record.asked, "library ALPHA.dll;First;Second;#7;");
        loaded_free(&loaded);
    }
}

static void descriptors_that_leave_the_image(void **state)
{
    static const uint32_t places[] = {SIZE_IMAGE - 19, SIZE_IMAGE - 1, SIZE_IMAGE, 0xFFFFFFF0};
    struct loaded loaded;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        loaded = load_good();
        loaded.image.imports.VirtualAddress = places[i];
        expect_broken(&loaded, "import directory outside the image");
    }
    loaded = load_good();
    memcpy(loaded.image.bytes + SIZE_IMAGE - 20, loaded.image.bytes + DESCRIPTORS + 20, 20);
    loaded.image.imports.VirtualAddress = SIZE_IMAGE - 20;
    expect_broken(&loaded, "import directory outside the image");
}

static void library_names_that_leave_the_image(void **state)
{
    static const uint32_t places[] = {SIZE_IMAGE - 1, SIZE_IMAGE, 0x80000000, 0xFFFFFFFF};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        struct loaded loaded = load_good();

        loaded.image.bytes[SIZE_IMAGE - 1] = 'x';
        set_image_word(&loaded.image, DESCRIPTORS + offsetof(IMAGE_IMPORT_DESCRIPTOR, Name),
                       places[i]);
        expect_broken(&loaded, "name of a library outside the image");
    }
}

static void symbol_names_that_leave_the_image(void **state)
{
    static const uint32_t places[] = {SIZE_IMAGE - 3, SIZE_IMAGE - 2, SIZE_IMAGE - 1,
                                      SIZE_IMAGE,     0x7FFFFFFE,     0x7FFFFFFF};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        struct loaded loaded = load_good();

        loaded.image.bytes[SIZE_IMAGE - 1] = 'x';
        set_image_word(&loaded.image, ALPHA_LOOKUP + 4, places[i]);
        expect_broken(&loaded, "name of an import outside the image");
    }
}

static void lookup_tables_that_leave_the_image(void **state)
{
    static const uint32_t places[] = {SIZE_IMAGE - 3, SIZE_IMAGE, 0x80000000, 0xFFFFFFFC,
                                      0xFFFFFFFF};
    struct loaded loaded;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        loaded = load_good();
        set_image_word(&loaded.image, DESCRIPTORS, places[i]);
        expect_broken(&loaded, "import lookup table outside the image");
    }
    loaded = load_good(); /* it begins inside, and has no end */
    set_image_word(&loaded.image, SIZE_IMAGE - 4, FIRST_HINT);
    set_image_word(&loaded.image, DESCRIPTORS, SIZE_IMAGE - 4);
    expect_broken(&loaded, "import lookup table outside the image");
}

static void slots_that_leave_the_image(void **state)
{
    static const uint32_t places[] = {SIZE_IMAGE - 8, SIZE_IMAGE - 3, SIZE_IMAGE,
                                      0x80000000,     0xFFFFFFFC,     0xFFFFFFFF};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        struct loaded loaded = load_good();

        set_image_word(&loaded.image, DESCRIPTORS + offsetof(IMAGE_IMPORT_DESCRIPTOR, FirstThunk),
                       places[i]);
        expect_broken(&loaded, "import address table outside the image");
    }
}

static void ordinals_have_sixteen_bits(void **state)
{
    struct loaded loaded = load_good();
    struct record record;

    (void)state;
    set_image_word(&loaded.image, ALPHA_LOOKUP + 8, 0xFFFF0000 | 65535);
    record = bind(&loaded, (struct record){0}, STATUS_SUCCESS);
    assert_non_null(strstr(record.asked, ";#65535;"));
    loaded_free(&loaded);
}

static NTSTATUS accept_library(void *context, const char *name, void **library)
{
    (void)context, (void)name, (void)library;
    return STATUS_SUCCESS;
}

static NTSTATUS count_symbol(void *context, void *library, const char *name, uint32_t ordinal,
                             uint32_t *address)
{
    (void)library, (void)name, (void)ordinal;
    *address = 1;
    ++*(uint32_t *)context;
    return STATUS_SUCCESS;
}

/* Many descriptors that share one long table must not cost their product. */
static void work_is_bounded(void **state)
{
    static const struct pe_binder counting = {accept_library, count_symbol};
    struct loaded loaded = load_good();
    uint32_t count = 0;

    (void)state;
    for (uint32_t rva = DATA_RVA; rva < DATA_RVA + 0x1000; rva += 4)
        set_image_word(&loaded.image, rva, IMAGE_ORDINAL_FLAG32 | 1);
    set_image_word(&loaded.image, DATA_RVA + 0x1000, 0);
    for (uint32_t rva = EDATA_RVA; rva < SIZE_IMAGE - 40; rva += 20) {
        const IMAGE_IMPORT_DESCRIPTOR descriptor = {DATA_RVA, 0, 0, ALPHA_NAME, TEXT_RVA};

        memcpy(loaded.image.bytes + rva, &descriptor, sizeof(descriptor));
    }
    loaded.image.imports.VirtualAddress = EDATA_RVA;
    assert_status(pe_bind_imports(&loaded.image, &counting, &count, &loaded.error),
                  STATUS_INVALID_IMAGE_FORMAT);
    assert_string_equal(loaded.error.what, "more imports than the image can hold");
    assert_int_equal(count, SIZE_IMAGE / 4);
    loaded_free(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_slot_is_written),
        TEST(only_slots_are_written),
        TEST(no_import_directory),
        TEST(a_missing_library),
        TEST(a_missing_name),
        TEST(a_missing_ordinal),
        TEST(long_names_are_cut),
        TEST(the_end_of_the_table),
        TEST(descriptors_that_leave_the_image),
        TEST(library_names_that_leave_the_image),
        TEST(symbol_names_that_leave_the_image),
        TEST(lookup_tables_that_leave_the_image),
        TEST(slots_that_leave_the_image),
        TEST(ordinals_have_sixteen_bits),
        TEST(work_is_bounded),
    };

    return RUN_TESTS(tests);
}

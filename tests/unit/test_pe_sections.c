/* Sections: what pe_open refuses, how regions are described, loaded and protected. */
#include "pe_builder.h"
#include "unit.h"

static void expect_broken(const struct built *built, const char *what)
{
    struct pe_error error;
    struct pe_file file;

    assert_status(pe_open(built->bytes, built->size, &file, &error), STATUS_INVALID_IMAGE_FORMAT);
    assert_string_equal(error.what, what);
}

static struct pe_file open_good(const struct built *built)
{
    struct pe_error error;
    struct pe_file file;

    assert_status(pe_open(built->bytes, built->size, &file, &error), STATUS_SUCCESS);
    return file;
}

/* A field of one section of the good image, set to a value. */
struct change {
    uint32_t section;
    size_t offset;
    uint32_t value;
    const char *what; /* NULL: that is allowed */
};

#define SECTION(index, field, value, what)                                                         \
    {                                                                                              \
        index, offsetof(IMAGE_SECTION_HEADER, field), value, what                                  \
    }

static void apply_changes(struct built (*build)(void), const struct change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct built built = build();

        memcpy((char *)&built.sections[changes[i].section] + changes[i].offset, &changes[i].value,
               4);
        if (changes[i].what)
            expect_broken(&built, changes[i].what);
        else
            open_good(&built);
        built_free(&built);
    }
}

static void bytes_outside_the_file(void **state)
{
    static const struct change changes[] = {
        SECTION(RELOC, SizeOfRawData, 0x201, "section outside the file"),
        SECTION(TEXT, PointerToRawData, 0x2C00, "section outside the file"),
        SECTION(TEXT, PointerToRawData, 0x80000000, "section outside the file"),
        SECTION(TEXT, PointerToRawData, 0xFFFFFE00, "section outside the file"),
        SECTION(TEXT, PointerToRawData, 0xFFFFFFFF, "section outside the file"),
        SECTION(TEXT, SizeOfRawData, 0x80000000, "section outside the file"),
        SECTION(TEXT, SizeOfRawData, 0xFFFFFC00, "section outside the file"),
        SECTION(TEXT, SizeOfRawData, 0xFFFFFFFF, "section outside the file"),
        SECTION(TEXT, PointerToRawData, 0x401, "section not aligned in the file"),
        SECTION(TEXT, PointerToRawData, 0x500, "section not aligned in the file"),
        SECTION(TEXT, PointerToRawData, 0, NULL),
        SECTION(BSS, SizeOfRawData, 0xFFFFFFFF, NULL),    /* no file offset: no bytes in the file */
        SECTION(BSS, PointerToRawData, 0xFFFFFFFF, NULL), /* no bytes: no matter where */
    };

    (void)state;
    apply_changes(build_image, changes, ARRAY_SIZE(changes));
}

static void places_in_the_image(void **state)
{
    static const struct change changes[] = {
        SECTION(TEXT, VirtualAddress, 0, "section overlaps the headers"),
        SECTION(DATA, VirtualAddress, TEXT_RVA, "sections overlap"),
        SECTION(IDATA, VirtualAddress, DATA_RVA + 0x1000, "sections overlap"),
        SECTION(TEXT, VirtualSize, 0x1001, "sections overlap"),
        SECTION(DATA, VirtualSize, 0x2001, "sections overlap"),
        SECTION(DATA, VirtualSize, 0x2000, NULL),
        SECTION(EDATA, VirtualAddress, RELOC_RVA, "gap between sections"),
        SECTION(DATA, VirtualSize, 0x1000, "gap between sections"),
        SECTION(DATA, VirtualAddress, DATA_RVA + 4, "section not aligned"),
        SECTION(DATA, VirtualAddress, DATA_RVA + 0x800, "section not aligned"),
        SECTION(BSS, VirtualAddress, SIZE_IMAGE, "section outside the image"),
        SECTION(BSS, VirtualAddress, 0x80000000, "section outside the image"),
        SECTION(BSS, VirtualAddress, 0xFFFFF000, "section outside the image"),
        SECTION(BSS, VirtualAddress, 0xFFFFFFFF, "section outside the image"),
        SECTION(BSS, VirtualSize, 0x1000, NULL),
        SECTION(BSS, VirtualSize, 0x1001, "section outside the image"),
        SECTION(BSS, VirtualSize, 0x80000000, "section outside the image"),
        SECTION(BSS, VirtualSize, 0xFFFFF000, "section outside the image"),
        SECTION(BSS, VirtualSize, 0xFFFFFFFF, "section outside the image"),
        SECTION(TEXT, VirtualSize, 0xFFFFF000, "section outside the image"),
        SECTION(BSS, VirtualSize, 0, NULL), /* empty */
    };

    (void)state;
    apply_changes(build_image, changes, ARRAY_SIZE(changes));
}

static void descending_sections_are_refused(void **state)
{
    struct built built = build_image();
    IMAGE_SECTION_HEADER first = built.sections[TEXT];

    (void)state;
    built.sections[TEXT] = built.sections[DATA];
    built.sections[DATA] = first;
    expect_broken(&built, "sections overlap");
    built_free(&built);
}

/* In the flat layout the file is the image, so a section's offset is its RVA; gaps do no harm. */
static void flat_places(void **state)
{
    static const struct change changes[] = {
        SECTION(0, VirtualAddress, 0x1E0, "section overlaps the headers"),
        SECTION(1, VirtualAddress, 0x400, "section of a flat image moves"),
        SECTION(1, PointerToRawData, 0x400, "section of a flat image moves"),
        SECTION(1, PointerToRawData, 0x3F0, "section not aligned in the file"),
        SECTION(1, VirtualAddress, 0x3C0, "sections overlap"),
        SECTION(0, VirtualSize, 0x1E1, "sections overlap"),
        SECTION(0, VirtualSize, 0x100, NULL),
        SECTION(2, VirtualSize, 0x61, "section outside the image"),
        SECTION(2, SizeOfRawData, 0x61, "section outside the file"),
        SECTION(1, PointerToRawData, 0, NULL),
        SECTION(1, SizeOfRawData, 0, NULL),
    };

    (void)state;
    apply_changes(build_flat, changes, ARRAY_SIZE(changes));
}

static void regions_describe_the_sections(void **state)
{
    static const struct pe_region expected[] = {
        {"", 0, SIZE_HEADERS, 0, SIZE_HEADERS, PE_READ},
        {".text", TEXT_RVA, 0x200, 0x400, 0x200, PE_READ | PE_EXECUTE},
        {".data", DATA_RVA, 0x1800, 0x600, 0x1200, PE_READ | PE_WRITE},
        {".idata", IDATA_RVA, 0x1000, 0x1800, 0x1000, PE_READ | PE_WRITE},
        {".edata", EDATA_RVA, 0x190, 0x2800, 0x190, PE_READ},
        {".reloc", RELOC_RVA, 0x200, 0x2A00, 0x200, PE_READ},
        {".bss", BSS_RVA, 0x10, 0, 0, PE_READ | PE_WRITE},
    };
    struct built built = build_image();
    struct pe_file file = open_good(&built);

    (void)state;
    assert_int_equal(pe_region_count(&file), ARRAY_SIZE(expected));
    for (uint32_t i = 0; i < ARRAY_SIZE(expected); i++) {
        struct pe_region region = pe_region(&file, i);

        assert_string_equal(region.name, expected[i].name);
        assert_int_equal(region.rva, expected[i].rva);
        assert_int_equal(region.size, expected[i].size);
        assert_int_equal(region.file_offset, expected[i].file_offset);
        assert_int_equal(region.file_size, expected[i].file_size);
        assert_int_equal(region.rights, expected[i].rights);
    }
    built_free(&built);
}

static void a_name_of_eight_is_whole(void **state)
{
    struct built built = build_image();
    struct pe_file file;

    (void)state;
    memcpy(built.sections[TEXT].Name, "12345678", 8);
    file = open_good(&built);
    assert_string_equal(pe_region(&file, 1 + TEXT).name, "12345678");
    built_free(&built);
}

/* Loaded byte for byte: the region's bytes of the file, and zero everywhere else. */
static void check_loaded(struct built built)
{
    struct pe_file file = open_good(&built);
    struct loaded loaded = load_built(&built);
    uint8_t *expected = calloc(1, loaded.image.size);

    memcpy(expected, built.bytes, file.headers.OptionalHeader.SizeOfHeaders);
    for (uint32_t i = 0; i < file.section_count; i++) {
        const IMAGE_SECTION_HEADER *section = &built.sections[i];
        uint32_t size = section->VirtualSize ? section->VirtualSize : section->SizeOfRawData;

        for (uint32_t j = 0; j < size && j < section->SizeOfRawData; j++)
            expected[section->VirtualAddress + j] = built.bytes[section->PointerToRawData + j];
    }
    assert_memory_equal(loaded.image.bytes, expected, loaded.image.size);
    free(expected);
    loaded_free(&loaded);
    built_free(&built);
}

static void loading_copies_the_sections(void **state)
{
    (void)state;
    check_loaded(build_image());
    check_loaded(build_flat());
}

static void a_loaded_image_is_described(void **state)
{
    struct built built = build_image();
    struct loaded loaded = load_built(&built);

    (void)state;
    assert_int_equal(loaded.image.size, SIZE_IMAGE);
    assert_int_equal(loaded.image.address, IMAGE_BASE);
    assert_int_equal(loaded.image.entry, ENTRY_RVA);
    assert_false(loaded.image.fixed);
    assert_int_equal(loaded.image.exports.VirtualAddress, EDATA_RVA);
    assert_int_equal(loaded.image.imports.VirtualAddress, DESCRIPTORS);
    assert_int_equal(loaded.image.relocations.VirtualAddress, RELOC_RVA);
    loaded_free(&loaded);
    built.nt->FileHeader.Characteristics |= IMAGE_FILE_RELOCS_STRIPPED;
    loaded = load_built(&built);
    assert_true(loaded.image.fixed);
    loaded_free(&loaded);
    built_free(&built);
}

static void pages_of_the_normal_layout(void **state)
{
    static const uint32_t expected[] = {
        PE_READ,
        PE_READ | PE_EXECUTE,
        PE_READ | PE_WRITE,
        PE_READ | PE_WRITE,
        PE_READ | PE_WRITE,
        PE_READ,
        PE_READ,
        PE_READ | PE_WRITE,
        0,
        0,
    };
    struct built built = build_image();
    struct pe_file file = open_good(&built);

    (void)state;
    for (uint32_t i = 0; i < ARRAY_SIZE(expected); i++) {
        assert_int_equal(pe_page_rights(&file, i * PE_PAGE_SIZE), expected[i]);
        assert_int_equal(pe_page_rights(&file, i * PE_PAGE_SIZE + 0xFFF), expected[i]);
    }
    assert_int_equal(pe_page_rights(&file, 0xFFFFFFFF), 0);
    built_free(&built);
}

/* .text, .data and the headers share page 0; .data and INIT share page 1. */
static void pages_of_the_flat_layout(void **state)
{
    struct built built = build_flat();
    struct pe_file file = open_good(&built);

    (void)state;
    assert_int_equal(pe_page_rights(&file, 0), PE_READ | PE_WRITE | PE_EXECUTE);
    assert_int_equal(pe_page_rights(&file, 0x1000), PE_READ | PE_WRITE | PE_EXECUTE);
    assert_int_equal(pe_page_rights(&file, 0x2000), 0);
    built.sections[1].VirtualSize = 0xC20;
    file = open_good(&built);
    assert_int_equal(pe_page_rights(&file, 0x1000), PE_READ | PE_EXECUTE);
    built.sections[1].VirtualSize = 0xC21;
    file = open_good(&built);
    assert_int_equal(pe_page_rights(&file, 0x1000), PE_READ | PE_WRITE | PE_EXECUTE);
    built_free(&built);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(bytes_outside_the_file),          TEST(places_in_the_image),
        TEST(descending_sections_are_refused), TEST(flat_places),
        TEST(regions_describe_the_sections),   TEST(a_name_of_eight_is_whole),
        TEST(loading_copies_the_sections),     TEST(a_loaded_image_is_described),
        TEST(pages_of_the_normal_layout),      TEST(pages_of_the_flat_layout),
    };

    return RUN_TESTS(tests);
}

/*
 * pe_open on headers: what is good, and one broken thing at a time with the status and the words.
 */
#include "pe_builder.h"
#include "unit.h"

static NTSTATUS open_status(const struct built *built, struct pe_error *error)
{
    struct pe_file file;

    return pe_open(built->bytes, built->size, &file, error);
}

static void expect_broken(const struct built *built, const char *what)
{
    struct pe_error error;

    assert_status(open_status(built, &error), STATUS_INVALID_IMAGE_FORMAT);
    assert_string_equal(error.what, what);
    assert_string_equal(error.library, "");
    assert_string_equal(error.symbol, "");
}

static void expect_good(const struct built *built)
{
    struct pe_error error;

    assert_status(open_status(built, &error), STATUS_SUCCESS);
    assert_null(error.what);
}

/* A field of the good image's NT headers, set to a value; `what` is NULL if that is allowed. */
struct change {
    size_t offset, bytes;
    uint32_t value;
    const char *what;
};

#define HEADERS(field, value, what)                                                                \
    {                                                                                              \
        offsetof(IMAGE_NT_HEADERS32, field), sizeof(((IMAGE_NT_HEADERS32 *)0)->field), value, what \
    }
#define FILE_HEADER(field, value, what) HEADERS(FileHeader.field, value, what)
#define OPTIONAL(field, value, what)    HEADERS(OptionalHeader.field, value, what)

static void apply_changes(struct built (*build)(void), const struct change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct built built = build();

        memcpy((char *)built.nt + changes[i].offset, &changes[i].value, changes[i].bytes);
        if (changes[i].what)
            expect_broken(&built, changes[i].what);
        else
            expect_good(&built);
        built_free(&built);
    }
}

static void good_images_open(void **state)
{
    struct built normal = build_image(), flat = build_flat();
    struct pe_error error;
    struct pe_file file;

    (void)state;
    assert_status(pe_open(normal.bytes, normal.size, &file, &error), STATUS_SUCCESS);
    assert_null(error.what);
    assert_ptr_equal(file.bytes, normal.bytes);
    assert_int_equal(file.size, normal.size);
    assert_int_equal(file.section_count, SECTIONS);
    assert_int_equal(file.section_table, (uint8_t *)normal.sections - normal.bytes);
    assert_memory_equal(&file.headers, normal.nt, sizeof(file.headers));
    expect_good(&flat);
    built_free(&normal);
    built_free(&flat);
}

/*
 * Of a good file, no beginning is good: at every length the rest is missed, and nothing over-read.
 */
static void every_truncation_is_refused(void **state)
{
    struct built (*const builders[])(void) = {build_image, build_flat};

    (void)state;
    for (size_t b = 0; b < ARRAY_SIZE(builders); b++) {
        struct built built = builders[b]();

        for (uint32_t size = 0; size < built.size; size++) {
            uint8_t *cut = malloc(size ? size : 1);
            struct pe_error error;
            struct pe_file file;

            memcpy(cut, built.bytes, size);
            assert_status(pe_open(cut, size, &file, &error),
                          size < 2 ? STATUS_INVALID_IMAGE_NOT_MZ : STATUS_INVALID_IMAGE_FORMAT);
            assert_non_null(error.what);
            free(cut);
        }
        built_free(&built);
    }
}

static void without_mz_it_is_no_image(void **state)
{
    static const char *const beginnings[] = {"ZM", "M", "mz", "\177ELF", "", "PE"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(beginnings); i++) {
        struct built built = build_image();
        struct pe_error error;

        memset(built.bytes, 0, 2);
        memcpy(built.bytes, beginnings[i], strlen(beginnings[i]));
        assert_status(open_status(&built, &error), STATUS_INVALID_IMAGE_NOT_MZ);
        assert_string_equal(error.what, "no MZ signature");
        built_free(&built);
    }
}

/* e_lfanew at the edges of the file and of 32 bits. */
static void nt_headers_outside_the_file(void **state)
{
    struct built built = build_image();
    const uint32_t offsets[] = {
        built.size - 0x77, built.size - 1, built.size, built.size + 1, 0x7FFFFFFF,
        0x80000000,        0xFFFFFF80,     0xFFFFFF88, 0xFFFFFFFC,     0xFFFFFFFF,
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
        memcpy(built.bytes + offsetof(IMAGE_DOS_HEADER, e_lfanew), &offsets[i], 4);
        expect_broken(&built, "headers outside the file");
    }
    memcpy(built.bytes + offsetof(IMAGE_DOS_HEADER, e_lfanew), &(uint32_t){built.size - 0x78}, 4);
    expect_broken(&built, "no PE signature");
    built_free(&built);
}

/* The headers may lie at an odd place: nothing relies on alignment (UBSan looks on). */
static void misaligned_headers_are_read(void **state)
{
    struct built built = build_image();
    uint8_t *bytes = built.bytes;
    uint32_t offset = 0x80;

    (void)state;
    memmove(bytes + offset + 1, bytes + offset, 0x268 - offset);
    offset++;
    memcpy(bytes + offsetof(IMAGE_DOS_HEADER, e_lfanew), &offset, 4);
    expect_good(&built);
    built_free(&built);
}

static void kind_of_file(void **state)
{
    static const struct change changes[] = {
        HEADERS(Signature, 0x00014550, "no PE signature"),
        HEADERS(Signature, 0x454E, "no PE signature"),
        FILE_HEADER(Machine, 0x8664, "not for this machine"),
        FILE_HEADER(Machine, 0xAA64, "not for this machine"),
        FILE_HEADER(Machine, 0, "not for this machine"),
        FILE_HEADER(Characteristics, IMAGE_FILE_DLL, "not an executable image"),
        OPTIONAL(Magic, 0x20B, "not PE32"),
        OPTIONAL(Magic, 0x107, "not PE32"),
    };

    (void)state;
    apply_changes(build_image, changes, ARRAY_SIZE(changes));
}

static void optional_header_sizes(void **state)
{
    static const struct change changes[] = {
        FILE_HEADER(SizeOfOptionalHeader, 0, "optional header too small"),
        FILE_HEADER(SizeOfOptionalHeader, 95, "optional header too small"),
        FILE_HEADER(SizeOfOptionalHeader, 96, "optional header too small"),
        FILE_HEADER(SizeOfOptionalHeader, 0xDF, "optional header too small"),
        FILE_HEADER(SizeOfOptionalHeader, 0xFFFF, "section table outside the file"),
        OPTIONAL(NumberOfRvaAndSizes, 17, NULL),
        OPTIONAL(NumberOfRvaAndSizes, 0xFFFFFFFF, NULL),
        OPTIONAL(NumberOfRvaAndSizes, 0x20000000, NULL),
        OPTIONAL(NumberOfRvaAndSizes, 15, NULL),
        OPTIONAL(NumberOfRvaAndSizes, 0, NULL),
    };

    (void)state;
    apply_changes(build_image, changes, ARRAY_SIZE(changes));
}

/* Directories beyond NumberOfRvaAndSizes are empty, whatever bytes stand there. */
static void missing_directories_are_empty(void **state)
{
    struct built built = build_image();
    struct pe_error error;
    struct pe_file file;

    (void)state;
    built.nt->OptionalHeader.NumberOfRvaAndSizes = 2;
    assert_status(pe_open(built.bytes, built.size, &file, &error), STATUS_SUCCESS);
    assert_int_equal(file.headers.OptionalHeader.DataDirectory[1].VirtualAddress, IDATA_RVA);
    for (int i = 2; i < IMAGE_NUMBEROF_DIRECTORIES; i++) {
        assert_int_equal(file.headers.OptionalHeader.DataDirectory[i].VirtualAddress, 0);
        assert_int_equal(file.headers.OptionalHeader.DataDirectory[i].Size, 0);
    }
    built_free(&built);
}

static void section_counts(void **state)
{
    static const struct change changes[] = {
        FILE_HEADER(NumberOfSections, 0, "number of sections"),
        FILE_HEADER(NumberOfSections, 97, "number of sections"),
        FILE_HEADER(NumberOfSections, 0xFFFF, "number of sections"),
        FILE_HEADER(NumberOfSections, 96, "section table outside SizeOfHeaders"),
        OPTIONAL(SizeOfHeaders, 0x267, "section table outside SizeOfHeaders"),
        OPTIONAL(SizeOfHeaders, 0x268, NULL),
        OPTIONAL(SizeOfHeaders, 0, "section table outside SizeOfHeaders"),
    };

    (void)state;
    apply_changes(build_image, changes, ARRAY_SIZE(changes));
}

static void alignments(void **state)
{
    static const struct change changes[] = {
        OPTIONAL(SectionAlignment, 0, "alignments"),
        OPTIONAL(SectionAlignment, 0x1001, "alignments"),
        OPTIONAL(SectionAlignment, 0x1800, "alignments"),
        OPTIONAL(SectionAlignment, 0xFFFFFFFF, "alignments"),
        OPTIONAL(SectionAlignment, 0x800, "alignments"), /* below a page, but not flat */
        OPTIONAL(SectionAlignment, 0x100, "alignments"), /* below FileAlignment */
        OPTIONAL(SectionAlignment, 0x80000000, "section not aligned"),
        OPTIONAL(SectionAlignment, 0x2000, "section not aligned"),
        OPTIONAL(FileAlignment, 0, "alignments"),
        OPTIONAL(FileAlignment, 0x300, "alignments"),
        OPTIONAL(FileAlignment, 0x100, "alignments"), /* below a sector, but not flat */
        OPTIONAL(FileAlignment, 0xFFFFFFFF, "alignments"),
        OPTIONAL(FileAlignment, 0x80000000, "alignments"),
        OPTIONAL(FileAlignment, 0x1000, "section not aligned in the file"),
        OPTIONAL(ImageBase, 0x00401000, "image base not aligned"),
        OPTIONAL(ImageBase, 0xFFFFFFFF, "image base not aligned"),
        OPTIONAL(ImageBase, 0xFFFF0000, NULL),
        OPTIONAL(ImageBase, 0, NULL),
    };
    static const struct change flat[] = {
        OPTIONAL(FileAlignment, 0x10, "alignments"),
        OPTIONAL(FileAlignment, 0x40, "alignments"),
        OPTIONAL(SectionAlignment, 0x40, "alignments"),
        OPTIONAL(SectionAlignment, 0x1000, "alignments"),
    };

    (void)state;
    apply_changes(build_image, changes, ARRAY_SIZE(changes));
    apply_changes(build_flat, flat, ARRAY_SIZE(flat));
}

static void sizes(void **state)
{
    static const struct change changes[] = {
        OPTIONAL(SizeOfImage, SIZE_IMAGE - 0x1000, "section outside the image"),
        OPTIONAL(SizeOfImage, BSS_RVA + 0xF, "section outside the image"),
        OPTIONAL(SizeOfImage, BSS_RVA + 0x10, NULL),
        OPTIONAL(SizeOfImage, PE_IMAGE_MAX, NULL),
        OPTIONAL(SizeOfImage, PE_IMAGE_MAX + 1, "image too large"),
        OPTIONAL(SizeOfImage, 0x80000000, "image too large"),
        OPTIONAL(SizeOfImage, 0xFFFFF000, "image too large"),
        OPTIONAL(SizeOfImage, 0xFFFFFFFF, "image too large"),
        OPTIONAL(SizeOfImage, 0, "headers outside the image"),
        OPTIONAL(SizeOfImage, SIZE_HEADERS - 1, "headers outside the image"),
        OPTIONAL(SizeOfHeaders, TEXT_RVA + 1, "section overlaps the headers"),
        OPTIONAL(SizeOfHeaders, TEXT_RVA, NULL),
        OPTIONAL(SizeOfHeaders, 0x2C01, "headers outside the file"),
        OPTIONAL(SizeOfHeaders, 0x80000000, "headers outside the file"),
        OPTIONAL(SizeOfHeaders, 0xFFFFF000, "headers outside the file"),
        OPTIONAL(SizeOfHeaders, 0xFFFFFFFF, "headers outside the file"),
    };

    (void)state;
    apply_changes(build_image, changes, ARRAY_SIZE(changes));
}

static void entry_points(void **state)
{
    static const struct change changes[] = {
        OPTIONAL(AddressOfEntryPoint, 0, NULL), /* a DLL may have none */
        OPTIONAL(AddressOfEntryPoint, 1, "entry point outside the sections"),
        OPTIONAL(AddressOfEntryPoint, TEXT_RVA - 1, "entry point outside the sections"),
        OPTIONAL(AddressOfEntryPoint, TEXT_RVA, NULL),
        OPTIONAL(AddressOfEntryPoint, TEXT_RVA + 0x1FF, NULL),
        OPTIONAL(AddressOfEntryPoint, TEXT_RVA + 0x200, "entry point outside the sections"),
        OPTIONAL(AddressOfEntryPoint, BSS_RVA + 0x10, "entry point outside the sections"),
        OPTIONAL(AddressOfEntryPoint, SIZE_IMAGE, "entry point outside the sections"),
        OPTIONAL(AddressOfEntryPoint, 0x80001000, "entry point outside the sections"),
        OPTIONAL(AddressOfEntryPoint, 0xFFFFFFFF, "entry point outside the sections"),
    };
    static const struct change driver[] = {
        OPTIONAL(AddressOfEntryPoint, 0, "entry point outside the sections"),
    };

    (void)state;
    apply_changes(build_image, changes, ARRAY_SIZE(changes));
    apply_changes(build_flat, driver, ARRAY_SIZE(driver));
}

/* The directories that the loader reads; the others (the security directory's is a file offset). */
static void directories(void **state)
{
    static const uint8_t used[] = {0, 1, 5};
    static const IMAGE_DATA_DIRECTORY outside[] = {
        {SIZE_IMAGE, 1},          {SIZE_IMAGE - 1, 2},      {0x1000, SIZE_IMAGE},
        {0x1000, 0xFFFFFFFF},     {0x1000, 0xFFFFF000},     {0xFFFFFFFF, 1},
        {0xFFFFFFFF, 0xFFFFFFFF}, {0x80000000, 0x80000000}, {SIZE_IMAGE + 1, 0},
    };
    struct built built = build_image();
    IMAGE_DATA_DIRECTORY *directory = built.nt->OptionalHeader.DataDirectory;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(used); i++) {
        IMAGE_DATA_DIRECTORY good = directory[used[i]];

        for (size_t j = 0; j < ARRAY_SIZE(outside); j++) {
            directory[used[i]] = outside[j];
            expect_broken(&built, "directory outside the image");
        }
        directory[used[i]] = (IMAGE_DATA_DIRECTORY){SIZE_IMAGE - 1, 1};
        expect_good(&built);
        directory[used[i]] = good;
    }
    for (int i = 0; i < IMAGE_NUMBEROF_DIRECTORIES; i++)
        if (i != 0 && i != 1 && i != 5)
            directory[i] = (IMAGE_DATA_DIRECTORY){0xFFFFFFFF, 0xFFFFFFFF};
    expect_good(&built);
    built_free(&built);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(good_images_open),
        TEST(every_truncation_is_refused),
        TEST(without_mz_it_is_no_image),
        TEST(nt_headers_outside_the_file),
        TEST(misaligned_headers_are_read),
        TEST(kind_of_file),
        TEST(optional_header_sizes),
        TEST(missing_directories_are_empty),
        TEST(section_counts),
        TEST(alignments),
        TEST(sizes),
        TEST(entry_points),
        TEST(directories),
    };

    return RUN_TESTS(tests);
}

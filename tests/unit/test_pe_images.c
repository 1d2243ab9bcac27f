/*
 * The images that boot, as `make images` made them: they open, load, relocate there and back, and
 * bind to each other. Skipped where none are built; VTP_OUT names the build's folder.
 */
#include <dirent.h>

#include "pe_builder.h"
#include "unit.h"

#define IMAGES_MAX 32

static struct image_file {
    char name[64];
    struct built built;
    struct loaded loaded;
} images[IMAGES_MAX];
static size_t image_count;

static void read_file(const char *path, const char *name)
{
    struct image_file *image = &images[image_count++];
    FILE *stream = fopen(path, "rb");
    long size;

    assert_non_null(stream);
    fseek(stream, 0, SEEK_END);
    size = ftell(stream);
    rewind(stream);
    image->built.bytes = malloc((size_t)size);
    image->built.size = (uint32_t)size;
    assert_int_equal(fread(image->built.bytes, 1, (size_t)size, stream), size);
    fclose(stream);
    snprintf(image->name, sizeof(image->name), "%.63s", name);
    image->loaded = load_built(&image->built);
}

static void read_folder(const char *folder)
{
    const char *out = getenv("VTP_OUT");
    char path[512];
    DIR *directory;

    snprintf(path, sizeof(path), "%s/%s", out ? out : "build", folder);
    directory = opendir(path);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        char file[800];

        if (entry->d_name[0] == '.' || image_count == IMAGES_MAX)
            continue;
        snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
        read_file(file, entry->d_name);
    }
    if (directory)
        closedir(directory);
}

static int read_images(void **state)
{
    (void)state;
    read_folder("images");
    read_folder("fixtures");
    return 0;
}

static int free_images(void **state)
{
    (void)state;
    while (image_count--) {
        loaded_free(&images[image_count].loaded);
        built_free(&images[image_count].built);
    }
    return 0;
}

static struct image_file *find_image(const char *name)
{
    for (size_t i = 0; i < image_count; i++)
        if (!strcasecmp(images[i].name, name))
            return &images[i];
    return NULL;
}

static void need_images(void)
{
    if (!find_image("VirtToPhys.exe"))
        skip();
}

static void preferred_addresses(void **state)
{
    static const struct {
        const char *name;
        uint32_t address;
    } expected[] = {{"VirtToPhys.exe", 0x00400000},
                    {"kernel32.dll", 0x77E40000},
                    {"user32.dll", 0x77D00000},
                    {"advapi32.dll", 0x77DA0000}};

    (void)state;
    need_images();
    for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
        struct image_file *image = find_image(expected[i].name);

        assert_non_null(image);
        assert_int_equal(image->loaded.image.address, expected[i].address);
    }
}

static void headers_lie_at_the_base(void **state)
{
    (void)state;
    need_images();
    for (size_t i = 0; i < image_count; i++)
        assert_memory_equal(images[i].loaded.image.bytes, images[i].built.bytes, 0x200);
}

static void relocation_there_and_back(void **state)
{
    (void)state;
    need_images();
    for (size_t i = 0; i < image_count; i++) {
        struct pe_image *image = &images[i].loaded.image;
        uint32_t home = image->address;
        uint8_t *before = malloc(image->size);
        struct pe_error error;

        memcpy(before, image->bytes, image->size);
        assert_status(pe_relocate(image, 0xE0001000, &error), STATUS_SUCCESS);
        assert_int_equal(!!memcmp(before, image->bytes, image->size), image->relocations.Size > 0);
        assert_status(pe_relocate(image, home, &error), STATUS_SUCCESS);
        assert_memory_equal(image->bytes, before, image->size);
        free(before);
    }
}

static NTSTATUS find_library(void *context, const char *name, void **library)
{
    (void)context;
    *library = find_image(name);
    return *library ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND;
}

static NTSTATUS find_symbol(void *context, void *library, const char *name, uint32_t ordinal,
                            uint32_t *address)
{
    const struct pe_image *image = &((struct image_file *)library)->loaded.image;
    struct pe_export export;
    NTSTATUS status = name ? pe_export_by_name(image, name, &export)
                           : pe_export_by_ordinal(image, ordinal, &export);

    (void)context;
    if (NT_SUCCESS(status))
        *address = image->address + export.rva;
    return status;
}

static const struct pe_binder binder = {find_library, find_symbol};

static void programs_bind_to_the_dlls(void **state)
{
    static const char *const names[] = {"VirtToPhys.exe", "user32.dll", "advapi32.dll",
                                        "kernel32.dll"};

    (void)state;
    need_images();
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        struct pe_image *image = &find_image(names[i])->loaded.image;
        struct pe_error error;

        assert_status(pe_bind_imports(image, &binder, NULL, &error), STATUS_SUCCESS);
    }
}

static void drivers_import_from_the_kernel(void **state)
{
    struct pe_error error;

    (void)state;
    need_images();
    assert_status(
        pe_bind_imports(&find_image("VirtToPhys.sys")->loaded.image, &binder, NULL, &error),
        STATUS_DLL_NOT_FOUND);
    assert_string_equal(error.library, "ntoskrnl.exe");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(preferred_addresses),
        TEST(headers_lie_at_the_base),
        TEST(relocation_there_and_back),
        TEST(programs_bind_to_the_dlls),
        TEST(drivers_import_from_the_kernel),
    };

    unit_begin();
    return cmocka_run_group_tests(tests, read_images, free_images);
}

#include "pe_exercise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ps/pe.h"

/* Larger images are opened and not loaded: zeroing them is all that a run would do. */
#define LOADED_MAX 0x100000u

#define PROMISE(condition) ((condition) ? (void)0 : broken_promise(#condition, __LINE__))

static void broken_promise(const char *condition, int line)
{
    fprintf(stderr, "pe_exercise.c:%d: broken promise: %s\n", line, condition);
    abort();
}

static void check_error(NTSTATUS status, const struct pe_error *error)
{
    PROMISE(NT_SUCCESS(status) == !error->what);
    PROMISE(memchr(error->library, 0, sizeof(error->library)));
    PROMISE(memchr(error->symbol, 0, sizeof(error->symbol)));
}

/* Every region is inside its file and its image, and no two share a byte of the image. */
static void check_regions(const struct pe_file *file)
{
    uint64_t image_size = file->headers.OptionalHeader.SizeOfImage;
    uint64_t end = 0;

    PROMISE(image_size && image_size <= PE_IMAGE_MAX);
    PROMISE(file->section_count >= 1 && file->section_count <= PE_SECTIONS_MAX);
    for (uint32_t i = 0; i < pe_region_count(file); i++) {
        struct pe_region region = pe_region(file, i);
        uint32_t rights = pe_page_rights(file, region.rva);

        PROMISE(memchr(region.name, 0, sizeof(region.name)));
        PROMISE(region.rva >= end);
        PROMISE(region.file_size <= region.size);
        PROMISE((uint64_t)region.file_offset + region.file_size <= file->size);
        PROMISE(!region.size || (rights & region.rights) == region.rights);
        end = (uint64_t)region.rva + region.size;
    }
    PROMISE(end <= image_size);
}

static NTSTATUS find_library(void *context, const char *name, void **library)
{
    *library = context;
    return *name == 'q' ? STATUS_DLL_NOT_FOUND : STATUS_SUCCESS;
}

static NTSTATUS find_symbol(void *context, void *library, const char *name, uint32_t ordinal,
                            uint32_t *address)
{
    PROMISE(library == context);
    PROMISE(ordinal <= 0xFFFF);
    *address = name ? (uint32_t)strlen(name) : ordinal;
    return *address % 32 == 31 ? STATUS_ENTRYPOINT_NOT_FOUND : STATUS_SUCCESS;
}

static void check_export(const struct pe_image *image, NTSTATUS status,
                         const struct pe_export *export)
{
    if (!NT_SUCCESS(status))
        return;
    PROMISE(!export->rva != !export->forwarder);
    PROMISE(export->rva < image->size);
    PROMISE(!export->forwarder || strlen(export->forwarder) < PE_NAME_MAX);
}

static void ask_exports(const struct pe_image *image)
{
    static const char *const names[] = {"", "Apple", "Banana", "GetLastError", "wsprintfA", "~"};
    static const uint32_t ordinals[] = {0, 1, 5, 7, 0xFFFF, 0xFFFFFFFF};

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        struct pe_export export;

        check_export(image, pe_export_by_name(image, names[i], &export), &export);
        check_export(image, pe_export_by_ordinal(image, ordinals[i], &export), &export);
    }
}

/* A refused relocation leaves the image alone; one there and back restores what it can. */
static bool relocate(struct pe_image *image)
{
    uint8_t *before = malloc(image->size);
    uint32_t address = image->address;
    struct pe_error error;
    NTSTATUS status;

    memcpy(before, image->bytes, image->size);
    status = pe_relocate(image, address + 0x12340000, &error);
    check_error(status, &error);
    if (!NT_SUCCESS(status)) {
        PROMISE(!memcmp(before, image->bytes, image->size));
        PROMISE(image->address == address);
    } else {
        PROMISE(image->address == address + 0x12340000);
        PROMISE(pe_relocate(image, address, &error) == STATUS_SUCCESS);
    }
    free(before);
    return NT_SUCCESS(status);
}

static enum exercise_stage exercise_image(struct pe_image *image)
{
    static const struct pe_binder binder = {find_library, find_symbol};
    bool relocated = relocate(image);
    struct pe_error error;
    NTSTATUS status;

    ask_exports(image);
    status = pe_bind_imports(image, &binder, image, &error);
    check_error(status, &error);
    ask_exports(image);
    if (!relocated)
        return EXERCISE_OPENED;
    return NT_SUCCESS(status) ? EXERCISE_BOUND : EXERCISE_RELOCATED;
}

enum exercise_stage exercise_file(const uint8_t *bytes, uint32_t size)
{
    enum exercise_stage stage;
    struct pe_image image;
    struct pe_error error;
    struct pe_file file;
    uint8_t *memory;
    NTSTATUS status = pe_open(bytes, size, &file, &error);

    check_error(status, &error);
    if (!NT_SUCCESS(status))
        return EXERCISE_REFUSED;
    check_regions(&file);
    if (file.headers.OptionalHeader.SizeOfImage > LOADED_MAX)
        return EXERCISE_OPENED;
    memory = calloc(1, file.headers.OptionalHeader.SizeOfImage);
    pe_load(&file, memory, &image);
    stage = exercise_image(&image);
    free(memory);
    return stage;
}

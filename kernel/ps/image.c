#include "ps/image.h"

#include "console/console.h"
#include "console/log.h"
#include "mm/layout.h"
#include "mm/pool.h"
#include "mm/space.h"
#include "mm/system_pte.h"
#include "ps/bind.h"
#include "ps/file.h"
#include "ps/pe.h"
#include "rtl/rtl.h"

/* ---- Failures ---- */

NTSTATUS image_log_failure(const char *raw_name, NTSTATUS status, const struct pe_error *error)
{
    char name[32];

    rtl_copy_printable(name, raw_name, sizeof name);
    log_printf("[image] name=\"%s\" status=%08X what=\"%s\"", name, status,
               error->what ? error->what : "");
    if (error->library[0])
        log_printf(" library=\"%s\" symbol=\"%s\"", error->library, error->symbol);
    log_printf("\n");
    console_printf("%s cannot be loaded (%08X)", name, status);
    if (error->what)
        console_printf(": %s %s %s", error->what, error->library, error->symbol);
    console_printf("\n");
    return status;
}

NTSTATUS image_log_unreadable(PCUNICODE_STRING path, NTSTATUS status)
{
    UNICODE_STRING last = rtl_last_component(path);
    struct pe_error error = {.what = status == STATUS_OBJECT_NAME_NOT_FOUND
                                         ? "there is no such file to read"
                                         : "the file cannot be read"};
    char name[32];

    rtl_unicode_to_text(&last, name, sizeof name);
    return image_log_failure(name, status, &error);
}

/* ---- Pages ---- */

static void unmap_pages(ULONG base, ULONG bytes)
{
    for (ULONG at = 0; at < bytes; at += PAGE_SIZE)
        frame_free(mm_unmap(&mm_system_space, base + at));
}

/* Maps one zeroed page. */
static NTSTATUS map_page(ULONG address)
{
    frame_number frame = frame_alloc();

    if (!frame)
        return STATUS_NO_MEMORY;
    memset(direct_map(frame_address(frame)), 0, PAGE_SIZE);
    NTSTATUS status = mm_map(&mm_system_space, address, frame, PAGE_WRITE);

    if (!NT_SUCCESS(status))
        frame_free(frame);
    return status;
}

static NTSTATUS map_pages(ULONG base, ULONG bytes)
{
    for (ULONG at = 0; at < bytes; at += PAGE_SIZE) {
        NTSTATUS status = map_page(base + at);

        if (!NT_SUCCESS(status)) {
            unmap_pages(base, at);
            return status;
        }
    }
    return STATUS_SUCCESS;
}

/* Writable while it was being built; from now on each page has what its sections say. */
static void protect_pages(const struct module *module, const struct pe_file *file)
{
    for (ULONG at = 0; at < module->size; at += PAGE_SIZE) {
        uint32_t rights = pe_page_rights(file, at);

        mm_protect(&mm_system_space, module->base + at,
                   (rights & PE_WRITE ? PAGE_WRITE : 0) | (rights & PE_EXECUTE ? PAGE_CODE : 0));
    }
}

/* ---- Loading ---- */

static NTSTATUS check_driver(const struct pe_file *file, struct pe_error *error)
{
    const IMAGE_OPTIONAL_HEADER32 *header = &file->headers.OptionalHeader;

    if (header->Subsystem == IMAGE_SUBSYSTEM_NATIVE && header->AddressOfEntryPoint)
        return STATUS_SUCCESS;
    error->what = "not a driver";
    return STATUS_INVALID_IMAGE_FORMAT;
}

/* Gives the image a place in system space, with zeroed pages. */
static NTSTATUS take_place(struct module *module)
{
    module->base = system_pte_reserve(page_count(module->size));
    if (!module->base)
        return STATUS_NO_MEMORY;
    NTSTATUS status = map_pages(module->base, module->size);

    if (!NT_SUCCESS(status))
        system_pte_release(module->base);
    return status;
}

/* The module's record with its pages mapped. */
static NTSTATUS create_module(const char *name, const struct pe_file *file, struct module **result)
{
    struct module *module = module_create(name);

    if (!module)
        return STATUS_NO_MEMORY;
    module->size = page_round_up(file->headers.OptionalHeader.SizeOfImage);
    NTSTATUS status = take_place(module);

    if (!NT_SUCCESS(status)) {
        ExFreePool(module);
        return status;
    }
    module->entry = module->base + file->headers.OptionalHeader.AddressOfEntryPoint;
    InsertTailList(&module_drivers, &module->link);
    *result = module;
    return STATUS_SUCCESS;
}

/* Fills the mapped pages with the image and makes it ready to run. */
static NTSTATUS build(struct module *module, const struct pe_file *file, struct pe_error *error)
{
    NTSTATUS status;

    pe_load(file, (uint8_t *)module->base, module->image);
    status = pe_relocate(module->image, module->base, error);
    if (NT_SUCCESS(status))
        status = pe_bind_imports(module->image, &bind_kernel, NULL, error);
    if (NT_SUCCESS(status))
        protect_pages(module, file);
    return status;
}

static NTSTATUS map_image(const char *name, const void *bytes, ULONG size, struct module **module,
                          struct pe_error *error)
{
    struct pe_file file;
    NTSTATUS status = pe_open(bytes, size, &file, error);

    if (NT_SUCCESS(status))
        status = check_driver(&file, error);
    if (NT_SUCCESS(status))
        status = create_module(name, &file, module);
    if (!NT_SUCCESS(status))
        return status;
    status = build(*module, &file, error);
    if (!NT_SUCCESS(status))
        image_unload_driver(*module);
    return status;
}

NTSTATUS image_load_driver(PCUNICODE_STRING path, struct module **module)
{
    UNICODE_STRING last = rtl_last_component(path);
    struct pe_error error = {0};
    char name[32];
    PVOID bytes;
    ULONG size;
    NTSTATUS status = file_read(path, &bytes, &size);

    if (!NT_SUCCESS(status))
        return image_log_unreadable(path, status);
    rtl_unicode_to_text(&last, name, sizeof name);
    status = map_image(name, bytes, size, module, &error);
    ExFreePool(bytes);
    return NT_SUCCESS(status) ? status : image_log_failure(name, status, &error);
}

void image_unload_driver(struct module *module)
{
    RemoveEntryList(&module->link);
    unmap_pages(module->base, module->size);
    system_pte_release(module->base);
    ExFreePool(module);
}

#include "ps/image.h"

#include "console/console.h"
#include "console/log.h"
#include "mm/layout.h"
#include "mm/pool.h"
#include "mm/system_pte.h"
#include "ps/bind.h"
#include "ps/file.h"
#include "ps/pe.h"
#include "ps/place.h"
#include "rtl/rtl.h"

/* Where an image goes: a process's half of its space, or system space. */
struct target {
    struct mm_space *space;
    struct process *process; /* NULL: system space */
};

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

/* ---- Pages ---- */

static void unmap_pages(struct mm_space *space, ULONG base, ULONG bytes)
{
    for (ULONG at = 0; at < bytes; at += PAGE_SIZE) {
        frame_number frame = mm_unmap(space, base + at);

        if (frame)
            frame_free(frame);
    }
}

/* Maps one zeroed page; `first` is NULL except for the first page of the image of that name. */
static NTSTATUS map_page(const struct target *target, ULONG address, const char *first)
{
    frame_number frame = first ? place_first_frame(first) : frame_alloc();
    ULONG rights = PAGE_WRITE | (target->process ? PAGE_USER : 0);

    if (!frame)
        return STATUS_NO_MEMORY;
    memset(direct_map(frame_address(frame)), 0, PAGE_SIZE);
    NTSTATUS status = mm_map(target->space, address, frame, rights);

    if (!NT_SUCCESS(status))
        frame_free(frame);
    return status;
}

static NTSTATUS map_pages(const struct target *target, const struct module *module)
{
    for (ULONG at = 0; at < module->size; at += PAGE_SIZE) {
        NTSTATUS status = map_page(target, module->base + at, at ? NULL : module->name);

        if (!NT_SUCCESS(status)) {
            unmap_pages(target->space, module->base, at);
            return status;
        }
    }
    return STATUS_SUCCESS;
}

/* Writable while it was being built; from now on each page has what its sections say. */
static void protect_pages(const struct target *target, const struct module *module,
                          const struct pe_file *file)
{
    for (ULONG at = 0; at < module->size; at += PAGE_SIZE) {
        ULONG rights = pe_page_rights(file, at);

        mm_protect(target->space, module->base + at,
                   (rights & PE_WRITE ? PAGE_WRITE : 0) | (target->process ? PAGE_USER : 0));
    }
}

/* ---- Addresses ---- */

/* A free place of `bytes` in the process: the one wanted, or the lowest above the program's. */
static ULONG find_user_base(const struct mm_space *space, ULONG wanted, ULONG bytes)
{
    enum { GRANULARITY = 0x10000 };

    if (wanted >= USER_START && wanted < USER_END && bytes <= USER_END - wanted &&
        mm_is_range_free(space, wanted, bytes))
        return wanted;
    for (ULONG base = USER_START; bytes <= USER_END - base && base < USER_END; base += GRANULARITY)
        if (mm_is_range_free(space, base, bytes))
            return base;
    return 0;
}

static ULONG find_base(const struct target *target, const struct pe_file *file, ULONG bytes)
{
    if (!target->process)
        return system_pte_reserve(page_count(bytes));
    return find_user_base(target->space, file->headers.OptionalHeader.ImageBase, bytes);
}

/* ---- Loading ---- */

/* Fills the mapped pages with the image and makes it ready to run. */
static NTSTATUS build(const struct target *target, struct module *module,
                      const struct pe_file *file, struct pe_error *error)
{
    NTSTATUS status;

    pe_load(file, (uint8_t *)module->base, module->image);
    status = pe_relocate(module->image, module->base, error);
    if (NT_SUCCESS(status))
        status = pe_bind_imports(module->image, target->process ? &bind_user : &bind_kernel,
                                 target->process, error);
    if (NT_SUCCESS(status))
        protect_pages(target, module, file);
    return status;
}

static void release(const struct target *target, struct module *module)
{
    RemoveEntryList(&module->link);
    unmap_pages(target->space, module->base, module->size);
    if (!target->process)
        system_pte_release(module->base);
    ExFreePool(module);
}

/* The module's record with its pages mapped, in the list: a DLL that imports itself finds it. */
static NTSTATUS create_module(const struct target *target, const char *name,
                              const struct pe_file *file, struct module **result)
{
    ULONG bytes = page_round_up(file->headers.OptionalHeader.SizeOfImage);
    ULONG entry = file->headers.OptionalHeader.AddressOfEntryPoint;
    struct module *module = module_create(name);
    NTSTATUS status;

    if (!module)
        return STATUS_NO_MEMORY;
    module->size = bytes;
    module->base = find_base(target, file, bytes);
    module->entry = entry ? module->base + entry : 0;
    status = module->base ? map_pages(target, module) : STATUS_NO_MEMORY;
    if (!NT_SUCCESS(status)) {
        if (module->base && !target->process)
            system_pte_release(module->base);
        ExFreePool(module);
        return status;
    }
    InsertTailList(target->process ? &target->process->modules : &module_drivers, &module->link);
    *result = module;
    return STATUS_SUCCESS;
}

/* What is wrong with a sound image in this place, or NULL: each kind of image has its own entry. */
static const char *find_misplaced(const struct target *target, const struct pe_file *file)
{
    BOOLEAN native = file->headers.OptionalHeader.Subsystem == IMAGE_SUBSYSTEM_NATIVE;
    BOOLEAN library = !!(file->headers.FileHeader.Characteristics & IMAGE_FILE_DLL);

    if (!target->process)
        return native && file->headers.OptionalHeader.AddressOfEntryPoint ? NULL : "not a driver";
    if (native)
        return "a driver, no program";
    if (IsListEmpty(&target->process->modules))
        return library ? "a library, no program" : NULL;
    return library ? NULL : "a program, no library";
}

static NTSTATUS check_place(const struct target *target, const struct pe_file *file,
                            struct pe_error *error)
{
    error->what = find_misplaced(target, file);
    return error->what ? STATUS_INVALID_IMAGE_FORMAT : STATUS_SUCCESS;
}

static NTSTATUS map_image(const struct target *target, const char *name, const void *bytes,
                          ULONG size, struct module **module)
{
    struct pe_error error = {0};
    struct pe_file file;
    NTSTATUS status = pe_open(bytes, size, &file, &error);

    if (NT_SUCCESS(status))
        status = check_place(target, &file, &error);
    if (NT_SUCCESS(status))
        status = create_module(target, name, &file, module);
    if (!NT_SUCCESS(status))
        return image_log_failure(name, status, &error);
    status = build(target, *module, &file, &error);
    if (!NT_SUCCESS(status)) {
        release(target, *module);
        return image_log_failure(name, status, &error);
    }
    return STATUS_SUCCESS;
}

/* Reads the file and maps it; the file's bytes are needed only meanwhile. */
static NTSTATUS load(const struct target *target, PCUNICODE_STRING path, const char *name,
                     struct module **module)
{
    struct pe_error error = {0};
    PVOID bytes;
    ULONG size;
    NTSTATUS status = file_read(path, &bytes, &size);

    if (!NT_SUCCESS(status)) {
        error.what = status == STATUS_OBJECT_NAME_NOT_FOUND ? "there is no such file to read"
                                                            : "the file cannot be read";
        return image_log_failure(name, status, &error);
    }
    status = map_image(target, name, bytes, size, module);
    ExFreePool(bytes);
    return status;
}

NTSTATUS image_load_user(struct process *process, const char *name, struct module **module)
{
    struct target target = {process->ke.space, process};
    WCHAR buffer[64];
    UNICODE_STRING path = {0, sizeof buffer, buffer};
    NTSTATUS status;

    *module = module_find(&process->modules, name);
    if (*module)
        return STATUS_SUCCESS;
    if (!NT_SUCCESS(rtl_append_text(&path, "\\??\\C:\\")) ||
        !NT_SUCCESS(rtl_append_text(&path, name)))
        return STATUS_OBJECT_NAME_INVALID;
    status = load(&target, &path, name, module);
    if (NT_SUCCESS(status))
        log_printf("[image] name=%s base=%08X size=%08X entry=%08X cr3=%08X\n", (*module)->name,
                   (*module)->base, (*module)->size, (*module)->entry, process->ke.space->cr3);
    return status;
}

NTSTATUS image_load_driver(PCUNICODE_STRING path, struct module **module)
{
    struct target target = {&mm_system_space, NULL};
    char name[32];

    UNICODE_STRING file = rtl_last_component(path);

    rtl_unicode_to_text(&file, name, sizeof name);
    return load(&target, path, name, module);
}

void image_unload_driver(struct module *module)
{
    struct target target = {&mm_system_space, NULL};

    release(&target, module);
}

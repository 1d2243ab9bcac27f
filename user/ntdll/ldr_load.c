/* Loading a library with all that it needs, and binding it. */
#include "ntdll/ldr.h"

#include "rtl/printf.h"
#include "rtl/string.h"
#include "rtl/unicode.h"

/* Forwarders that lead on to forwarders: this many, then it counts as a circle. */
#define FORWARDS_MAX 16

static void note_failure(struct ldr_failure *failure, PCUNICODE_STRING image,
                         const struct pe_error *error)
{
    UNICODE_STRING name = {0, sizeof failure->image - sizeof(WCHAR), failure->image};

    if (failure->image[0])
        return; /* what failed first is the cause */
    memset(failure->image, 0, sizeof failure->image);
    RtlCopyUnicodeString(&name, image);
    if (error)
        failure->error = *error;
}

/* ---- Protection while an image is written to ---- */

static ULONG page_protection(ULONG rights)
{
    static const ULONG protections[8] = {
        PAGE_NOACCESS,     PAGE_READONLY,     PAGE_READWRITE,         PAGE_READWRITE,
        PAGE_EXECUTE_READ, PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE, PAGE_EXECUTE_READWRITE,
    };

    return protections[rights & (PE_READ | PE_WRITE | PE_EXECUTE)];
}

static BOOLEAN has_slots(const struct pe_image *image, const struct pe_region *region)
{
    struct pe_import import;

    for (ULONG i = 0; pe_import(image, i, &import); i++)
        if (import.slots - region->rva < region->size)
            return TRUE;
    return FALSE;
}

static NTSTATUS protect_region(const struct ldr_module *module, const struct pe_region *region,
                               ULONG protection)
{
    PVOID base = (char *)module->entry.base + region->rva;
    SIZE_T bytes = region->size;
    ULONG old;

    return NtProtectVirtualMemory(NtCurrentProcess(), &base, &bytes, protection, &old);
}

/*
 * Makes what is written to writable, or gives it back its own protection: all regions if the image
 * is relocated, else those with an import address table. A flat image is one region of its own to
 * the kernel, writable throughout.
 */
static NTSTATUS protect(const struct ldr_module *module, BOOLEAN all, BOOLEAN writable)
{
    if (module->file.headers.OptionalHeader.SectionAlignment < PE_PAGE_SIZE)
        return STATUS_SUCCESS;
    for (ULONG i = 0; i < pe_region_count(&module->file); i++) {
        struct pe_region region = pe_region(&module->file, i);
        NTSTATUS status;

        if (!region.size || region.rights & PE_WRITE ||
            (!all && !has_slots(&module->image, &region)))
            continue;
        status = protect_region(module, &region,
                                writable ? PAGE_READWRITE : page_protection(region.rights));
        if (!NT_SUCCESS(status))
            return status;
    }
    return STATUS_SUCCESS;
}

/* ---- Exports ---- */

static NTSTATUS load_text(const char *name, struct ldr_module **module, struct ldr_failure *failure)
{
    WCHAR buffer[LDR_NAME_UNITS], base[LDR_NAME_UNITS];
    UNICODE_STRING library = {0, sizeof buffer, buffer}, base_name;

    if (!NT_SUCCESS(rtl_append_text(&library, name)) ||
        !NT_SUCCESS(ldr_base_name(&library, base, &base_name)))
        return STATUS_DLL_NOT_FOUND;
    return ldr_load(&base_name, module, failure);
}

/* A forwarder "LIBRARY.Symbol" or "LIBRARY.#12", taken apart. */
struct forwarder {
    char library[LDR_NAME_UNITS];
    const char *symbol; /* NULL: the ordinal */
    ULONG ordinal;
};

static BOOLEAN parse_forwarder(const char *text, struct forwarder *forwarder)
{
    const char *dot = NULL;

    for (const char *p = text; *p; p++)
        if (*p == '.')
            dot = p;
    if (!dot || dot - text >= (ptrdiff_t)sizeof forwarder->library)
        return FALSE;
    rtl_copy_text(forwarder->library, text, (size_t)(dot - text) + 1);
    forwarder->symbol = dot[1] == '#' ? NULL : dot + 1;
    return forwarder->symbol || rtl_parse_number(dot + 2, &forwarder->ordinal);
}

/* Goes on to the library that a forwarder names, which stays if nobody is there to note it. */
static NTSTATUS follow(const char *text, struct ldr_module *importer, struct ldr_failure *failure,
                       struct forwarder *forwarder, struct ldr_module **module)
{
    NTSTATUS status;

    if (!parse_forwarder(text, forwarder))
        return STATUS_INVALID_IMAGE_FORMAT;
    status = load_text(forwarder->library, module, failure);
    if (!NT_SUCCESS(status))
        return status;
    if (importer)
        return ldr_note_need(importer, *module);
    ldr_pin(*module);
    return STATUS_SUCCESS;
}

NTSTATUS ldr_find_export(struct ldr_module *module, const char *name, ULONG ordinal,
                         struct ldr_module *importer, struct ldr_failure *failure, PVOID *address)
{
    struct forwarder forwarder;
    struct pe_export export;
    NTSTATUS status;

    for (ULONG steps = 0; steps <= FORWARDS_MAX; steps++) {
        status = name ? pe_export_by_name(&module->image, name, &export)
                      : pe_export_by_ordinal(&module->image, ordinal, &export);
        if (!NT_SUCCESS(status))
            return status;
        if (!export.forwarder) {
            *address = (char *)module->entry.base + export.rva;
            return STATUS_SUCCESS;
        }
        status = follow(export.forwarder, importer, failure, &forwarder, &module);
        if (!NT_SUCCESS(status))
            return status;
        name = forwarder.symbol;
        ordinal = forwarder.ordinal;
    }
    return name ? STATUS_ENTRYPOINT_NOT_FOUND : STATUS_ORDINAL_NOT_FOUND;
}

/* ---- Binding ---- */

struct binding {
    struct ldr_module *module;
    struct ldr_failure *failure;
};

static NTSTATUS find_library(void *context, const char *name, void **library)
{
    struct binding *binding = context;
    NTSTATUS status = load_text(name, (struct ldr_module **)library, binding->failure);

    return NT_SUCCESS(status) ? ldr_note_need(binding->module, *library) : status;
}

static NTSTATUS find_symbol(void *context, void *library, const char *name, uint32_t ordinal,
                            uint32_t *address)
{
    struct binding *binding = context;

    return ldr_find_export(library, name, ordinal, binding->module, binding->failure,
                           (PVOID *)address);
}

/* A program or a driver that was loaded as a library is data: nobody calls into it. */
static BOOLEAN runs(const struct ldr_module *module)
{
    return module->entry.flags & LDR_IMAGE_DLL || module->entry.base == nt_peb()->image_base;
}

static NTSTATUS write_image(struct ldr_module *module, struct ldr_failure *failure,
                            struct pe_error *error)
{
    static const struct pe_binder binder = {find_library, find_symbol};
    struct binding binding = {module, failure};
    NTSTATUS status = pe_relocate(&module->image, (ULONG)module->entry.base, error);

    if (NT_SUCCESS(status) && runs(module))
        status = pe_bind_imports(&module->image, &binder, &binding, error);
    return status;
}

static NTSTATUS build(struct ldr_module *module, struct ldr_failure *failure,
                      struct pe_error *error)
{
    BOOLEAN moved = module->image.address != (ULONG)module->entry.base;
    NTSTATUS status = protect(module, moved, TRUE);

    if (moved)
        module->entry.flags |= LDR_IMAGE_NOT_AT_BASE;
    if (NT_SUCCESS(status))
        status = write_image(module, failure, error);
    if (NT_SUCCESS(status))
        status = protect(module, moved, FALSE);
    if (NT_SUCCESS(status))
        status = ldr_tls_add(module, error);
    return status;
}

NTSTATUS ldr_bind(struct ldr_module *module, struct ldr_failure *failure)
{
    struct pe_error error = {0};
    NTSTATUS status = build(module, failure, &error);

    if (!NT_SUCCESS(status)) {
        note_failure(failure, &module->entry.base_name, &error);
        return status;
    }
    module->entry.flags |= LDR_ENTRY_PROCESSED;
    if (module->entry.flags & LDR_IMAGE_DLL)
        InsertTailList(&ldr_data.in_initialization_order, &module->entry.in_initialization_order);
    return STATUS_SUCCESS;
}

NTSTATUS ldr_load(PCUNICODE_STRING name, struct ldr_module **module, struct ldr_failure *failure)
{
    NTSTATUS status;

    *module = ldr_find(name);
    if (*module)
        return STATUS_SUCCESS;
    status = ldr_map(name, module, failure);
    if (NT_SUCCESS(status))
        return ldr_bind(*module, failure);
    if (status != STATUS_DLL_NOT_FOUND) /* that the importer tells */
        note_failure(failure, name, NULL);
    return status;
}

#include "ps/bind.h"

#include "ps/image.h"
#include "ps/kernel_exports.h"

static NTSTATUS find_user_library(void *context, const char *name, void **library)
{
    NTSTATUS status = image_load_user(context, name, (struct module **)library);

    /* Missing, or of a name that no file has. */
    return status == STATUS_OBJECT_NAME_NOT_FOUND || status == STATUS_OBJECT_NAME_INVALID
               ? STATUS_DLL_NOT_FOUND
               : status;
}

static NTSTATUS find_user_symbol(void *context, void *library, const char *name, uint32_t ordinal,
                                 uint32_t *address)
{
    const struct module *module = library;
    struct pe_export export;
    NTSTATUS status = name ? pe_export_by_name(module->image, name, &export)
                           : pe_export_by_ordinal(module->image, ordinal, &export);

    (void)context;
    if (NT_SUCCESS(status) && export.forwarder)
        status = STATUS_ENTRYPOINT_NOT_FOUND; /* nothing forwards yet */
    if (NT_SUCCESS(status))
        *address = module->base + export.rva;
    return status;
}

static NTSTATUS find_kernel_library(void *context, const char *name, void **library)
{
    (void)context;
    *library = (void *)kernel_exports_find_library(name);
    return *library ? STATUS_SUCCESS : STATUS_DRIVER_UNABLE_TO_LOAD;
}

static NTSTATUS find_kernel_symbol(void *context, void *library, const char *name, uint32_t ordinal,
                                   uint32_t *address)
{
    (void)context;
    (void)ordinal;
    if (!name)
        return STATUS_DRIVER_ORDINAL_NOT_FOUND;
    *address = (ULONG)kernel_exports_find_symbol(library, name);
    return *address ? STATUS_SUCCESS : STATUS_DRIVER_ENTRYPOINT_NOT_FOUND;
}

const struct pe_binder bind_user = {find_user_library, find_user_symbol};
const struct pe_binder bind_kernel = {find_kernel_library, find_kernel_symbol};

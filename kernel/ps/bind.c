#include "ps/bind.h"

#include "ps/kernel_exports.h"

static NTSTATUS find_library(void *context, const char *name, void **library)
{
    (void)context;
    *library = (void *)kernel_exports_find_library(name);
    return *library ? STATUS_SUCCESS : STATUS_DRIVER_UNABLE_TO_LOAD;
}

static NTSTATUS find_symbol(void *context, void *library, const char *name, uint32_t ordinal,
                            uint32_t *address)
{
    (void)context;
    (void)ordinal;
    if (!name)
        return STATUS_DRIVER_ORDINAL_NOT_FOUND;
    *address = (ULONG)kernel_exports_find_symbol(library, name);
    return *address ? STATUS_SUCCESS : STATUS_DRIVER_ENTRYPOINT_NOT_FOUND;
}

const struct pe_binder bind_kernel = {find_library, find_symbol};

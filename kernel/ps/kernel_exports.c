#include "ps/kernel_exports.h"

#include "export.h"
#include "rtl/rtl.h"

/* linker.ld collects the entries, sorted by name. */
extern const struct kernel_export export_ntoskrnl_start[], export_ntoskrnl_end[];
extern const struct kernel_export export_hal_start[], export_hal_end[];

struct kernel_library {
    const char *name;
    const struct kernel_export *start, *end;
};

static const struct kernel_library libraries[] = {
    {"ntoskrnl.exe", export_ntoskrnl_start, export_ntoskrnl_end},
    {"hal.dll", export_hal_start, export_hal_end},
};

const struct kernel_library *kernel_exports_find_library(const char *name)
{
    for (ULONG i = 0; i < ARRAY_SIZE(libraries); i++)
        if (rtl_equal_text(libraries[i].name, name))
            return &libraries[i];
    return NULL;
}

const void *kernel_exports_find_symbol(const struct kernel_library *library, const char *name)
{
    ULONG low = 0, high = (ULONG)(library->end - library->start);

    while (low < high) {
        ULONG middle = (low + high) / 2;
        int order = strcmp(name, library->start[middle].name);

        if (!order)
            return library->start[middle].address;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

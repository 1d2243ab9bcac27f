/* The kernel's export tables, against which drivers are bound. */
#include "boot/boot.h"
#include "export.h"
#include "io/io.h"
#include "kd/selftest.h"
#include "mm/pool.h"
#include "ps/kernel_exports.h"
#include "rtl/rtl.h"

/* linker.ld */
extern const struct kernel_export export_ntoskrnl_start[], export_ntoskrnl_end[];
extern const struct kernel_export export_hal_start[], export_hal_end[];

static void check_table(const char *library_name, const struct kernel_export *start,
                        const struct kernel_export *end)
{
    const struct kernel_library *library = kernel_exports_find_library(library_name);

    CHECK(library && end > start);
    for (const struct kernel_export *each = start; each < end; each++) {
        if (each > start)
            CHECK(strcmp(each[-1].name, each->name) < 0);
        CHECK_EQUAL(kernel_exports_find_symbol(library, each->name), each->address);
        CHECK((ULONG)each->address >= (ULONG)kernel_text_start &&
              (ULONG)each->address < (ULONG)kernel_end);
    }
}

SELFTEST(ps_exports_are_sorted_and_found)
{
    check_table("ntoskrnl.exe", export_ntoskrnl_start, export_ntoskrnl_end);
    check_table("hal.dll", export_hal_start, export_hal_end);
    check_table("NTOSKRNL.EXE", export_ntoskrnl_start, export_ntoskrnl_end);
    check_table("HAL.dll", export_hal_start, export_hal_end);
}

static const void *find(const char *library, const char *symbol)
{
    return kernel_exports_find_symbol(kernel_exports_find_library(library), symbol);
}

SELFTEST(ps_exports_are_the_functions)
{
    CHECK_EQUAL(find("ntoskrnl.exe", "IoCreateDevice"), IoCreateDevice);
    CHECK_EQUAL(find("ntoskrnl.exe", "IofCallDriver"), IofCallDriver);
    CHECK_EQUAL(find("ntoskrnl.exe", "IoCallDriver"), IoCallDriver);
    CHECK_EQUAL(find("ntoskrnl.exe", "IofCompleteRequest"), IofCompleteRequest);
    CHECK_EQUAL(find("ntoskrnl.exe", "ExFreePool"), ExFreePool);
    CHECK_EQUAL(find("ntoskrnl.exe", "ZwClose"), ZwClose);
    CHECK(find("ntoskrnl.exe", "ZwClose") != (const void *)NtClose);
}

/* What VirtToPhys.sys of the tutorial imports, and both spellings that drivers use (nt-facts 1). */
SELFTEST(ps_exports_have_what_drivers_need)
{
    static const char *const names[] = {
        "IoCreateDevice",       "IoDeleteDevice",     "IoCreateSymbolicLink",
        "IoDeleteSymbolicLink", "IofCompleteRequest", "IoCompleteRequest",
        "IofCallDriver",        "IoCallDriver",       "ObfDereferenceObject",
        "ObDereferenceObject",  "DbgPrint",
    };

    for (ULONG i = 0; i < ARRAY_SIZE(names); i++)
        CHECK(find("ntoskrnl.exe", names[i]) != NULL);
    CHECK(find("hal.dll", "KeGetCurrentIrql") != NULL);
}

/* By exact name: neither parts, nor other cases, nor decorations, nor the other library's. */
SELFTEST(ps_exports_are_exact)
{
    static const char *const absent[] = {"",
                                         "IoCreateDevic",
                                         "IoCreateDeviceX",
                                         "iocreatedevice",
                                         "_IoCreateDevice@28",
                                         "@IofCallDriver@8",
                                         "KeGetCurrentIrql",
                                         "\x7F",
                                         "A",
                                         "zzz"};

    for (ULONG i = 0; i < ARRAY_SIZE(absent); i++)
        CHECK_EQUAL(find("ntoskrnl.exe", absent[i]), NULL);
    CHECK_EQUAL(find("hal.dll", "IoCreateDevice"), NULL);
    CHECK_EQUAL(kernel_exports_find_library("ntoskrnl"), NULL);
    CHECK_EQUAL(kernel_exports_find_library("ntoskrnl.exe "), NULL);
    CHECK_EQUAL(kernel_exports_find_library("kernel32.dll"), NULL);
    CHECK_EQUAL(kernel_exports_find_library(""), NULL);
}

/* ZwLoadDriver: what the service key and the file must be like; what a failure leaves (nothing). */
#include "bootinfo.h"
#include "mm/layout.h"
#include "tests/kernel/driver_support.h"

#define SERVICE u"SelfTest"
#define DRIVER  u"\\Driver\\SelfTest"

/* The status of loading a file by a good key. */
static NTSTATUS try_file(PCWSTR image_path)
{
    struct test_service service;
    NTSTATUS status;

    driver_register(&service, SERVICE, image_path);
    status = driver_load(&service);
    if (NT_SUCCESS(status))
        CHECK_STATUS(driver_unload(&service), STATUS_SUCCESS);
    driver_unregister(&service);
    return status;
}

/* Loads a file often; each time it must fail alike and leave nothing. */
static void check_failing(PCWSTR image_path, NTSTATUS expected)
{
    CHECK_STATUS(try_file(image_path), expected);
    struct driver_mark mark = driver_mark();

    for (ULONG i = 0; i < 50; i++)
        if (!CHECK_STATUS(try_file(image_path), expected))
            break;
    CHECK_ALL_RETURNED(mark);
    CHECK_EQUAL(driver_object(DRIVER), NULL);
}

SELFTEST(driver_paths_lead_to_files)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    check_failing(u"\\??\\C:\\missing.sys", STATUS_OBJECT_NAME_NOT_FOUND);
    check_failing(u"\\??\\Q:\\VirtToPhys.sys", STATUS_OBJECT_PATH_NOT_FOUND);
    check_failing(u"VirtToPhys.sys", STATUS_OBJECT_PATH_SYNTAX_BAD);
    check_failing(u"", STATUS_OBJECT_PATH_SYNTAX_BAD);
    check_failing(u"\\Device", STATUS_OBJECT_TYPE_MISMATCH);
    check_failing(u"\\??\\C:", STATUS_INVALID_DEVICE_REQUEST);
    CHECK_STATUS(try_file(u"\\Device\\HarddiskVolume1\\virttophys.SYS"), STATUS_SUCCESS);
}

SELFTEST(driver_files_must_be_drivers)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.exe");
    SELFTEST_NEEDS_FILE("kernel32.dll");
    check_failing(u"\\??\\C:\\VirtToPhys.exe", STATUS_INVALID_IMAGE_FORMAT);
    check_failing(u"\\??\\C:\\kernel32.dll", STATUS_INVALID_IMAGE_FORMAT);
}

/* The first byte of a text in a boot module's file, or NULL. */
static UCHAR *find_text(const char *module_name, const char *text)
{
    for (ULONG i = 0; i < boot_info.module_count; i++) {
        const struct boot_module *module = &boot_info.modules[i];
        UCHAR *bytes = direct_map(module->physical);
        ULONG length = strlen(text);

        if (!rtl_equal_text(module->name, module_name))
            continue;
        for (ULONG at = 0; at + length <= module->size; at++)
            if (memcmp(bytes + at, text, length) == 0)
                return bytes + at;
    }
    return NULL;
}

/* VirtToPhys.sys as if it were linked to a library that the kernel does not have. */
SELFTEST(driver_with_a_missing_library_is_not_loaded)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    UCHAR *name = find_text("VirtToPhys.sys", "ntoskrnl.exe");

    if (!CHECK(name != NULL))
        return;
    *name = 'x';
    check_failing(VIRTTOPHYS_SYS, STATUS_DRIVER_UNABLE_TO_LOAD);
    *name = 'n';
    CHECK_STATUS(try_file(VIRTTOPHYS_SYS), STATUS_SUCCESS);
}

SELFTEST(driver_with_a_missing_import_is_not_loaded)
{
    SELFTEST_NEEDS_FILE("badimport.sys");
    check_failing(u"\\??\\C:\\badimport.sys", STATUS_DRIVER_ENTRYPOINT_NOT_FOUND);
}

/* Its DriverUnload would say so in the log: tests/system/test_selftest.py looks there. */
SELFTEST(driver_whose_entry_fails_is_gone)
{
    SELFTEST_NEEDS_FILE("failentry.sys");
    check_failing(u"\\??\\C:\\failentry.sys", STATUS_UNSUCCESSFUL);
    CHECK_EQUAL(driver_object(u"\\Device\\failentry"), NULL);
    CHECK_EQUAL(driver_object(u"\\??\\failentry"), NULL);
}

/* ---- The key ---- */

SELFTEST(driver_key_must_exist)
{
    struct driver_mark mark = driver_mark();
    UNICODE_STRING missing = UNICODE_STRING_INIT(
        u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\NoSuchService");
    UNICODE_STRING no_service = UNICODE_STRING_INIT(u"\\Registry\\Machine\\");
    UNICODE_STRING no_path = UNICODE_STRING_INIT(u"VirtToPhys");
    UNICODE_STRING empty = UNICODE_STRING_INIT(u"");

    CHECK_STATUS(ZwLoadDriver(&missing), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(ZwLoadDriver(&no_service), STATUS_INVALID_PARAMETER);
    CHECK_STATUS(ZwLoadDriver(&no_path), STATUS_INVALID_PARAMETER);
    CHECK_STATUS(ZwLoadDriver(&empty), STATUS_INVALID_PARAMETER);
    CHECK_STATUS(ZwUnloadDriver(&missing), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(ZwUnloadDriver(&no_service), STATUS_INVALID_PARAMETER);
    CHECK_STATUS(ZwUnloadDriver(&empty), STATUS_INVALID_PARAMETER);
    CHECK_ALL_RETURNED(mark);
}

static void check_image_path(ULONG type, const void *data, ULONG bytes, NTSTATUS expected)
{
    struct test_service service;

    driver_create_key(&service, SERVICE);
    test_set_value(service.key, u"ImagePath", type, data, bytes);
    CHECK_STATUS(driver_load(&service), expected);
    if (NT_SUCCESS(expected))
        CHECK_STATUS(driver_unload(&service), STATUS_SUCCESS);
    driver_unregister(&service);
}

SELFTEST(driver_image_path_is_text)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    static const WCHAR path[] = VIRTTOPHYS_SYS;
    struct test_mark mark = test_mark();
    struct test_service service;

    driver_create_key(&service, SERVICE);
    CHECK_STATUS(driver_load(&service), STATUS_OBJECT_NAME_NOT_FOUND);
    driver_unregister(&service);
    check_image_path(REG_DWORD, path, sizeof path, STATUS_INVALID_PARAMETER);
    check_image_path(REG_BINARY, path, sizeof path, STATUS_INVALID_PARAMETER);
    check_image_path(REG_MULTI_SZ, path, sizeof path, STATUS_INVALID_PARAMETER);
    check_image_path(REG_SZ, path, sizeof path - 1, STATUS_INVALID_PARAMETER);
    check_image_path(REG_SZ, path, 0, STATUS_OBJECT_PATH_SYNTAX_BAD);
    check_image_path(REG_SZ, path, sizeof path, STATUS_SUCCESS); /* with its NUL */
    check_image_path(REG_EXPAND_SZ, path, sizeof path - 2, STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

static void check_type(ULONG type, NTSTATUS expected)
{
    struct test_service service;

    driver_register(&service, SERVICE, VIRTTOPHYS_SYS);
    test_set_value(service.key, u"Type", REG_DWORD, &type, sizeof type);
    CHECK_STATUS(driver_load(&service), expected);
    if (NT_SUCCESS(expected))
        CHECK_STATUS(driver_unload(&service), STATUS_SUCCESS);
    driver_unregister(&service);
}

SELFTEST(driver_type_is_kernel_driver)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    struct test_mark mark = test_mark();

    check_type(1, STATUS_SUCCESS);
    check_type(0, STATUS_INVALID_PARAMETER);
    check_type(2, STATUS_INVALID_PARAMETER);    /* a file system */
    check_type(0x10, STATUS_INVALID_PARAMETER); /* a program */
    CHECK_NO_LEAK(mark);
}

/* ---- Twice ---- */

SELFTEST(driver_is_loaded_once)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    struct test_mark mark = test_mark();
    struct test_service service, other;
    PDRIVER_OBJECT driver;

    driver_register(&service, SERVICE, VIRTTOPHYS_SYS);
    driver = driver_start(&service);
    struct test_mark loaded = test_mark();

    CHECK_STATUS(driver_load(&service), STATUS_IMAGE_ALREADY_LOADED);
    CHECK_EQUAL(driver_object(DRIVER), driver);
    CHECK_NO_LEAK(loaded);
    /* The same file for another service: a second driver, which finds its names taken. */
    driver_register(&other, u"SelfTestTwo", VIRTTOPHYS_SYS);
    CHECK_STATUS(driver_load(&other), STATUS_DEVICE_CONFIGURATION_ERROR);
    driver_unregister(&other);
    CHECK_NO_LEAK(loaded);
    CHECK(driver_object(u"\\Device\\devVirtToPhys") != NULL);
    driver_stop(&service);
    CHECK_NO_LEAK(mark);
}

/* Keys and objects are found in any case. */
SELFTEST(driver_names_ignore_case)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    struct test_mark mark = test_mark();
    UNICODE_STRING shouted =
        UNICODE_STRING_INIT(u"\\REGISTRY\\MACHINE\\SYSTEM\\CURRENTCONTROLSET\\SERVICES\\SELFTEST");
    struct test_service service;

    driver_register(&service, SERVICE, VIRTTOPHYS_SYS);
    driver_start(&service);
    CHECK_STATUS(ZwLoadDriver(&shouted), STATUS_IMAGE_ALREADY_LOADED);
    CHECK_STATUS(ZwUnloadDriver(&shouted), STATUS_SUCCESS);
    CHECK_STATUS(driver_unload(&service), STATUS_OBJECT_NAME_NOT_FOUND);
    driver_unregister(&service);
    CHECK_NO_LEAK(mark);
}

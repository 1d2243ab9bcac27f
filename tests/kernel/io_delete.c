/* IoDeleteDevice: the name goes at once, the memory when nobody needs it any more. */
#include "tests/kernel/io_support.h"

static NTSTATUS find_driver(PCWSTR path, PVOID *driver)
{
    UNICODE_STRING name;

    RtlInitUnicodeString(&name, path);
    return ObReferenceObjectByName(&name, OBJ_CASE_INSENSITIVE, NULL, 0, io_driver_type, KernelMode,
                                   NULL, driver);
}

SELFTEST(io_deleted_devices_serve_their_open_files)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT device = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    ULONG devices = io_device_type->TotalNumberOfObjects;
    HANDLE handle = io_test_handle(), another;
    IO_STATUS_BLOCK iosb;

    IoDeleteDevice(device);
    CHECK_STATUS(io_test_open(TEST_DEVICE, &another), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_EQUAL(io_device_type->TotalNumberOfObjects, devices);
    CHECK_STATUS(io_test_control(handle, &iosb, NULL, 0, NULL, 0), STATUS_SUCCESS);
    CHECK_TEXT(io_test.trace, "Ac Ai");
    NtClose(handle);
    CHECK_TEXT(io_test.trace, "Ac Ai Au Ax");
    CHECK_EQUAL(io_device_type->TotalNumberOfObjects, devices - 1);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* Its name can be used again while the old device still lives. */
SELFTEST(io_names_of_deleted_devices_are_free)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT device = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    HANDLE old = io_test_handle(), new;

    IoDeleteDevice(device);
    io_test_load(u"ioTestTwo", 'B', TEST_DEVICE);
    new = io_test_handle();
    CHECK_TEXT(io_test.trace, "Ac Bc");
    NtClose(old);
    NtClose(new);
    CHECK_TEXT(io_test.trace, "Ac Bc Au Ax Bu Bx");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_STATUS(io_test_unload(u"ioTestTwo"), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/*
 * Deleted while open, then asked to unload: the last close frees the device and unloads the driver
 * (nt-facts 3.1: when the last reference goes, DriverUnload runs).
 */
SELFTEST(io_last_close_of_a_deleted_device_unloads)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT device = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    HANDLE handle = io_test_handle();
    PVOID driver;

    IoDeleteDevice(device);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_STATUS(find_driver(u"\\Driver\\ioTest", &driver), STATUS_SUCCESS);
    ObDereferenceObject(driver);
    NtClose(handle);
    CHECK_STATUS(find_driver(u"\\Driver\\ioTest", &driver), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_NO_LEAK(mark);
}

static PDEVICE_OBJECT add_device(PDRIVER_OBJECT driver)
{
    PDEVICE_OBJECT device = NULL;

    CHECK_STATUS(IoCreateDevice(driver, 5, NULL, FILE_DEVICE_UNKNOWN, 0x100, FALSE, &device),
                 STATUS_SUCCESS);
    return device;
}

SELFTEST(io_devices_are_listed_by_their_driver)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT first = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    PDRIVER_OBJECT driver = first->DriverObject;
    PDEVICE_OBJECT second = add_device(driver), third = add_device(driver);

    CHECK_EQUAL(driver->DeviceObject, third);
    CHECK_EQUAL(third->NextDevice, second);
    CHECK_EQUAL(second->NextDevice, first);
    CHECK_EQUAL(first->NextDevice, NULL);
    IoDeleteDevice(second);
    CHECK_EQUAL(third->NextDevice, first);
    IoDeleteDevice(third);
    CHECK_EQUAL(driver->DeviceObject, first);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* WDK, IoCreateDevice: what the driver finds in the object. */
SELFTEST(io_new_devices_are_filled_in)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT named = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    PDEVICE_OBJECT device = add_device(named->DriverObject);
    const UCHAR *extension = device->DeviceExtension;

    CHECK_EQUAL(device->Type, IO_TYPE_DEVICE);
    CHECK_EQUAL(device->Size, sizeof *device + 5);
    CHECK_EQUAL(device->StackSize, 1);
    CHECK_EQUAL(device->DeviceType, FILE_DEVICE_UNKNOWN);
    CHECK_EQUAL(device->Characteristics, 0x100);
    CHECK_EQUAL(device->DriverObject, named->DriverObject);
    CHECK_EQUAL(device->Flags & (DO_DEVICE_INITIALIZING | DO_EXCLUSIVE | DO_DEVICE_HAS_NAME),
                DO_DEVICE_INITIALIZING);
    CHECK_EQUAL(named->Flags & (DO_DEVICE_INITIALIZING | DO_EXCLUSIVE | DO_DEVICE_HAS_NAME),
                DO_DEVICE_HAS_NAME);
    CHECK(!extension[0] && !extension[1] && !extension[2] && !extension[3] && !extension[4]);
    CHECK_EQUAL((ULONG)extension % 8, 0);
    CHECK_COUNTS(device, 0, 1);
    CHECK_COUNTS(named, 0, 2);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

SELFTEST(io_devices_that_cannot_be_created_leave_nothing)
{
    struct test_mark mark = io_test_begin();
    PDRIVER_OBJECT driver = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE)->DriverObject;
    UNICODE_STRING taken = UNICODE_STRING_INIT(u"\\DEVICE\\ioTEST");
    UNICODE_STRING nowhere = UNICODE_STRING_INIT(u"\\Nowhere\\ioTest");
    struct test_mark loaded = test_mark();
    PDEVICE_OBJECT device = (PDEVICE_OBJECT)1;

    CHECK_STATUS(IoCreateDevice(driver, 8, &taken, FILE_DEVICE_UNKNOWN, 0, FALSE, &device),
                 STATUS_OBJECT_NAME_COLLISION);
    CHECK_EQUAL(device, NULL);
    CHECK_STATUS(IoCreateDevice(driver, 8, &nowhere, FILE_DEVICE_UNKNOWN, 0, FALSE, &device),
                 STATUS_OBJECT_PATH_NOT_FOUND);
    CHECK_STATUS(IoCreateDevice(driver, 0x10000, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device),
                 STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(device, NULL);
    CHECK_NO_LEAK(loaded);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

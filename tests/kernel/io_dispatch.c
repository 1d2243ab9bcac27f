/* Dispatch tables, and what IofCallDriver does to an IRP. */
#include "tests/kernel/io_support.h"

static PDRIVER_DISPATCH preset;

/* Sees the table as DriverEntry gets it, and leaves holes in it. */
static NTSTATUS NTAPI leave_holes(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path)
{
    UNICODE_STRING name = UNICODE_STRING_INIT(TEST_DEVICE);
    PDEVICE_OBJECT device;

    (void)registry_path;
    preset = driver->MajorFunction[IRP_MJ_CREATE];
    CHECK(preset != NULL);
    for (ULONG i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++)
        CHECK_EQUAL(driver->MajorFunction[i], preset);
    driver->MajorFunction[IRP_MJ_READ] = NULL;
    driver->MajorFunction[IRP_MJ_MAXIMUM_FUNCTION] = NULL;
    return IoCreateDevice(driver, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
}

static VOID NTAPI unload_one(PDRIVER_OBJECT driver)
{
    IoDeleteDevice(driver->DeviceObject);
}

/* Sends an IRP of each major function; its requestor is this test. */
static void check_all_refused(PDEVICE_OBJECT device)
{
    for (UCHAR major = 0; major <= IRP_MJ_MAXIMUM_FUNCTION; major++) {
        PIRP irp = IoAllocateIrp(device->StackSize, FALSE);
        IO_STATUS_BLOCK iosb = {{STATUS_SUCCESS}, 1};

        irp->UserIosb = &iosb;
        IoGetNextIrpStackLocation(irp)->MajorFunction = major;
        CHECK_STATUS(IofCallDriver(device, irp), STATUS_INVALID_DEVICE_REQUEST);
        CHECK_STATUS(iosb.Status, STATUS_INVALID_DEVICE_REQUEST);
        CHECK_EQUAL(iosb.Information, 0);
    }
}

SELFTEST(io_major_functions_start_as_invalid_request)
{
    struct test_mark mark = io_test_begin();
    PDRIVER_OBJECT driver;
    HANDLE handle;

    CHECK_STATUS(io_test_load_entry(TEST_SERVICE, leave_holes, &driver), STATUS_SUCCESS);
    for (ULONG i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++)
        CHECK_EQUAL(driver->MajorFunction[i], preset);
    check_all_refused(driver->DeviceObject);
    CHECK_STATUS(io_test_open(TEST_DEVICE, &handle), STATUS_INVALID_DEVICE_REQUEST);
    driver->DriverUnload = unload_one;
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* WDK, DRIVER_OBJECT: what DriverEntry gets. */
static NTSTATUS NTAPI look_at_driver(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path)
{
    UNICODE_STRING name = UNICODE_STRING_INIT(u"\\Driver\\ioTest");
    UNICODE_STRING service = UNICODE_STRING_INIT(TEST_SERVICE);

    CHECK_EQUAL(registry_path, NULL); /* as given to io_create_driver */
    CHECK_EQUAL(driver->Type, IO_TYPE_DRIVER);
    CHECK_EQUAL(driver->Size, sizeof *driver);
    CHECK_EQUAL(driver->DriverInit, look_at_driver);
    CHECK_EQUAL(driver->DriverExtension->DriverObject, driver);
    CHECK(RtlEqualUnicodeString(&driver->DriverName, &name, FALSE));
    CHECK(RtlEqualUnicodeString(&driver->DriverExtension->ServiceKeyName, &service, FALSE));
    CHECK(!driver->DeviceObject && !driver->DriverUnload);
    return STATUS_UNSUCCESSFUL;
}

SELFTEST(io_new_drivers_are_filled_in)
{
    struct test_mark mark = io_test_begin();
    PDRIVER_OBJECT driver;

    CHECK_STATUS(io_test_load_entry(TEST_SERVICE, look_at_driver, &driver), STATUS_UNSUCCESSFUL);
    CHECK_NO_LEAK(mark);
}

/* Fails after it has created a device and asked for DriverUnload. */
static NTSTATUS NTAPI fail_late(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path)
{
    leave_holes(driver, registry_path);
    driver->DriverUnload = unload_one;
    return STATUS_DEVICE_CONFIGURATION_ERROR;
}

SELFTEST(io_failed_entry_leaves_nothing)
{
    struct test_mark mark = io_test_begin();
    PDRIVER_OBJECT driver;
    HANDLE handle;

    CHECK_STATUS(io_test_load_entry(TEST_SERVICE, fail_late, &driver),
                 STATUS_DEVICE_CONFIGURATION_ERROR);
    CHECK_EQUAL(driver, NULL);
    CHECK_STATUS(io_test_open(TEST_DEVICE, &handle), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_NO_LEAK(mark);
}

static NTSTATUS NTAPI forget_status(PDEVICE_OBJECT device, PIRP irp)
{
    (void)device;
    IofCompleteRequest(irp, 0);
    return STATUS_SUCCESS;
}

/* nt-facts 3.1: third-party drivers rely on the zeroed IRP. */
SELFTEST(io_driver_that_sets_no_status_succeeds)
{
    struct test_mark mark = io_test_begin();
    IO_STATUS_BLOCK iosb = {{STATUS_PENDING}, 77};
    HANDLE handle;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    for (ULONG i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++)
        io_test.hook[i] = forget_status;
    handle = io_test_handle();
    CHECK_STATUS(io_test_control(handle, &iosb, NULL, 0, NULL, 0), STATUS_SUCCESS);
    CHECK_STATUS(iosb.Status, STATUS_SUCCESS);
    CHECK_EQUAL(iosb.Information, 0);
    NtClose(handle);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* ---- Stack locations ---- */

SELFTEST(io_new_irps_are_above_their_top_location)
{
    struct test_mark mark = io_test_begin();
    PIRP irp = IoAllocateIrp(3, FALSE);

    CHECK_EQUAL(irp->Type, IO_TYPE_IRP);
    CHECK_EQUAL(irp->Size, sizeof *irp + 3 * sizeof(IO_STACK_LOCATION));
    CHECK_EQUAL(irp->StackCount, 3);
    CHECK_EQUAL(irp->CurrentLocation, 4);
    CHECK_EQUAL(IoGetNextIrpStackLocation(irp), (PIO_STACK_LOCATION)(irp + 1) + 2);
    CHECK(!irp->Cancel && !irp->PendingReturned && !irp->Flags && !irp->UserIosb);
    CHECK(IsListEmpty(&irp->ThreadListEntry));
    IoFreeIrp(irp);
    CHECK_NO_LEAK(mark);
}

/* How deep the request is at each device, and where its location lies. */
static CHAR depth_of[26];

static NTSTATUS NTAPI note_depth(PDEVICE_OBJECT device, PIRP irp)
{
    struct test_device *self = io_test_device(device);
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);

    depth_of[self->letter - 'A'] = irp->CurrentLocation;
    CHECK_EQUAL(location, (PIO_STACK_LOCATION)(irp + 1) + irp->CurrentLocation - 1);
    CHECK_EQUAL(location->DeviceObject, device);
    CHECK_EQUAL(location->Parameters.DeviceIoControl.IoControlCode, TEST_CODE);
    if (!self->lower)
        return io_test_complete(irp, STATUS_SUCCESS, 0);
    io_test_copy_location(irp);
    return self->letter == 'B' ? IoCallDriver(self->lower, irp) : IofCallDriver(self->lower, irp);
}

SELFTEST(io_each_driver_has_a_location_of_its_own)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT a = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    PDEVICE_OBJECT b = io_test_attach(u"ioTestUpper", 'B', a);
    PDEVICE_OBJECT c = io_test_attach(u"ioTestTwo", 'C', a);
    HANDLE handle = io_test_handle();
    IO_STATUS_BLOCK iosb;

    io_test.hook[IRP_MJ_DEVICE_CONTROL] = note_depth;
    io_test.trace[0] = 0;
    CHECK_STATUS(io_test_control(handle, &iosb, NULL, 0, NULL, 0), STATUS_SUCCESS);
    CHECK_TEXT(io_test.trace, "Ci Bi Ai");
    CHECK_EQUAL(depth_of[0], 1);
    CHECK_EQUAL(depth_of[1], 2);
    CHECK_EQUAL(depth_of[2], 3);
    NtClose(handle);
    io_test_detach(u"ioTestTwo", c);
    io_test_detach(u"ioTestUpper", b);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* The WDK's IoSkipCurrentIrpStackLocation: the lower driver gets the upper one's location. */
static NTSTATUS NTAPI skip_location(PDEVICE_OBJECT device, PIRP irp)
{
    struct test_device *self = io_test_device(device);

    CHECK_EQUAL(irp->CurrentLocation, 2);
    CHECK_EQUAL(IoGetCurrentIrpStackLocation(irp)->DeviceObject, device);
    if (!self->lower)
        return io_test_complete(irp, STATUS_SUCCESS, 5);
    irp->CurrentLocation++;
    irp->Tail.Overlay.CurrentStackLocation++;
    return IofCallDriver(self->lower, irp);
}

SELFTEST(io_locations_can_be_skipped)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT a = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    PDEVICE_OBJECT b = io_test_attach(u"ioTestUpper", 'B', a);
    HANDLE handle = io_test_handle();
    IO_STATUS_BLOCK iosb;

    io_test.hook[IRP_MJ_DEVICE_CONTROL] = skip_location;
    CHECK_STATUS(io_test_control(handle, &iosb, NULL, 0, NULL, 0), STATUS_SUCCESS);
    CHECK_TEXT(io_test.trace, "Bc Ac Bi Ai");
    CHECK_EQUAL(iosb.Information, 5);
    NtClose(handle);
    io_test_detach(u"ioTestUpper", b);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

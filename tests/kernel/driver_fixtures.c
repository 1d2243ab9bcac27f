/* Loaded drivers that misbehave on purpose (tests/drivers), against the rules they try. */
#include "tests/kernel/driver_support.h"

#include "tests/drivers/buffers.h"

/* ---- buffers.sys ---- */

static NTSTATUS control(HANDLE file, ULONG code, PIO_STATUS_BLOCK iosb, ULONG in, ULONG out,
                        UCHAR output[16])
{
    UCHAR input[16] = "0123456789ABCDE";

    memset(output, '.', 16);
    *iosb = (IO_STATUS_BLOCK){{0x55555555}, 0x66666666};
    return NtDeviceIoControlFile(file, NULL, NULL, NULL, iosb, code, input, in, output, out);
}

/* A code's status, Information and output for 8 bytes in and 6 out. */
static void check_code(HANDLE file, ULONG code, NTSTATUS status, ULONG information,
                       const char *expected)
{
    IO_STATUS_BLOCK iosb;
    char output[17] = {0};

    CHECK_STATUS(control(file, code, &iosb, 8, 6, (UCHAR *)output), status);
    CHECK_EQUAL(iosb.Information, information);
    CHECK_STATUS(iosb.Status, NT_ERROR(status) ? 0x55555555 : status);
    CHECK_TEXT(output, expected);
}

static void check_transfers(HANDLE file)
{
    IO_STATUS_BLOCK iosb;
    UCHAR bytes[300];

    CHECK_STATUS(NtReadFile(file, NULL, NULL, NULL, &iosb, bytes, 4, NULL, NULL),
                 STATUS_END_OF_FILE);
    CHECK_STATUS(NtWriteFile(file, NULL, NULL, NULL, &iosb, "abcdef", 6, NULL, NULL),
                 STATUS_SUCCESS);
    CHECK_EQUAL(iosb.Information, 6);
    memset(bytes, '.', sizeof bytes);
    CHECK_STATUS(NtReadFile(file, NULL, NULL, NULL, &iosb, bytes, 300, NULL, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(iosb.Information, 6);
    CHECK(memcmp(bytes, "abcdef.", 7) == 0);
    CHECK_STATUS(NtWriteFile(file, NULL, NULL, NULL, &iosb, bytes, 300, NULL, NULL),
                 STATUS_SUCCESS);
    CHECK_EQUAL(iosb.Information, BUFFERS_SIZE);
    CHECK(io_test_file(file)->CurrentByteOffset.QuadPart == 6 + 6 + BUFFERS_SIZE);
}

SELFTEST(driver_buffers)
{
    SELFTEST_NEEDS_FILE("buffers.sys");
    struct test_mark mark = test_mark();
    struct test_service service;
    HANDLE file;

    driver_register(&service, u"buffers", u"\\??\\C:\\buffers.sys");
    driver_start(&service);
    CHECK_STATUS(io_test_open(u"\\??\\buffers", &file), STATUS_SUCCESS);
    check_code(file, IOCTL_BUFFERS_ECHO, STATUS_SUCCESS, 6, "012345..........");
    check_code(file, IOCTL_BUFFERS_WARNING, STATUS_BUFFER_OVERFLOW, 6, "012345..........");
    check_code(file, IOCTL_BUFFERS_ERROR, STATUS_UNSUCCESSFUL, 0x66666666, "................");
    check_code(file, IOCTL_BUFFERS_PENDING, STATUS_SUCCESS, 6, "012345..........");
    check_code(file, BUFFERS_CODE(5), STATUS_INVALID_DEVICE_REQUEST, 0x66666666,
               "................");
    check_code(file, IOCTL_BUFFERS_TOO_MUCH, STATUS_SUCCESS, 6, "012345..........");
    check_transfers(file);
    NtClose(file);
    driver_stop(&service);
    CHECK_NO_LEAK(mark);
}

/* ---- nounload.sys ---- */

static VOID NTAPI delete_nounload(PDRIVER_OBJECT driver)
{
    UNICODE_STRING link = UNICODE_STRING_INIT(u"\\??\\nounload");

    CHECK_STATUS(IoDeleteSymbolicLink(&link), STATUS_SUCCESS);
    IoDeleteDevice(driver->DeviceObject);
}

SELFTEST(driver_without_unload_routine_stays_loaded)
{
    SELFTEST_NEEDS_FILE("nounload.sys");
    struct test_mark mark = test_mark();
    struct test_service service;
    PDRIVER_OBJECT driver;
    HANDLE file;

    driver_register(&service, u"nounload", u"\\??\\C:\\nounload.sys");
    driver = driver_start(&service);
    for (ULONG i = 0; i < 2; i++) {
        CHECK_STATUS(driver_unload(&service), STATUS_INVALID_DEVICE_REQUEST);
        CHECK_EQUAL(driver_object(u"\\Driver\\nounload"), driver);
        CHECK_STATUS(io_test_open(u"\\??\\nounload", &file), STATUS_SUCCESS);
        NtClose(file);
    }
    CHECK_STATUS(driver_load(&service), STATUS_IMAGE_ALREADY_LOADED);
    driver->DriverUnload = delete_nounload; /* what it lacks, so that nothing stays */
    driver_stop(&service);
    CHECK_NO_LEAK(mark);
}

/* ---- leaves.sys ---- */

/* The link outlives its driver, leads nowhere, and is in the way of the next load. */
SELFTEST(driver_that_leaves_its_link_is_in_its_own_way)
{
    UNICODE_STRING link = UNICODE_STRING_INIT(u"\\??\\leaves");
    SELFTEST_NEEDS_FILE("leaves.sys");
    struct test_mark mark = test_mark();
    struct test_service service;
    HANDLE file;

    driver_register(&service, u"leaves", u"\\??\\C:\\leaves.sys");
    driver_start(&service);
    CHECK_STATUS(driver_unload(&service), STATUS_SUCCESS);
    CHECK_STATUS(io_test_open(u"\\??\\leaves", &file), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(driver_load(&service), STATUS_OBJECT_NAME_COLLISION);
    CHECK_STATUS(IoDeleteSymbolicLink(&link), STATUS_SUCCESS);
    driver_unregister(&service);
    CHECK_NO_LEAK(mark);
}

/* ---- filter.sys above VirtToPhys.sys ---- */

/* Who was called, as a text: the driver's letter, lower case on the way up. */
static char order[64];

static void note(char who)
{
    size_t length = strlen(order);

    if (length + 1 < sizeof order)
        order[length] = who;
}

static PDRIVER_DISPATCH lower_dispatch[IRP_MJ_MAXIMUM_FUNCTION + 1];
static PDRIVER_OBJECT filter_driver;

static BOOLEAN is_in_filter(const void *address)
{
    return (ULONG)address - (ULONG)filter_driver->DriverStart < filter_driver->DriverSize;
}

/*
 * Stands before VirtToPhys's routines: at this moment the filter has passed the request on, has a
 * location above, and waits for the way up.
 */
static NTSTATUS NTAPI before_lower(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
    UCHAR major = location->MajorFunction;

    note('V');
    CHECK_EQUAL(irp->CurrentLocation, 1);
    CHECK_EQUAL(location->DeviceObject, device);
    CHECK_EQUAL(location[1].DeviceObject, filter_driver->DeviceObject);
    CHECK_EQUAL(location[1].MajorFunction, major);
    CHECK(is_in_filter(location->CompletionRoutine));
    NTSTATUS status = lower_dispatch[major](device, irp);

    note('v');
    return status;
}

static PDRIVER_DISPATCH filter_dispatch;

static NTSTATUS NTAPI before_filter(PDEVICE_OBJECT device, PIRP irp)
{
    note('F');
    CHECK_EQUAL(irp->CurrentLocation, 2);
    CHECK_EQUAL(irp->StackCount, 2);
    NTSTATUS status = filter_dispatch(device, irp);

    note('f');
    return status;
}

/* Puts the watchers into both drivers' tables. */
static void watch(PDRIVER_OBJECT lower, PDRIVER_OBJECT filter)
{
    memset(order, 0, sizeof order);
    filter_driver = filter;
    filter_dispatch = filter->MajorFunction[IRP_MJ_CREATE];
    for (ULONG i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++) {
        lower_dispatch[i] = lower->MajorFunction[i];
        lower->MajorFunction[i] = before_lower;
        filter->MajorFunction[i] = before_filter;
    }
}

static void unwatch(PDRIVER_OBJECT lower, PDRIVER_OBJECT filter)
{
    for (ULONG i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++) {
        lower->MajorFunction[i] = lower_dispatch[i];
        filter->MajorFunction[i] = filter_dispatch;
    }
}

static void use_through_filter(void)
{
    ULONG addresses[4] = {0x80100000, 0, 0x80100000, 0xC0300000}, answers[4] = {0};
    IO_STATUS_BLOCK iosb;
    HANDLE file;

    CHECK_STATUS(io_test_open(u"\\??\\slVirtToPhys", &file), STATUS_SUCCESS);
    CHECK_TEXT(order, "FVvf");
    CHECK_STATUS(NtDeviceIoControlFile(file, NULL, NULL, NULL, &iosb, 0x0022E000, addresses, 16,
                                       answers, 16),
                 STATUS_SUCCESS);
    CHECK_EQUAL(answers[0], 0x00100000);
    CHECK_TEXT(order, "FVvfFVvf");
    NtClose(file);
    CHECK_TEXT(order, "FVvfFVvfFVvfFVvf"); /* CLEANUP and CLOSE */
}

SELFTEST(driver_filter_sees_requests_first)
{
    SELFTEST_NEEDS_FILE("filter.sys");
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    struct test_mark mark = test_mark();
    struct test_service lower_service, filter_service;
    PDRIVER_OBJECT lower, filter;

    driver_register(&lower_service, u"VirtToPhys", VIRTTOPHYS_SYS);
    lower = driver_start(&lower_service);
    driver_register(&filter_service, u"filter", u"\\??\\C:\\filter.sys");
    filter = driver_start(&filter_service);
    CHECK_EQUAL(lower->DeviceObject->AttachedDevice, filter->DeviceObject);
    CHECK_EQUAL(filter->DeviceObject->StackSize, 2);
    CHECK_EQUAL(lower->DeviceObject->ReferenceCount, 0); /* the file it attached by is closed */
    watch(lower, filter);
    use_through_filter();
    unwatch(lower, filter);
    driver_stop(&filter_service);
    CHECK_EQUAL(lower->DeviceObject->AttachedDevice, NULL);
    driver_stop(&lower_service);
    CHECK_NO_LEAK(mark);
}

/* Without the device that it looks for, the filter is not loaded. */
SELFTEST(driver_filter_needs_its_target)
{
    SELFTEST_NEEDS_FILE("filter.sys");
    struct test_mark mark = test_mark();
    struct test_service service;

    driver_register(&service, u"filter", u"\\??\\C:\\filter.sys");
    CHECK_STATUS(driver_load(&service), STATUS_OBJECT_NAME_NOT_FOUND);
    driver_unregister(&service);
    CHECK_NO_LEAK(mark);
}

/* Device stacks: who is above sees requests first. */
#include "tests/kernel/io_support.h"

SELFTEST(io_attached_device_sees_requests_first)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT a = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    PDEVICE_OBJECT b = io_test_attach(u"ioTestUpper", 'B', a);
    IO_STATUS_BLOCK iosb;
    HANDLE handle;

    io_test.completion_control = SL_INVOKE_ON_SUCCESS;
    handle = io_test_handle();
    CHECK_TEXT(io_test.trace, "Bc Ac B^");
    CHECK_EQUAL(io_test_file(handle)->DeviceObject, a);
    CHECK_EQUAL(a->ReferenceCount, 1);
    CHECK_EQUAL(b->ReferenceCount, 0);
    io_test.trace[0] = 0;
    CHECK_STATUS(io_test_control(handle, &iosb, NULL, 0, NULL, 0), STATUS_SUCCESS);
    CHECK_TEXT(io_test.trace, "Bi Ai B^");
    io_test.trace[0] = 0;
    NtClose(handle);
    CHECK_TEXT(io_test.trace, "Bu Au B^ Bx Ax B^");
    io_test_detach(u"ioTestUpper", b);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

SELFTEST(io_stacks_grow_at_the_top)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT a = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    PDEVICE_OBJECT b = io_test_attach(u"ioTestUpper", 'B', a);
    PDEVICE_OBJECT c = io_test_attach(u"ioTestTwo", 'C', a); /* lands above B */

    CHECK_EQUAL(io_test_device(b)->lower, a);
    CHECK_EQUAL(io_test_device(c)->lower, b);
    CHECK_EQUAL(a->AttachedDevice, b);
    CHECK_EQUAL(b->AttachedDevice, c);
    CHECK_EQUAL(c->AttachedDevice, NULL);
    CHECK_EQUAL(a->StackSize, 1);
    CHECK_EQUAL(b->StackSize, 2);
    CHECK_EQUAL(c->StackSize, 3);
    CHECK_EQUAL(IoGetAttachedDevice(a), c);
    CHECK_EQUAL(IoGetAttachedDevice(c), c);
    io_test_detach(u"ioTestTwo", c);
    CHECK_EQUAL(IoGetAttachedDevice(a), b);
    io_test_detach(u"ioTestUpper", b);
    CHECK_EQUAL(IoGetAttachedDevice(a), a);
    CHECK_EQUAL(a->AttachedDevice, NULL);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* The way of a request is found when it is sent, not when the file is opened. */
SELFTEST(io_open_files_follow_the_stack)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT a = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    HANDLE handle = io_test_handle();
    PDEVICE_OBJECT b = io_test_attach(u"ioTestUpper", 'B', a);
    IO_STATUS_BLOCK iosb;

    CHECK_STATUS(io_test_control(handle, &iosb, NULL, 0, NULL, 0), STATUS_SUCCESS);
    io_test_detach(u"ioTestUpper", b);
    CHECK_STATUS(io_test_control(handle, &iosb, NULL, 0, NULL, 0), STATUS_SUCCESS);
    CHECK_TEXT(io_test.trace, "Ac Bi Ai BU Ai");
    NtClose(handle);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

SELFTEST(io_deleting_the_upper_device_detaches_it)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT a = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);

    io_test_attach(u"ioTestUpper", 'B', a);
    CHECK_STATUS(io_test_unload(u"ioTestUpper"), STATUS_SUCCESS);
    CHECK_EQUAL(a->AttachedDevice, NULL);
    NtClose(io_test_handle());
    CHECK_TEXT(io_test.trace, "BU Ac Au Ax");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* The lower device lives as long as the upper one may call it. */
SELFTEST(io_deleted_lower_device_waits_for_detaching)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT a = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    PDEVICE_OBJECT b = io_test_attach(u"ioTestUpper", 'B', a);
    ULONG devices = io_device_type->TotalNumberOfObjects;
    HANDLE handle = io_test_handle();
    IO_STATUS_BLOCK iosb;

    IoDeleteDevice(a);
    CHECK_STATUS(io_test_control(handle, &iosb, NULL, 0, NULL, 0), STATUS_SUCCESS);
    NtClose(handle);
    CHECK_TEXT(io_test.trace, "Bc Ac Bi Ai Bu Au Bx Ax");
    CHECK_EQUAL(io_device_type->TotalNumberOfObjects, devices);
    CHECK_EQUAL(b->DeviceObjectExtension->AttachedTo, a);
    IoDetachDevice(a);
    CHECK_EQUAL(io_device_type->TotalNumberOfObjects, devices - 1);
    CHECK_EQUAL(b->DeviceObjectExtension->AttachedTo, NULL);
    CHECK_STATUS(io_test_unload(u"ioTestUpper"), STATUS_SUCCESS);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

SELFTEST(io_closed_devices_cannot_be_attached_to)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT a = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    PDEVICE_OBJECT b = io_test_load(u"ioTestUpper", 'B', NULL);
    HANDLE handle;

    a->Flags |= DO_DEVICE_INITIALIZING;
    CHECK_EQUAL(IoAttachDeviceToDeviceStack(b, a), NULL);
    a->Flags &= ~DO_DEVICE_INITIALIZING;
    handle = io_test_handle();
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS); /* pending */
    CHECK_EQUAL(IoAttachDeviceToDeviceStack(b, a), NULL);
    IoDeleteDevice(a);
    CHECK_EQUAL(IoAttachDeviceToDeviceStack(b, a), NULL);
    CHECK_EQUAL(a->AttachedDevice, NULL);
    CHECK_EQUAL(b->StackSize, 1);
    NtClose(handle);
    CHECK_STATUS(io_test_unload(u"ioTestUpper"), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* WDK: the file has no handle any more, so CLEANUP has come, and CLOSE comes with its pointer. */
SELFTEST(io_device_pointers_are_opened_by_name)
{
    struct test_mark mark = io_test_begin();
    UNICODE_STRING name = UNICODE_STRING_INIT(TEST_DEVICE), no_name = UNICODE_STRING_INIT(u"\\no");
    PDEVICE_OBJECT a = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE), device = NULL;
    PDEVICE_OBJECT b = io_test_attach(u"ioTestUpper", 'B', a);
    PFILE_OBJECT file = NULL;

    CHECK_STATUS(IoGetDeviceObjectPointer(&name, FILE_READ_DATA, &file, &device), STATUS_SUCCESS);
    CHECK_EQUAL(device, b);
    CHECK_EQUAL(file->DeviceObject, a);
    CHECK_COUNTS(file, 0, 1);
    CHECK_TEXT(io_test.trace, "Bc Ac Bu Au");
    ObDereferenceObject(file);
    CHECK_TEXT(io_test.trace, "Bc Ac Bu Au Bx Ax");
    CHECK_STATUS(IoGetDeviceObjectPointer(&no_name, 0, &file, &device),
                 STATUS_OBJECT_NAME_NOT_FOUND);
    io_test_detach(u"ioTestUpper", b);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

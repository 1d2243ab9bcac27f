/* Opening: one CREATE an open, and nothing left of an open that fails. */
#include "cm/cm.h"
#include "tests/kernel/io_support.h"

SELFTEST(io_one_open_is_one_create)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT device = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    HANDLE first = io_test_handle(), second = io_test_handle();

    CHECK_TEXT(io_test.trace, "Ac Ac");
    CHECK(io_test_file(first) != io_test_file(second));
    CHECK_EQUAL(io_test.seen[IRP_MJ_CREATE].FileObject, io_test_file(second));
    CHECK_COUNTS(io_test_file(first), 1, 1);
    CHECK_EQUAL(io_test_file(first)->DeviceObject, device);
    CHECK_EQUAL(io_test_file(first)->FileName.Length, 0);
    CHECK_EQUAL(device->ReferenceCount, 2);
    NtClose(first);
    CHECK_EQUAL(device->ReferenceCount, 1);
    NtClose(second);
    CHECK_EQUAL(device->ReferenceCount, 0);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

static NTSTATUS NTAPI look_at_create(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
    PFILE_OBJECT file = location->FileObject;
    PIO_SECURITY_CONTEXT security = location->Parameters.Create.SecurityContext;

    CHECK_EQUAL(file->DeviceObject, device);
    CHECK_EQUAL(location->Parameters.Create.Options,
                FILE_CREATE << 24 | FILE_SYNCHRONOUS_IO_NONALERT);
    CHECK_EQUAL(location->Parameters.Create.FileAttributes, 0x80);
    CHECK_EQUAL(location->Parameters.Create.ShareAccess, FILE_SHARE_READ | FILE_SHARE_DELETE);
    CHECK_EQUAL(security->DesiredAccess, FILE_GENERIC_READ | DELETE);
    CHECK_EQUAL(irp->RequestorMode, KernelMode);
    CHECK_EQUAL(irp->StackCount, device->StackSize);
    CHECK_EQUAL(irp->Tail.Overlay.OriginalFileObject, file);
    CHECK(!irp->AssociatedIrp.SystemBuffer && !irp->UserBuffer && !irp->MdlAddress);
    return io_test_complete(irp, STATUS_SUCCESS, 0x1234);
}

/* What the opener says reaches the driver and its file object, and the driver's word the opener. */
SELFTEST(io_create_carries_the_openers_words)
{
    struct test_mark mark = io_test_begin();
    IO_STATUS_BLOCK iosb = {{STATUS_PENDING}, 0};
    struct test_name name;
    HANDLE handle;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    io_test.hook[IRP_MJ_CREATE] = look_at_create;
    CHECK_STATUS(NtCreateFile(&handle, GENERIC_READ | DELETE,
                              test_name(&name, NULL, TEST_DEVICE, 0), &iosb, NULL, 0x80,
                              FILE_SHARE_READ | FILE_SHARE_DELETE, FILE_CREATE,
                              FILE_SYNCHRONOUS_IO_NONALERT, NULL, 0),
                 STATUS_SUCCESS);
    CHECK_STATUS(iosb.Status, STATUS_SUCCESS);
    CHECK_EQUAL(iosb.Information, 0x1234);
    PFILE_OBJECT file = io_test_file(handle);

    CHECK(file->ReadAccess && !file->WriteAccess && file->DeleteAccess);
    CHECK(file->SharedRead && !file->SharedWrite && file->SharedDelete);
    CHECK_EQUAL(file->Flags & FO_SYNCHRONOUS_IO, FO_SYNCHRONOUS_IO);
    CHECK_EQUAL(file->Type, IO_TYPE_FILE);
    NtClose(handle);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

static void check_granted(ACCESS_MASK asked, ACCESS_MASK expected)
{
    OBJECT_HANDLE_INFORMATION granted = {0};
    struct test_name name;
    IO_STATUS_BLOCK iosb;
    HANDLE handle;
    PVOID file;

    CHECK_STATUS(NtOpenFile(&handle, asked, test_name(&name, NULL, TEST_DEVICE, 0), &iosb, 0, 0),
                 STATUS_SUCCESS);
    ObReferenceObjectByHandle(handle, 0, io_file_type, KernelMode, &file, &granted);
    CHECK_EQUAL(granted.GrantedAccess, expected);
    ObDereferenceObject(file);
    NtClose(handle);
}

/* Figure 4-7: GENERIC_READ | GENERIC_WRITE grants 0012019F. Attributes can always be read. */
SELFTEST(io_rights_are_mapped)
{
    struct test_mark mark = io_test_begin();

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    check_granted(GENERIC_READ | GENERIC_WRITE, 0x0012019F);
    check_granted(GENERIC_ALL, FILE_ALL_ACCESS);
    check_granted(0, FILE_READ_ATTRIBUTES);
    check_granted(FILE_READ_DATA | SYNCHRONIZE,
                  FILE_READ_DATA | SYNCHRONIZE | FILE_READ_ATTRIBUTES);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

SELFTEST(io_failed_create_leaves_nothing)
{
    static const NTSTATUS refusals[] = {STATUS_ACCESS_DENIED, STATUS_BUFFER_OVERFLOW,
                                        STATUS_INVALID_DEVICE_REQUEST, STATUS_NO_MORE_ENTRIES};
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT device = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    struct test_mark loaded = test_mark();

    for (ULONG i = 0; i < ARRAY_SIZE(refusals); i++) {
        HANDLE handle = (HANDLE)0x5555;

        io_test.trace[0] = 0;
        io_test.status[IRP_MJ_CREATE] = refusals[i];
        CHECK_STATUS(io_test_open(TEST_DEVICE u"\\name", &handle), refusals[i]);
        CHECK_EQUAL(handle, NULL);
        CHECK_TEXT(io_test.trace, "Ac");
        CHECK_EQUAL(device->ReferenceCount, 0);
        CHECK_NO_LEAK(loaded);
    }
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

static void check_name(PCWSTR path, PCWSTR expected)
{
    HANDLE handle;
    UNICODE_STRING name;

    RtlInitUnicodeString(&name, expected);
    CHECK_STATUS(io_test_open(path, &handle), STATUS_SUCCESS);
    CHECK(RtlEqualUnicodeString(&io_test.seen_name, &name, FALSE));
    CHECK(RtlEqualUnicodeString(&io_test_file(handle)->FileName, &name, FALSE));
    NtClose(handle);
}

/* The name behind the device is the driver's business; its case is kept. */
SELFTEST(io_names_behind_the_device_reach_the_driver)
{
    struct test_mark mark = io_test_begin();
    HANDLE link;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    CHECK_STATUS(test_create_link(u"\\??\\ioTestLink", TEST_DEVICE, 0, &link), STATUS_SUCCESS);
    check_name(TEST_DEVICE, u"");
    check_name(TEST_DEVICE u"\\sub\\file", u"\\sub\\file");
    check_name(u"\\DEVICE\\IOTEST\\Sub", u"\\Sub");
    check_name(u"\\??\\ioTestLink", u"");
    check_name(u"\\DosDevices\\IOTESTLINK\\a b\\C.d", u"\\a b\\C.d");
    check_name(TEST_DEVICE u"\\", u"\\");
    NtClose(link);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

static PDEVICE_OBJECT add_exclusive(PDRIVER_OBJECT driver)
{
    UNICODE_STRING name = UNICODE_STRING_INIT(u"\\Device\\ioTestAlone");
    PDEVICE_OBJECT device = NULL;

    CHECK_STATUS(IoCreateDevice(driver, sizeof(struct test_device), &name, FILE_DEVICE_UNKNOWN, 0,
                                TRUE, &device),
                 STATUS_SUCCESS);
    io_test_device(device)->letter = 'E';
    return device;
}

SELFTEST(io_exclusive_devices_open_once)
{
    struct test_mark mark = io_test_begin();
    PDRIVER_OBJECT driver = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE)->DriverObject;
    PDEVICE_OBJECT device = add_exclusive(driver);
    HANDLE handle, another;

    CHECK_STATUS(io_test_open(u"\\Device\\ioTestAlone", &handle), STATUS_NO_SUCH_DEVICE);
    device->Flags &= ~DO_DEVICE_INITIALIZING;
    CHECK_STATUS(io_test_open(u"\\Device\\ioTestAlone", &handle), STATUS_SUCCESS);
    CHECK_STATUS(io_test_open(u"\\Device\\ioTestAlone", &another), STATUS_ACCESS_DENIED);
    CHECK_STATUS(io_test_open(u"\\Device\\ioTestAlone\\x", &another), STATUS_ACCESS_DENIED);
    CHECK_TEXT(io_test.trace, "Ec");
    CHECK_EQUAL(device->ReferenceCount, 1);
    NtClose(handle);
    io_test.status[IRP_MJ_CREATE] = STATUS_UNSUCCESSFUL;
    CHECK_STATUS(io_test_open(u"\\Device\\ioTestAlone", &handle), STATUS_UNSUCCESSFUL);
    io_test.status[IRP_MJ_CREATE] = STATUS_SUCCESS;
    CHECK_STATUS(io_test_open(u"\\Device\\ioTestAlone", &handle), STATUS_SUCCESS);
    NtClose(handle);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* A handle to the device object itself keeps the name of a device that is being deleted. */
SELFTEST(io_devices_that_come_or_go_refuse_opens)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT device = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    HANDLE handle, file, name_keeper;

    device->Flags |= DO_DEVICE_INITIALIZING;
    CHECK_STATUS(io_test_open(TEST_DEVICE, &handle), STATUS_NO_SUCH_DEVICE);
    device->Flags &= ~DO_DEVICE_INITIALIZING;
    file = io_test_handle();
    CHECK_STATUS(
        ObOpenObjectByPointer(device, 0, NULL, 0, io_device_type, KernelMode, &name_keeper),
        STATUS_SUCCESS);
    IoDeleteDevice(device);
    CHECK_STATUS(io_test_open(TEST_DEVICE, &handle), STATUS_NO_SUCH_DEVICE);
    CHECK_TEXT(io_test.trace, "Ac");
    NtClose(name_keeper);
    CHECK_STATUS(io_test_open(TEST_DEVICE, &handle), STATUS_OBJECT_NAME_NOT_FOUND);
    NtClose(file);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

SELFTEST(io_only_devices_are_opened_as_files)
{
    struct test_mark mark = io_test_begin();
    HANDLE handle;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    CHECK_STATUS(io_test_open(u"\\Device", &handle), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_STATUS(io_test_open(u"\\Driver\\ioTest", &handle), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_STATUS(io_test_open(u"\\Registry\\Machine", &handle), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_STATUS(io_test_open(u"\\Device\\nothing", &handle), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(io_test_open(u"\\nothing\\x", &handle), STATUS_OBJECT_PATH_NOT_FOUND);
    CHECK_STATUS(io_test_open(u"Device\\ioTest", &handle), STATUS_OBJECT_PATH_SYNTAX_BAD);
    CHECK_TEXT(io_test.trace, "");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* The lookup of another service must not pass for an open: its context is not the I/O manager's. */
SELFTEST(io_devices_are_no_keys_or_directories)
{
    struct test_mark mark = io_test_begin();
    struct test_name name;
    ULONG disposition;
    HANDLE handle;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    CHECK_STATUS(NtCreateKey(&handle, KEY_ALL_ACCESS,
                             test_name(&name, NULL, TEST_DEVICE u"\\sub", 0), 0, NULL, 0,
                             &disposition),
                 STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_STATUS(NtCreateKey(&handle, KEY_ALL_ACCESS, test_name(&name, NULL, TEST_DEVICE, 0), 0,
                             NULL, 0, &disposition),
                 STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_STATUS(test_try_directory(TEST_DEVICE), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_STATUS(test_try_directory(TEST_DEVICE u"\\sub"), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_TEXT(io_test.trace, "");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

SELFTEST(io_create_refuses_bad_parameters)
{
    struct test_mark mark = io_test_begin();
    POBJECT_ATTRIBUTES attributes;
    struct test_name name;
    IO_STATUS_BLOCK iosb;
    HANDLE handle;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    attributes = test_name(&name, NULL, TEST_DEVICE, 0);
    CHECK_STATUS(
        NtCreateFile(&handle, 0, attributes, &iosb, NULL, 0, 0, FILE_OVERWRITE_IF + 1, 0, NULL, 0),
        STATUS_INVALID_PARAMETER);
    CHECK_STATUS(NtCreateFile(&handle, 0, attributes, &iosb, NULL, 0, 8, FILE_OPEN, 0, NULL, 0),
                 STATUS_INVALID_PARAMETER);
    CHECK_STATUS(NtCreateFile(&handle, 0, attributes, &iosb, NULL, 0, 0, FILE_OPEN, 0, &name, 4),
                 STATUS_INVALID_PARAMETER);
    attributes->Length--;
    CHECK_STATUS(NtOpenFile(&handle, 0, attributes, &iosb, 0, 0), STATUS_INVALID_PARAMETER);
    CHECK_TEXT(io_test.trace, "");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* CLEANUP comes when the last handle goes, CLOSE when the last pointer goes, in this order. */
#include "tests/kernel/io_support.h"
#include "ps/process.h"

/* What must hold at CLEANUP: no handle is left, the file object lives. */
static NTSTATUS NTAPI look_at_cleanup(PDEVICE_OBJECT device, PIRP irp)
{
    PFILE_OBJECT file = IoGetCurrentIrpStackLocation(irp)->FileObject;

    CHECK_EQUAL(file->DeviceObject, device);
    CHECK_EQUAL(ob_header(file)->HandleCount, 0);
    CHECK(ob_header(file)->PointerCount >= 1);
    CHECK(!irp->AssociatedIrp.SystemBuffer && !irp->UserBuffer && !irp->MdlAddress);
    return io_test_complete(irp, STATUS_SUCCESS, 0);
}

static NTSTATUS NTAPI look_at_close(PDEVICE_OBJECT device, PIRP irp)
{
    PFILE_OBJECT file = IoGetCurrentIrpStackLocation(irp)->FileObject;

    CHECK_EQUAL(file->DeviceObject, device);
    CHECK_EQUAL(ob_header(file)->HandleCount, 0);
    CHECK_EQUAL(file->Flags & FO_CLEANUP_COMPLETE, FO_CLEANUP_COMPLETE);
    CHECK_EQUAL(device->ReferenceCount, 1);
    CHECK(!irp->AssociatedIrp.SystemBuffer && !irp->UserBuffer && !irp->MdlAddress);
    return io_test_complete(irp, STATUS_SUCCESS, 0);
}

SELFTEST(io_cleanup_comes_before_close)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT device = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    HANDLE handle = io_test_handle();
    PFILE_OBJECT file = io_test_file(handle);

    io_test.hook[IRP_MJ_CLEANUP] = look_at_cleanup;
    io_test.hook[IRP_MJ_CLOSE] = look_at_close;
    CHECK_STATUS(NtClose(handle), STATUS_SUCCESS);
    CHECK_TEXT(io_test.trace, "Ac Au Ax");
    CHECK_EQUAL(io_test.seen[IRP_MJ_CLEANUP].FileObject, file);
    CHECK_EQUAL(io_test.seen[IRP_MJ_CLOSE].FileObject, file);
    CHECK_EQUAL(device->ReferenceCount, 0);
    CHECK_STATUS(NtClose(handle), STATUS_INVALID_HANDLE);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

SELFTEST(io_duplicates_share_one_open)
{
    struct test_mark mark = io_test_begin();
    IO_STATUS_BLOCK iosb;
    HANDLE handle, another;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    handle = io_test_handle();
    CHECK_STATUS(NtDuplicateObject(NtCurrentProcess(), handle, NtCurrentProcess(), &another, 0, 0,
                                   DUPLICATE_SAME_ACCESS),
                 STATUS_SUCCESS);
    CHECK_EQUAL(io_test_file(handle), io_test_file(another));
    CHECK_COUNTS(io_test_file(handle), 2, 2);
    NtClose(handle);
    CHECK_TEXT(io_test.trace, "Ac");
    CHECK_STATUS(io_test_control(another, &iosb, NULL, 0, NULL, 0), STATUS_SUCCESS);
    CHECK_TEXT(io_test.trace, "Ac Ai");
    NtClose(another);
    CHECK_TEXT(io_test.trace, "Ac Ai Au Ax");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

SELFTEST(io_close_waits_for_the_last_pointer)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT device = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    HANDLE handle = io_test_handle();
    PFILE_OBJECT file = io_test_file(handle);

    ObfReferenceObject(file);
    NtClose(handle);
    CHECK_TEXT(io_test.trace, "Ac Au");
    CHECK_COUNTS(file, 0, 1);
    CHECK_EQUAL(device->ReferenceCount, 1);
    ObDereferenceObject(file);
    CHECK_TEXT(io_test.trace, "Ac Au Ax");
    CHECK_EQUAL(device->ReferenceCount, 0);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/*
 * The English text's claim that a failing CLEANUP keeps the handle open is wrong (nt-facts 3.10).
 */
SELFTEST(io_status_of_cleanup_is_ignored)
{
    struct test_mark mark = io_test_begin();
    HANDLE handle;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    handle = io_test_handle();
    io_test.status[IRP_MJ_CLEANUP] = STATUS_UNSUCCESSFUL;
    io_test.status[IRP_MJ_CLOSE] = STATUS_ACCESS_DENIED;
    CHECK_STATUS(NtClose(handle), STATUS_SUCCESS);
    CHECK_TEXT(io_test.trace, "Ac Au Ax");
    CHECK_STATUS(NtClose(handle), STATUS_INVALID_HANDLE);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* An open whose handle finds no slot: the driver was asked, so it hears of the end too. */
SELFTEST(io_open_without_room_for_a_handle_is_closed)
{
    struct test_mark mark = io_test_begin();
    struct ob_handle_table *last = ob_current_handles(), *table = ob_handle_table_create();
    HANDLE handle, another;
    ULONG handles = 1;

    ob_set_current_handles(table);
    PDEVICE_OBJECT device = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);

    handle = io_test_handle();
    while (NT_SUCCESS(NtDuplicateObject(NtCurrentProcess(), handle, NtCurrentProcess(), &another, 0,
                                        0, DUPLICATE_SAME_ACCESS)))
        handles++;
    CHECK_EQUAL(handles, OB_HANDLE_SLOTS - 1);
    CHECK_STATUS(io_test_open(TEST_DEVICE, &another), STATUS_INSUFFICIENT_RESOURCES);
    CHECK_EQUAL(another, NULL);
    CHECK_TEXT(io_test.trace, "Ac Ac Au Ax");
    CHECK_EQUAL(device->ReferenceCount, 1);
    ob_set_current_handles(last);
    ob_handle_table_destroy(table);
    CHECK_TEXT(io_test.trace, "Ac Ac Au Ax Au Ax");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* A file that loses its last handle inside its own IOCTL lives until the IOCTL is over. */
static HANDLE closed_inside;

static NTSTATUS NTAPI close_inside(PDEVICE_OBJECT device, PIRP irp)
{
    PFILE_OBJECT file = IoGetCurrentIrpStackLocation(irp)->FileObject;

    (void)device;
    CHECK_STATUS(NtClose(closed_inside), STATUS_SUCCESS);
    CHECK_TEXT(io_test.trace, "Ac Ai Au");
    CHECK_EQUAL(ob_header(file)->HandleCount, 0);
    return io_test_complete(irp, STATUS_SUCCESS, 0);
}

SELFTEST(io_close_inside_a_request_waits_for_its_end)
{
    struct test_mark mark = io_test_begin();
    IO_STATUS_BLOCK iosb;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    closed_inside = io_test_handle();
    io_test.hook[IRP_MJ_DEVICE_CONTROL] = close_inside;
    CHECK_STATUS(io_test_control(closed_inside, &iosb, NULL, 0, NULL, 0), STATUS_SUCCESS);
    CHECK_TEXT(io_test.trace, "Ac Ai Au Ax");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

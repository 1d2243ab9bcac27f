/* Requests that are pending when their dispatch routine returns. */
#include "ex/ex.h"
#include "tests/kernel/io_support.h"
#include "tests/kernel/ke_support.h"
#include "x86/hal.h"

static UCHAR output[8];
static const UCHAR untouched[8] = {9, 9, 9, 9, 9, 9, 9, 9};

static void reset_output(void)
{
    memcpy(output, untouched, sizeof output);
}

static NTSTATUS control(HANDLE file, PIO_STATUS_BLOCK iosb)
{
    reset_output();
    *iosb = (IO_STATUS_BLOCK){{0x55555555}, 0x66666666};
    return io_test_control(file, iosb, NULL, 0, output, sizeof output);
}

static void check_untouched(const IO_STATUS_BLOCK *iosb)
{
    CHECK(memcmp(output, untouched, sizeof output) == 0);
    CHECK_STATUS(iosb->Status, 0x55555555);
    CHECK_EQUAL(iosb->Information, 0x66666666);
}

/* ---- A thread that completes what the driver keeps, once the requestor waits ---- */

static struct {
    NTSTATUS status;
    ULONG information;
    ULONG file_pointers; /* of the kept IRP's file, at that moment */
} completer;

static void complete_kept(void *argument)
{
    PFILE_OBJECT file = io_test.kept->Tail.Overlay.OriginalFileObject;

    (void)argument;
    completer.file_pointers = (ULONG)ob_header(file)->PointerCount;
    if (io_test.kept->AssociatedIrp.SystemBuffer)
        memset(io_test.kept->AssociatedIrp.SystemBuffer, 0xAB, completer.information);
    io_test_complete(io_test.kept, completer.status, completer.information);
}

static void start_completer(NTSTATUS status, ULONG information)
{
    ke_test_begin();
    completer.status = status;
    completer.information = information;
    ke_test_start(0, 8, complete_kept, NULL);
}

static NTSTATUS NTAPI complete_before_returning(PDEVICE_OBJECT device, PIRP irp)
{
    (void)device;
    memset(irp->AssociatedIrp.SystemBuffer, 0xAB, sizeof output);
    io_test_mark_pending(irp);
    io_test_complete(irp, io_test.status[IRP_MJ_DEVICE_CONTROL], 3);
    return STATUS_PENDING;
}

SELFTEST(io_pending_that_is_over_already)
{
    struct test_mark mark = io_test_begin();
    IO_STATUS_BLOCK iosb;
    HANDLE file;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    file = io_test_handle();
    io_test.hook[IRP_MJ_DEVICE_CONTROL] = complete_before_returning;
    CHECK_STATUS(control(file, &iosb), STATUS_SUCCESS);
    CHECK_EQUAL(iosb.Information, 3);
    CHECK(output[2] == 0xAB && output[3] == 9);
    io_test.status[IRP_MJ_DEVICE_CONTROL] = STATUS_BUFFER_OVERFLOW;
    CHECK_STATUS(control(file, &iosb), STATUS_BUFFER_OVERFLOW);
    CHECK_STATUS(iosb.Status, STATUS_BUFFER_OVERFLOW);
    CHECK(output[2] == 0xAB && output[3] == 9);
    io_test.status[IRP_MJ_DEVICE_CONTROL] = STATUS_UNSUCCESSFUL;
    CHECK_STATUS(control(file, &iosb), STATUS_UNSUCCESSFUL);
    check_untouched(&iosb);
    NtClose(file);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* A synchronous file: the service waits, and the waiting thread gets its results. */
SELFTEST(io_pending_is_waited_for)
{
    static const NTSTATUS statuses[] = {STATUS_SUCCESS, STATUS_BUFFER_OVERFLOW,
                                        STATUS_UNSUCCESSFUL};
    struct test_mark mark = io_test_begin();
    IO_STATUS_BLOCK iosb;
    HANDLE file;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    file = io_test_handle();
    io_test.hook[IRP_MJ_DEVICE_CONTROL] = io_test_keep;
    for (ULONG i = 0; i < ARRAY_SIZE(statuses); i++) {
        start_completer(statuses[i], 3);
        CHECK_STATUS(control(file, &iosb), statuses[i]);
        CHECK_EQUAL(completer.file_pointers, 2); /* the handle's, the service's */
        CHECK_STATUS(io_test_file(file)->FinalStatus, statuses[i]);
        if (NT_ERROR(statuses[i]))
            check_untouched(&iosb);
        else
            CHECK(iosb.Information == 3 && output[2] == 0xAB && output[3] == 9);
        ke_test_join(1);
    }
    CHECK_COUNTS(io_test_file(file), 1, 1);
    NtClose(file);
    CHECK_TEXT(io_test.trace, "Ac Ai Ai Ai Au Ax");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* ---- A synchronous file serves one request after the other ---- */

static HANDLE shared;
static NTSTATUS second_status;

static void request_too(void *argument)
{
    IO_STATUS_BLOCK iosb;

    (void)argument;
    ke_test_say('b');
    second_status = io_test_control(shared, &iosb, NULL, 0, NULL, 0);
    ke_test_say('d');
}

static void let_first_go(void *argument)
{
    (void)argument;
    CHECK_TEXT(io_test.trace, "Ac Ai"); /* the second has not reached the driver */
    ke_test_say('c');
    io_test.hook[IRP_MJ_DEVICE_CONTROL] = NULL;
    io_test_complete(io_test.kept, STATUS_SUCCESS, 0);
}

SELFTEST(io_synchronous_files_take_one_request_at_a_time)
{
    struct test_mark mark = io_test_begin();
    IO_STATUS_BLOCK iosb;

    ke_test_begin();
    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    shared = io_test_handle();
    io_test.hook[IRP_MJ_DEVICE_CONTROL] = io_test_keep;
    second_status = STATUS_PENDING;
    ke_test_start(0, 8, request_too, NULL);
    ke_test_start(1, 8, let_first_go, NULL);
    CHECK_STATUS(control(shared, &iosb), STATUS_SUCCESS);
    ke_test_join(2);
    CHECK_STATUS(second_status, STATUS_SUCCESS);
    CHECK_TEXT(ke_test_order, "bcd");
    CHECK_TEXT(io_test.trace, "Ac Ai Ai");
    NtClose(shared);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* ---- Asynchronous files ---- */

static HANDLE open_asynchronous(void)
{
    IO_STATUS_BLOCK iosb;
    struct test_name name;
    HANDLE file = NULL;

    CHECK_STATUS(NtOpenFile(&file, GENERIC_READ | GENERIC_WRITE,
                            test_name(&name, NULL, TEST_DEVICE, OBJ_CASE_INSENSITIVE), &iosb, 0, 0),
                 STATUS_SUCCESS);
    return file;
}

static NTSTATUS control_with_event(HANDLE file, HANDLE event, PIO_STATUS_BLOCK iosb)
{
    reset_output();
    *iosb = (IO_STATUS_BLOCK){{0x55555555}, 0x66666666};
    return NtDeviceIoControlFile(file, event, NULL, NULL, iosb, TEST_CODE, NULL, 0, output,
                                 sizeof output);
}

static void check_asynchronous(HANDLE file, HANDLE event, NTSTATUS status)
{
    IO_STATUS_BLOCK iosb;

    CHECK_STATUS(control_with_event(file, event, &iosb), STATUS_PENDING);
    check_untouched(&iosb);
    CHECK_COUNTS(io_test_file(file), 1, 2);
    CHECK_STATUS(NtWaitForSingleObject(event ? event : file, FALSE, &(LARGE_INTEGER){{0, 0}}),
                 STATUS_TIMEOUT);
    memset(io_test.kept->AssociatedIrp.SystemBuffer, 0xAB, sizeof output);
    io_test_complete(io_test.kept, status, 3);
    CHECK_STATUS(NtWaitForSingleObject(event ? event : file, FALSE, &(LARGE_INTEGER){{0, 0}}),
                 STATUS_SUCCESS);
    CHECK_STATUS(iosb.Status, status); /* an error too, once the service has returned */
    CHECK_EQUAL(iosb.Information, 3);
    CHECK_EQUAL(output[2], NT_ERROR(status) ? 9 : 0xAB);
    CHECK_EQUAL(output[3], 9);
    CHECK_COUNTS(io_test_file(file), 1, 1);
    CHECK(IsListEmpty(&ke_current_thread()->irp_list));
}

SELFTEST(io_asynchronous_requests_end_later)
{
    struct test_mark mark = io_test_begin();
    HANDLE file, event;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    CHECK_STATUS(NtCreateEvent(&event, EVENT_ALL_ACCESS, NULL, NotificationEvent, TRUE),
                 STATUS_SUCCESS);
    file = open_asynchronous();
    io_test.hook[IRP_MJ_DEVICE_CONTROL] = io_test_keep;
    check_asynchronous(file, NULL, STATUS_SUCCESS);
    check_asynchronous(file, event, STATUS_SUCCESS);
    check_asynchronous(file, event, STATUS_BUFFER_OVERFLOW);
    check_asynchronous(file, NULL, STATUS_UNSUCCESSFUL);
    NtClose(event);
    NtClose(file);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* What was over before the dispatch routine returned STATUS_PENDING is told the same way. */
SELFTEST(io_asynchronous_requests_may_be_over_at_once)
{
    struct test_mark mark = io_test_begin();
    IO_STATUS_BLOCK iosb;
    HANDLE file;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    file = open_asynchronous();
    CHECK_STATUS(control_with_event(file, NULL, &iosb), STATUS_SUCCESS);
    io_test.hook[IRP_MJ_DEVICE_CONTROL] = complete_before_returning;
    io_test.status[IRP_MJ_DEVICE_CONTROL] = STATUS_UNSUCCESSFUL;
    CHECK_STATUS(control_with_event(file, NULL, &iosb), STATUS_PENDING);
    CHECK_STATUS(iosb.Status, STATUS_UNSUCCESSFUL);
    CHECK_EQUAL(output[0], 9);
    NtClose(file);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* nt-facts 3.2: a pending IRP holds its file, so CLOSE comes after it. From a DPC's level a system
 * thread finishes it. */
SELFTEST(io_pending_request_holds_its_file)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT device = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    IO_STATUS_BLOCK iosb;
    HANDLE file = open_asynchronous();
    KIRQL irql;

    io_test.hook[IRP_MJ_DEVICE_CONTROL] = io_test_keep;
    CHECK_STATUS(control_with_event(file, NULL, &iosb), STATUS_PENDING);
    NtClose(file);
    CHECK_TEXT(io_test.trace, "Ac Ai Au");
    CHECK_EQUAL(device->ReferenceCount, 1);
    irql = KfRaiseIrql(DISPATCH_LEVEL);
    io_test_complete(io_test.kept, STATUS_SUCCESS, 0);
    KfLowerIrql(irql);
    CHECK_TEXT(io_test.trace, "Ac Ai Au");
    while (device->ReferenceCount)
        ke_yield();
    CHECK_TEXT(io_test.trace, "Ac Ai Au Ax");
    CHECK_STATUS(iosb.Status, STATUS_SUCCESS);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* ---- Cancelling ---- */

static ULONG cancels;

static VOID NTAPI on_cancel(PDEVICE_OBJECT device, PIRP irp)
{
    cancels++;
    CHECK_EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    IoReleaseCancelSpinLock(irp->CancelIrql);
    CHECK_EQUAL(device, io_test.seen[IRP_MJ_DEVICE_CONTROL].DeviceObject);
    CHECK_EQUAL(irp->Cancel, TRUE);
    CHECK_EQUAL(irp->CancelRoutine, NULL);
    io_test_complete(irp, STATUS_CANCELLED, 0);
}

static NTSTATUS NTAPI pend_cancelable(PDEVICE_OBJECT device, PIRP irp)
{
    irp->CancelRoutine = on_cancel;
    return io_test_keep(device, irp);
}

SELFTEST(io_cancel_ends_the_threads_requests)
{
    struct test_mark mark = io_test_begin();
    IO_STATUS_BLOCK first, second, other, iosb;
    HANDLE file, another;

    cancels = 0;
    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    file = open_asynchronous();
    another = open_asynchronous();
    io_test.hook[IRP_MJ_DEVICE_CONTROL] = pend_cancelable;
    CHECK_STATUS(control_with_event(file, NULL, &first), STATUS_PENDING);
    CHECK_STATUS(control_with_event(file, NULL, &second), STATUS_PENDING);
    CHECK_STATUS(control_with_event(another, NULL, &other), STATUS_PENDING);
    CHECK_STATUS(NtCancelIoFile(file, &iosb), STATUS_SUCCESS);
    CHECK_EQUAL(cancels, 2);
    CHECK_STATUS(first.Status, STATUS_CANCELLED);
    CHECK_STATUS(second.Status, STATUS_CANCELLED);
    CHECK_STATUS(other.Status, 0x55555555);
    io_rundown_thread(ke_current_thread());
    CHECK_EQUAL(cancels, 3);
    CHECK_STATUS(other.Status, STATUS_CANCELLED);
    NtClose(file);
    NtClose(another);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* What nothing can cancel stays its driver's when its thread has gone; it harms nobody. */
SELFTEST(io_rundown_leaves_what_cannot_be_cancelled)
{
    struct test_mark mark = io_test_begin();
    IO_STATUS_BLOCK iosb;
    HANDLE file;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    file = open_asynchronous();
    io_test.hook[IRP_MJ_DEVICE_CONTROL] = io_test_keep;
    CHECK_STATUS(control_with_event(file, NULL, &iosb), STATUS_PENDING);
    io_rundown_thread(ke_current_thread());
    CHECK(IsListEmpty(&ke_current_thread()->irp_list));
    CHECK_EQUAL(io_test.kept->Cancel, TRUE);
    NtClose(file);
    CHECK_TEXT(io_test.trace, "Ac Ai Au");
    io_test_complete(io_test.kept, STATUS_SUCCESS, 3);
    check_untouched(&iosb);
    CHECK_TEXT(io_test.trace, "Ac Ai Au Ax");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* ---- Other requests than IOCTLs ---- */

SELFTEST(io_pending_create_is_waited_for)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT device = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    HANDLE file;

    io_test.hook[IRP_MJ_CREATE] = io_test_keep;
    start_completer(STATUS_UNSUCCESSFUL, 0);
    CHECK_STATUS(io_test_open(TEST_DEVICE u"\\x", &file), STATUS_UNSUCCESSFUL);
    ke_test_join(1);
    CHECK_EQUAL(file, NULL);
    CHECK_EQUAL(device->ReferenceCount, 0);
    start_completer(STATUS_SUCCESS, FILE_OPENED);
    CHECK_STATUS(io_test_open(TEST_DEVICE, &file), STATUS_SUCCESS);
    ke_test_join(1);
    NtClose(file);
    CHECK_TEXT(io_test.trace, "Ac Ac Au Ax");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

SELFTEST(io_pending_cleanup_and_close_are_waited_for)
{
    static const UCHAR majors[] = {IRP_MJ_CLEANUP, IRP_MJ_CLOSE};
    struct test_mark mark = io_test_begin();
    HANDLE file;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    for (ULONG i = 0; i < ARRAY_SIZE(majors); i++) {
        file = io_test_handle();
        io_test.hook[majors[i]] = io_test_keep;
        start_completer(STATUS_SUCCESS, 0);
        CHECK_STATUS(NtClose(file), STATUS_SUCCESS);
        ke_test_join(1);
        io_test.hook[majors[i]] = NULL;
    }
    CHECK_TEXT(io_test.trace, "Ac Au Ax Ac Au Ax");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* A driver that keeps CLEANUP for ever holds up nobody for ever. */
SELFTEST(io_pending_cleanup_is_given_up)
{
    struct test_mark mark = io_test_begin();
    HANDLE file;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    file = io_test_handle();
    io_test.hook[IRP_MJ_CLEANUP] = io_test_keep;
    CHECK_STATUS(NtClose(file), STATUS_SUCCESS);
    CHECK_TEXT(io_test.trace, "Ac Au");
    io_test_complete(io_test.kept, STATUS_SUCCESS, 0);
    CHECK_TEXT(io_test.trace, "Ac Au Ax");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* A driver that keeps the IRP and does not say so: it is its IRP from then on. */
static NTSTATUS NTAPI keep_and_lie(PDEVICE_OBJECT device, PIRP irp)
{
    (void)device;
    io_test.kept = irp;
    return io_test.status[IRP_MJ_DEVICE_CONTROL];
}

SELFTEST(io_request_kept_without_a_word_harms_nobody)
{
    static const NTSTATUS statuses[] = {STATUS_SUCCESS, STATUS_UNSUCCESSFUL};
    struct test_mark mark = io_test_begin();
    IO_STATUS_BLOCK iosb;
    HANDLE file;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    file = io_test_handle();
    io_test.hook[IRP_MJ_DEVICE_CONTROL] = keep_and_lie;
    for (ULONG i = 0; i < ARRAY_SIZE(statuses); i++) {
        io_test.status[IRP_MJ_DEVICE_CONTROL] = statuses[i];
        control(file, &iosb);
        check_untouched(&iosb);
        io_test_complete(io_test.kept, STATUS_SUCCESS, sizeof output);
        check_untouched(&iosb);
    }
    NtClose(file);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* ---- A driver above that takes the IRP back ---- */

static NTSTATUS NTAPI take_back(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    (void)device, (void)context;
    io_test.kept = irp;
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS NTAPI pend_above(PDEVICE_OBJECT device, PIRP irp)
{
    if (!io_test_device(device)->lower)
        return io_test_complete(irp, STATUS_SUCCESS, 0);
    io_test_mark_pending(irp);
    io_test_copy_location(irp);
    io_test_set_completion(irp, take_back, NULL, SL_INVOKE_ON_SUCCESS);
    IofCallDriver(io_test_device(device)->lower, irp);
    return STATUS_PENDING;
}

SELFTEST(io_pending_above_a_finished_request)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT a = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    PDEVICE_OBJECT b = io_test_attach(u"ioTestUpper", 'B', a);
    HANDLE file = io_test_handle();
    IO_STATUS_BLOCK iosb;

    io_test.hook[IRP_MJ_DEVICE_CONTROL] = pend_above;
    start_completer(STATUS_SUCCESS, 3);
    CHECK_STATUS(control(file, &iosb), STATUS_SUCCESS);
    CHECK_EQUAL(iosb.Information, 3);
    ke_test_join(1);
    NtClose(file);
    io_test_detach(u"ioTestUpper", b);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

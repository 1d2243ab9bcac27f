/* Requests that are pending when their dispatch routine returns. */
#include "tests/kernel/io_support.h"

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

/* A stack's worth of writes, over what the requestor had there. */
static __attribute__((noinline)) ULONG use_stack(void)
{
    volatile UCHAR used[1024];
    ULONG changed = 0;

    for (ULONG i = 0; i < sizeof used; i++)
        used[i] = 0xC3;
    io_test_complete(io_test.kept, STATUS_SUCCESS, sizeof output);
    for (ULONG i = 0; i < sizeof used; i++)
        changed += used[i] != 0xC3;
    return changed;
}

/* Completes the kept IRP later; nobody may be harmed. */
static void complete_later(void)
{
    reset_output();
    CHECK_EQUAL(use_stack(), 0);
    CHECK(memcmp(output, untouched, sizeof output) == 0);
    io_test.kept = NULL;
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

SELFTEST(io_pending_for_ever_is_given_up)
{
    struct test_mark mark = io_test_begin();
    IO_STATUS_BLOCK iosb;
    HANDLE file;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    file = io_test_handle();
    io_test.hook[IRP_MJ_DEVICE_CONTROL] = io_test_keep;
    CHECK_STATUS(control(file, &iosb), STATUS_IO_TIMEOUT);
    check_untouched(&iosb);
    CHECK_EQUAL(io_test.kept->Cancel, TRUE);
    complete_later();
    NtClose(file);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/*
 * nt-facts 3.2: a pending IRP holds its file, so CLOSE comes after it; CLEANUP is where drivers
 * complete what a closed file left with them.
 */
static NTSTATUS NTAPI complete_kept(PDEVICE_OBJECT device, PIRP irp)
{
    io_test_note(device, 'k');
    CHECK(ob_header(io_test.seen[IRP_MJ_DEVICE_CONTROL].FileObject)->PointerCount >= 2);
    io_test_complete(io_test.kept, STATUS_CANCELLED, 0);
    return io_test_complete(irp, STATUS_SUCCESS, 0);
}

SELFTEST(io_pending_request_holds_its_file)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT device = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    IO_STATUS_BLOCK iosb;
    HANDLE file = io_test_handle();

    io_test.hook[IRP_MJ_DEVICE_CONTROL] = io_test_keep;
    CHECK_STATUS(control(file, &iosb), STATUS_IO_TIMEOUT);
    CHECK_COUNTS(io_test_file(file), 1, 2);
    NtClose(file);
    CHECK_TEXT(io_test.trace, "Ac Ai Au");
    CHECK_EQUAL(device->ReferenceCount, 1);
    complete_later();
    CHECK_TEXT(io_test.trace, "Ac Ai Au Ax");
    file = io_test_handle();
    io_test.trace[0] = 0;
    CHECK_STATUS(control(file, &iosb), STATUS_IO_TIMEOUT);
    io_test.hook[IRP_MJ_CLEANUP] = complete_kept;
    NtClose(file);
    CHECK_TEXT(io_test.trace, "Ai Au Ak Ax");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* ---- Cancelling ---- */

static ULONG cancels;

static VOID NTAPI on_cancel(PDEVICE_OBJECT device, PIRP irp)
{
    cancels++;
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

SELFTEST(io_pending_with_a_cancel_routine_is_cancelled)
{
    struct test_mark mark = io_test_begin();
    IO_STATUS_BLOCK iosb;
    HANDLE file;

    cancels = 0;
    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    file = io_test_handle();
    io_test.hook[IRP_MJ_DEVICE_CONTROL] = pend_cancelable;
    CHECK_STATUS(control(file, &iosb), STATUS_CANCELLED);
    CHECK_EQUAL(cancels, 1);
    check_untouched(&iosb);
    CHECK_COUNTS(io_test_file(file), 1, 1);
    NtClose(file);
    CHECK_TEXT(io_test.trace, "Ac Ai Au Ax");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

static VOID NTAPI ignore_cancel(PDEVICE_OBJECT device, PIRP irp)
{
    (void)device, (void)irp;
    cancels++;
}

static NTSTATUS NTAPI pend_stubbornly(PDEVICE_OBJECT device, PIRP irp)
{
    irp->CancelRoutine = ignore_cancel;
    return io_test_keep(device, irp);
}

SELFTEST(io_pending_that_ignores_cancelling_is_given_up)
{
    struct test_mark mark = io_test_begin();
    IO_STATUS_BLOCK iosb;
    HANDLE file;

    cancels = 0;
    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    file = io_test_handle();
    io_test.hook[IRP_MJ_DEVICE_CONTROL] = pend_stubbornly;
    CHECK_STATUS(control(file, &iosb), STATUS_IO_TIMEOUT);
    CHECK_EQUAL(cancels, 1);
    CHECK_EQUAL(IoCancelIrp(io_test.kept), FALSE); /* it is used up */
    CHECK_EQUAL(cancels, 1);
    complete_later();
    NtClose(file);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* ---- Other requests than IOCTLs ---- */

SELFTEST(io_pending_create_opens_nothing)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT device = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    HANDLE file;

    io_test.hook[IRP_MJ_CREATE] = io_test_keep;
    CHECK_STATUS(io_test_open(TEST_DEVICE u"\\x", &file), STATUS_IO_TIMEOUT);
    CHECK_EQUAL(file, NULL);
    CHECK_EQUAL(device->ReferenceCount, 1); /* the IRP's */
    complete_later();
    CHECK_EQUAL(device->ReferenceCount, 0);
    CHECK_TEXT(io_test.trace, "Ac");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

SELFTEST(io_pending_cleanup_does_not_hold_the_handle)
{
    struct test_mark mark = io_test_begin();
    HANDLE file;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    file = io_test_handle();
    io_test.hook[IRP_MJ_CLEANUP] = io_test_keep;
    CHECK_STATUS(NtClose(file), STATUS_SUCCESS);
    CHECK_TEXT(io_test.trace, "Ac Au");
    complete_later();
    CHECK_TEXT(io_test.trace, "Ac Au Ax");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* The file object is gone when CLOSE has returned, whatever the driver says. */
SELFTEST(io_pending_close_harms_nobody)
{
    struct test_mark mark = io_test_begin();
    HANDLE file;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    file = io_test_handle();
    io_test.hook[IRP_MJ_CLOSE] = io_test_keep;
    CHECK_STATUS(NtClose(file), STATUS_SUCCESS);
    CHECK_TEXT(io_test.trace, "Ac Au Ax");
    complete_later();
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
        complete_later();
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
    CHECK_STATUS(control(file, &iosb), STATUS_IO_TIMEOUT);
    check_untouched(&iosb);
    complete_later();
    NtClose(file);
    io_test_detach(u"ioTestUpper", b);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

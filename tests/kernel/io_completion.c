/* Completion routines: who is called, when, with what, and how an IRP is taken back. */
#include "ke/event.h"
#include "tests/kernel/io_support.h"

SELFTEST(io_completion_goes_upwards)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT a = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    PDEVICE_OBJECT b = io_test_attach(u"ioTestUpper", 'B', a);
    PDEVICE_OBJECT c = io_test_attach(u"ioTestTwo", 'C', a);
    HANDLE handle = io_test_handle();
    IO_STATUS_BLOCK iosb;

    io_test.trace[0] = 0;
    io_test.completion_control = SL_INVOKE_ON_SUCCESS;
    CHECK_STATUS(io_test_control(handle, &iosb, NULL, 0, NULL, 0), STATUS_SUCCESS);
    CHECK_TEXT(io_test.trace, "Ci Bi Ai B^ C^"); /* device and context: io_support.c */
    NtClose(handle);
    io_test_detach(u"ioTestTwo", c);
    io_test_detach(u"ioTestUpper", b);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* ---- IRPs of our own: the completion routine of who allocated it has no device ---- */

static struct {
    ULONG calls;
    PDEVICE_OBJECT device;
    PIRP irp;
    BOOLEAN pending;
    NTSTATUS status;
} own;

static NTSTATUS NTAPI own_completion(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    CHECK_EQUAL(context, &own);
    own.calls++;
    own.device = device;
    own.irp = irp;
    own.pending = irp->PendingReturned;
    own.status = irp->IoStatus.Status;
    return STATUS_MORE_PROCESSING_REQUIRED; /* it stays ours */
}

static PIRP own_irp(PDEVICE_OBJECT device, CCHAR stack_size, UCHAR control)
{
    PIRP irp = IoAllocateIrp(stack_size, FALSE);

    memset(&own, 0, sizeof own);
    own.device = device;
    IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_DEVICE_CONTROL;
    io_test_set_completion(irp, own_completion, &own, control);
    return irp;
}

#define ALL_CASES (SL_INVOKE_ON_SUCCESS | SL_INVOKE_ON_ERROR | SL_INVOKE_ON_CANCEL)

SELFTEST(io_irp_of_ones_own_comes_back)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT a = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    PIRP irp = own_irp(a, a->StackSize, ALL_CASES);

    CHECK_STATUS(IofCallDriver(a, irp), STATUS_SUCCESS);
    CHECK_EQUAL(own.calls, 1);
    CHECK_EQUAL(own.device, NULL);
    CHECK_EQUAL(own.irp, irp);
    CHECK_EQUAL(irp->CurrentLocation, irp->StackCount + 1);
    IoFreeIrp(irp);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* Taken back at the top, an IRP may be completed once more: then it ends, its event set. */
SELFTEST(io_irp_taken_back_can_be_completed)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT a = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    PIRP irp = own_irp(a, a->StackSize, ALL_CASES);
    KEVENT event;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    irp->UserEvent = &event;
    CHECK_STATUS(IofCallDriver(a, irp), STATUS_SUCCESS);
    CHECK_EQUAL(KeReadStateEvent(&event), 0);
    IofCompleteRequest(irp, 0);
    CHECK_EQUAL(own.calls, 1);
    CHECK_EQUAL(KeReadStateEvent(&event), 1);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* A driver that completes with STATUS_PENDING, which is no final status, harms nobody. */
static NTSTATUS NTAPI complete_as_pending(PDEVICE_OBJECT device, PIRP irp)
{
    (void)device;
    return io_test_complete(irp, STATUS_PENDING, 0);
}

SELFTEST(io_completed_as_pending_is_final)
{
    struct test_mark mark = io_test_begin();
    IO_STATUS_BLOCK iosb;
    HANDLE file;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    file = io_test_handle();
    io_test.hook[IRP_MJ_DEVICE_CONTROL] = complete_as_pending;
    CHECK_STATUS(io_test_control(file, &iosb, NULL, 0, NULL, 0), STATUS_PENDING);
    NtClose(file);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* With a location for itself (the WDK's IoSetNextIrpStackLocation), it gets its device back. */
SELFTEST(io_completion_gets_the_device_of_its_location)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT a = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    PDEVICE_OBJECT b = io_test_load(u"ioTestUpper", 'B', NULL);
    PIRP irp = IoAllocateIrp(a->StackSize + 1, FALSE);

    irp->CurrentLocation--;
    irp->Tail.Overlay.CurrentStackLocation--;
    IoGetCurrentIrpStackLocation(irp)->DeviceObject = b;
    IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_DEVICE_CONTROL;
    memset(&own, 0, sizeof own);
    io_test_set_completion(irp, own_completion, &own, ALL_CASES);
    CHECK_STATUS(IofCallDriver(a, irp), STATUS_SUCCESS);
    CHECK_EQUAL(own.device, b);
    CHECK_EQUAL(IoGetCurrentIrpStackLocation(irp)->DeviceObject, b);
    IoFreeIrp(irp);
    CHECK_STATUS(io_test_unload(u"ioTestUpper"), STATUS_SUCCESS);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/*
 * WDK, IoSetCompletionRoutine: success means NT_SUCCESS; cancelled means that Irp->Cancel is set.
 */
static BOOLEAN is_due(UCHAR control, NTSTATUS status, BOOLEAN cancelled)
{
    return (control & SL_INVOKE_ON_SUCCESS && status >= 0) ||
           (control & SL_INVOKE_ON_ERROR && status < 0) ||
           (control & SL_INVOKE_ON_CANCEL && cancelled);
}

static void check_invocation(PDEVICE_OBJECT device, UCHAR control, NTSTATUS status,
                             BOOLEAN cancelled)
{
    PIRP irp = own_irp(device, device->StackSize, control);
    IO_STATUS_BLOCK iosb;
    BOOLEAN due = is_due(control, status, cancelled);

    irp->Cancel = cancelled;
    irp->UserIosb = &iosb; /* where it goes if nobody takes it back */
    io_test.status[IRP_MJ_DEVICE_CONTROL] = status;
    CHECK_STATUS(IofCallDriver(device, irp), status);
    CHECK_EQUAL(own.calls, due);
    CHECK_STATUS(own.status, due ? status : 0);
    if (own.calls)
        IoFreeIrp(irp);
}

SELFTEST(io_completion_routines_are_called_for_what_they_ask)
{
    static const UCHAR flags[] = {SL_INVOKE_ON_SUCCESS, SL_INVOKE_ON_ERROR, SL_INVOKE_ON_CANCEL};
    static const NTSTATUS statuses[] = {STATUS_SUCCESS, STATUS_OBJECT_NAME_EXISTS,
                                        STATUS_BUFFER_OVERFLOW, STATUS_UNSUCCESSFUL,
                                        STATUS_CANCELLED};
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT a = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);

    for (ULONG set = 0; set < 8; set++) {
        UCHAR control = 0;

        for (ULONG bit = 0; bit < 3; bit++)
            control |= set >> bit & 1 ? flags[bit] : 0;
        for (ULONG i = 0; i < 2 * ARRAY_SIZE(statuses); i++)
            check_invocation(a, control, statuses[i / 2], i % 2);
    }
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* ---- Pending ---- */

static NTSTATUS NTAPI complete_pending(PDEVICE_OBJECT device, PIRP irp)
{
    (void)device;
    io_test_mark_pending(irp);
    io_test_complete(irp, io_test.status[IRP_MJ_DEVICE_CONTROL], 0);
    return STATUS_PENDING;
}

/* The lowest device answers pending; the others pass down, with or without a routine. */
static NTSTATUS NTAPI pending_below(PDEVICE_OBJECT device, PIRP irp)
{
    if (!io_test_device(device)->lower)
        return complete_pending(device, irp);
    io_test_copy_location(irp);
    return IofCallDriver(io_test_device(device)->lower, irp);
}

SELFTEST(io_pending_is_passed_upwards)
{
    static const NTSTATUS statuses[] = {STATUS_SUCCESS, STATUS_UNSUCCESSFUL};
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT a = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    PDEVICE_OBJECT b = io_test_attach(u"ioTestUpper", 'B', a);
    PDEVICE_OBJECT c = io_test_attach(u"ioTestTwo", 'C', a);

    for (ULONG i = 0; i < ARRAY_SIZE(statuses); i++) {
        PIRP irp = own_irp(c, c->StackSize, ALL_CASES);

        io_test.status[IRP_MJ_DEVICE_CONTROL] = statuses[i];
        io_test.hook[IRP_MJ_DEVICE_CONTROL] = pending_below;
        CHECK_STATUS(IofCallDriver(c, irp), STATUS_PENDING);
        CHECK(own.calls == 1 && own.pending);
        IoFreeIrp(irp);
        irp = own_irp(c, c->StackSize, ALL_CASES);
        io_test.hook[IRP_MJ_DEVICE_CONTROL] = NULL;
        CHECK_STATUS(IofCallDriver(c, irp), statuses[i]);
        CHECK(own.calls == 1 && !own.pending);
        IoFreeIrp(irp);
    }
    io_test_detach(u"ioTestTwo", c);
    io_test_detach(u"ioTestUpper", b);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* ---- STATUS_MORE_PROCESSING_REQUIRED ---- */

static NTSTATUS NTAPI stop_there(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    (void)irp, (void)context;
    io_test_note(device, '^');
    return STATUS_MORE_PROCESSING_REQUIRED;
}

/*
 * Sends the request down and takes it back each time: the first answer is refused and the lower
 * device asked again; then it is completed with another one.
 */
static NTSTATUS NTAPI ask_twice(PDEVICE_OBJECT device, PIRP irp)
{
    PDEVICE_OBJECT lower = io_test_device(device)->lower;
    CHAR location = irp->CurrentLocation;

    if (!lower)
        return io_test_complete(irp, STATUS_UNSUCCESSFUL, 0);
    for (ULONG i = 0; i < 2; i++) {
        io_test_copy_location(irp);
        io_test_set_completion(irp, stop_there, NULL, ALL_CASES);
        CHECK_STATUS(IofCallDriver(lower, irp), STATUS_UNSUCCESSFUL);
        CHECK_STATUS(irp->IoStatus.Status, STATUS_UNSUCCESSFUL);
        CHECK_EQUAL(irp->CurrentLocation, location);
        CHECK_EQUAL(IoGetCurrentIrpStackLocation(irp)->DeviceObject, device);
    }
    return io_test_complete(irp, STATUS_SUCCESS, 7);
}

SELFTEST(io_irps_can_be_taken_back_and_completed_again)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT a = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    PDEVICE_OBJECT b = io_test_attach(u"ioTestUpper", 'B', a);
    HANDLE handle = io_test_handle();
    IO_STATUS_BLOCK iosb;

    io_test.trace[0] = 0;
    io_test.hook[IRP_MJ_DEVICE_CONTROL] = ask_twice;
    CHECK_STATUS(io_test_control(handle, &iosb, NULL, 0, NULL, 0), STATUS_SUCCESS);
    CHECK_STATUS(iosb.Status, STATUS_SUCCESS);
    CHECK_EQUAL(iosb.Information, 7);
    CHECK_TEXT(io_test.trace, "Bi Ai B^ Ai B^");
    NtClose(handle);
    io_test_detach(u"ioTestUpper", b);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* Where one routine stops the completion, those above wait for the second one. */
SELFTEST(io_routines_above_wait_for_the_second_completion)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT a = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    PDEVICE_OBJECT b = io_test_attach(u"ioTestUpper", 'B', a);
    PIRP irp = own_irp(b, b->StackSize, ALL_CASES);

    io_test.completion_control = SL_INVOKE_ON_SUCCESS;
    io_test.completion_status = STATUS_MORE_PROCESSING_REQUIRED;
    CHECK_STATUS(IofCallDriver(b, irp), STATUS_SUCCESS);
    CHECK_TEXT(io_test.trace, "Bi Ai B^");
    CHECK_EQUAL(own.calls, 0);
    CHECK_EQUAL(irp->CurrentLocation, 2);
    irp->IoStatus.Status = STATUS_CANCELLED;
    IoCompleteRequest(irp, 0);
    CHECK_TEXT(io_test.trace, "Bi Ai B^");
    CHECK_EQUAL(own.calls, 1);
    CHECK_STATUS(own.status, STATUS_CANCELLED);
    IoFreeIrp(irp);
    io_test_detach(u"ioTestUpper", b);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

#include "io/iop.h"

#include "console/log.h"
#include "export.h"
#include "ke/event.h"
#include "io/trace.h"
#include "mm/mdl.h"
#include "mm/pool.h"
#include "rtl/bugcheck.h"
#include "rtl/rtl.h"

#define MAXIMUM_BUFFER 0x10000000u /* bytes; more than memory holds */

static inline ULONG irp_bytes(int stack_size)
{
    return sizeof(IRP) + (ULONG)stack_size * sizeof(IO_STACK_LOCATION);
}

/*
 * An IRP with a system buffer behind its locations (none if `buffer_bytes` is 0), so that a request
 * costs one allocation.
 */
static inline PIRP allocate(int stack_size, ULONG buffer_bytes)
{
    ULONG bytes = irp_bytes(stack_size), buffer = (bytes + 7) & ~7u;
    PIRP irp = ExAllocatePoolWithTag(NonPagedPool, buffer + buffer_bytes, IO_TAG('r', 'p'));

    if (!irp)
        return NULL;
    rtl_zero_dwords(irp, bytes / sizeof(ULONG));
    irp->Type = IO_TYPE_IRP;
    irp->Size = (USHORT)bytes;
    if (buffer_bytes) {
        irp->Flags = IRP_BUFFERED_IO;
        irp->AssociatedIrp.SystemBuffer = (char *)irp + buffer;
    }
    irp->StackCount = (CHAR)stack_size;
    /* One above the topmost location: IofCallDriver steps down before it calls. */
    irp->CurrentLocation = (CHAR)(stack_size + 1);
    irp->Tail.Overlay.CurrentStackLocation = (PIO_STACK_LOCATION)((char *)irp + bytes);
    InitializeListHead(&irp->ThreadListEntry);
    return irp;
}

PIRP NTAPI IoAllocateIrp(CCHAR stack_size, BOOLEAN charge_quota)
{
    (void)charge_quota;
    return allocate(stack_size, 0);
}
EXPORT_NTOSKRNL(IoAllocateIrp);

VOID NTAPI IoFreeIrp(PIRP irp)
{
    ExFreePool(irp);
}
EXPORT_NTOSKRNL(IoFreeIrp);

NTSTATUS FASTCALL IofCallDriver(PDEVICE_OBJECT device, PIRP irp)
{
    if (__builtin_expect(trace_irps, FALSE))
        trace_call(device, irp);
    if (--irp->CurrentLocation <= 0)
        bugcheck(NO_MORE_IRP_STACK_LOCATIONS, (ULONG)irp, 0, 0, 0,
                 "IoCallDriver: the IRP has no stack location left for this driver");
    PIO_STACK_LOCATION location = --irp->Tail.Overlay.CurrentStackLocation;

    location->DeviceObject = device;
    return device->DriverObject->MajorFunction[location->MajorFunction](device, irp);
}
EXPORT_NTOSKRNL(IofCallDriver);

NTSTATUS NTAPI IoCallDriver(PDEVICE_OBJECT device, PIRP irp)
{
    return IofCallDriver(device, irp);
}
EXPORT_NTOSKRNL(IoCallDriver);

BOOLEAN FASTCALL io_request_begin(struct io_request *request, PFILE_OBJECT file, UCHAR major,
                                  ULONG buffer_bytes)
{
    PDEVICE_OBJECT device = file->DeviceObject;
    PIO_STACK_LOCATION location;
    PIRP irp = NULL;

    while (device->AttachedDevice)
        device = device->AttachedDevice;
    if (buffer_bytes <= MAXIMUM_BUFFER)
        irp = allocate(device->StackSize, buffer_bytes);
    if (!irp)
        return FALSE;
    irp->RequestorMode = ob_previous_mode();
    irp->Tail.Overlay.OriginalFileObject = file;
    irp->UserIosb = &request->status;
    location = IoGetNextIrpStackLocation(irp);
    location->MajorFunction = major;
    location->FileObject = file;
    request->location = location;
    request->file = file;
    request->device = device;
    request->irp = irp;
    request->status.Status = IO_UNFINISHED;
    return TRUE;
}

/* Whether the location's routine asked for this kind of end. */
static BOOLEAN wants_completion(const IO_STACK_LOCATION *location, const IRP *irp)
{
    UCHAR condition = NT_SUCCESS(irp->IoStatus.Status) ? SL_INVOKE_ON_SUCCESS : SL_INVOKE_ON_ERROR;

    if (irp->Cancel)
        condition |= SL_INVOKE_ON_CANCEL;
    return !!(location->Control & condition);
}

/*
 * Leaves one location upwards: its completion routine, set by the driver above, is called with
 * that driver's device. FALSE if the routine takes the IRP back.
 */
static BOOLEAN complete_location(PIRP irp)
{
    PIO_STACK_LOCATION location = irp->Tail.Overlay.CurrentStackLocation, above = location + 1;
    BOOLEAN topmost = irp->CurrentLocation++ == irp->StackCount;

    irp->Tail.Overlay.CurrentStackLocation = above;
    irp->PendingReturned = location->Control & SL_PENDING_RETURNED;
    if (location->CompletionRoutine && wants_completion(location, irp))
        return location->CompletionRoutine(topmost ? NULL : above->DeviceObject, irp,
                                           location->Context) != STATUS_MORE_PROCESSING_REQUIRED;
    /* Nobody looked: then the driver above is pending too. */
    if (irp->PendingReturned && !topmost)
        above->Control |= SL_PENDING_RETURNED;
    return TRUE;
}

void io_free_request(PIRP irp)
{
    if (irp->MdlAddress)
        mdl_destroy(irp->MdlAddress);
    ExFreePool(irp);
}

/*
 * Copies the answer of a buffered request out. A driver that claims more than the requestor's
 * buffer holds would leak pool: the copy is cut and the log says so.
 */
static void copy_answer(PIRP irp)
{
    ULONG bytes = irp->IoStatus.Information;
    ULONG limit = (ULONG)irp->Overlay.AsynchronousParameters.UserApcContext;

    if (bytes > limit) {
        log_printf("[io] irp=%p problem=\"the driver reports more than the buffer holds\" "
                   "information=%u buffer=%u\n",
                   irp, bytes, limit);
        irp->IoStatus.Information = bytes = limit;
    }
    rtl_copy(irp->UserBuffer, irp->AssociatedIrp.SystemBuffer, bytes);
}

/* The end of an IRP that has no requestor, or none any more. */
static __attribute__((cold, noinline)) void end_alone(PIRP irp)
{
    PFILE_OBJECT file =
        irp->AllocationFlags & IO_IRP_HOLDS_FILE ? irp->Tail.Overlay.OriginalFileObject : NULL;

    if (irp->UserEvent)
        KeSetEvent(irp->UserEvent, 0, FALSE);
    io_free_request(irp);
    if (file)
        ObfDereferenceObject(file);
}

/* The last step: results to the requestor, the IRP freed. */
static void give_results(PIRP irp)
{
    PIO_STATUS_BLOCK iosb = irp->UserIosb;

    if (iosb) {
        if (irp->Flags & IRP_INPUT_OPERATION && !NT_ERROR(irp->IoStatus.Status))
            copy_answer(irp);
        *iosb = irp->IoStatus;
        io_free_request(irp);
    } else {
        end_alone(irp);
    }
}

/*
 * No location is left: then the topmost completion routine has taken the IRP back, and its owner is
 * done with it now. Anything else was completed before.
 */
static __attribute__((cold, noinline)) void check_taken_back(const IRP *irp)
{
    if (irp->Type != IO_TYPE_IRP || irp->CurrentLocation != irp->StackCount + 1)
        bugcheck(MULTIPLE_IRP_COMPLETE_REQUESTS, (ULONG)irp, 0, 0, 0,
                 "IoCompleteRequest: the IRP was completed before");
}

VOID FASTCALL IofCompleteRequest(PIRP irp, CCHAR priority_boost)
{
    (void)priority_boost;
    if (irp->Type != IO_TYPE_IRP || irp->CurrentLocation > irp->StackCount)
        check_taken_back(irp);
    else
        do {
            if (__builtin_expect(trace_irps, FALSE))
                trace_complete(irp);
            if (!complete_location(irp))
                return;
        } while (irp->CurrentLocation <= irp->StackCount);
    give_results(irp);
}
EXPORT_NTOSKRNL(IofCompleteRequest);

VOID NTAPI IoCompleteRequest(PIRP irp, CCHAR priority_boost)
{
    IofCompleteRequest(irp, priority_boost);
}
EXPORT_NTOSKRNL(IoCompleteRequest);

BOOLEAN NTAPI IoCancelIrp(PIRP irp)
{
    PDRIVER_CANCEL routine = irp->CancelRoutine;

    irp->Cancel = TRUE;
    irp->CancelRoutine = NULL;
    if (!routine)
        return FALSE;
    routine(IoGetCurrentIrpStackLocation(irp)->DeviceObject, irp);
    return TRUE;
}
EXPORT_NTOSKRNL(IoCancelIrp);

NTSTATUS NTAPI io_invalid_request(PDEVICE_OBJECT device, PIRP irp)
{
    (void)device;
    irp->IoStatus.Status = STATUS_INVALID_DEVICE_REQUEST;
    irp->IoStatus.Information = 0;
    IofCompleteRequest(irp, 0);
    return STATUS_INVALID_DEVICE_REQUEST;
}

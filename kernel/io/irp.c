#include "io/iop.h"

#include "console/log.h"
#include "export.h"
#include "ke/event.h"
#include "io/trace.h"
#include "mm/mdl.h"
#include "mm/pool.h"
#include "rtl/bugcheck.h"
#include "rtl/rtl.h"

static inline ULONG irp_bytes(int stack_size)
{
    return sizeof(IRP) + (ULONG)stack_size * sizeof(IO_STACK_LOCATION);
}

VOID NTAPI IoInitializeIrp(PIRP irp, USHORT bytes, CCHAR stack_size)
{
    rtl_zero_dwords(irp, bytes / sizeof(ULONG));
    irp->Type = IO_TYPE_IRP;
    irp->Size = bytes;
    irp->StackCount = (CHAR)stack_size;
    /* One above the topmost location: IofCallDriver steps down before it calls. */
    irp->CurrentLocation = (CHAR)(stack_size + 1);
    irp->Tail.Overlay.CurrentStackLocation = (PIO_STACK_LOCATION)((char *)irp + bytes);
    InitializeListHead(&irp->ThreadListEntry);
}
EXPORT_NTOSKRNL(IoInitializeIrp);

PIRP FASTCALL io_allocate_irp(int stack_size, ULONG buffer_bytes)
{
    ULONG bytes = irp_bytes(stack_size), buffer = (bytes + 7) & ~7u;
    PIRP irp = ExAllocatePoolWithTag(NonPagedPool, buffer + buffer_bytes, IO_TAG('r', 'p'));

    if (!irp)
        return NULL;
    IoInitializeIrp(irp, (USHORT)bytes, (CCHAR)stack_size);
    if (buffer_bytes) {
        irp->Flags = IRP_BUFFERED_IO;
        irp->AssociatedIrp.SystemBuffer = (char *)irp + buffer;
        irp->Tail.Overlay.AuxiliaryBuffer = (PCHAR)buffer_bytes; /* for who counts */
    }
    return irp;
}

PIRP NTAPI IoAllocateIrp(CCHAR stack_size, BOOLEAN charge_quota)
{
    (void)charge_quota;
    return io_allocate_irp(stack_size, 0);
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

/* Whether the location's routine asked for this kind of end. */
static BOOLEAN wants_completion(const IO_STACK_LOCATION *location, const IRP *irp)
{
    UCHAR condition = NT_SUCCESS(irp->IoStatus.Status) ? SL_INVOKE_ON_SUCCESS : SL_INVOKE_ON_ERROR;

    if (irp->Cancel)
        condition |= SL_INVOKE_ON_CANCEL;
    return !!(location->Control & condition);
}

/* Whether all locations are left. */
static inline BOOLEAN is_done(const IRP *irp)
{
    return irp->CurrentLocation > irp->StackCount;
}

/*
 * Leaves one location upwards: its completion routine, set by the driver above, is called with
 * that driver's device. FALSE if the routine takes the IRP back.
 */
static BOOLEAN complete_location(PIRP irp)
{
    PIO_STACK_LOCATION location = irp->Tail.Overlay.CurrentStackLocation, above = location + 1;

    irp->CurrentLocation++;
    irp->Tail.Overlay.CurrentStackLocation = above;
    irp->PendingReturned = location->Control & SL_PENDING_RETURNED;
    if (location->CompletionRoutine && wants_completion(location, irp))
        return location->CompletionRoutine(is_done(irp) ? NULL : above->DeviceObject, irp,
                                           location->Context) != STATUS_MORE_PROCESSING_REQUIRED;
    /* Nobody looked: then the driver above is pending too. */
    if (irp->PendingReturned && !is_done(irp))
        above->Control |= SL_PENDING_RETURNED;
    return TRUE;
}

void FASTCALL io_free_request(PIRP irp)
{
    while (irp->MdlAddress) {
        PMDL mdl = irp->MdlAddress;

        irp->MdlAddress = mdl->Next;
        mdl_destroy(mdl);
    }
    ExFreePool(irp);
}

/* The last step: the requestor learns of it. */
static inline void end(PIRP irp)
{
    irp->Type = IO_TYPE_COMPLETED;
    if (!(irp->AllocationFlags & IO_IRP_WAITED)) {
        io_finish(irp);
        return;
    }
    *irp->UserIosb = irp->IoStatus;
    if (irp->UserEvent)
        KeSetEvent(irp->UserEvent, IO_NO_INCREMENT, FALSE);
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
    if (irp->Type != IO_TYPE_IRP || is_done(irp))
        check_taken_back(irp);
    else
        do {
            if (__builtin_expect(trace_irps, FALSE))
                trace_complete(irp);
            if (!complete_location(irp))
                return;
        } while (!is_done(irp));
    end(irp);
}
EXPORT_NTOSKRNL(IofCompleteRequest);

VOID NTAPI IoCompleteRequest(PIRP irp, CCHAR priority_boost)
{
    IofCompleteRequest(irp, priority_boost);
}
EXPORT_NTOSKRNL(IoCompleteRequest);

NTSTATUS NTAPI io_invalid_request(PDEVICE_OBJECT device, PIRP irp)
{
    (void)device;
    irp->IoStatus.Status = STATUS_INVALID_DEVICE_REQUEST;
    irp->IoStatus.Information = 0;
    IofCompleteRequest(irp, 0);
    return STATUS_INVALID_DEVICE_REQUEST;
}

#include "io/iop.h"

#include "export.h"
#include "kd/bugcheck.h"
#include "mm/pool.h"
#include "rtl/rtl.h"

#define MAXIMUM_BUFFER 0x10000000u /* bytes; more than memory holds */

static ULONG irp_bytes(CCHAR stack_size)
{
    return sizeof(IRP) + (ULONG)stack_size * sizeof(IO_STACK_LOCATION);
}

/* Where the buffer begins: behind the locations, aligned to 8 as pool is. */
static ULONG buffer_offset(CCHAR stack_size)
{
    return (irp_bytes(stack_size) + 7) & ~7u;
}

PVOID io_irp_buffer(PIRP irp)
{
    return (char *)irp + buffer_offset(irp->StackCount);
}

PIRP io_allocate_irp(CCHAR stack_size, ULONG buffer_bytes)
{
    ULONG bytes = irp_bytes(stack_size), offset = buffer_offset(stack_size);
    PIRP irp = buffer_bytes > MAXIMUM_BUFFER
                   ? NULL
                   : ExAllocatePoolWithTag(NonPagedPool, offset + buffer_bytes, IO_TAG('r', 'p'));

    if (!irp)
        return NULL;
    memset(irp, 0, bytes);
    irp->Type = IO_TYPE_IRP;
    irp->Size = (USHORT)bytes;
    irp->StackCount = stack_size;
    /* One above the topmost location: IofCallDriver steps down before it calls. */
    irp->CurrentLocation = stack_size + 1;
    irp->Tail.Overlay.CurrentStackLocation = (PIO_STACK_LOCATION)(irp + 1) + stack_size;
    InitializeListHead(&irp->ThreadListEntry);
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

static BOOLEAN wants_completion(const IO_STACK_LOCATION *location, const IRP *irp)
{
    UCHAR condition = NT_SUCCESS(irp->IoStatus.Status) ? SL_INVOKE_ON_SUCCESS : SL_INVOKE_ON_ERROR;

    if (irp->Cancel)
        condition |= SL_INVOKE_ON_CANCEL;
    return location->CompletionRoutine && location->Control & condition;
}

/*
 * Leaves one location upwards: its completion routine, set by the driver above, is called with
 * that driver's device. FALSE if the routine takes the IRP back.
 */
static BOOLEAN complete_location(PIRP irp)
{
    PIO_STACK_LOCATION location = irp->Tail.Overlay.CurrentStackLocation++;
    BOOLEAN topmost = ++irp->CurrentLocation > irp->StackCount;
    PDEVICE_OBJECT above = topmost ? NULL : irp->Tail.Overlay.CurrentStackLocation->DeviceObject;

    irp->PendingReturned = location->Control & SL_PENDING_RETURNED;
    if (wants_completion(location, irp))
        return location->CompletionRoutine(above, irp, location->Context) !=
               STATUS_MORE_PROCESSING_REQUIRED;
    /* Nobody will look: the driver above is pending too. */
    if (irp->PendingReturned && !topmost)
        irp->Tail.Overlay.CurrentStackLocation->Control |= SL_PENDING_RETURNED;
    return TRUE;
}

VOID FASTCALL IofCompleteRequest(PIRP irp, CCHAR priority_boost)
{
    (void)priority_boost;
    if (irp->Type != IO_TYPE_IRP || irp->CurrentLocation > irp->StackCount)
        bugcheck(MULTIPLE_IRP_COMPLETE_REQUESTS, (ULONG)irp, 0, 0, 0,
                 "IoCompleteRequest: the IRP was completed before");
    while (irp->CurrentLocation <= irp->StackCount)
        if (!complete_location(irp))
            return;
    io_complete(irp);
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

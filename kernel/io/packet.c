/* StartIo: a device that does one thing after the other (WDK: IoStartPacket). */
#include "io/iop.h"

#include "export.h"
#include "ke/devicequeue.h"
#include "x86/hal.h"

static void start(PDEVICE_OBJECT device, PIRP irp)
{
    device->CurrentIrp = irp;
    device->DriverObject->DriverStartIo(device, irp);
}

static BOOLEAN queue(PDEVICE_OBJECT device, PIRP irp, const ULONG *key)
{
    PKDEVICE_QUEUE_ENTRY entry = &irp->Tail.Overlay.DeviceQueueEntry;

    return key ? KeInsertByKeyDeviceQueue(&device->DeviceQueue, entry, *key)
               : KeInsertDeviceQueue(&device->DeviceQueue, entry);
}

VOID NTAPI IoStartPacket(PDEVICE_OBJECT device, PIRP irp, PULONG key, PDRIVER_CANCEL cancel)
{
    KIRQL irql = KfRaiseIrql(DISPATCH_LEVEL);

    if (cancel)
        irp->CancelRoutine = cancel;
    if (!queue(device, irp, key))
        start(device, irp);
    else if (cancel && irp->Cancel)
        IoCancelIrp(irp); /* it was cancelled before it had the routine */
    KfLowerIrql(irql);
}
EXPORT_NTOSKRNL(IoStartPacket);

VOID NTAPI IoStartNextPacket(PDEVICE_OBJECT device, BOOLEAN cancelable)
{
    KIRQL irql = KfRaiseIrql(DISPATCH_LEVEL);
    PKDEVICE_QUEUE_ENTRY entry;

    (void)cancelable;
    device->CurrentIrp = NULL;
    entry = KeRemoveDeviceQueue(&device->DeviceQueue);
    if (entry)
        start(device, CONTAINING_RECORD(entry, IRP, Tail.Overlay.DeviceQueueEntry));
    KfLowerIrql(irql);
}
EXPORT_NTOSKRNL(IoStartNextPacket);

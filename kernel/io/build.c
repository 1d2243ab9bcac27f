/* IRPs that drivers build for other drivers, MDLs for them, and whose they are. */
#include "io/iop.h"

#include "export.h"
#include "mm/mdl.h"
#include "rtl/rtl.h"

PMDL NTAPI IoAllocateMdl(PVOID address, ULONG length, BOOLEAN secondary, BOOLEAN charge_quota,
                         PIRP irp)
{
    PMDL mdl = mdl_create(address, length), *link;

    (void)charge_quota;
    if (!mdl || !irp)
        return mdl;
    for (link = &irp->MdlAddress; secondary && *link;)
        link = &(*link)->Next;
    *link = mdl;
    return mdl;
}
EXPORT_NTOSKRNL(IoAllocateMdl);

VOID NTAPI IoFreeMdl(PMDL mdl)
{
    mdl_destroy(mdl);
}
EXPORT_NTOSKRNL(IoFreeMdl);

struct ke_process *NTAPI IoGetCurrentProcess(VOID)
{
    return ke_current_process();
}
EXPORT_NTOSKRNL(IoGetCurrentProcess);

struct ke_process *NTAPI IoGetRequestorProcess(PIRP irp)
{
    struct ke_thread *thread = irp->Tail.Overlay.Thread;

    return thread ? thread->home : NULL;
}
EXPORT_NTOSKRNL(IoGetRequestorProcess);

/* An IRP of the current thread's, whose results the completer gives. */
static PIRP build(PDEVICE_OBJECT device, UCHAR major, ULONG buffer_bytes, PKEVENT event,
                  PIO_STATUS_BLOCK iosb)
{
    PIRP irp = io_allocate_irp(device->StackSize, buffer_bytes);

    if (!irp)
        return NULL;
    irp->UserIosb = iosb;
    irp->UserEvent = event;
    irp->Flags |= IRP_SYNCHRONOUS_API;
    irp->Tail.Overlay.Thread = ke_current_thread();
    IoGetNextIrpStackLocation(irp)->MajorFunction = major;
    return irp;
}

/* The IRP is the thread's once all its buffers are there; else it is given back: NULL. */
static PIRP finish_building(PIRP irp, NTSTATUS status)
{
    if (NT_SUCCESS(status)) {
        io_detach(irp);
        return irp;
    }
    io_free_request(irp);
    return NULL;
}

static NTSTATUS lock(PIRP irp, PVOID buffer, ULONG bytes, BOOLEAN write)
{
    struct io_request request = {.irp = irp, .mode = KernelMode};

    return io_request_lock(&request, buffer, bytes, write);
}

static void answer(PIRP irp, PVOID buffer, ULONG bytes)
{
    struct io_request request = {.irp = irp};

    io_request_answer(&request, buffer, bytes);
}

PIRP NTAPI IoBuildDeviceIoControlRequest(ULONG code, PDEVICE_OBJECT device, PVOID input,
                                         ULONG input_length, PVOID output, ULONG output_length,
                                         BOOLEAN internal, PKEVENT event, PIO_STATUS_BLOCK iosb)
{
    ULONG method = ioctl_method(code), bytes = method == METHOD_NEITHER ? 0 : input_length;
    UCHAR major = internal ? IRP_MJ_INTERNAL_DEVICE_CONTROL : IRP_MJ_DEVICE_CONTROL;
    NTSTATUS status = STATUS_SUCCESS;

    if (method == METHOD_BUFFERED && output_length > bytes)
        bytes = output_length;
    PIRP irp = build(device, major, bytes, event, iosb);

    if (!irp)
        return NULL;
    PIO_STACK_LOCATION location = IoGetNextIrpStackLocation(irp);

    location->Parameters.DeviceIoControl.OutputBufferLength = output_length;
    location->Parameters.DeviceIoControl.InputBufferLength = input_length;
    location->Parameters.DeviceIoControl.IoControlCode = code;
    if (method == METHOD_NEITHER) {
        location->Parameters.DeviceIoControl.Type3InputBuffer = input;
        irp->UserBuffer = output;
        return finish_building(irp, status);
    }
    memcpy(irp->AssociatedIrp.SystemBuffer, input, input_length);
    if (method == METHOD_BUFFERED)
        answer(irp, output, output_length);
    else
        status = lock(irp, output, output_length, method == METHOD_OUT_DIRECT);
    return finish_building(irp, status);
}
EXPORT_NTOSKRNL(IoBuildDeviceIoControlRequest);

PIRP NTAPI IoBuildSynchronousFsdRequest(ULONG major, PDEVICE_OBJECT device, PVOID buffer,
                                        ULONG length, PLARGE_INTEGER offset, PKEVENT event,
                                        PIO_STATUS_BLOCK iosb)
{
    BOOLEAN buffered = !!(device->Flags & DO_BUFFERED_IO), reads = major == IRP_MJ_READ;
    NTSTATUS status = STATUS_SUCCESS;
    PIRP irp;

    if (major != IRP_MJ_READ && major != IRP_MJ_WRITE)
        length = 0;
    irp = build(device, (UCHAR)major, buffered ? length : 0, event, iosb);
    if (!irp)
        return NULL;
    IoGetNextIrpStackLocation(irp)->Parameters.Read.Length = length;
    if (offset)
        IoGetNextIrpStackLocation(irp)->Parameters.Read.ByteOffset = *offset;
    if (buffered && reads)
        answer(irp, buffer, length);
    else if (buffered && length)
        memcpy(irp->AssociatedIrp.SystemBuffer, buffer, length);
    else if (device->Flags & DO_DIRECT_IO)
        status = lock(irp, buffer, length, reads);
    else
        irp->UserBuffer = buffer;
    return finish_building(irp, status);
}
EXPORT_NTOSKRNL(IoBuildSynchronousFsdRequest);

#include "io/iop.h"

#include "console/log.h"
#include "io/event.h"
#include "rtl/rtl.h"

BOOLEAN io_request_begin(struct io_request *request, PFILE_OBJECT file, UCHAR major,
                         ULONG buffer_bytes)
{
    PDEVICE_OBJECT device = IoGetAttachedDevice(file->DeviceObject);
    PIRP irp = io_allocate_irp(device->StackSize, buffer_bytes);
    PIO_STACK_LOCATION location;

    if (!irp)
        return FALSE;
    irp->RequestorMode = ob_previous_mode();
    irp->Tail.Overlay.OriginalFileObject = file;
    irp->UserIosb = &request->status;
    if (buffer_bytes) {
        irp->Flags = IRP_BUFFERED_IO;
        irp->AssociatedIrp.SystemBuffer = io_irp_buffer(irp);
    }
    location = IoGetNextIrpStackLocation(irp);
    location->MajorFunction = major;
    location->FileObject = file;
    request->file = file;
    request->device = device;
    request->irp = irp;
    request->location = location;
    request->status.Status = STATUS_PENDING;
    return TRUE;
}

void io_request_answer(struct io_request *request, PVOID output, ULONG bytes)
{
    if (!output || !(request->irp->Flags & IRP_BUFFERED_IO))
        return;
    request->irp->Flags |= IRP_INPUT_OPERATION;
    request->irp->UserBuffer = output;
    /* The largest answer that fits; drivers do not see this field of a buffered request. */
    request->irp->Overlay.AsynchronousParameters.UserApcContext = (PVOID)bytes;
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
    memcpy(irp->UserBuffer, io_irp_buffer(irp), bytes);
}

void io_complete(PIRP irp)
{
    BOOLEAN given_up = !irp->UserIosb;

    if (irp->Flags & IRP_INPUT_OPERATION && !NT_ERROR(irp->IoStatus.Status) && !given_up)
        copy_answer(irp);
    if (!given_up)
        *irp->UserIosb = irp->IoStatus;
    if (irp->UserEvent)
        KeSetEvent(irp->UserEvent, 0, FALSE);
    IoFreeIrp(irp);
}

/* The dispatch routine has returned STATUS_PENDING: the final status, one way or another. */
static NTSTATUS end_pending(struct io_request *request)
{
    volatile NTSTATUS *status = &request->status.Status;

    if (*status == STATUS_PENDING)
        IoCancelIrp(request->irp);
    if (*status != STATUS_PENDING)
        return *status;
    log_printf("[io] irp=%p problem=\"pending, and nothing can complete it\" major=%02X\n",
               request->irp, request->location->MajorFunction);
    request->irp->UserIosb = NULL;
    return STATUS_IO_TIMEOUT;
}

NTSTATUS io_request_perform(struct io_request *request, PIO_STATUS_BLOCK iosb)
{
    NTSTATUS status = IofCallDriver(request->device, request->irp);

    if (status == STATUS_PENDING)
        status = end_pending(request);
    if (iosb && !NT_ERROR(status) && request->status.Status != STATUS_PENDING)
        *iosb = request->status;
    request->file->FinalStatus = status;
    return status;
}

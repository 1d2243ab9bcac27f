#include "io/event.h"
#include "io/iop.h"

#include "console/log.h"
#include "mm/pool.h"
#include "rtl/rtl.h"

BOOLEAN io_request_begin(struct io_request *request, PFILE_OBJECT file, UCHAR major)
{
    request->file = file;
    request->device = IoGetAttachedDevice(file->DeviceObject);
    request->irp = IoAllocateIrp(request->device->StackSize, FALSE);
    if (!request->irp)
        return FALSE;
    request->irp->RequestorMode = ob_previous_mode();
    request->irp->Tail.Overlay.OriginalFileObject = file;
    request->irp->UserIosb = &request->status;
    request->location = IoGetNextIrpStackLocation(request->irp);
    request->location->MajorFunction = major;
    request->location->FileObject = file;
    return TRUE;
}

BOOLEAN io_request_buffer(struct io_request *request, ULONG bytes, const void *input,
                          ULONG input_bytes, PVOID output, ULONG output_bytes)
{
    PIRP irp = request->irp;

    if (!bytes)
        return TRUE;
    irp->AssociatedIrp.SystemBuffer = ExAllocatePoolWithTag(NonPagedPool, bytes, IO_TAG('S', 'B'));
    if (!irp->AssociatedIrp.SystemBuffer)
        return FALSE;
    if (input)
        memcpy(irp->AssociatedIrp.SystemBuffer, input, input_bytes);
    irp->Flags |= IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER;
    if (output) {
        irp->Flags |= IRP_INPUT_OPERATION;
        irp->UserBuffer = output;
        /* The largest answer that fits; drivers do not see this field of a buffered request. */
        irp->Overlay.AsynchronousParameters.UserApcContext = (PVOID)output_bytes;
    }
    return TRUE;
}

static void free_irp(PIRP irp)
{
    if (irp->Flags & IRP_DEALLOCATE_BUFFER)
        ExFreePool(irp->AssociatedIrp.SystemBuffer);
    IoFreeIrp(irp);
}

void io_request_abandon(struct io_request *request)
{
    free_irp(request->irp);
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
    memcpy(irp->UserBuffer, irp->AssociatedIrp.SystemBuffer, bytes);
}

void io_complete(PIRP irp)
{
    ULONG copies = IRP_BUFFERED_IO | IRP_INPUT_OPERATION;
    BOOLEAN given_up = !irp->UserIosb;

    if ((irp->Flags & copies) == copies && !NT_ERROR(irp->IoStatus.Status) && !given_up)
        copy_answer(irp);
    if (!given_up)
        *irp->UserIosb = irp->IoStatus;
    if (irp->UserEvent)
        KeSetEvent(irp->UserEvent, 0, FALSE);
    free_irp(irp);
}

/* The dispatch routine has returned STATUS_PENDING: the final status, one way or another. */
static NTSTATUS wait_for(struct io_request *request, PKEVENT event)
{
    PIRP irp = request->irp;

    if (event_consume(event))
        return request->status.Status;
    IoCancelIrp(irp);
    if (event_consume(event))
        return request->status.Status;
    log_printf("[io] irp=%p problem=\"pending, and nothing can complete it\" major=%02X\n", irp,
               request->location->MajorFunction);
    irp->UserIosb = NULL;
    irp->UserEvent = NULL;
    return STATUS_IO_TIMEOUT;
}

NTSTATUS io_request_perform(struct io_request *request, PIO_STATUS_BLOCK iosb)
{
    KEVENT event;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    request->irp->UserEvent = &event;
    NTSTATUS status = IofCallDriver(request->device, request->irp);

    if (status == STATUS_PENDING)
        status = wait_for(request, &event);
    if (iosb && !NT_ERROR(status) && event_consume(&event))
        *iosb = request->status;
    request->file->FinalStatus = status;
    return status;
}

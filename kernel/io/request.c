#include "io/iop.h"

#include "console/log.h"
#include "io/event.h"
#include "rtl/rtl.h"

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

void FASTCALL io_complete(PIRP irp)
{
    PIO_STATUS_BLOCK iosb = irp->UserIosb;

    if (iosb) { /* else the requestor has given the IRP up */
        if (irp->Flags & IRP_INPUT_OPERATION && !NT_ERROR(irp->IoStatus.Status))
            copy_answer(irp);
        *iosb = irp->IoStatus;
    }
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
        return request->file->FinalStatus = *status;
    log_printf("[io] irp=%p problem=\"pending, and nothing can complete it\" major=%02X\n",
               request->irp, request->location->MajorFunction);
    request->irp->UserIosb = NULL;
    return STATUS_IO_TIMEOUT;
}

NTSTATUS FASTCALL io_request_perform(struct io_request *request, PIO_STATUS_BLOCK iosb)
{
    NTSTATUS status = IofCallDriver(request->device, request->irp);

    if (status == STATUS_PENDING)
        status = end_pending(request);
    if (iosb && !NT_ERROR(status) && request->status.Status != STATUS_PENDING)
        *iosb = request->status;
    return status;
}

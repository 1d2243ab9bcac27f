#include "io/iop.h"

#include "console/log.h"
#include "mm/mdl.h"

NTSTATUS io_request_lock(struct io_request *request, PVOID buffer, ULONG bytes, BOOLEAN write)
{
    PMDL mdl = bytes ? mdl_create(buffer, bytes) : NULL;

    request->irp->MdlAddress = mdl;
    if (!mdl)
        return bytes ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
    return mdl_lock(mdl, request->irp->RequestorMode, write);
}

void io_request_abandon(struct io_request *request)
{
    io_free_request(request->irp);
}

/*
 * The driver has the IRP, and nobody is there who could complete it: it is the driver's alone from
 * now on. Like every pending IRP it holds its file, so CLOSE comes after it (a file object that is
 * being deleted cannot be held).
 */
static void give_up(struct io_request *request)
{
    PIRP irp = request->irp;

    log_printf("[io] irp=%p problem=\"kept, and nothing can complete it\" major=%02X\n", irp,
               request->location->MajorFunction);
    irp->UserIosb = NULL;
    request->status.Information = 0;
    if (ob_header(request->file)->Flags & OB_FLAG_DELETED)
        return;
    ObfReferenceObject(request->file);
    irp->AllocationFlags |= IO_IRP_HOLDS_FILE;
}

/*
 * The dispatch routine has returned, and said pending or not completed the IRP: the final status,
 * one way or another.
 */
static NTSTATUS end_unfinished(struct io_request *request, NTSTATUS returned, PIO_STATUS_BLOCK iosb)
{
    volatile NTSTATUS *status = &request->status.Status;

    if (*status == IO_UNFINISHED && returned == STATUS_PENDING)
        IoCancelIrp(request->irp);
    if (*status == IO_UNFINISHED) {
        give_up(request);
        return returned == STATUS_PENDING ? STATUS_IO_TIMEOUT : returned;
    }
    if (iosb && !NT_ERROR(*status))
        *iosb = request->status;
    return request->file->FinalStatus = *status;
}

NTSTATUS FASTCALL io_request_perform(struct io_request *request, PIO_STATUS_BLOCK iosb)
{
    NTSTATUS status = IofCallDriver(request->device, request->irp);

    if (status == STATUS_PENDING || request->status.Status == IO_UNFINISHED)
        return end_unfinished(request, status, iosb);
    if (iosb && !NT_ERROR(status))
        *iosb = request->status;
    return status;
}

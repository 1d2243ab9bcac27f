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

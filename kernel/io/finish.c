/*
 * IRPs that are not completed when their dispatch routine returns.
 *
 * A synchronous request is waited for; the waiting thread itself then copies its results. An
 * asynchronous one is detached: it holds its file and the caller's event, stands in its thread's
 * list, and whoever completes it copies the results, attached to the requestor's process. At
 * DISPATCH_LEVEL a system worker thread does that, since letting go of the file may send CLOSE.
 */
#include "io/iop.h"

#include "console/log.h"
#include "io/limits.h"
#include "ke/clock.h"
#include "ke/event.h"
#include "ke/wait.h"
#include "ke/work.h"
#include "mm/user.h"
#include "rtl/rtl.h"
#include "x86/hal.h"

/*
 * A driver that claims more than the requestor's buffer holds would leak pool: the copy is cut and
 * the log says so.
 */
NTSTATUS FASTCALL io_copy_answer(PIRP irp)
{
    ULONG bytes = irp->IoStatus.Information;
    ULONG limit = (ULONG)irp->Overlay.AsynchronousParameters.UserApcContext;

    if (bytes > limit) {
        log_printf("[io] irp=%p problem=\"the driver reports more than the buffer holds\" "
                   "information=%u buffer=%u\n",
                   irp, bytes, limit);
        irp->IoStatus.Information = bytes = limit;
    }
    if (irp->RequestorMode != KernelMode)
        return mm_copy_to_user(irp->UserBuffer, irp->AssociatedIrp.SystemBuffer, bytes);
    rtl_copy(irp->UserBuffer, irp->AssociatedIrp.SystemBuffer, bytes);
    return STATUS_SUCCESS;
}

/* ---- Completed with nobody waiting ---- */

/* What detached requests hold of the pool. Programs can make as many as they like, up to this. */
static ULONG detached_bytes;

static ULONG irp_bytes(const IRP *irp)
{
    return irp->Size + (ULONG)irp->Tail.Overlay.AuxiliaryBuffer;
}

void io_detach(PIRP irp)
{
    irp->AllocationFlags = IO_IRP_DETACHED;
    InsertTailList(&ke_current_thread()->irp_list, &irp->ThreadListEntry);
    detached_bytes += irp_bytes(irp);
}

BOOLEAN io_may_detach(ULONG bytes)
{
    return detached_bytes + bytes <= IO_DETACHED_LIMIT;
}

static void put_status(PIRP irp)
{
    if (irp->RequestorMode == KernelMode)
        *irp->UserIosb = irp->IoStatus;
    else
        mm_copy_to_user(irp->UserIosb, &irp->IoStatus, sizeof irp->IoStatus);
}

/* The results of a detached request, into its requestor's memory. */
static void give_results(PIRP irp)
{
    struct ke_thread *thread = irp->Tail.Overlay.Thread;
    struct ke_process *last = ke_attach(thread->home);

    if (irp->Flags & IRP_INPUT_OPERATION && !NT_ERROR(irp->IoStatus.Status)) {
        NTSTATUS status = io_copy_answer(irp);

        if (!NT_SUCCESS(status))
            irp->IoStatus = (IO_STATUS_BLOCK){{status}, 0};
    }
    if (irp->UserIosb)
        put_status(irp);
    ke_attach(last);
    RemoveEntryList(&irp->ThreadListEntry);
    detached_bytes -= irp_bytes(irp);
}

/* Sets the events, and gives back what the request held. */
static void let_go(PIRP irp)
{
    PFILE_OBJECT file =
        irp->AllocationFlags & IO_IRP_FILE ? irp->Tail.Overlay.OriginalFileObject : NULL;
    PKEVENT event = irp->UserEvent;

    if (file)
        file->FinalStatus = irp->IoStatus.Status;
    if (event)
        KeSetEvent(event, IO_NO_INCREMENT, FALSE);
    else if (file)
        KeSetEvent(&file->Event, IO_NO_INCREMENT, FALSE);
    io_free_request(irp);
    if (file && event)
        ObfDereferenceObject(event);
    if (file)
        ObfDereferenceObject(file);
}

static VOID NTAPI finish(PVOID context)
{
    PIRP irp = context;

    if (irp->AllocationFlags & IO_IRP_DETACHED)
        give_results(irp);
    else if (irp->UserIosb)
        *irp->UserIosb = irp->IoStatus; /* of a driver's own IRP */
    let_go(irp);
}

/* The queue's record lies where a driver kept its own while the IRP was its. */
_Static_assert(sizeof(WORK_QUEUE_ITEM) <= sizeof(((PIRP)0)->Tail.Overlay.DriverContext),
               "a work item fits into DriverContext");

void io_finish(PIRP irp)
{
    PWORK_QUEUE_ITEM item = (PVOID)irp->Tail.Overlay.DriverContext;

    if (KeGetCurrentIrql() < DISPATCH_LEVEL) {
        finish(irp);
        return;
    }
    ExInitializeWorkItem(item, finish, irp);
    ExQueueWorkItem(item, CriticalWorkQueue);
}

/* ---- Not completed yet ---- */

static void log_orphan(PIRP irp, UCHAR major)
{
    log_printf("[io] irp=%p problem=\"kept by its driver, given up\" major=%02X\n", irp, major);
}

/* The driver's alone from now on. A file object that is being deleted cannot be held. */
static void orphan(struct io_request *request)
{
    PIRP irp = request->irp;

    log_orphan(irp, request->location->MajorFunction);
    irp->AllocationFlags = IO_IRP_ORPHAN;
    irp->UserIosb = NULL;
    irp->UserEvent = NULL;
    if (ob_header(request->file)->Flags & OB_FLAG_DELETED)
        return;
    ObfReferenceObject(request->file);
    irp->AllocationFlags |= IO_IRP_FILE;
}

void io_orphan_detached(PIRP irp)
{
    if (irp->Type == IO_TYPE_IRP) /* else it only waits for the worker thread */
        log_orphan(irp, IoGetCurrentIrpStackLocation(irp)->MajorFunction);
    RemoveEntryList(&irp->ThreadListEntry);
    detached_bytes -= irp_bytes(irp);
    irp->AllocationFlags ^= IO_IRP_DETACHED | IO_IRP_ORPHAN;
    irp->UserIosb = NULL;
    if (irp->UserEvent && irp->AllocationFlags & IO_IRP_FILE)
        ObfDereferenceObject(irp->UserEvent);
    irp->UserEvent = NULL;
}

static BOOLEAN is_finished(volatile const struct io_request *request)
{
    return request->status.Status != IO_UNFINISHED;
}

/* Until the IRP is completed, the thread shall end (for UserMode), or the time is over. */
static void wait(struct io_request *request, KPROCESSOR_MODE mode, PLARGE_INTEGER timeout)
{
    KEVENT event;

    if (is_finished(request))
        return;
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    request->irp->UserEvent = &event;
    KeWaitForSingleObject(&event, Executive, mode, FALSE, timeout);
    if (!is_finished(request))
        request->irp->UserEvent = NULL;
}

/*
 * CLEANUP and CLOSE may be a dying process's: a driver that keeps one gets no more time than other
 * requests of a thread that ends.
 */
static BOOLEAN is_notice(UCHAR major)
{
    return major == IRP_MJ_CLEANUP || major == IRP_MJ_CLOSE;
}

static void wait_until_finished(struct io_request *request)
{
    LARGE_INTEGER timeout = {.QuadPart = -(LONGLONG)IO_ORPHAN_SECONDS * 1000 * KE_MILLISECOND};

    if (!is_notice(request->location->MajorFunction)) {
        wait(request, request->mode, NULL);
        if (!is_finished(request))
            IoCancelIrp(request->irp);
    }
    wait(request, KernelMode, &timeout);
}

/* The request goes on without its service. One that is completed already is finished at once. */
static NTSTATUS detach(struct io_request *request)
{
    PIRP irp = request->irp;

    ObfReferenceObject(request->file);
    irp->UserIosb = request->iosb;
    irp->UserEvent = request->event; /* with its pointer */
    request->event = NULL;
    io_detach(irp);
    irp->AllocationFlags |= IO_IRP_FILE;
    if (is_finished(request))
        io_finish(irp);
    request->status.Status = IO_UNFINISHED;
    return STATUS_PENDING;
}

NTSTATUS io_request_unfinished(struct io_request *request, NTSTATUS returned)
{
    if (returned == STATUS_PENDING && request->asynchronous)
        return detach(request);
    if (returned == STATUS_PENDING)
        wait_until_finished(request);
    if (is_finished(request))
        return request->status.Status;
    orphan(request);
    return returned == STATUS_PENDING ? STATUS_THREAD_IS_TERMINATING : returned;
}

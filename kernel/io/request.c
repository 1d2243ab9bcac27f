#include "io/iop.h"

#include "ex/ex.h"
#include "io/limits.h"
#include "ke/event.h"
#include "ke/wait.h"
#include "mm/mdl.h"
#include "mm/user.h"
#include "rtl/rtl.h"

/* A synchronous file serves one request at a time. */
static __attribute__((noinline)) NTSTATUS wait_for_lock(PFILE_OBJECT file, KPROCESSOR_MODE mode)
{
    NTSTATUS status = STATUS_SUCCESS;

    file->Waiters++;
    while (file->Busy && status != STATUS_THREAD_IS_TERMINATING)
        status = KeWaitForSingleObject(&file->Lock, Executive, mode, FALSE, NULL);
    file->Waiters--;
    return file->Busy ? status : STATUS_SUCCESS;
}

static inline NTSTATUS lock_file(PFILE_OBJECT file, KPROCESSOR_MODE mode)
{
    NTSTATUS status = file->Busy ? wait_for_lock(file, mode) : STATUS_SUCCESS;

    if (NT_SUCCESS(status))
        file->Busy = TRUE;
    return status;
}

static inline void unlock_file(PFILE_OBJECT file)
{
    file->Busy = FALSE;
    if (file->Waiters)
        KeSetEvent(&file->Lock, IO_NO_INCREMENT, FALSE);
}

static NTSTATUS reference_event(HANDLE handle, KPROCESSOR_MODE mode, PKEVENT *event)
{
    NTSTATUS status = ObReferenceObjectByHandle(handle, EVENT_MODIFY_STATE, ExEventObjectType, mode,
                                                (PVOID *)event, NULL);

    if (NT_SUCCESS(status))
        KeClearEvent(*event);
    return status;
}

/* The file is referenced: what else the request holds. */
static NTSTATUS take_file(struct io_request *request, const struct io_caller *caller)
{
    PFILE_OBJECT file = request->file;
    NTSTATUS status = STATUS_SUCCESS;

    if (__builtin_expect(caller->event != NULL, FALSE))
        status = reference_event(caller->event, request->mode, &request->event);
    request->locked = !!(file->Flags & FO_SYNCHRONOUS_IO);
    request->asynchronous = !request->locked;
    if (NT_SUCCESS(status) && request->locked)
        status = lock_file(file, request->mode);
    if (NT_SUCCESS(status)) {
        file->Event.Header.SignalState = FALSE;
        return status;
    }
    if (request->event)
        ObfDereferenceObject(request->event);
    ObfDereferenceObject(file);
    return status;
}

NTSTATUS FASTCALL io_request_open(struct io_request *request, const struct io_caller *caller)
{
    OBJECT_HANDLE_INFORMATION information;
    NTSTATUS status;

    request->mode = ke_previous_mode();
    request->event = NULL;
    request->iosb = caller->iosb;
    if (request->mode != KernelMode) {
        status = mm_probe_write(caller->iosb, sizeof *caller->iosb, sizeof(ULONG));
        if (!NT_SUCCESS(status))
            return status;
    }
    if (caller->apc)
        return STATUS_INVALID_PARAMETER;
    status = ObReferenceObjectByHandle(caller->file, caller->access, io_file_type, request->mode,
                                       (PVOID *)&request->file, &information);
    if (!NT_SUCCESS(status))
        return status;
    request->granted = information.GrantedAccess;
    return take_file(request, caller);
}

NTSTATUS FASTCALL io_request_close(struct io_request *request, NTSTATUS status)
{
    if (request->locked)
        unlock_file(request->file);
    if (request->event)
        ObfDereferenceObject(request->event);
    ObfDereferenceObject(request->file);
    return status;
}

NTSTATUS io_probe_output(KPROCESSOR_MODE mode, PVOID output, ULONG bytes)
{
    NTSTATUS status;

    if (mode == KernelMode || !bytes)
        return STATUS_SUCCESS;
    if (bytes <= IO_BUFFER_LIMIT)
        return mm_probe_write(output, bytes, 1);
    status = mm_probe_read(output, bytes, 1); /* the range, before its size is judged */
    return NT_SUCCESS(status) ? STATUS_INSUFFICIENT_RESOURCES : status;
}

BOOLEAN FASTCALL io_request_begin(struct io_request *request, UCHAR major, ULONG buffer_bytes)
{
    PFILE_OBJECT file = request->file;
    PDEVICE_OBJECT device = file->DeviceObject;
    PIO_STACK_LOCATION location;
    PIRP irp = NULL;

    while (device->AttachedDevice)
        device = device->AttachedDevice;
    if (buffer_bytes <= IO_BUFFER_LIMIT &&
        (!request->asynchronous || request->mode == KernelMode || io_may_detach(buffer_bytes)))
        irp = io_allocate_irp(device->StackSize, buffer_bytes);
    if (!irp)
        return FALSE;
    irp->RequestorMode = request->mode;
    irp->AllocationFlags = IO_IRP_WAITED;
    irp->Tail.Overlay.Thread = ke_current_thread();
    irp->Tail.Overlay.OriginalFileObject = file;
    irp->UserIosb = &request->status;
    location = IoGetNextIrpStackLocation(irp);
    location->MajorFunction = major;
    location->FileObject = file;
    request->location = location;
    request->device = device;
    request->irp = irp;
    request->status.Status = IO_UNFINISHED;
    return TRUE;
}

NTSTATUS FASTCALL io_request_input(struct io_request *request, const void *input, ULONG bytes)
{
    if (request->mode != KernelMode)
        return mm_copy_from_user(request->irp->AssociatedIrp.SystemBuffer, input, bytes);
    rtl_copy(request->irp->AssociatedIrp.SystemBuffer, input, bytes);
    return STATUS_SUCCESS;
}

NTSTATUS io_request_lock(struct io_request *request, PVOID buffer, ULONG bytes, BOOLEAN write)
{
    PMDL mdl = bytes ? mdl_create(buffer, bytes) : NULL;

    request->irp->MdlAddress = mdl;
    if (!mdl)
        return bytes ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
    return mdl_lock(mdl, request->mode, write);
}

/* Success or a warning: the results go to the caller, who learns of it by event too. */
static inline NTSTATUS hand_over(struct io_request *request, NTSTATUS status)
{
    PFILE_OBJECT file = request->file;
    NTSTATUS copied = STATUS_SUCCESS;

    if (!request->iosb)
        return status;
    if (request->irp->Flags & IRP_INPUT_OPERATION)
        copied = io_copy_answer(request->irp);
    request->status.Information = request->irp->IoStatus.Information; /* it may be cut */
    if (request->mode == KernelMode)
        *request->iosb = request->status;
    else if (NT_SUCCESS(copied))
        copied = mm_copy_to_user(request->iosb, &request->status, sizeof request->status);
    if (request->event)
        KeSetEvent(request->event, IO_NO_INCREMENT, FALSE);
    if (!IsListEmpty(&file->Event.Header.WaitListHead))
        KeSetEvent(&file->Event, IO_NO_INCREMENT, FALSE);
    else if (!request->event || !request->asynchronous)
        file->Event.Header.SignalState = TRUE;
    return NT_SUCCESS(copied) ? status : copied;
}

NTSTATUS FASTCALL io_request_perform(struct io_request *request, NTSTATUS status)
{
    if (NT_SUCCESS(status)) {
        status = IofCallDriver(request->device, request->irp);
        if (status == STATUS_PENDING || request->status.Status == IO_UNFINISHED) {
            status = io_request_unfinished(request, status);
            if (request->status.Status == IO_UNFINISHED)
                return status; /* the IRP is no longer the requestor's */
        }
        request->file->FinalStatus = request->status.Status;
        if (!NT_ERROR(status))
            status = hand_over(request, status);
    }
    io_free_request(request->irp);
    return status;
}

/*
 * Cancelling. Whoever takes the cancel routine out of an IRP (IoSetCancelRoutine, an interlocked
 * exchange in the driver's own code) decides: the driver, that it completes the IRP as usual, or
 * IoCancelIrp, that the routine does it.
 */
#include "io/iop.h"

#include "console/log.h"
#include "export.h"
#include "io/limits.h"
#include "ke/clock.h"
#include "ke/wait.h"
#include "rtl/rtl.h"
#include "x86/hal.h"

static KSPIN_LOCK cancel_lock;

VOID NTAPI IoAcquireCancelSpinLock(PKIRQL irql)
{
    *irql = KfAcquireSpinLock(&cancel_lock);
}
EXPORT_NTOSKRNL(IoAcquireCancelSpinLock);

VOID NTAPI IoReleaseCancelSpinLock(KIRQL irql)
{
    KfReleaseSpinLock(&cancel_lock, irql);
}
EXPORT_NTOSKRNL(IoReleaseCancelSpinLock);

/* The routine must have released the lock that it was called with. */
static void check_released(PDRIVER_CANCEL routine, KIRQL irql)
{
    if (!cancel_lock)
        return;
    log_printf("[io] routine=%p problem=\"the cancel routine kept the cancel lock\"\n", routine);
    IoReleaseCancelSpinLock(irql);
}

BOOLEAN NTAPI IoCancelIrp(PIRP irp)
{
    PDRIVER_CANCEL routine;
    KIRQL irql;

    IoAcquireCancelSpinLock(&irql);
    irp->Cancel = TRUE;
    routine = irp->CancelRoutine;
    irp->CancelRoutine = NULL;
    if (!routine) {
        IoReleaseCancelSpinLock(irql);
        return FALSE;
    }
    irp->CancelIrql = irql;
    routine(IoGetCurrentIrpStackLocation(irp)->DeviceObject, irp);
    check_released(routine, irql);
    return TRUE;
}
EXPORT_NTOSKRNL(IoCancelIrp);

/* A request of the thread on the file (NULL: any) that is not cancelled yet, or NULL. */
static PIRP find_request(struct ke_thread *thread, const FILE_OBJECT *file)
{
    LIST_FOR_EACH(irp, &thread->irp_list, IRP, ThreadListEntry)
    if (!irp->Cancel && (!file || irp->Tail.Overlay.OriginalFileObject == file))
        return irp;
    return NULL;
}

static BOOLEAN has_requests(struct ke_thread *thread, const FILE_OBJECT *file)
{
    LIST_FOR_EACH(irp, &thread->irp_list, IRP, ThreadListEntry)
    if (!file || irp->Tail.Overlay.OriginalFileObject == file)
        return TRUE;
    return FALSE;
}

/* Begins anew after each: a cancel routine may complete more than its own. */
static void cancel_requests(struct ke_thread *thread, const FILE_OBJECT *file)
{
    PIRP irp;

    while ((irp = find_request(thread, file)))
        IoCancelIrp(irp);
}

/* Until they are completed, or `ticks` (0: no limit) are over. FALSE if some are left. */
static BOOLEAN wait_for_requests(struct ke_thread *thread, const FILE_OBJECT *file, ULONG ticks)
{
    KPROCESSOR_MODE mode = ticks ? KernelMode : ke_previous_mode();
    LARGE_INTEGER tick = {.QuadPart = -KE_TICK};

    for (ULONG i = 0; has_requests(thread, file); i++)
        if ((ticks && i == ticks) || !NT_SUCCESS(KeDelayExecutionThread(mode, FALSE, &tick)))
            return FALSE;
    return TRUE;
}

NTSTATUS NTAPI NtCancelIoFile(HANDLE handle, PIO_STATUS_BLOCK iosb)
{
    struct ke_thread *thread = ke_current_thread();
    PFILE_OBJECT file;
    NTSTATUS status = ob_reference(handle, 0, io_file_type, (PVOID *)&file);

    if (!NT_SUCCESS(status))
        return status;
    cancel_requests(thread, file);
    if (!wait_for_requests(thread, file, 0))
        status = STATUS_THREAD_IS_TERMINATING;
    *iosb = (IO_STATUS_BLOCK){{status}, 0};
    ObfDereferenceObject(file);
    return status;
}

ZW_ALIAS(ZwCancelIoFile, NtCancelIoFile);
EXPORT_NTOSKRNL(ZwCancelIoFile);

void io_rundown_thread(struct ke_thread *thread)
{
    cancel_requests(thread, NULL);
    wait_for_requests(thread, NULL, IO_ORPHAN_SECONDS * 1000 * KE_MILLISECOND / KE_TICK);
    while (!IsListEmpty(&thread->irp_list))
        io_orphan_detached(CONTAINING_RECORD(thread->irp_list.Flink, IRP, ThreadListEntry));
}

#include "ps/query.h"

#include "nt/system.h"
#include "ke/scheduler.h"
#include "mm/user.h"
#include "ps/thread.h"
#include "rtl/rtl.h"

static NTSTATUS expect(ULONG length, ULONG bytes, PULONG needed)
{
    if (needed)
        *needed = bytes;
    return length == bytes ? STATUS_SUCCESS : STATUS_INFO_LENGTH_MISMATCH;
}

NTSTATUS NTAPI NtQueryInformationProcess(HANDLE handle, ULONG class, PVOID buffer, ULONG length,
                                         PULONG needed)
{
    PPROCESS_BASIC_INFORMATION basic = buffer;
    struct process *process;
    NTSTATUS status;

    if (class != ProcessBasicInformation)
        return STATUS_INVALID_INFO_CLASS;
    status = expect(length, sizeof *basic, needed);
    if (NT_SUCCESS(status))
        status = ps_reference_process(handle, PROCESS_QUERY_INFORMATION, &process);
    if (!NT_SUCCESS(status))
        return status;
    *basic = (PROCESS_BASIC_INFORMATION){
        .ExitStatus = process->exit_status,
        .PebBaseAddress = process == &ps_system_process ? NULL : (PVOID)NT_PEB,
        .AffinityMask = 1,
        .BasePriority = PS_BASE_PRIORITY,
        .UniqueProcessId = process->id,
        .InheritedFromUniqueProcessId = process->parent_id,
    };
    ObfDereferenceObject(process);
    return STATUS_SUCCESS;
}

/* Of the current thread, whatever the handle says. */
static NTSTATUS query_last(PULONG last, ULONG length, PULONG needed)
{
    const LIST_ENTRY *threads = &ps_current()->threads;
    NTSTATUS status = expect(length, sizeof *last, needed);

    if (NT_SUCCESS(status))
        *last = threads->Flink == threads->Blink;
    return status;
}

NTSTATUS NTAPI NtQueryInformationThread(HANDLE handle, ULONG class, PVOID buffer, ULONG length,
                                        PULONG needed)
{
    PTHREAD_BASIC_INFORMATION basic = buffer;
    struct thread *thread;
    NTSTATUS status;

    if (class == ThreadAmILastThread)
        return query_last(buffer, length, needed);
    if (class != ThreadBasicInformation)
        return STATUS_INVALID_INFO_CLASS;
    status = expect(length, sizeof *basic, needed);
    if (NT_SUCCESS(status))
        status = ps_reference_thread(handle, THREAD_QUERY_INFORMATION, &thread);
    if (!NT_SUCCESS(status))
        return status;
    *basic = (THREAD_BASIC_INFORMATION){
        .ExitStatus = thread->exit_status,
        .TebBaseAddress = (PVOID)thread->ke.teb,
        .UniqueProcess = (HANDLE)thread->process->id,
        .UniqueThread = (HANDLE)thread->id,
        .AffinityMask = 1,
        .Priority = thread->ke.priority,
        .BasePriority = thread->ke.base_priority - PS_BASE_PRIORITY,
    };
    ObfDereferenceObject(thread);
    return STATUS_SUCCESS;
}

/* The increments -15 and 15 saturate below the realtime priorities (SDK: SetThreadPriority). */
static UCHAR priority_of(LONG increment)
{
    if (increment == 15)
        return LOW_REALTIME_PRIORITY - 1;
    return (UCHAR)(increment == -15 ? 1 : PS_BASE_PRIORITY + increment);
}

/* Writes to the TEBs of the current process, which are its own memory. */
static NTSTATUS zero_tls_slot(const ULONG *slot, ULONG length)
{
    static const PVOID empty;

    if (length != sizeof *slot)
        return STATUS_INFO_LENGTH_MISMATCH;
    if (*slot >= ARRAY_SIZE(((struct nt_teb *)0)->tls_slots))
        return STATUS_INVALID_PARAMETER;
    LIST_FOR_EACH(thread, &ps_current()->threads, struct thread, link)
    {
        struct nt_teb *teb = (struct nt_teb *)thread->ke.teb;

        if (teb)
            mm_copy_to_user(&teb->tls_slots[*slot], &empty, sizeof empty);
    }
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtSetInformationThread(HANDLE handle, ULONG class, PVOID buffer, ULONG length)
{
    struct thread *thread;
    LONG increment;
    NTSTATUS status;

    if (class == ThreadZeroTlsCell)
        return zero_tls_slot(buffer, length);
    if (class != ThreadBasePriority)
        return STATUS_INVALID_INFO_CLASS;
    if (length != sizeof increment)
        return STATUS_INFO_LENGTH_MISMATCH;
    increment = *(LONG *)buffer;
    if ((increment < -2 || increment > 2) && increment != 15 && increment != -15)
        return STATUS_INVALID_PARAMETER;
    status = ps_reference_thread(handle, THREAD_SET_INFORMATION, &thread);
    if (!NT_SUCCESS(status))
        return status;
    ke_set_priority(&thread->ke, priority_of(increment));
    ObfDereferenceObject(thread);
    return STATUS_SUCCESS;
}

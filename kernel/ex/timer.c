#include "ke/timer.h"

#include "ex/exp.h"
#include "export.h"
#include "ke/clock.h"

static POBJECT_TYPE timer_type;

static void delete_timer(PVOID object)
{
    KeCancelTimer(object);
}

void ex_timer_init(void)
{
    timer_type = ex_create_type(u"Timer", POOL_TAG('T', 'i', 'm', 'e'), TIMER_QUERY_STATE,
                                TIMER_MODIFY_STATE, delete_timer);
}

NTSTATUS NTAPI NtCreateTimer(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                             TIMER_TYPE type)
{
    PVOID timer;
    NTSTATUS status;

    if (type != NotificationTimer && type != SynchronizationTimer)
        return STATUS_INVALID_PARAMETER;
    status = ob_create_object(timer_type, attributes, sizeof(KTIMER), &timer);
    if (!NT_SUCCESS(status))
        return status;
    KeInitializeTimerEx(timer, type);
    return ob_insert_object(timer, attributes, access, handle);
}
ZW_ALIAS(ZwCreateTimer, NtCreateTimer);
EXPORT_NTOSKRNL(ZwCreateTimer);

NTSTATUS NTAPI NtOpenTimer(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    return ob_open(handle, access, attributes, timer_type);
}
ZW_ALIAS(ZwOpenTimer, NtOpenTimer);
EXPORT_NTOSKRNL(ZwOpenTimer);

NTSTATUS NTAPI NtSetTimer(HANDLE handle, PLARGE_INTEGER due, PVOID apc, PVOID apc_context,
                          BOOLEAN resume, LONG period, PBOOLEAN previous)
{
    PVOID timer;
    NTSTATUS status;

    (void)apc_context;
    if (period < 0)
        return STATUS_INVALID_PARAMETER_6;
    if (apc)
        return STATUS_NOT_SUPPORTED;
    status = ob_reference(handle, TIMER_MODIFY_STATE, timer_type, &timer);
    if (!NT_SUCCESS(status))
        return status;
    if (previous)
        *previous = KeReadStateTimer(timer);
    KeSetTimerEx(timer, *due, period, NULL);
    ObfDereferenceObject(timer);
    return resume ? STATUS_TIMER_RESUME_IGNORED : STATUS_SUCCESS;
}
ZW_ALIAS(ZwSetTimer, NtSetTimer);
EXPORT_NTOSKRNL(ZwSetTimer);

NTSTATUS NTAPI NtCancelTimer(HANDLE handle, PBOOLEAN state)
{
    PVOID timer;
    NTSTATUS status = ob_reference(handle, TIMER_MODIFY_STATE, timer_type, &timer);

    if (!NT_SUCCESS(status))
        return status;
    KeCancelTimer(timer);
    if (state)
        *state = KeReadStateTimer(timer);
    ObfDereferenceObject(timer);
    return STATUS_SUCCESS;
}
ZW_ALIAS(ZwCancelTimer, NtCancelTimer);
EXPORT_NTOSKRNL(ZwCancelTimer);

NTSTATUS NTAPI NtQueryTimer(HANDLE handle, ULONG class, PVOID information, ULONG length,
                            PULONG returned)
{
    struct nt_timer_information *answer = information;
    PVOID object;
    NTSTATUS status = ex_begin_query(handle, TIMER_QUERY_STATE, timer_type, class, length,
                                     sizeof *answer, returned, &object);

    if (!NT_SUCCESS(status))
        return status;
    PKTIMER timer = object;

    answer->remaining.QuadPart = timer->DueTime.QuadPart - ke_interrupt_time();
    answer->state = KeReadStateTimer(timer);
    ObfDereferenceObject(timer);
    return STATUS_SUCCESS;
}

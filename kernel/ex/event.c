#include "ke/event.h"

#include "ex/exp.h"
#include "export.h"

POBJECT_TYPE ExEventObjectType;
EXPORT_NTOSKRNL_DATA(ExEventObjectType);

void ex_event_init(void)
{
    ExEventObjectType = ex_create_type(u"Event", POOL_TAG('E', 'v', 'e', 'n'), EVENT_QUERY_STATE,
                                       EVENT_MODIFY_STATE, NULL);
}

NTSTATUS NTAPI NtCreateEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                             EVENT_TYPE type, BOOLEAN state)
{
    PVOID event;
    NTSTATUS status;

    if (type != NotificationEvent && type != SynchronizationEvent)
        return STATUS_INVALID_PARAMETER;
    status = ob_create_object(ExEventObjectType, attributes, sizeof(KEVENT), &event);
    if (!NT_SUCCESS(status))
        return status;
    KeInitializeEvent(event, type, !!state);
    return ob_insert_object(event, attributes, access, handle);
}
ZW_ALIAS(ZwCreateEvent, NtCreateEvent);
EXPORT_NTOSKRNL(ZwCreateEvent);

NTSTATUS NTAPI NtOpenEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    return ob_open(handle, access, attributes, ExEventObjectType);
}
ZW_ALIAS(ZwOpenEvent, NtOpenEvent);
EXPORT_NTOSKRNL(ZwOpenEvent);

static LONG set(PKEVENT event)
{
    return KeSetEvent(event, 0, FALSE);
}

static LONG pulse(PKEVENT event)
{
    return KePulseEvent(event, 0, FALSE);
}

static LONG reset(PKEVENT event)
{
    return KeResetEvent(event);
}

static NTSTATUS change(HANDLE handle, LONG (*how)(PKEVENT event), PLONG previous)
{
    PVOID event;
    NTSTATUS status = ob_reference(handle, EVENT_MODIFY_STATE, ExEventObjectType, &event);

    if (!NT_SUCCESS(status))
        return status;
    LONG last = how(event);

    if (previous)
        *previous = last;
    ObfDereferenceObject(event);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtSetEvent(HANDLE handle, PLONG previous)
{
    return change(handle, set, previous);
}
ZW_ALIAS(ZwSetEvent, NtSetEvent);
EXPORT_NTOSKRNL(ZwSetEvent);

NTSTATUS NTAPI NtResetEvent(HANDLE handle, PLONG previous)
{
    return change(handle, reset, previous);
}
ZW_ALIAS(ZwResetEvent, NtResetEvent);
EXPORT_NTOSKRNL(ZwResetEvent);

NTSTATUS NTAPI NtPulseEvent(HANDLE handle, PLONG previous)
{
    return change(handle, pulse, previous);
}
ZW_ALIAS(ZwPulseEvent, NtPulseEvent);
EXPORT_NTOSKRNL(ZwPulseEvent);

NTSTATUS NTAPI NtClearEvent(HANDLE handle)
{
    return change(handle, reset, NULL);
}
ZW_ALIAS(ZwClearEvent, NtClearEvent);
EXPORT_NTOSKRNL(ZwClearEvent);

NTSTATUS NTAPI NtQueryEvent(HANDLE handle, ULONG class, PVOID information, ULONG length,
                            PULONG returned)
{
    struct nt_event_information *answer = information;
    PVOID object;
    NTSTATUS status = ex_begin_query(handle, EVENT_QUERY_STATE, ExEventObjectType, class, length,
                                     sizeof *answer, returned, &object);

    if (!NT_SUCCESS(status))
        return status;
    PKEVENT event = object;

    answer->type = event->Header.Type;
    answer->state = KeReadStateEvent(event);
    ObfDereferenceObject(event);
    return STATUS_SUCCESS;
}

/* Waiting for what handles stand for. */
#include "ke/wait.h"

#include "ex/exp.h"
#include "export.h"
#include "mm/user.h"

/* The part of an object that is waited for, or NULL. */
static PVOID dispatcher_of(PVOID object)
{
    const struct ob_type_info *info = &ob_header(object)->Type->info;

    return info->waitable ? (char *)object + info->dispatcher_offset : NULL;
}

/* References the object behind a handle if it can be waited for. */
static NTSTATUS reference(HANDLE handle, PVOID *object)
{
    NTSTATUS status = ob_reference(handle, SYNCHRONIZE, NULL, object);

    if (!NT_SUCCESS(status) || dispatcher_of(*object))
        return status;
    ObfDereferenceObject(*object);
    return STATUS_OBJECT_TYPE_MISMATCH;
}

NTSTATUS NTAPI NtWaitForSingleObject(HANDLE handle, BOOLEAN alertable, PLARGE_INTEGER timeout)
{
    PVOID object;
    NTSTATUS status = reference(handle, &object);

    if (!NT_SUCCESS(status))
        return status;
    status = KeWaitForSingleObject(dispatcher_of(object), UserRequest, ob_previous_mode(),
                                   alertable, timeout);
    ObfDereferenceObject(object);
    return status;
}
ZW_ALIAS(ZwWaitForSingleObject, NtWaitForSingleObject);
EXPORT_NTOSKRNL(ZwWaitForSingleObject);

/* A wait for several handles: too large for the stack. */
struct multiple {
    ULONG count; /* of objects referenced */
    HANDLE handles[MAXIMUM_WAIT_OBJECTS];
    PVOID objects[MAXIMUM_WAIT_OBJECTS];     /* referenced */
    PVOID dispatchers[MAXIMUM_WAIT_OBJECTS]; /* what is waited for */
    KWAIT_BLOCK blocks[MAXIMUM_WAIT_OBJECTS];
};

static NTSTATUS reference_all(struct multiple *wait, ULONG count)
{
    while (wait->count < count) {
        PVOID *object = &wait->objects[wait->count];
        NTSTATUS status = reference(wait->handles[wait->count], object);

        if (!NT_SUCCESS(status))
            return status;
        wait->dispatchers[wait->count++] = dispatcher_of(*object);
    }
    return STATUS_SUCCESS;
}

static BOOLEAN has_one_twice(const struct multiple *wait)
{
    for (ULONG i = 1; i < wait->count; i++)
        for (ULONG j = 0; j < i; j++)
            if (wait->dispatchers[i] == wait->dispatchers[j])
                return TRUE;
    return FALSE;
}

static NTSTATUS wait_for(struct multiple *wait, ULONG count, WAIT_TYPE type, BOOLEAN alertable,
                         PLARGE_INTEGER timeout)
{
    NTSTATUS status = reference_all(wait, count);

    if (NT_SUCCESS(status) && type == WaitAll && has_one_twice(wait))
        status = STATUS_INVALID_PARAMETER_MIX;
    if (NT_SUCCESS(status))
        status = KeWaitForMultipleObjects(count, wait->dispatchers, type, UserRequest,
                                          ob_previous_mode(), alertable, timeout, wait->blocks);
    while (wait->count)
        ObfDereferenceObject(wait->objects[--wait->count]);
    return status;
}

NTSTATUS NTAPI NtWaitForMultipleObjects(ULONG count, PHANDLE handles, WAIT_TYPE type,
                                        BOOLEAN alertable, PLARGE_INTEGER timeout)
{
    struct multiple *wait;
    NTSTATUS status = STATUS_SUCCESS;

    if (!count || count > MAXIMUM_WAIT_OBJECTS)
        return STATUS_INVALID_PARAMETER_1;
    if (type != WaitAll && type != WaitAny)
        return STATUS_INVALID_PARAMETER_3;
    wait = ExAllocatePoolWithTag(PagedPool, sizeof *wait, POOL_TAG('W', 'a', 'i', 't'));
    if (!wait)
        return STATUS_INSUFFICIENT_RESOURCES;
    wait->count = 0;
    if (ob_previous_mode() == UserMode)
        status = mm_copy_from_user(wait->handles, handles, count * sizeof *handles);
    else
        memcpy(wait->handles, handles, count * sizeof *handles);
    if (NT_SUCCESS(status))
        status = wait_for(wait, count, type, alertable, timeout);
    ExFreePool(wait);
    return status;
}
ZW_ALIAS(ZwWaitForMultipleObjects, NtWaitForMultipleObjects);
EXPORT_NTOSKRNL(ZwWaitForMultipleObjects);

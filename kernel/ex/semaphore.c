#include "ke/semaphore.h"

#include "ex/exp.h"
#include "export.h"

POBJECT_TYPE ExSemaphoreObjectType;
EXPORT_NTOSKRNL_DATA(ExSemaphoreObjectType);

void ex_semaphore_init(void)
{
    ExSemaphoreObjectType = ex_create_type(u"Semaphore", POOL_TAG('S', 'e', 'm', 'a'),
                                           SEMAPHORE_QUERY_STATE, SEMAPHORE_MODIFY_STATE, NULL);
}

NTSTATUS NTAPI NtCreateSemaphore(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                                 LONG count, LONG limit)
{
    PVOID semaphore;
    NTSTATUS status;

    if (count < 0 || limit <= 0 || count > limit)
        return STATUS_INVALID_PARAMETER;
    status = ob_create_object(ExSemaphoreObjectType, attributes, sizeof(KSEMAPHORE), &semaphore);
    if (!NT_SUCCESS(status))
        return status;
    KeInitializeSemaphore(semaphore, count, limit);
    return ob_insert_object(semaphore, attributes, access, handle);
}

NTSTATUS NTAPI NtOpenSemaphore(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    return ob_open(handle, access, attributes, ExSemaphoreObjectType);
}

NTSTATUS NTAPI NtReleaseSemaphore(HANDLE handle, LONG count, PLONG previous)
{
    PVOID semaphore;
    NTSTATUS status;

    if (count <= 0)
        return STATUS_INVALID_PARAMETER;
    status = ob_reference(handle, SEMAPHORE_MODIFY_STATE, ExSemaphoreObjectType, &semaphore);
    if (!NT_SUCCESS(status))
        return status;
    status = ke_release_semaphore(semaphore, count, previous);
    ObfDereferenceObject(semaphore);
    return status;
}

NTSTATUS NTAPI NtQuerySemaphore(HANDLE handle, ULONG class, PVOID information, ULONG length,
                                PULONG returned)
{
    struct nt_semaphore_information *answer = information;
    PVOID object;
    NTSTATUS status = ex_begin_query(handle, SEMAPHORE_QUERY_STATE, ExSemaphoreObjectType, class,
                                     length, sizeof *answer, returned, &object);

    if (!NT_SUCCESS(status))
        return status;
    PKSEMAPHORE semaphore = object;

    answer->count = KeReadStateSemaphore(semaphore);
    answer->limit = semaphore->Limit;
    ObfDereferenceObject(semaphore);
    return STATUS_SUCCESS;
}

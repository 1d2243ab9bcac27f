/* Services for handles of any type. */
#include "ob/obp.h"

#include "export.h"

NTSTATUS NTAPI NtMakeTemporaryObject(HANDLE handle)
{
    PVOID object;
    NTSTATUS status =
        ObReferenceObjectByHandle(handle, DELETE, NULL, ob_previous_mode(), &object, NULL);

    if (!NT_SUCCESS(status))
        return status;
    ObMakeTemporaryObject(object);
    ObfDereferenceObject(object);
    return STATUS_SUCCESS;
}
ZW_ALIAS(ZwMakeTemporaryObject, NtMakeTemporaryObject);
EXPORT_NTOSKRNL(ZwMakeTemporaryObject);

static NTSTATUS duplicate(HANDLE source, ACCESS_MASK access, ULONG attributes, ULONG options,
                          PHANDLE target)
{
    OBJECT_HANDLE_INFORMATION from;
    PVOID object;
    NTSTATUS status =
        ObReferenceObjectByHandle(source, 0, NULL, ob_previous_mode(), &object, &from);

    if (!NT_SUCCESS(status))
        return status;
    access = options & DUPLICATE_SAME_ACCESS ? from.GrantedAccess
                                             : ob_granted_access(ob_header(object)->Type, access);
    if (options & DUPLICATE_SAME_ATTRIBUTES)
        attributes = from.HandleAttributes;
    status = access & ~from.GrantedAccess ? STATUS_ACCESS_DENIED
                                          : ob_create_handle(object, access, attributes, target);
    if (!NT_SUCCESS(status))
        ObfDereferenceObject(object);
    return status;
}

NTSTATUS NTAPI NtDuplicateObject(HANDLE source_process, HANDLE source, HANDLE target_process,
                                 PHANDLE target, ACCESS_MASK access, ULONG attributes,
                                 ULONG options)
{
    NTSTATUS status;

    if (source_process != NtCurrentProcess() || target_process != NtCurrentProcess())
        return STATUS_INVALID_HANDLE;
    *target = NULL;
    status = duplicate(source, access, attributes, options, target);
    if (options & DUPLICATE_CLOSE_SOURCE && status != STATUS_INVALID_HANDLE)
        NtClose(source);
    return status;
}
ZW_ALIAS(ZwDuplicateObject, NtDuplicateObject);
EXPORT_NTOSKRNL(ZwDuplicateObject);

/* What services share, and those for handles of any type. */
#include "ob/obp.h"

#include "export.h"

NTSTATUS ob_reference(HANDLE handle, ACCESS_MASK access, POBJECT_TYPE type, PVOID *object)
{
    return ObReferenceObjectByHandle(handle, access, type, ob_previous_mode(), object, NULL);
}

NTSTATUS ob_open(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                 POBJECT_TYPE type)
{
    return ObOpenObjectByName(attributes, type, ob_previous_mode(), NULL, access, NULL, handle);
}

NTSTATUS ob_open_pointer(PHANDLE handle, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes,
                         PVOID object, POBJECT_TYPE type)
{
    return ObOpenObjectByPointer(object, attributes ? attributes->Attributes : 0, NULL, access,
                                 type, ob_previous_mode(), handle);
}

NTSTATUS NTAPI NtMakeTemporaryObject(HANDLE handle)
{
    PVOID object;
    NTSTATUS status = ob_reference(handle, DELETE, NULL, &object);

    if (!NT_SUCCESS(status))
        return status;
    ObMakeTemporaryObject(object);
    ObfDereferenceObject(object);
    return STATUS_SUCCESS;
}
ZW_ALIAS(ZwMakeTemporaryObject, NtMakeTemporaryObject);
EXPORT_NTOSKRNL(ZwMakeTemporaryObject);

NTSTATUS NTAPI NtSetInformationObject(HANDLE handle, ULONG class, PVOID buffer, ULONG length)
{
    const struct ob_handle_flags *flags = buffer;

    if (class != ObjectHandleFlagInformation)
        return STATUS_INVALID_INFO_CLASS;
    if (length != sizeof *flags)
        return STATUS_INFO_LENGTH_MISMATCH;
    return ob_set_handle_attributes(handle, (flags->inherit ? OBJ_INHERIT : 0) |
                                                (flags->protected ? OB_PROTECT_CLOSE : 0));
}

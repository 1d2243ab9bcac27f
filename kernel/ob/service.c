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

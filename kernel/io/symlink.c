#include "io/iop.h"

#include "export.h"

NTSTATUS NTAPI IoCreateSymbolicLink(PUNICODE_STRING name, PUNICODE_STRING target)
{
    OBJECT_ATTRIBUTES attributes =
        OBJECT_ATTRIBUTES_INIT(name, OBJ_PERMANENT | OBJ_CASE_INSENSITIVE);
    HANDLE handle;
    NTSTATUS status =
        NtCreateSymbolicLinkObject(&handle, SYMBOLIC_LINK_ALL_ACCESS, &attributes, target);

    if (NT_SUCCESS(status))
        NtClose(handle);
    return status;
}
EXPORT_NTOSKRNL(IoCreateSymbolicLink);

NTSTATUS NTAPI IoDeleteSymbolicLink(PUNICODE_STRING name)
{
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(name, OBJ_CASE_INSENSITIVE);
    HANDLE handle;
    NTSTATUS status = NtOpenSymbolicLinkObject(&handle, DELETE, &attributes);

    if (!NT_SUCCESS(status))
        return status;
    NtMakeTemporaryObject(handle);
    return NtClose(handle);
}
EXPORT_NTOSKRNL(IoDeleteSymbolicLink);

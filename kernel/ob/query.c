/* What objects tell about themselves: names, counts, the contents of directories. */
#include "ob/obp.h"

#include "export.h"

ULONG ob_prepend(PCUNICODE_STRING text, PWCHAR end)
{
    if (end)
        memcpy((char *)end - text->Length, text->Buffer, text->Length);
    return text->Length / 2;
}

/* The same behind a place that `units` already took. */
static ULONG prepend_at(PCUNICODE_STRING text, PWCHAR end, ULONG units)
{
    return units + ob_prepend(text, end ? end - units : NULL);
}

ULONG ob_name_units(PVOID object, PWCHAR end)
{
    static const UNICODE_STRING separator = UNICODE_STRING_INIT(u"\\"),
                                unlinked = UNICODE_STRING_INIT(u"...");
    POBJECT_HEADER_NAME_INFO info;
    ULONG units = 0;

    if (ob_header(object)->Type->info.name)
        return ob_header(object)->Type->info.name(object, end);
    if (object == ob_root_directory)
        return ob_prepend(&separator, end);
    while ((info = ob_name_info(object)) && info->Directory) {
        units = prepend_at(&info->Name, end, units);
        units = prepend_at(&separator, end, units);
        object = info->Directory;
    }
    return units && object != ob_root_directory ? prepend_at(&unlinked, end, units) : units;
}

NTSTATUS NTAPI ObQueryNameString(PVOID object, POBJECT_NAME_INFORMATION information, ULONG length,
                                 PULONG needed)
{
    ULONG bytes = ob_name_units(object, NULL) * 2;
    PWCHAR text = (PWCHAR)(information + 1);

    if (bytes >= 0xFFFE)
        return STATUS_OBJECT_NAME_INVALID;
    *needed = sizeof(*information) + (bytes ? bytes + 2 : 0);
    if (length < *needed)
        return STATUS_INFO_LENGTH_MISMATCH;
    information->Name = (UNICODE_STRING){0, 0, NULL};
    if (!bytes)
        return STATUS_SUCCESS;
    ob_name_units(object, text + bytes / 2);
    text[bytes / 2] = 0;
    information->Name = (UNICODE_STRING){(USHORT)bytes, (USHORT)(bytes + 2), text};
    return STATUS_SUCCESS;
}
EXPORT_NTOSKRNL(ObQueryNameString);

static NTSTATUS query_basic(PVOID object, const OBJECT_HANDLE_INFORMATION *handle,
                            POBJECT_BASIC_INFORMATION basic, ULONG length, PULONG needed)
{
    POBJECT_HEADER header = ob_header(object);
    POBJECT_HEADER_NAME_INFO name = ob_name_info(object);

    *needed = sizeof(*basic);
    if (length != sizeof(*basic))
        return STATUS_INFO_LENGTH_MISMATCH;
    *basic = (OBJECT_BASIC_INFORMATION){
        .Attributes =
            handle->HandleAttributes | (header->Flags & OB_FLAG_PERMANENT ? OBJ_PERMANENT : 0),
        .GrantedAccess = handle->GrantedAccess,
        .HandleCount = (ULONG)header->HandleCount,
        .PointerCount = (ULONG)header->PointerCount,
        .NameInfoSize = name ? sizeof(OBJECT_NAME_INFORMATION) + name->Name.Length + 2 : 0,
        .TypeInfoSize = header->Type->Name.Length,
        .CreationTime = ob_creation_time(object),
    };
    return STATUS_SUCCESS;
}

static NTSTATUS query_type(PVOID object, PPUBLIC_OBJECT_TYPE_INFORMATION information, ULONG length,
                           PULONG needed)
{
    const OBJECT_TYPE *type = ob_header(object)->Type;
    PWCHAR text = (PWCHAR)(information + 1);
    USHORT bytes = type->Name.Length;

    *needed = sizeof *information + bytes + sizeof(WCHAR);
    if (length < *needed)
        return STATUS_INFO_LENGTH_MISMATCH;
    memset(information, 0, sizeof *information);
    information->TypeName = (UNICODE_STRING){bytes, (USHORT)(bytes + sizeof(WCHAR)), text};
    information->TotalNumberOfObjects = type->TotalNumberOfObjects;
    information->TotalNumberOfHandles = type->TotalNumberOfHandles;
    memcpy(text, type->Name.Buffer, bytes);
    text[bytes / sizeof(WCHAR)] = 0;
    return STATUS_SUCCESS;
}

static NTSTATUS query_flags(const OBJECT_HANDLE_INFORMATION *handle, struct ob_handle_flags *flags,
                            ULONG length, PULONG needed)
{
    *needed = sizeof *flags;
    if (length != sizeof *flags)
        return STATUS_INFO_LENGTH_MISMATCH;
    flags->inherit = !!(handle->HandleAttributes & OBJ_INHERIT);
    flags->protected = !!(handle->HandleAttributes & OB_PROTECT_CLOSE);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtQueryObject(HANDLE handle, ULONG class, PVOID buffer, ULONG length, PULONG needed)
{
    OBJECT_HANDLE_INFORMATION information;
    ULONG unwanted;
    PVOID object;
    NTSTATUS status =
        ObReferenceObjectByHandle(handle, 0, NULL, ob_previous_mode(), &object, &information);

    if (!NT_SUCCESS(status))
        return status;
    if (!needed)
        needed = &unwanted;
    if (class == ObjectBasicInformation)
        status = query_basic(object, &information, buffer, length, needed);
    else if (class == ObjectNameInformation)
        status = ObQueryNameString(object, buffer, length, needed);
    else if (class == ObjectTypeInformation)
        status = query_type(object, buffer, length, needed);
    else if (class == ObjectHandleFlagInformation)
        status = query_flags(&information, buffer, length, needed);
    else
        status = STATUS_INVALID_INFO_CLASS;
    ObfDereferenceObject(object);
    return status;
}
ZW_ALIAS(ZwQueryObject, NtQueryObject);
EXPORT_NTOSKRNL(ZwQueryObject);

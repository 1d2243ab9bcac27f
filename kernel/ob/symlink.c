#include "ob/obp.h"

#include "export.h"
#include "ke/clock.h"

struct symbolic_link {
    UNICODE_STRING target; /* in pool, with a NUL behind */
    UNICODE_STRING first;  /* the part of it before a NUL: what the link stands for */
    LARGE_INTEGER created;
};

static void delete_link(PVOID object)
{
    struct symbolic_link *link = object;

    if (link->target.Buffer)
        ExFreePool(link->target.Buffer);
}

/* A link stands for its target, except for who opens links themselves. */
static NTSTATUS parse_link(PVOID object, struct ob_parse *parse)
{
    struct symbolic_link *link = object;

    if (parse->remaining_name.Length && parse->remaining_name.Buffer[0] != '\\')
        return STATUS_OBJECT_TYPE_MISMATCH;
    if (parse->remaining_name.Length || parse->type != ob_symbolic_link_type)
        return ob_reparse(parse, &link->first);
    ObfReferenceObject(object);
    parse->object = object;
    return STATUS_SUCCESS;
}

const struct ob_type_info ob_symbolic_link_info = {
    .mapping = {READ_CONTROL | SYMBOLIC_LINK_QUERY, READ_CONTROL,
                READ_CONTROL | SYMBOLIC_LINK_QUERY, SYMBOLIC_LINK_ALL_ACCESS},
    .valid_access = SYMBOLIC_LINK_ALL_ACCESS,
    .pool_tag = POOL_TAG('S', 'y', 'm', 'b'),
    .delete = delete_link,
    .parse = parse_link,
};

static NTSTATUS set_target(struct symbolic_link *link, PCUNICODE_STRING target)
{
    ULONG bytes = target->Length + 2u;

    link->target.Buffer = pool_allocate_zeroed(bytes, ob_symbolic_link_info.pool_tag);
    if (!link->target.Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    link->target.MaximumLength = (USHORT)bytes;
    RtlCopyUnicodeString(&link->target, target);
    RtlInitUnicodeString(&link->first, link->target.Buffer);
    KeQuerySystemTime(&link->created);
    return STATUS_SUCCESS;
}

LARGE_INTEGER ob_creation_time(PVOID object)
{
    const struct symbolic_link *link = object;

    return ob_header(object)->Type == ob_symbolic_link_type ? link->created
                                                            : (LARGE_INTEGER){.QuadPart = 0};
}

NTSTATUS NTAPI NtCreateSymbolicLinkObject(PHANDLE handle, ACCESS_MASK access,
                                          POBJECT_ATTRIBUTES attributes, PUNICODE_STRING target)
{
    PVOID link;
    NTSTATUS status;

    if (!target->Length || !NT_SUCCESS(ob_check_name(target)))
        return STATUS_INVALID_PARAMETER;
    status =
        ob_create_object(ob_symbolic_link_type, attributes, sizeof(struct symbolic_link), &link);
    if (!NT_SUCCESS(status))
        return status;
    status = set_target(link, target);
    if (NT_SUCCESS(status))
        return ob_insert_object(link, attributes, access, handle);
    ObfDereferenceObject(link);
    return status;
}
ZW_ALIAS(ZwCreateSymbolicLinkObject, NtCreateSymbolicLinkObject);
EXPORT_NTOSKRNL(ZwCreateSymbolicLinkObject);

NTSTATUS NTAPI NtOpenSymbolicLinkObject(PHANDLE handle, ACCESS_MASK access,
                                        POBJECT_ATTRIBUTES attributes)
{
    return ob_open(handle, access, attributes, ob_symbolic_link_type);
}
ZW_ALIAS(ZwOpenSymbolicLinkObject, NtOpenSymbolicLinkObject);
EXPORT_NTOSKRNL(ZwOpenSymbolicLinkObject);

/* A caller who asks for the needed length gets, and needs room for, the NUL as well. */
static NTSTATUS copy_target(const UNICODE_STRING *from, PUNICODE_STRING to, PULONG needed)
{
    USHORT bytes = needed ? from->MaximumLength : from->Length;

    if (needed)
        *needed = bytes;
    if (to->MaximumLength < bytes)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(to->Buffer, from->Buffer, bytes);
    to->Length = from->Length;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtQuerySymbolicLinkObject(HANDLE handle, PUNICODE_STRING target, PULONG needed)
{
    PVOID link;
    NTSTATUS status = ob_reference(handle, SYMBOLIC_LINK_QUERY, ob_symbolic_link_type, &link);

    if (!NT_SUCCESS(status))
        return status;
    status = copy_target(&((struct symbolic_link *)link)->target, target, needed);
    ObfDereferenceObject(link);
    return status;
}
ZW_ALIAS(ZwQuerySymbolicLinkObject, NtQuerySymbolicLinkObject);
EXPORT_NTOSKRNL(ZwQuerySymbolicLinkObject);

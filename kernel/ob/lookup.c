#include "ob/obp.h"

NTSTATUS ob_reparse(struct ob_parse *parse, PCUNICODE_STRING target)
{
    UNICODE_STRING name = {0, 0, NULL};
    ULONG bytes = (ULONG)target->Length + parse->remaining_name.Length;

    if (bytes >= 0xFFFE)
        return STATUS_OBJECT_NAME_INVALID;
    name.MaximumLength = (USHORT)bytes;
    name.Buffer = ExAllocatePoolWithTag(PagedPool, bytes, POOL_TAG('O', 'b', 'R', 'p'));
    if (!name.Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    RtlAppendUnicodeStringToString(&name, target);
    RtlAppendUnicodeStringToString(&name, &parse->remaining_name);
    parse->complete_name = name;
    return STATUS_REPARSE;
}

/* The parse procedure of `object`, kept alive meanwhile. */
static NTSTATUS call_parse(PVOID object, struct ob_parse *parse)
{
    NTSTATUS status;

    ObfReferenceObject(object);
    status = ob_header(object)->Type->info.parse(object, parse);
    ObfDereferenceObject(object);
    return status;
}

static NTSTATUS found(PVOID object, struct ob_parse *parse)
{
    ObfReferenceObject(object);
    parse->object = object;
    return STATUS_SUCCESS;
}

/* `component`, behind which parse->remaining_name lies, is not in the directory. */
static NTSTATUS not_in(POBJECT_DIRECTORY directory, PCUNICODE_STRING component,
                       struct ob_parse *parse, PVOID insert)
{
    NTSTATUS status;

    if (parse->remaining_name.Length)
        return STATUS_OBJECT_PATH_NOT_FOUND;
    if (!insert)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    status = ob_directory_insert(directory, component, insert);
    return NT_SUCCESS(status) ? found(insert, parse) : status;
}

/* Creating a name only looks at links: all other objects are in the way. */
static BOOLEAN parses(POBJECT_TYPE type, PVOID insert)
{
    return type->info.parse && (!insert || type == ob_symbolic_link_type);
}

/* Follows parse->remaining_name from `object` as far as this name leads. */
static NTSTATUS walk(PVOID object, struct ob_parse *parse, PVOID insert)
{
    for (;;) {
        POBJECT_TYPE type = ob_header(object)->Type;
        POBJECT_DIRECTORY directory = object;
        UNICODE_STRING component;

        if (parses(type, insert))
            return call_parse(object, parse);
        if (!parse->remaining_name.Length)
            return found(object, parse);
        if (type != ob_directory_type)
            return STATUS_OBJECT_TYPE_MISMATCH;
        component = ob_split(&parse->remaining_name);
        if (!component.Length)
            return STATUS_OBJECT_NAME_INVALID;
        object = ob_directory_find(directory, &component, parse->attributes);
        if (!object)
            return not_in(directory, &component, parse, insert);
    }
}

static NTSTATUS walk_from_root(struct ob_parse *parse, PVOID insert)
{
    UNICODE_STRING *name = &parse->remaining_name;

    *name = parse->complete_name;
    if (!name->Length || name->Buffer[0] != '\\')
        return STATUS_OBJECT_PATH_SYNTAX_BAD;
    if (name->Length == 2)
        name->Length = 0;
    return walk(ob_root_directory, parse, insert);
}

static NTSTATUS walk_from_handle(HANDLE root, struct ob_parse *parse, PVOID insert)
{
    PVOID object;
    NTSTATUS status = ObReferenceObjectByHandle(root, 0, NULL, parse->mode, &object, NULL);
    POBJECT_TYPE type;

    if (!NT_SUCCESS(status))
        return status;
    type = ob_header(object)->Type;
    parse->remaining_name = parse->complete_name;
    if (parse->complete_name.Length && parse->complete_name.Buffer[0] == '\\')
        status = STATUS_OBJECT_PATH_SYNTAX_BAD;
    else if (type != ob_directory_type && !type->info.parse)
        status = STATUS_INVALID_HANDLE;
    else
        status = walk(object, parse, insert);
    ObfDereferenceObject(object);
    return status;
}

/* Goes on with the names that links give, and frees them. */
static NTSTATUS follow(NTSTATUS status, struct ob_parse *parse, PVOID insert)
{
    for (ULONG links = 0; status == STATUS_REPARSE; links++) {
        PWSTR name = parse->complete_name.Buffer;

        status =
            links < OB_MAX_REPARSES ? walk_from_root(parse, insert) : STATUS_OBJECT_NAME_NOT_FOUND;
        ExFreePool(name);
    }
    return status;
}

NTSTATUS ob_find_or_insert(const OBJECT_ATTRIBUTES *attributes, struct ob_parse *parse,
                           PVOID insert)
{
    NTSTATUS status = attributes ? ob_check_attributes(attributes) : STATUS_INVALID_PARAMETER;

    parse->object = NULL;
    if (!NT_SUCCESS(status))
        return status;
    if (!attributes->ObjectName)
        return STATUS_OBJECT_PATH_SYNTAX_BAD;
    parse->complete_name = *attributes->ObjectName;
    parse->attributes = attributes->Attributes;
    status = attributes->RootDirectory ? walk_from_handle(attributes->RootDirectory, parse, insert)
                                       : walk_from_root(parse, insert);
    return follow(status, parse, insert);
}

NTSTATUS ob_lookup(const OBJECT_ATTRIBUTES *attributes, struct ob_parse *parse)
{
    NTSTATUS status = ob_find_or_insert(attributes, parse, NULL);

    if (!NT_SUCCESS(status) || !parse->type || ob_header(parse->object)->Type == parse->type)
        return status;
    ObfDereferenceObject(parse->object);
    parse->object = NULL;
    return STATUS_OBJECT_TYPE_MISMATCH;
}

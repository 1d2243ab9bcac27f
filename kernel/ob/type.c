#include "ob/obp.h"

POBJECT_TYPE ob_type_type, ob_directory_type, ob_symbolic_link_type;
POBJECT_DIRECTORY ob_types_directory;

static void delete_type(PVOID object)
{
    POBJECT_TYPE type = object;

    ASSERT(type->TotalNumberOfObjects == 0);
}

static const struct ob_type_info type_info = {
    .mapping = {READ_CONTROL, READ_CONTROL, READ_CONTROL, OBJECT_TYPE_ALL_ACCESS},
    .valid_access = OBJECT_TYPE_ALL_ACCESS,
    .pool_tag = POOL_TAG('O', 'b', 'j', 'T'),
    .delete = delete_type,
};

/* Enters a type into \ObjectTypes, or gives it back. */
static NTSTATUS name_type(POBJECT_TYPE type)
{
    NTSTATUS status = STATUS_OBJECT_NAME_COLLISION;

    if (!ob_directory_find(ob_types_directory, &type->Name, OBJ_CASE_INSENSITIVE))
        status = ob_directory_insert(ob_types_directory, &type->Name, type);
    if (!NT_SUCCESS(status))
        ObfDereferenceObject(type);
    return status;
}

NTSTATUS ob_create_type(PCWSTR name, const struct ob_type_info *info, POBJECT_TYPE *type)
{
    UNICODE_STRING type_name;
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(&type_name, OBJ_PERMANENT);
    PVOID object;
    NTSTATUS status;

    RtlInitUnicodeString(&type_name, name);
    status = ob_create_object(ob_type_type, &attributes, sizeof(OBJECT_TYPE), &object);
    if (!NT_SUCCESS(status))
        return status;
    *type = object;
    (*type)->Name = type_name;
    (*type)->info = *info;
    return ob_types_directory ? name_type(*type) : STATUS_SUCCESS;
}

static POBJECT_TYPE create_first_type(PCWSTR name, const struct ob_type_info *info)
{
    POBJECT_TYPE type = NULL;

    ob_create_type(name, info, &type);
    ASSERT(type);
    return type;
}

void ob_create_first_types(void)
{
    OBJECT_TYPE stand_in = {.info = type_info}; /* until the type Type exists */

    ob_type_type = &stand_in;
    ob_type_type = create_first_type(u"Type", &type_info);
    ob_header(ob_type_type)->Type = ob_type_type;
    ob_type_type->TotalNumberOfObjects = 1;
    ob_directory_type = create_first_type(u"Directory", &ob_directory_info);
    ob_symbolic_link_type = create_first_type(u"SymbolicLink", &ob_symbolic_link_info);
}

void ob_name_first_types(void)
{
    NTSTATUS status = name_type(ob_type_type);

    if (NT_SUCCESS(status))
        status = name_type(ob_directory_type);
    if (NT_SUCCESS(status))
        status = name_type(ob_symbolic_link_type);
    ASSERT(NT_SUCCESS(status));
}

ACCESS_MASK ob_granted_access(POBJECT_TYPE type, ACCESS_MASK desired)
{
    const struct ob_type_info *info = &type->info;

    if (desired & MAXIMUM_ALLOWED)
        desired |= GENERIC_ALL;
    if (desired & GENERIC_READ)
        desired |= info->mapping.GenericRead;
    if (desired & GENERIC_WRITE)
        desired |= info->mapping.GenericWrite;
    if (desired & GENERIC_EXECUTE)
        desired |= info->mapping.GenericExecute;
    if (desired & GENERIC_ALL)
        desired |= info->mapping.GenericAll;
    return desired & info->valid_access;
}

struct ob_counts ob_counts(void)
{
    struct ob_counts counts = {0};
    POBJECT_DIRECTORY_ENTRY entry;

    while ((entry = ob_directory_at(ob_types_directory, counts.types))) {
        POBJECT_TYPE type = entry->Object;

        counts.objects += type->TotalNumberOfObjects;
        counts.handles += type->TotalNumberOfHandles;
        counts.types++;
    }
    return counts;
}

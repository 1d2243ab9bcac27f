#include "ob/obp.h"

#include "export.h"

const struct ob_type_info ob_directory_info = {
    .mapping = {READ_CONTROL | DIRECTORY_QUERY | DIRECTORY_TRAVERSE,
                READ_CONTROL | DIRECTORY_CREATE_OBJECT | DIRECTORY_CREATE_SUBDIRECTORY,
                READ_CONTROL | DIRECTORY_QUERY | DIRECTORY_TRAVERSE, DIRECTORY_ALL_ACCESS},
    .valid_access = DIRECTORY_ALL_ACCESS,
    .pool_tag = POOL_TAG('D', 'i', 'r', 'e'),
};

PVOID ob_directory_find(POBJECT_DIRECTORY directory, PCUNICODE_STRING name, ULONG attributes)
{
    POBJECT_DIRECTORY_ENTRY entry = directory->HashBuckets[ob_hash(name)];

    while (entry && !RtlEqualUnicodeString(&ob_name_info(entry->Object)->Name, name,
                                           !!(attributes & OBJ_CASE_INSENSITIVE)))
        entry = entry->ChainLink;
    return entry ? entry->Object : NULL;
}

NTSTATUS ob_directory_insert(POBJECT_DIRECTORY directory, PCUNICODE_STRING name, PVOID object)
{
    POBJECT_DIRECTORY_ENTRY *bucket = &directory->HashBuckets[ob_hash(name)];
    POBJECT_HEADER_NAME_INFO info = ob_name_info(object);
    POBJECT_DIRECTORY_ENTRY entry = ExAllocatePoolWithTag(PagedPool, sizeof(*entry) + name->Length,
                                                          POOL_TAG('O', 'b', 'N', 'm'));

    if (!entry)
        return STATUS_INSUFFICIENT_RESOURCES;
    entry->ChainLink = *bucket;
    entry->Object = object;
    *bucket = entry;
    info->Name.Buffer = (PWSTR)(entry + 1);
    info->Name.MaximumLength = name->Length;
    RtlCopyUnicodeString(&info->Name, name);
    info->Directory = directory;
    ObfReferenceObject(object);
    ObfReferenceObject(directory);
    return STATUS_SUCCESS;
}

void ob_directory_remove(PVOID object)
{
    POBJECT_HEADER_NAME_INFO info = ob_name_info(object);
    POBJECT_DIRECTORY directory = info ? info->Directory : NULL;
    POBJECT_DIRECTORY_ENTRY *link, entry;

    if (!directory)
        return;
    link = &directory->HashBuckets[ob_hash(&info->Name)];
    while ((*link)->Object != object)
        link = &(*link)->ChainLink;
    entry = *link;
    *link = entry->ChainLink;
    *info = (OBJECT_HEADER_NAME_INFO){0};
    ExFreePool(entry);
    ObfDereferenceObject(directory);
    ObfDereferenceObject(object);
}

POBJECT_DIRECTORY_ENTRY ob_directory_at(POBJECT_DIRECTORY directory, ULONG ordinal)
{
    for (ULONG i = 0; i < OB_HASH_BUCKETS; i++)
        for (POBJECT_DIRECTORY_ENTRY e = directory->HashBuckets[i]; e; e = e->ChainLink)
            if (!ordinal--)
                return e;
    return NULL;
}

NTSTATUS NTAPI NtCreateDirectoryObject(PHANDLE handle, ACCESS_MASK access,
                                       POBJECT_ATTRIBUTES attributes)
{
    PVOID directory;
    NTSTATUS status =
        ob_create_object(ob_directory_type, attributes, sizeof(OBJECT_DIRECTORY), &directory);

    return NT_SUCCESS(status) ? ob_insert_object(directory, attributes, access, handle) : status;
}
ZW_ALIAS(ZwCreateDirectoryObject, NtCreateDirectoryObject);
EXPORT_NTOSKRNL(ZwCreateDirectoryObject);

NTSTATUS NTAPI NtOpenDirectoryObject(PHANDLE handle, ACCESS_MASK access,
                                     POBJECT_ATTRIBUTES attributes)
{
    return ob_open(handle, access, attributes, ob_directory_type);
}
ZW_ALIAS(ZwOpenDirectoryObject, NtOpenDirectoryObject);
EXPORT_NTOSKRNL(ZwOpenDirectoryObject);

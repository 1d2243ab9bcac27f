/* The system services for keys and values. */
#include "cm/cmp.h"

#include "export.h"

NTSTATUS NTAPI NtCreateKey(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                           ULONG title_index, PUNICODE_STRING class, ULONG options,
                           PULONG disposition)
{
    struct cm_create create = {NULL};
    NTSTATUS status = ObOpenObjectByName(attributes, cm_key_type, ob_previous_mode(), NULL, access,
                                         &create, handle);

    (void)title_index, (void)class, (void)options;
    if (!NT_SUCCESS(status) && create.created)
        cm_node_free(create.created);
    else if (NT_SUCCESS(status) && disposition)
        *disposition = create.created ? REG_CREATED_NEW_KEY : REG_OPENED_EXISTING_KEY;
    return status;
}
ZW_ALIAS(ZwCreateKey, NtCreateKey);
EXPORT_NTOSKRNL(ZwCreateKey);

NTSTATUS NTAPI NtOpenKey(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    return ob_open(handle, access, attributes, cm_key_type);
}
ZW_ALIAS(ZwOpenKey, NtOpenKey);
EXPORT_NTOSKRNL(ZwOpenKey);

NTSTATUS NTAPI NtDeleteKey(HANDLE handle)
{
    struct cm_key *key;
    NTSTATUS status = cm_reference_key(handle, DELETE, &key);

    if (!NT_SUCCESS(status))
        return status;
    if (key->node->parent && IsListEmpty(&key->node->children))
        key->node->deleted = TRUE;
    else
        status = STATUS_CANNOT_DELETE;
    ObfDereferenceObject(key);
    return status;
}
ZW_ALIAS(ZwDeleteKey, NtDeleteKey);
EXPORT_NTOSKRNL(ZwDeleteKey);

NTSTATUS NTAPI NtQueryKey(HANDLE handle, ULONG class, PVOID buffer, ULONG length,
                          PULONG result_length)
{
    struct cm_record record = {buffer, length, result_length};
    struct cm_key *key;
    NTSTATUS status = cm_reference_key(handle, KEY_QUERY_VALUE, &key);

    if (!NT_SUCCESS(status))
        return status;
    status = cm_report_node(key->node, class, &record);
    ObfDereferenceObject(key);
    return status;
}
ZW_ALIAS(ZwQueryKey, NtQueryKey);
EXPORT_NTOSKRNL(ZwQueryKey);

NTSTATUS NTAPI NtEnumerateKey(HANDLE handle, ULONG index, ULONG class, PVOID buffer, ULONG length,
                              PULONG result_length)
{
    struct cm_record record = {buffer, length, result_length};
    struct cm_key *key;
    PLIST_ENTRY entry;
    NTSTATUS status = cm_reference_key(handle, KEY_ENUMERATE_SUB_KEYS, &key);

    if (!NT_SUCCESS(status))
        return status;
    entry = cm_list_at(&key->node->children, index);
    status = entry
                 ? cm_report_node(CONTAINING_RECORD(entry, struct cm_node, sibling), class, &record)
                 : STATUS_NO_MORE_ENTRIES;
    ObfDereferenceObject(key);
    return status;
}
ZW_ALIAS(ZwEnumerateKey, NtEnumerateKey);
EXPORT_NTOSKRNL(ZwEnumerateKey);

NTSTATUS NTAPI NtSetValueKey(HANDLE handle, PUNICODE_STRING name, ULONG title_index, ULONG type,
                             PVOID data, ULONG data_bytes)
{
    struct cm_key *key;
    NTSTATUS status = cm_reference_key(handle, KEY_SET_VALUE, &key);

    (void)title_index;
    if (!NT_SUCCESS(status))
        return status;
    status = cm_value_set(key->node, name, type, data, data_bytes);
    ObfDereferenceObject(key);
    return status;
}
ZW_ALIAS(ZwSetValueKey, NtSetValueKey);
EXPORT_NTOSKRNL(ZwSetValueKey);

NTSTATUS NTAPI NtQueryValueKey(HANDLE handle, PUNICODE_STRING name, ULONG class, PVOID buffer,
                               ULONG length, PULONG result_length)
{
    struct cm_record record = {buffer, length, result_length};
    struct cm_key *key;
    struct cm_value *value;
    NTSTATUS status = cm_reference_key(handle, KEY_QUERY_VALUE, &key);

    if (!NT_SUCCESS(status))
        return status;
    value = cm_value_find(key->node, name);
    status = value ? cm_report_value(value, class, &record) : STATUS_OBJECT_NAME_NOT_FOUND;
    ObfDereferenceObject(key);
    return status;
}
ZW_ALIAS(ZwQueryValueKey, NtQueryValueKey);
EXPORT_NTOSKRNL(ZwQueryValueKey);

NTSTATUS NTAPI NtEnumerateValueKey(HANDLE handle, ULONG index, ULONG class, PVOID buffer,
                                   ULONG length, PULONG result_length)
{
    struct cm_record record = {buffer, length, result_length};
    struct cm_key *key;
    PLIST_ENTRY entry;
    NTSTATUS status = cm_reference_key(handle, KEY_QUERY_VALUE, &key);

    if (!NT_SUCCESS(status))
        return status;
    entry = cm_list_at(&key->node->values, index);
    status = entry
                 ? cm_report_value(CONTAINING_RECORD(entry, struct cm_value, link), class, &record)
                 : STATUS_NO_MORE_ENTRIES;
    ObfDereferenceObject(key);
    return status;
}
ZW_ALIAS(ZwEnumerateValueKey, NtEnumerateValueKey);
EXPORT_NTOSKRNL(ZwEnumerateValueKey);

NTSTATUS NTAPI NtDeleteValueKey(HANDLE handle, PUNICODE_STRING name)
{
    struct cm_key *key;
    struct cm_value *value;
    NTSTATUS status = cm_reference_key(handle, KEY_SET_VALUE, &key);

    if (!NT_SUCCESS(status))
        return status;
    value = cm_value_find(key->node, name);
    if (value)
        cm_value_free(value);
    ObfDereferenceObject(key);
    return value ? STATUS_SUCCESS : STATUS_OBJECT_NAME_NOT_FOUND;
}
ZW_ALIAS(ZwDeleteValueKey, NtDeleteValueKey);
EXPORT_NTOSKRNL(ZwDeleteValueKey);

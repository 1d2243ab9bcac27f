#include "cm/cmp.h"

struct cm_value *cm_value_find(struct cm_node *node, PCUNICODE_STRING name)
{
    LIST_FOR_EACH(value, &node->values, struct cm_value, link)
    if (RtlEqualUnicodeString(&value->name, name, TRUE))
        return value;
    return NULL;
}

static struct cm_value *create_value(PCUNICODE_STRING name, ULONG type, const void *data,
                                     ULONG data_bytes)
{
    struct cm_value *value =
        pool_allocate_zeroed(sizeof(*value) + name->Length + data_bytes, CM_POOL_TAG);

    if (!value)
        return NULL;
    value->type = type;
    value->data_bytes = data_bytes;
    value->name = (UNICODE_STRING){0, name->Length, (PWSTR)(value + 1)};
    RtlCopyUnicodeString(&value->name, name);
    value->data = (char *)(value + 1) + name->Length;
    memcpy(value->data, data, data_bytes);
    return value;
}

NTSTATUS cm_value_set(struct cm_node *node, PCUNICODE_STRING name, ULONG type, const void *data,
                      ULONG data_bytes)
{
    struct cm_value *value, *old = cm_value_find(node, name);

    if (name->Length & 1 || name->Length > CM_MAX_VALUE_NAME || data_bytes > CM_MAX_DATA)
        return STATUS_INVALID_PARAMETER;
    value = create_value(name, type, data, data_bytes);
    if (!value)
        return STATUS_INSUFFICIENT_RESOURCES;
    InsertTailList(old ? &old->link : &node->values, &value->link);
    if (old)
        cm_value_free(old);
    return STATUS_SUCCESS;
}

void cm_value_free(struct cm_value *value)
{
    RemoveEntryList(&value->link);
    ExFreePool(value);
}

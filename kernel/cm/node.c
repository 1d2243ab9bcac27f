#include "cm/cmp.h"

struct cm_node *cm_node_create(struct cm_node *parent, PCUNICODE_STRING name)
{
    struct cm_node *node = pool_allocate_zeroed(sizeof(*node) + name->Length, CM_POOL_TAG);

    if (!node)
        return NULL;
    InitializeListHead(&node->children);
    InitializeListHead(&node->values);
    InitializeListHead(&node->sibling);
    node->parent = parent;
    node->name = (UNICODE_STRING){0, name->Length, (PWSTR)(node + 1)};
    RtlCopyUnicodeString(&node->name, name);
    if (parent)
        InsertTailList(&parent->children, &node->sibling);
    return node;
}

struct cm_node *cm_node_find(struct cm_node *parent, PCUNICODE_STRING name)
{
    LIST_FOR_EACH(node, &parent->children, struct cm_node, sibling)
    if (RtlEqualUnicodeString(&node->name, name, TRUE))
        return node;
    return NULL;
}

void cm_node_free(struct cm_node *node)
{
    ASSERT(IsListEmpty(&node->children));
    while (!IsListEmpty(&node->values))
        cm_value_free(CONTAINING_RECORD(node->values.Flink, struct cm_value, link));
    RemoveEntryList(&node->sibling);
    ExFreePool(node);
}

PLIST_ENTRY cm_list_at(PLIST_ENTRY head, ULONG index)
{
    for (PLIST_ENTRY entry = head->Flink; entry != head; entry = entry->Flink)
        if (!index--)
            return entry;
    return NULL;
}

#include "cm/cmp.h"

POBJECT_TYPE cm_key_type;

/* A Key object for a node, with a pointer for the opener. */
static NTSTATUS open_node(struct cm_node *node, PVOID *object)
{
    struct cm_key *key;
    NTSTATUS status = ob_create_object(cm_key_type, NULL, sizeof(*key), (PVOID *)&key);

    if (!NT_SUCCESS(status))
        return status;
    key->node = node;
    node->opens++;
    *object = key;
    return STATUS_SUCCESS;
}

static void delete_key(PVOID object)
{
    struct cm_node *node = ((struct cm_key *)object)->node;

    if (!--node->opens && node->deleted)
        cm_node_free(node);
}

/* The child named `name`, made if it is the last one of a name being created. */
static NTSTATUS step(struct cm_node **node, PCUNICODE_STRING name, struct cm_create *create)
{
    struct cm_node *child;

    if (name->Length > CM_MAX_KEY_NAME)
        return STATUS_INVALID_PARAMETER;
    child = cm_node_find(*node, name);
    if (!child && !create)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    if (!child) {
        child = cm_node_create(*node, name);
        if (!child)
            return STATUS_INSUFFICIENT_RESOURCES;
        create->created = child;
    }
    *node = child;
    return child->deleted ? STATUS_KEY_DELETED : STATUS_SUCCESS;
}

static BOOLEAN only_separators(PCUNICODE_STRING name)
{
    for (USHORT i = 0; i < name->Length / 2; i++)
        if (name->Buffer[i] != '\\')
            return FALSE;
    return TRUE;
}

static NTSTATUS walk(struct cm_node **node, UNICODE_STRING name, struct cm_create *create)
{
    NTSTATUS status = (*node)->deleted ? STATUS_KEY_DELETED : STATUS_SUCCESS;

    while (NT_SUCCESS(status) && name.Length) {
        UNICODE_STRING component = ob_split(&name);

        if (component.Length)
            status = step(node, &component, only_separators(&name) ? create : NULL);
    }
    return status;
}

/* Both the root's procedure and that of keys used as RootDirectory. */
static NTSTATUS parse_key(PVOID object, struct ob_parse *parse)
{
    struct cm_node *node = ((struct cm_key *)object)->node;
    struct cm_create *create = parse->context;
    NTSTATUS status;

    if (parse->type && parse->type != cm_key_type)
        return STATUS_OBJECT_TYPE_MISMATCH;
    if (!parse->type)
        create = NULL; /* the context is somebody else's */
    status = walk(&node, parse->remaining_name, create);
    return NT_SUCCESS(status) ? open_node(node, &parse->object) : status;
}

static ULONG key_name(PVOID object, PWCHAR end)
{
    static const UNICODE_STRING separator = UNICODE_STRING_INIT(u"\\");
    ULONG units = 0;

    for (struct cm_node *node = ((struct cm_key *)object)->node; node; node = node->parent) {
        units += ob_prepend(&node->name, end ? end - units : NULL);
        units += ob_prepend(&separator, end ? end - units : NULL);
    }
    return units;
}

NTSTATUS cm_reference_key(HANDLE handle, ACCESS_MASK access, struct cm_key **key)
{
    NTSTATUS status = ob_reference(handle, access, cm_key_type, (PVOID *)key);

    if (!NT_SUCCESS(status) || !(*key)->node->deleted)
        return status;
    ObfDereferenceObject(*key);
    return STATUS_KEY_DELETED;
}

void cm_create_root(void)
{
    static const struct ob_type_info info = {
        .mapping = {KEY_READ, KEY_WRITE, KEY_EXECUTE, KEY_ALL_ACCESS},
        .valid_access = KEY_ALL_ACCESS,
        .pool_tag = POOL_TAG('K', 'e', 'y', ' '),
        .delete = delete_key,
        .parse = parse_key,
        .name = key_name,
    };
    UNICODE_STRING path = UNICODE_STRING_INIT(u"\\Registry");
    UNICODE_STRING name = UNICODE_STRING_INIT(u"Registry");
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(&path, OBJ_PERMANENT);
    NTSTATUS status = ob_create_type(u"Key", &info, &cm_key_type);
    struct cm_node *root = cm_node_create(NULL, &name);
    struct cm_key *key;

    ASSERT(NT_SUCCESS(status) && root);
    status = ob_create_object(cm_key_type, &attributes, sizeof(*key), (PVOID *)&key);
    ASSERT(NT_SUCCESS(status));
    key->node = root;
    root->opens = 1;
    status = ob_insert_object(key, &attributes, 0, NULL);
    ASSERT(NT_SUCCESS(status));
    ObfDereferenceObject(key); /* its name keeps it */
}

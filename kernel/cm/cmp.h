/* What the configuration manager's own files share. */
#pragma once

#include "cm/cm.h"
#include "mm/pool.h"
#include "rtl/rtl.h"

#define CM_POOL_TAG POOL_TAG('C', 'M', ' ', ' ')

struct cm_node {
    LIST_ENTRY sibling; /* in parent->children */
    LIST_ENTRY children, values;
    struct cm_node *parent; /* NULL: \Registry */
    ULONG opens;            /* Key objects that refer to this node */
    BOOLEAN deleted;        /* goes when `opens` drops to 0 */
    UNICODE_STRING name;    /* the text lies behind the record */
};

struct cm_value {
    LIST_ENTRY link;
    ULONG type, data_bytes;
    UNICODE_STRING name; /* the text lies behind the record, then the data */
    void *data;
};

/* The body of a Key object. */
struct cm_key {
    struct cm_node *node;
};

/* The context of NtCreateKey's lookup. */
struct cm_create {
    struct cm_node *created; /* out: the new node, or NULL */
};

/* node.c */

/* A new last child of `parent` (or the root), or NULL if memory is short. */
struct cm_node *cm_node_create(struct cm_node *parent, PCUNICODE_STRING name);
struct cm_node *cm_node_find(struct cm_node *parent, PCUNICODE_STRING name);

/* Frees a node without children and its values. */
void cm_node_free(struct cm_node *node);

/* The list entry with a number from 0, or NULL. */
PLIST_ENTRY cm_list_at(PLIST_ENTRY head, ULONG index);

/* value.c */

struct cm_value *cm_value_find(struct cm_node *node, PCUNICODE_STRING name);

/* STATUS_SUCCESS, STATUS_INVALID_PARAMETER, STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS cm_value_set(struct cm_node *node, PCUNICODE_STRING name, ULONG type, const void *data,
                      ULONG data_bytes);
void cm_value_free(struct cm_value *value);

/* key.c */

/* Creates the type Key and the object \Registry. */
void cm_create_root(void);

/*
 * The node behind a handle, if it is not deleted. STATUS_SUCCESS: the caller gives *key back with
 * ObfDereferenceObject. STATUS_KEY_DELETED and handle statuses.
 */
NTSTATUS cm_reference_key(HANDLE handle, ACCESS_MASK access, struct cm_key **key);

/* record.c */

/* A caller's buffer for a record. */
struct cm_record {
    void *buffer;
    ULONG length;
    PULONG needed;
};

/* Report a node or a value: the statuses of NtQueryKey and NtQueryValueKey. */
NTSTATUS cm_report_node(const struct cm_node *node, ULONG class, const struct cm_record *record);
NTSTATUS cm_report_value(const struct cm_value *value, ULONG class, const struct cm_record *record);

/* Information records in buffers that may be too short. */
#include "cm/cmp.h"

/* Copies what fits between `offset` and the end of the buffer. */
static void put(const struct cm_record *record, ULONG offset, const void *from, ULONG bytes)
{
    if (offset >= record->length)
        return;
    if (bytes > record->length - offset)
        bytes = record->length - offset;
    memcpy((char *)record->buffer + offset, from, bytes);
}

/* Whether the record's fixed part and the whole of it fit. */
static NTSTATUS check_room(const struct cm_record *record, ULONG fixed, ULONG needed)
{
    *record->needed = needed;
    if (record->length < fixed)
        return STATUS_BUFFER_TOO_SMALL;
    return record->length < needed ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

static NTSTATUS report_basic(const struct cm_node *node, const struct cm_record *record)
{
    const ULONG fixed = offsetof(KEY_BASIC_INFORMATION, Name);
    KEY_BASIC_INFORMATION basic = {.NameLength = node->name.Length};
    NTSTATUS status = check_room(record, fixed, fixed + node->name.Length);

    if (status == STATUS_BUFFER_TOO_SMALL)
        return status;
    put(record, 0, &basic, fixed);
    put(record, fixed, node->name.Buffer, node->name.Length);
    return status;
}

static void raise(ULONG *maximum, ULONG value)
{
    if (*maximum < value)
        *maximum = value;
}

static NTSTATUS report_full(const struct cm_node *node, const struct cm_record *record)
{
    const ULONG fixed = offsetof(KEY_FULL_INFORMATION, Class);
    KEY_FULL_INFORMATION full = {.ClassOffset = fixed};
    NTSTATUS status = check_room(record, fixed, fixed);

    if (!NT_SUCCESS(status))
        return status;
    LIST_FOR_EACH(child, &node->children, struct cm_node, sibling)
    {
        full.SubKeys++;
        raise(&full.MaxNameLen, child->name.Length);
    }
    LIST_FOR_EACH(value, &node->values, struct cm_value, link)
    {
        full.Values++;
        raise(&full.MaxValueNameLen, value->name.Length);
        raise(&full.MaxValueDataLen, value->data_bytes);
    }
    put(record, 0, &full, fixed);
    return status;
}

NTSTATUS cm_report_node(const struct cm_node *node, ULONG class, const struct cm_record *record)
{
    switch (class) {
    case KeyBasicInformation:
        return report_basic(node, record);
    case KeyFullInformation:
        return report_full(node, record);
    default:
        return STATUS_INVALID_PARAMETER;
    }
}

/* All three records of a value are ULONGs, then the name, the data, or both. */
static NTSTATUS put_value(const struct cm_value *value, const struct cm_record *record,
                          const ULONG *head, ULONG fixed, ULONG name_bytes, ULONG data_bytes)
{
    ULONG data_offset = data_bytes ? (fixed + name_bytes + 3) & ~3u : fixed + name_bytes;
    NTSTATUS status = check_room(record, fixed, data_offset + data_bytes);

    if (status == STATUS_BUFFER_TOO_SMALL)
        return status;
    put(record, 0, head, fixed);
    put(record, fixed, value->name.Buffer, name_bytes);
    put(record, data_offset, value->data, data_bytes);
    return status;
}

NTSTATUS cm_report_value(const struct cm_value *value, ULONG class, const struct cm_record *record)
{
    ULONG name = value->name.Length, data = value->data_bytes;
    const ULONG full_size = offsetof(KEY_VALUE_FULL_INFORMATION, Name);
    const ULONG basic[] = {0, value->type, name};
    const ULONG full[] = {0, value->type, (full_size + name + 3) & ~3u, data, name};
    const ULONG partial[] = {0, value->type, data};

    switch (class) {
    case KeyValueBasicInformation:
        return put_value(value, record, basic, sizeof(basic), name, 0);
    case KeyValueFullInformation:
        return put_value(value, record, full, sizeof(full), name, data);
    case KeyValuePartialInformation:
        return put_value(value, record, partial, sizeof(partial), 0, data);
    default:
        return STATUS_INVALID_PARAMETER;
    }
}

#include "ob/obp.h"

#include "export.h"

/*
 *   handle  31  30........16  15......2  1 0
 *            0   generation    index      -      (index: OB_HANDLE_SLOTS)
 */
#define INDEX_SHIFT    2
#define PAGE_SLOTS     256 /* a page of 16-byte slots */
#define GENERATION_ONE (OB_HANDLE_SLOTS << INDEX_SHIFT)
#define HANDLE_BITS    0x7FFFFFFCu
#define SLOT_FREE      1u /* in a slot's value: equals no handle */

struct slot {
    PVOID object; /* NULL: free */
    union {
        ACCESS_MASK granted;
        ULONG next_free; /* index, or 0 behind the last */
    };
    ULONG value; /* the handle that it has, or will have next with SLOT_FREE added */
    ULONG attributes;
};

struct ob_handle_table {
    struct slot *pages[OB_HANDLE_SLOTS / PAGE_SLOTS];
    ULONG page_count, live;
    ULONG first_free, last_free; /* a queue of free slots; first_free 0: none */
};

static struct ob_handle_table *current;

static ULONG slot_index(ULONG value)
{
    return value / (1u << INDEX_SHIFT) % OB_HANDLE_SLOTS;
}

static struct slot *slot_at(const struct ob_handle_table *table, ULONG index)
{
    return &table->pages[index / PAGE_SLOTS][index % PAGE_SLOTS];
}

/* The live slot of a handle, or NULL. */
static inline struct slot *find_slot(const struct ob_handle_table *table, HANDLE handle)
{
    ULONG value = (ULONG)(ULONG_PTR)handle & ~3u, index = slot_index(value);
    struct slot *slot;

    if (index / PAGE_SLOTS >= table->page_count)
        return NULL;
    slot = slot_at(table, index);
    return slot->value == value ? slot : NULL;
}

static void queue_free(struct ob_handle_table *table, struct slot *slot)
{
    ULONG index = slot_index(slot->value);

    slot->object = NULL;
    slot->value |= SLOT_FREE;
    slot->next_free = 0;
    if (table->first_free)
        slot_at(table, table->last_free)->next_free = index;
    else
        table->first_free = index;
    table->last_free = index;
}

static BOOLEAN grow(struct ob_handle_table *table)
{
    ULONG first = table->page_count * PAGE_SLOTS;
    struct slot *page;

    if (first == OB_HANDLE_SLOTS)
        return FALSE;
    page = pool_allocate_zeroed(PAGE_SLOTS * sizeof(*page), POOL_TAG('O', 'b', 'H', 'p'));
    if (!page)
        return FALSE;
    table->pages[table->page_count++] = page;
    page[0].value = SLOT_FREE;
    for (ULONG i = first ? 0 : 1; i < PAGE_SLOTS; i++) {
        page[i].value = (first + i) << INDEX_SHIFT;
        queue_free(table, &page[i]);
    }
    return TRUE;
}

/* Queues all free slots anew, in the order of their indices. */
static void rebuild_free_queue(struct ob_handle_table *table)
{
    table->first_free = table->last_free = 0;
    for (ULONG i = 1; i < table->page_count * PAGE_SLOTS; i++)
        if (!slot_at(table, i)->object)
            queue_free(table, slot_at(table, i));
}

static struct slot *take_free(struct ob_handle_table *table)
{
    struct slot *slot;

    if (!table->first_free && !grow(table))
        return NULL;
    slot = slot_at(table, table->first_free);
    table->first_free = slot->next_free;
    return slot;
}

NTSTATUS ob_create_handle(PVOID object, ACCESS_MASK desired, ULONG attributes, HANDLE *handle)
{
    POBJECT_TYPE type = ob_header(object)->Type;
    ACCESS_MASK granted = ob_granted_access(type, desired);
    struct ob_handle_table *table = current;
    struct slot *slot = take_free(table);
    NTSTATUS status = STATUS_SUCCESS;

    if (!slot)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (type->info.open)
        status = type->info.open(object, granted);
    if (!NT_SUCCESS(status)) {
        queue_free(table, slot);
        return status;
    }
    *slot = (struct slot){object, {granted}, slot->value - SLOT_FREE, attributes & OBJ_INHERIT};
    table->live++;
    ob_handle_opened(object);
    *handle = (HANDLE)(ULONG_PTR)slot->value;
    return STATUS_SUCCESS;
}

static void close_slot(struct ob_handle_table *table, struct slot *slot)
{
    PVOID object = slot->object;
    ACCESS_MASK granted = slot->granted;

    slot->value = (slot->value + GENERATION_ONE) & HANDLE_BITS;
    queue_free(table, slot);
    table->live--;
    ob_handle_closed(object, granted);
}

/* The slot's object may have something against it. */
static NTSTATUS ask_to_close(const struct slot *slot)
{
    PVOID object = slot->object;
    POBJECT_HEADER header = ob_header(object);
    NTSTATUS status;

    ObfReferenceObject(object); /* the procedure may wait */
    status = header->Type->info.ask_to_close(object, (ULONG)header->HandleCount);
    ObfDereferenceObject(object);
    return status;
}

NTSTATUS NTAPI NtClose(HANDLE handle)
{
    struct slot *slot = find_slot(current, handle);
    NTSTATUS status = STATUS_SUCCESS;

    if (!slot)
        return STATUS_INVALID_HANDLE;
    if (slot->attributes & OB_PROTECT_CLOSE)
        return STATUS_HANDLE_NOT_CLOSABLE;
    if (ob_header(slot->object)->Type->info.ask_to_close)
        status = ask_to_close(slot);
    if (!NT_SUCCESS(status))
        return status;
    if (find_slot(current, handle) != slot)
        return STATUS_INVALID_HANDLE; /* closed by another thread meanwhile */
    close_slot(current, slot);
    return STATUS_SUCCESS;
}
ZW_ALIAS(ZwClose, NtClose);
EXPORT_NTOSKRNL(ZwClose);

NTSTATUS ob_set_handle_attributes(HANDLE handle, ULONG attributes)
{
    struct slot *slot = find_slot(current, handle);

    if (!slot)
        return STATUS_INVALID_HANDLE;
    slot->attributes = attributes;
    return STATUS_SUCCESS;
}

static NTSTATUS refuse(NTSTATUS status, PVOID *object)
{
    *object = NULL;
    return status;
}

/* On the path of every I/O request: each instruction counts (tests/bench). */
NTSTATUS NTAPI ObReferenceObjectByHandle(HANDLE handle, ACCESS_MASK access, POBJECT_TYPE type,
                                         KPROCESSOR_MODE mode, PVOID *object,
                                         POBJECT_HANDLE_INFORMATION information)
{
    struct slot *slot = find_slot(current, handle);
    PVOID target;

    if (!slot)
        return refuse(STATUS_INVALID_HANDLE, object);
    target = slot->object;
    if (type && ob_header(target)->Type != type)
        return refuse(STATUS_OBJECT_TYPE_MISMATCH, object);
    if (mode != KernelMode && access & ~slot->granted)
        return refuse(STATUS_ACCESS_DENIED, object);
    if (information)
        *information = (OBJECT_HANDLE_INFORMATION){slot->attributes, slot->granted};
    ob_header(target)->PointerCount++;
    *object = target;
    return STATUS_SUCCESS;
}
EXPORT_NTOSKRNL(ObReferenceObjectByHandle);

struct ob_handle_table *ob_handle_table_create(void)
{
    return pool_allocate_zeroed(sizeof(struct ob_handle_table), POOL_TAG('O', 'b', 'H', 't'));
}

/* The same slot as the parent's, with a handle of its own on the object. */
static void inherit_slot(struct ob_handle_table *table, const struct slot *from)
{
    struct slot *slot = slot_at(table, slot_index(from->value));

    *slot = *from;
    ObfReferenceObject(slot->object);
    ob_handle_opened(slot->object);
    table->live++;
}

struct ob_handle_table *ob_handle_table_inherit(const struct ob_handle_table *parent)
{
    struct ob_handle_table *table = ob_handle_table_create();

    while (table && table->page_count < parent->page_count)
        if (!grow(table)) {
            ob_handle_table_destroy(table);
            return NULL;
        }
    for (ULONG i = 0; table && i < parent->page_count * PAGE_SLOTS; i++)
        if (slot_at(parent, i)->object && slot_at(parent, i)->attributes & OBJ_INHERIT)
            inherit_slot(table, slot_at(parent, i));
    if (table)
        rebuild_free_queue(table);
    return table;
}

void ob_handle_table_destroy(struct ob_handle_table *table)
{
    ASSERT(table != current);
    for (ULONG i = 0; i < table->page_count * PAGE_SLOTS; i++)
        if (slot_at(table, i)->object)
            close_slot(table, slot_at(table, i));
    for (ULONG i = 0; i < table->page_count; i++)
        ExFreePool(table->pages[i]);
    ExFreePool(table);
}

void ob_set_current_handles(struct ob_handle_table *table)
{
    ASSERT(table);
    current = table;
}

struct ob_handle_table *ob_current_handles(void)
{
    return current;
}

BOOLEAN ob_handle_table_next(const struct ob_handle_table *table, ULONG *slot,
                             struct ob_handle *handle)
{
    while (*slot < table->page_count * PAGE_SLOTS) {
        const struct slot *at = slot_at(table, (*slot)++);

        if (!at->object)
            continue;
        *handle = (struct ob_handle){(HANDLE)(ULONG_PTR)at->value, at->object, at->granted,
                                     at->attributes};
        return TRUE;
    }
    return FALSE;
}

ULONG ob_handle_table_count(const struct ob_handle_table *table)
{
    return table->live;
}

/*
 * Thread-local storage of images (.tls sections, __declspec(thread)). Each module with a TLS
 * directory has a slot; TEB+2Ch leads to an array of the thread's copies, one a slot, which code
 * indexes by the number that the loader wrote into the module.
 */
#include "ntdll/ldr.h"

enum { SLOTS = 64 };

/* A thread's copies. */
struct copies {
    LIST_ENTRY link; /* in `threads` */
    PVOID slots[SLOTS];
};

static struct ldr_module *modules[SLOTS]; /* NULL: the slot is free */
static LIST_ENTRY threads = {&threads, &threads};

static struct copies *from_link(LIST_ENTRY *link)
{
    return CONTAINING_RECORD(link, struct copies, link);
}

static PVOID heap(void)
{
    return nt_peb()->process_heap;
}

static NTSTATUS add_copy(struct copies *copies, ULONG slot)
{
    const struct ldr_module *module = modules[slot];
    const struct pe_tls *tls = &module->tls;
    PVOID copy = RtlAllocateHeap(heap(), HEAP_ZERO_MEMORY, tls->data_size + tls->zero_size);

    if (!copy)
        return STATUS_NO_MEMORY;
    memcpy(copy, (char *)module->entry.base + tls->data, tls->data_size);
    copies->slots[slot] = copy;
    return STATUS_SUCCESS;
}

static void drop_copy(struct copies *copies, ULONG slot)
{
    RtlFreeHeap(heap(), 0, copies->slots[slot]);
    copies->slots[slot] = NULL;
}

/* ---- Modules ---- */

static NTSTATUS fill_slot(ULONG slot)
{
    for (LIST_ENTRY *link = threads.Flink; link != &threads; link = link->Flink) {
        NTSTATUS status = add_copy(from_link(link), slot);

        if (!NT_SUCCESS(status))
            return status;
    }
    return STATUS_SUCCESS;
}

static ULONG find_free_slot(void)
{
    ULONG slot = 0;

    while (slot < SLOTS && modules[slot])
        slot++;
    return slot;
}

NTSTATUS ldr_tls_add(struct ldr_module *module, struct pe_error *error)
{
    NTSTATUS status = pe_read_tls(&module->image, &module->tls, error);
    ULONG slot = find_free_slot();

    if (status == STATUS_NOT_FOUND)
        return STATUS_SUCCESS;
    if (!NT_SUCCESS(status) || slot == SLOTS)
        return NT_SUCCESS(status) ? STATUS_NO_MEMORY : status;
    modules[slot] = module;
    module->entry.tls_index = (USHORT)slot;
    *(ULONG *)((char *)module->entry.base + module->tls.index) = slot;
    return fill_slot(slot);
}

void ldr_tls_remove(struct ldr_module *module)
{
    ULONG slot = module->entry.tls_index;

    if (slot == LDR_NO_SLOT)
        return;
    for (LIST_ENTRY *link = threads.Flink; link != &threads; link = link->Flink)
        drop_copy(from_link(link), slot);
    modules[slot] = NULL;
}

void ldr_tls_call(struct ldr_module *module, ULONG reason, PVOID reserved)
{
    ULONG address;

    for (ULONG i = 0; (address = pe_tls_callback(&module->image, &module->tls, i)); i++)
        ldr_call((PVOID)address, module->entry.base, reason, reserved);
}

/* ---- Threads ---- */

NTSTATUS ldr_tls_begin_thread(void)
{
    struct copies *copies = RtlAllocateHeap(heap(), HEAP_ZERO_MEMORY, sizeof *copies);
    NTSTATUS status = STATUS_SUCCESS;

    if (!copies)
        return STATUS_NO_MEMORY;
    InsertTailList(&threads, &copies->link);
    nt_teb()->tls_pointer = copies->slots;
    for (ULONG slot = 0; slot < SLOTS && NT_SUCCESS(status); slot++)
        if (modules[slot])
            status = add_copy(copies, slot);
    if (!NT_SUCCESS(status))
        ldr_tls_end_thread();
    return status;
}

void ldr_tls_end_thread(void)
{
    struct nt_teb *teb = nt_teb();
    struct copies *copies;

    if (!teb->tls_pointer)
        return;
    copies = CONTAINING_RECORD(teb->tls_pointer, struct copies, slots);
    teb->tls_pointer = NULL;
    RemoveEntryList(&copies->link);
    for (ULONG slot = 0; slot < SLOTS; slot++)
        drop_copy(copies, slot);
    RtlFreeHeap(heap(), 0, copies);
}

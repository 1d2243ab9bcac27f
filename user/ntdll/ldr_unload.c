/*
 * Counts and unloading. A module's count is the number of times that it, or a module that needs it,
 * was loaded; circles among modules therefore end together.
 */
#include "ntdll/ldr.h"

#define LDR_UNLOADING 0x00002000u

static void count_up(struct ldr_module *module)
{
    if (module->entry.load_count != LDR_PINNED)
        module->entry.load_count++;
}

static void count_down(struct ldr_module *module)
{
    if (module->entry.load_count != LDR_PINNED && module->entry.load_count)
        module->entry.load_count--;
}

static void pin(struct ldr_module *module)
{
    module->entry.load_count = LDR_PINNED;
}

void ldr_reference(struct ldr_module *module)
{
    ldr_for_closure(module, count_up);
}

void ldr_dereference(struct ldr_module *module)
{
    ldr_for_closure(module, count_down);
}

void ldr_pin(struct ldr_module *module)
{
    ldr_for_closure(module, pin);
}

static void unload(struct ldr_module *module)
{
    PVOID base = module->entry.base;

    ldr_tls_remove(module);
    ldr_remove(module);
    NtUnmapViewOfSection(NtCurrentProcess(), base);
}

/* An entry point may load and free libraries itself: what it takes hold of again, stays. */
static void detach_uncounted(void)
{
    LIST_ENTRY *head = &ldr_data.in_initialization_order;

    for (LIST_ENTRY *link = head->Blink; link != head; link = link->Blink) {
        struct ldr_module *module = ldr_from_initialization(link);

        if (module->entry.load_count || module->entry.flags & LDR_UNLOADING)
            continue;
        module->entry.flags |= LDR_UNLOADING;
        ldr_detach(module, NULL);
    }
}

static void unload_uncounted(void)
{
    LIST_ENTRY *head = &ldr_data.in_load_order, *next;

    for (LIST_ENTRY *link = head->Flink; link != head; link = next) {
        struct ldr_module *module = CONTAINING_RECORD(link, struct ldr_module, entry.in_load_order);

        next = link->Flink;
        module->entry.flags &= ~LDR_UNLOADING;
        if (!module->entry.load_count)
            unload(module);
    }
}

void ldr_sweep(void)
{
    static BOOLEAN sweeping; /* this is a call from an entry point: its caller unmaps */

    if (sweeping) {
        detach_uncounted();
        return;
    }
    sweeping = TRUE;
    detach_uncounted();
    unload_uncounted();
    sweeping = FALSE;
}

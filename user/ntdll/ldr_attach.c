/* Entry points and TLS callbacks, in their order. */
#include "ntdll/ldr.h"

/* The TLS callbacks first, then the entry point, if it has one. */
static BOOLEAN call(struct ldr_module *module, ULONG reason, PVOID reserved)
{
    ldr_tls_call(module, reason, reserved);
    return !module->entry.entry_point ||
           ldr_call(module->entry.entry_point, module->entry.base, reason, reserved);
}

NTSTATUS ldr_attach_all(PVOID reserved, struct ldr_module **refused)
{
    LIST_ENTRY *head = &ldr_data.in_initialization_order;

    for (LIST_ENTRY *link = head->Flink; link != head; link = link->Flink) {
        struct ldr_module *module = ldr_from_initialization(link);

        if (module->entry.flags & LDR_PROCESS_ATTACH_CALLED)
            continue;
        module->entry.flags |= LDR_PROCESS_ATTACH_CALLED;
        if (!call(module, DLL_PROCESS_ATTACH, reserved)) {
            *refused = module;
            return STATUS_DLL_INIT_FAILED;
        }
    }
    return STATUS_SUCCESS;
}

void ldr_detach(struct ldr_module *module, PVOID reserved)
{
    if (!(module->entry.flags & LDR_PROCESS_ATTACH_CALLED))
        return;
    module->entry.flags &= ~LDR_PROCESS_ATTACH_CALLED;
    call(module, DLL_PROCESS_DETACH, reserved);
}

static void call_for_thread(struct ldr_module *module, ULONG reason)
{
    if (module->entry.flags & LDR_PROCESS_ATTACH_CALLED &&
        !(module->entry.flags & LDR_NO_THREAD_CALLS))
        call(module, reason, NULL);
}

void ldr_call_thread(ULONG reason)
{
    LIST_ENTRY *head = &ldr_data.in_initialization_order;

    if (reason == DLL_THREAD_ATTACH)
        for (LIST_ENTRY *link = head->Flink; link != head; link = link->Flink)
            call_for_thread(ldr_from_initialization(link), reason);
    else
        for (LIST_ENTRY *link = head->Blink; link != head; link = link->Blink)
            call_for_thread(ldr_from_initialization(link), reason);
    ldr_tls_call(ldr_program, reason, NULL);
}

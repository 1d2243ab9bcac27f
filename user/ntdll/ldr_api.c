/* The loader's calls for programs (kernel32's LoadLibrary and its sisters stand on them). */
#include "ntdll/ldr.h"

static void enter(void)
{
    RtlEnterCriticalSection(&ldr_lock);
}

static NTSTATUS leave(NTSTATUS status)
{
    RtlLeaveCriticalSection(&ldr_lock);
    return status;
}

static NTSTATUS load_and_attach(PCUNICODE_STRING name, struct ldr_module **module)
{
    struct ldr_failure failure = {0};
    struct ldr_module *refused;
    NTSTATUS status = ldr_load(name, module, &failure);

    if (NT_SUCCESS(status)) {
        ldr_reference(*module);
        status = ldr_attach_all(NULL, &refused);
        if (!NT_SUCCESS(status))
            ldr_dereference(*module);
    }
    if (!NT_SUCCESS(status))
        ldr_sweep();
    return status;
}

NTSTATUS NTAPI LdrLoadDll(PWSTR path, PULONG flags, PUNICODE_STRING library, PVOID *base)
{
    WCHAR buffer[LDR_NAME_UNITS];
    struct ldr_module *module;
    UNICODE_STRING name;
    NTSTATUS status;

    (void)path, (void)flags;
    if (!NT_SUCCESS(ldr_base_name(library, buffer, &name)))
        return STATUS_DLL_NOT_FOUND;
    enter();
    status = load_and_attach(&name, &module);
    if (NT_SUCCESS(status))
        *base = module->entry.base;
    return leave(status);
}

NTSTATUS NTAPI LdrUnloadDll(PVOID base)
{
    struct ldr_module *module;

    enter();
    module = ldr_find_base(base);
    if (!module)
        return leave(STATUS_DLL_NOT_FOUND);
    ldr_dereference(module);
    ldr_sweep();
    return leave(STATUS_SUCCESS);
}

NTSTATUS NTAPI LdrGetDllHandle(PWSTR path, PULONG flags, PUNICODE_STRING library, PVOID *base)
{
    WCHAR buffer[LDR_NAME_UNITS];
    struct ldr_module *module;
    UNICODE_STRING name;

    (void)path, (void)flags;
    if (!NT_SUCCESS(ldr_base_name(library, buffer, &name)))
        return STATUS_DLL_NOT_FOUND;
    enter();
    module = ldr_find(&name);
    if (module)
        *base = module->entry.base;
    return leave(module ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND);
}

/* The export, with what forwarders load on the way attached. */
static NTSTATUS find_export(struct ldr_module *module, const char *name, ULONG ordinal,
                            PVOID *address)
{
    struct ldr_failure failure = {0};
    struct ldr_module *refused;
    NTSTATUS status = ldr_find_export(module, name, ordinal, NULL, &failure, address);

    if (!NT_SUCCESS(status)) {
        ldr_sweep();
        return status;
    }
    return ldr_attach_all(NULL, &refused);
}

NTSTATUS NTAPI LdrGetProcedureAddress(PVOID base, PANSI_STRING name, ULONG ordinal, PVOID *address)
{
    char text[PE_NAME_MAX / 8];
    struct ldr_module *module;
    NTSTATUS status = STATUS_DLL_NOT_FOUND;

    if (name) {
        if (name->Length >= sizeof text)
            return STATUS_ENTRYPOINT_NOT_FOUND;
        memcpy(text, name->Buffer, name->Length);
        text[name->Length] = 0;
    }
    enter();
    module = ldr_find_base(base);
    if (module)
        status = find_export(module, name ? text : NULL, ordinal, address);
    return leave(status);
}

NTSTATUS NTAPI LdrDisableThreadCalloutsForDll(PVOID base)
{
    struct ldr_module *module;

    enter();
    module = ldr_find_base(base);
    if (module && module->entry.tls_index == LDR_NO_SLOT)
        module->entry.flags |= LDR_NO_THREAD_CALLS;
    return leave(module ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND);
}

/* ---- The end ---- */

static BOOLEAN shutting_down;

NTSTATUS NTAPI LdrShutdownThread(VOID)
{
    if (shutting_down)
        return STATUS_SUCCESS;
    enter();
    ldr_call_thread(DLL_THREAD_DETACH);
    ldr_tls_end_thread();
    return leave(STATUS_SUCCESS);
}

/* The threads that could have let a lock go are no more. */
static void break_lock(PRTL_CRITICAL_SECTION section)
{
    if (section->OwningThread && section->OwningThread != nt_teb()->client_id.thread)
        RtlInitializeCriticalSection(section);
}

NTSTATUS NTAPI LdrShutdownProcess(VOID)
{
    LIST_ENTRY *head = &ldr_data.in_initialization_order;

    if (shutting_down)
        return STATUS_SUCCESS;
    shutting_down = TRUE;
    break_lock(&ldr_lock);
    break_lock(heap_lock(nt_peb()->process_heap));
    enter();
    for (LIST_ENTRY *link = head->Blink; link != head; link = link->Blink)
        ldr_detach(ldr_from_initialization(link), (PVOID)1);
    ldr_tls_call(ldr_program, DLL_PROCESS_DETACH, (PVOID)1);
    return leave(STATUS_SUCCESS);
}

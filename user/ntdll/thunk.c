/* The first steps of every thread in ring 3; the first thread's set the process up. */
#include "ntdll/ldr.h"

#include "rtl/unicode.h"

/* ---- Telling the user why a program cannot run ---- */

enum { RESPONSE_OK = 1, PARAMETERS_MAX = 4 };

/*
 * NtRaiseHardError with the names that belong to the status: symbol, library, image for a missing
 * symbol; library, image for a missing library; image and what is wrong with it for the rest.
 */
static void report(NTSTATUS status, struct ldr_failure *failure)
{
    WCHAR buffers[3][LDR_NAME_UNITS];
    UNICODE_STRING texts[4];
    const char *words[3] = {failure->error.symbol, failure->error.library, failure->error.what};
    UNICODE_STRING *symbol = &texts[0], *library = &texts[1], *what = &texts[2], *image = &texts[3];
    ULONG response, count;
    const UNICODE_STRING *parameters[PARAMETERS_MAX];

    for (ULONG i = 0; i < 3; i++) {
        texts[i] = (UNICODE_STRING){0, sizeof buffers[i], buffers[i]};
        rtl_append_text(&texts[i], words[i] ? words[i] : "");
    }
    RtlInitUnicodeString(image, failure->image);
    count = 0;
    if (status == STATUS_ENTRYPOINT_NOT_FOUND || status == STATUS_ORDINAL_NOT_FOUND)
        parameters[count++] = symbol;
    if (count || status == STATUS_DLL_NOT_FOUND)
        parameters[count++] = library;
    parameters[count++] = image;
    if (count == 1)
        parameters[count++] = what;
    NtRaiseHardError(status, count, (1u << count) - 1, (PULONG_PTR)parameters, RESPONSE_OK,
                     &response);
}

/* ---- The process ---- */

static PVOID create_process_heap(void)
{
    return RtlCreateHeap(HEAP_GROWABLE, NULL, 0, 0, NULL, NULL);
}

static SIZE_T image_bytes(PVOID base)
{
    const IMAGE_DOS_HEADER *dos = base;
    const IMAGE_NT_HEADERS32 *headers = (PVOID)((char *)base + dos->e_lfanew);

    return headers->OptionalHeader.SizeOfImage;
}

/* An image that the kernel mapped: its headers are checked there. */
static NTSTATUS add_mapped(PVOID base, PCUNICODE_STRING path, struct ldr_module **module,
                           struct ldr_failure *failure)
{
    NTSTATUS status = ldr_add(base, image_bytes(base), path, module, &failure->error);

    if (NT_SUCCESS(status))
        (*module)->entry.load_count = LDR_PINNED;
    return status;
}

static NTSTATUS add_first_modules(PVOID ntdll_base, struct ldr_failure *failure)
{
    static const UNICODE_STRING ntdll_path = {24, 26, (PWSTR)L"C:\\ntdll.dll"};
    struct nt_peb *peb = nt_peb();
    struct ldr_module *ntdll;
    NTSTATUS status;

    status = add_mapped(peb->image_base, &peb->parameters->image_path, &ldr_program, failure);
    if (NT_SUCCESS(status))
        status = add_mapped(ntdll_base, &ntdll_path, &ntdll, failure);
    if (!NT_SUCCESS(status))
        return status;
    ntdll->entry.flags |= LDR_ENTRY_PROCESSED | LDR_PROCESS_ATTACH_CALLED | LDR_NO_THREAD_CALLS;
    InsertTailList(&ldr_data.in_initialization_order, &ntdll->entry.in_initialization_order);
    return STATUS_SUCCESS;
}

static NTSTATUS load_program(PVOID ntdll_base, struct ldr_failure *failure)
{
    struct nt_peb *peb = nt_peb();
    NTSTATUS status;

    peb->process_heap = create_process_heap();
    if (!peb->process_heap)
        return STATUS_NO_MEMORY;
    peb->loader_lock = &ldr_lock;
    peb->loader = &ldr_data;
    status = ldr_tls_begin_thread();
    if (NT_SUCCESS(status))
        status = add_first_modules(ntdll_base, failure);
    if (NT_SUCCESS(status))
        status = ldr_bind(ldr_program, failure);
    if (!NT_SUCCESS(status))
        return status;
    ldr_data.initialized = TRUE;
    ldr_pin(ldr_program);
    return STATUS_SUCCESS;
}

static NTSTATUS begin_process(PCONTEXT context, PVOID ntdll_base)
{
    struct ldr_failure failure = {0};
    struct ldr_module *refused = NULL;
    NTSTATUS status = load_program(ntdll_base, &failure);

    if (NT_SUCCESS(status))
        status = ldr_attach_all(context, &refused);
    if (refused)
        memcpy(failure.image, refused->entry.base_name.Buffer, refused->entry.base_name.Length);
    if (!NT_SUCCESS(status))
        report(status, &failure);
    else
        ldr_tls_call(ldr_program, DLL_PROCESS_ATTACH, context);
    return status;
}

/* ---- A thread ---- */

static NTSTATUS begin_thread(void)
{
    NTSTATUS status = ldr_tls_begin_thread();

    if (NT_SUCCESS(status))
        ldr_call_thread(DLL_THREAD_ATTACH);
    return status;
}

VOID NTAPI LdrInitializeThunk(PCONTEXT context, PVOID ntdll_base, PVOID unused)
{
    BOOLEAN first;
    NTSTATUS status;

    (void)unused;
    RtlEnterCriticalSection(&ldr_lock);
    first = !nt_peb()->loader;
    status = first ? begin_process(context, ntdll_base) : begin_thread();
    RtlLeaveCriticalSection(&ldr_lock);
    if (NT_SUCCESS(status))
        status = NtContinue(context, FALSE);
    if (first)
        NtTerminateProcess(NtCurrentProcess(), status);
    NtTerminateThread(NtCurrentThread(), status);
}

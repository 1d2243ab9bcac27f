/*
 * Handles to processes that are unlike others: the System process, one that never had a thread, one
 * that was ended without, one that has ended. Every service that takes a process is tried on them.
 */
#include "hostile/hostile.h"

NTSTATUS NTAPI NtCreateProcess(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where,
                               HANDLE parent, BOOLEAN inherit, HANDLE section, HANDLE debug_port,
                               HANDLE exception_port);

enum { TRIES = 3, SYSTEM_ID = 8 };

/* Which argument is the process. */
static const struct {
    USHORT number;
    UCHAR argument;
    BOOLEAN
    system_too; /* not where it would put handles into a table of the kernel's, or take any */
} takers[] = {
    {SERVICE_NtAllocateVirtualMemory, 0, TRUE}, {SERVICE_NtCreateProcess, 3, TRUE},
    {SERVICE_NtCreateThread, 3, TRUE},          {SERVICE_NtDuplicateObject, 0, FALSE},
    {SERVICE_NtDuplicateObject, 2, FALSE},      {SERVICE_NtFlushInstructionCache, 0, TRUE},
    {SERVICE_NtFreeVirtualMemory, 0, TRUE},     {SERVICE_NtMapViewOfSection, 1, TRUE},
    {SERVICE_NtProtectVirtualMemory, 0, TRUE},  {SERVICE_NtQueryInformationProcess, 0, TRUE},
    {SERVICE_NtQueryVirtualMemory, 0, TRUE},    {SERVICE_NtReadVirtualMemory, 0, TRUE},
    {SERVICE_NtTerminateProcess, 0, TRUE},      {SERVICE_NtUnmapViewOfSection, 0, TRUE},
    {SERVICE_NtWaitForSingleObject, 0, FALSE},  {SERVICE_NtWriteVirtualMemory, 0, TRUE},
};

static const struct service *find(ULONG number)
{
    const struct service *service = services;

    while (service->number != number)
        service++;
    return service;
}

static HANDLE image; /* the section of this program */

/* Mostly the right section, so that the call gets further. */
static void give_sections(struct call *call)
{
    for (ULONG i = 0; i < call->count; i++)
        if (call->service->kinds[i] == 'h' && !one_in(4))
            call->arguments[i] = (ULONG)image;
}

static void take(ULONG taker, HANDLE process)
{
    static struct call call;

    call.service = find(takers[taker].number);
    call.number = call.service->number;
    tried(CATEGORY_processes);
    values_fill(&call);
    keep_out(&call);
    give_sections(&call);
    call.arguments[takers[taker].argument] = (ULONG)process;
    call_make(&call);
}

static HANDLE subject;
static ULONG at; /* of all tries on it; guarded goes on with the next */
static BOOLEAN is_system;

static void try_all(void)
{
    while (at < COUNT_OF(takers) * TRIES) {
        ULONG taker = at++ % COUNT_OF(takers);

        if (!is_system || takers[taker].system_too)
            take(taker, subject);
    }
}

static void try_on(HANDLE process)
{
    subject = process;
    at = 0;
    if (process)
        guarded(try_all);
}

/* ---- The subjects ---- */

static HANDLE image_section(void)
{
    struct nt_named named;
    IO_STATUS_BLOCK io;
    HANDLE file = NULL, section = NULL;

    NtOpenFile(&file, GENERIC_READ | GENERIC_EXECUTE | SYNCHRONIZE,
               nt_name(&named, NULL, L"\\??\\C:\\hostile.exe", 0), &io, FILE_SHARE_READ,
               FILE_SYNCHRONOUS_IO_NONALERT);
    NtCreateSection(&section, SECTION_ALL_ACCESS, NULL, NULL, PAGE_EXECUTE, SEC_IMAGE, file);
    NtClose(file);
    return section;
}

static HANDLE create_process(void)
{
    HANDLE process = NULL;

    NtCreateProcess(&process, PROCESS_ALL_ACCESS, NULL, NtCurrentProcess(), TRUE, image, NULL,
                    NULL);
    return process;
}

/* Its only thread ends at once. */
static void run_to_its_end(HANDLE process)
{
    LARGE_INTEGER patience = milliseconds(500);
    HANDLE thread = NULL;

    RtlCreateUserThread(process, NULL, FALSE, 0, 0, 0, &stray_thread, NULL, &thread, NULL);
    NtTerminateThread(thread, STATUS_SUCCESS);
    NtWaitForSingleObject(process, FALSE, &patience);
    NtClose(thread);
}

static HANDLE open_system(void)
{
    OBJECT_ATTRIBUTES attributes = {.Length = sizeof attributes};
    struct nt_client_id id = {(HANDLE)SYSTEM_ID, NULL};
    HANDLE process = NULL;
    ULONG arguments[] = {(ULONG)&process, PROCESS_ALL_ACCESS, (ULONG)&attributes, (ULONG)&id};

    enter_by_int(SERVICE_NtOpenProcess, arguments);
    return process;
}

static void try_new(void)
{
    HANDLE process = create_process();

    try_on(process);
    NtTerminateProcess(process, STATUS_SUCCESS);
    try_on(process);
    NtClose(process);
}

static void try_ended(void)
{
    HANDLE process = create_process();

    run_to_its_end(process);
    try_on(process);
    NtTerminateProcess(process, STATUS_SUCCESS);
    NtClose(process);
}

static void try_system(void)
{
    HANDLE process = open_system();

    is_system = TRUE;
    try_on(process);
    is_system = FALSE;
    NtClose(process);
}

void try_processes(void)
{
    image = image_section();
    arena_heal();
    try_new();
    try_ended();
    try_system();
    NtClose(image);
}

/* ---- Cases that once went wrong, each by itself ---- */

NTSTATUS NTAPI NtGetContextThread(HANDLE thread, PCONTEXT context);
NTSTATUS NTAPI NtSetContextThread(HANDLE thread, PCONTEXT context);

static void begin(void)
{
    if (!image)
        image = image_section();
}

/* It has no stack any more where its registers could be. */
BOOLEAN case_context_of_ended_thread(void)
{
    LARGE_INTEGER patience = milliseconds(1000);
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};
    HANDLE thread = NULL;
    NTSTATUS got, set;

    RtlCreateUserThread(NtCurrentProcess(), NULL, FALSE, 0, 0, 0, &stray_thread, NULL, &thread,
                        NULL);
    NtWaitForSingleObject(thread, FALSE, &patience);
    pause(20); /* it is buried */
    got = NtGetContextThread(thread, &context);
    set = NtSetContextThread(thread, &context);
    NtClose(thread);
    return got == STATUS_UNSUCCESSFUL && set == STATUS_UNSUCCESSFUL;
}

static BOOLEAN has_ended(HANDLE process)
{
    LARGE_INTEGER now = {.QuadPart = 0};

    return NtWaitForSingleObject(process, FALSE, &now) == STATUS_SUCCESS;
}

/* Its handle to itself would keep it for ever: the counts behind the run tell. */
BOOLEAN case_end_without_threads(void)
{
    HANDLE process, own = NULL;
    BOOLEAN ended;

    begin();
    process = create_process();
    NtDuplicateObject(NtCurrentProcess(), process, process, &own, 0, 0, DUPLICATE_SAME_ACCESS);
    ended = own && !has_ended(process) && NT_SUCCESS(NtTerminateProcess(process, STATUS_SUCCESS)) &&
            has_ended(process);
    NtClose(process);
    return ended;
}

/* There are no handles left to inherit. */
BOOLEAN case_child_of_ended_process(void)
{
    HANDLE parent, child = NULL;
    NTSTATUS status;

    begin();
    parent = create_process();
    run_to_its_end(parent);
    status = NtCreateProcess(&child, PROCESS_ALL_ACCESS, NULL, parent, TRUE, image, NULL, NULL);
    NtClose(parent);
    return status == STATUS_PROCESS_IS_TERMINATING;
}

/* No thread of ring 3 in a process that has no half for it. */
BOOLEAN case_thread_in_system_process(void)
{
    HANDLE process = open_system();
    CONTEXT context = {.ContextFlags = CONTEXT_FULL, .Eip = (ULONG)&stray_thread};
    struct nt_client_id id;
    HANDLE thread = NULL;
    ULONG stack[5] = {0};
    const ULONG arguments[] = {(ULONG)&thread,  THREAD_ALL_ACCESS, 0,   (ULONG)process, (ULONG)&id,
                               (ULONG)&context, (ULONG)stack,      TRUE};
    NTSTATUS status = enter_by_int(SERVICE_NtCreateThread, arguments);

    NtClose(process);
    return status == STATUS_INVALID_HANDLE;
}

void cases_end(void)
{
    NtClose(image);
    image = NULL;
}

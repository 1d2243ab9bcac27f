/* Threads: stacks and ends. */
#include "ntdll/private.h"

enum { PAGE = 0x1000, DEFAULT_RESERVE = 0x100000 };

/* ---- Stacks ---- */

static NTSTATUS commit(HANDLE process, PVOID base, SIZE_T bytes)
{
    return NtAllocateVirtualMemory(process, &base, 0, &bytes, MEM_COMMIT, PAGE_READWRITE);
}

static NTSTATUS guard(HANDLE process, PVOID base)
{
    SIZE_T bytes = PAGE;
    ULONG old;

    return NtProtectVirtualMemory(process, &base, &bytes, PAGE_READWRITE | PAGE_GUARD, &old);
}

static void release(HANDLE process, PVOID base)
{
    SIZE_T bytes = 0;

    NtFreeVirtualMemory(process, &base, &bytes, MEM_RELEASE);
}

/* The topmost pages are committed, below them one is a guard page; the rest comes as it is touched. */
static NTSTATUS fill_stack(HANDLE process, struct nt_initial_teb *stack, SIZE_T committed)
{
    char *top = stack->stack_base;
    NTSTATUS status = commit(process, top - committed - PAGE, committed + PAGE);

    if (NT_SUCCESS(status))
        status = guard(process, top - committed - PAGE);
    stack->stack_limit = top - committed;
    return status;
}

NTSTATUS stack_create(HANDLE process, SIZE_T reserve, SIZE_T committed,
                      struct nt_initial_teb *stack)
{
    PVOID base = NULL;
    NTSTATUS status;

    *stack = (struct nt_initial_teb){0};
    committed = committed ? (committed + PAGE - 1) & ~(SIZE_T)(PAGE - 1) : PAGE;
    reserve = reserve ? reserve : DEFAULT_RESERVE;
    if (reserve < committed + 2 * PAGE)
        reserve = committed + 2 * PAGE;
    status = NtAllocateVirtualMemory(process, &base, 0, &reserve, MEM_RESERVE, PAGE_READWRITE);
    if (!NT_SUCCESS(status))
        return status;
    stack->stack_allocation = base;
    stack->stack_base = (char *)base + reserve;
    status = fill_stack(process, stack, committed);
    if (!NT_SUCCESS(status))
        release(process, base);
    return status;
}

/* ---- Beginning ---- */

/* Where a thread's routine returns to. */
static void NTAPI thread_returned(void)
{
    RtlExitUserThread(STATUS_SUCCESS);
}

/* What the routine finds above ESP. */
struct first_words {
    PVOID return_address, parameter;
};

static NTSTATUS write_first_words(HANDLE process, PVOID to, PVOID parameter)
{
    struct first_words words = {(PVOID)thread_returned, parameter};

    return NtWriteVirtualMemory(process, to, &words, sizeof words, NULL);
}

static CONTEXT first_context(PVOID start, PVOID esp)
{
    return (CONTEXT){
        .ContextFlags = CONTEXT_CONTROL | CONTEXT_INTEGER | CONTEXT_SEGMENTS,
        .SegCs = NT_USER_CS,
        .SegSs = NT_USER_DS,
        .SegDs = NT_USER_DS,
        .SegEs = NT_USER_DS,
        .SegFs = NT_USER_TEB,
        .EFlags = NT_FIRST_EFLAGS,
        .Eip = (DWORD)(ULONG_PTR)start,
        .Esp = (DWORD)(ULONG_PTR)esp,
    };
}

NTSTATUS NTAPI RtlCreateUserThread(HANDLE process, PVOID security, BOOLEAN suspended,
                                   ULONG zero_bits, SIZE_T reserve, SIZE_T committed, PVOID start,
                                   PVOID parameter, PHANDLE thread, CLIENT_ID *client_id)
{
    struct nt_initial_teb stack;
    CLIENT_ID own_id;
    HANDLE own_handle;
    CONTEXT context;
    NTSTATUS status = stack_create(process, reserve, committed, &stack);
    char *esp = (char *)stack.stack_base - sizeof(struct first_words);

    (void)security, (void)zero_bits;
    if (!NT_SUCCESS(status))
        return status;
    context = first_context(start, esp);
    status = write_first_words(process, esp, parameter);
    if (NT_SUCCESS(status))
        status = NtCreateThread(thread ? thread : &own_handle, THREAD_ALL_ACCESS, NULL, process,
                                client_id ? client_id : &own_id, &context, &stack, suspended);
    if (!NT_SUCCESS(status))
        release(process, stack.stack_allocation);
    else if (!thread)
        NtClose(own_handle);
    return status;
}

/* ---- The end ---- */

VOID NTAPI RtlExitUserThread(NTSTATUS status)
{
    LdrShutdownThread();
    NtTerminateThread(NtCurrentThread(), status);
}

/* Threads. */
#include "base.h"

#include "stack.h"
#include "start.h"

/* ---- Beginning ---- */

static NTSTATUS create(HANDLE process, const SECURITY_ATTRIBUTES *security, PCONTEXT context,
                       struct nt_initial_teb *stack, DWORD flags, CLIENT_ID *id, PHANDLE thread)
{
    struct base_attributes attributes;

    return NtCreateThread(thread, THREAD_ALL_ACCESS, base_attributes(&attributes, NULL, security),
                          process, id, context, stack, (flags & CREATE_SUSPENDED) != 0);
}

HANDLE WINAPI CreateRemoteThread(HANDLE process, LPSECURITY_ATTRIBUTES security, SIZE_T stack_size,
                                 LPTHREAD_START_ROUTINE routine, LPVOID parameter, DWORD flags,
                                 LPDWORD id)
{
    BOOL reserves = (flags & STACK_SIZE_PARAM_IS_A_RESERVATION) != 0;
    struct nt_initial_teb stack;
    CONTEXT context;
    CLIENT_ID client;
    HANDLE thread;
    NTSTATUS status =
        stack_create(process, reserves ? 0 : stack_size, reserves ? stack_size : 0, &stack);

    if (NT_SUCCESS(status)) {
        stack_context(&stack, base_thread_start, routine, parameter, &context);
        status = create(process, security, &context, &stack, flags, &client, &thread);
        if (!NT_SUCCESS(status))
            stack_free(process, &stack);
    }
    if (!base_result(status))
        return NULL;
    if (id != NULL)
        *id = (DWORD)(ULONG_PTR)client.UniqueThread;
    return thread;
}

HANDLE WINAPI CreateThread(LPSECURITY_ATTRIBUTES security, SIZE_T stack_size,
                           LPTHREAD_START_ROUTINE routine, LPVOID parameter, DWORD flags,
                           LPDWORD id)
{
    return CreateRemoteThread(NtCurrentProcess(), security, stack_size, routine, parameter, flags,
                              id);
}

HANDLE WINAPI OpenThread(DWORD access, BOOL inherit, DWORD id)
{
    OBJECT_ATTRIBUTES attributes;
    CLIENT_ID client = {NULL, (HANDLE)(ULONG_PTR)id};
    HANDLE thread = NULL;

    InitializeObjectAttributes(&attributes, NULL, inherit ? OBJ_INHERIT : 0, NULL, NULL);
    return base_opened(NtOpenThread(&thread, access, &attributes, &client), &thread);
}

/* ---- Ending ---- */

/*
 * A thread cannot give its stack back while it runs on it. Its last two calls are made on a stack in
 * its TEB, in the part that nothing here uses and that lasts until the kernel ends the thread.
 */
__attribute__((noreturn)) static void free_stack_and_end(DWORD code)
{
    struct nt_teb *teb = nt_teb();
    PVOID top = (PVOID)&teb->deallocation_stack;

    __asm__ volatile("movl %[top], %%esp\n\t"
                     "pushl %[code]\n\t"
                     "pushl $-2\n\t" /* this thread */
                     "pushl $0\n\t"  /* bytes: the whole reservation */
                     "movl %%esp, %%ecx\n\t"
                     "pushl %[base]\n\t"
                     "movl %%esp, %%edx\n\t"
                     "pushl $0x8000\n\t" /* MEM_RELEASE */
                     "pushl %%ecx\n\t"
                     "pushl %%edx\n\t"
                     "pushl $-1\n\t" /* this process */
                     "call _NtFreeVirtualMemory@16\n\t"
                     "addl $8, %%esp\n\t"
                     "call _NtTerminateThread@8\n\t"
                     "ud2"
                     :
                     : [top] "a"(top), [code] "b"(code), [base] "S"(teb->deallocation_stack)
                     : "ecx", "edx", "memory");
    __builtin_unreachable();
}

static BOOL is_last_thread(void)
{
    ULONG last = FALSE;

    return NT_SUCCESS(NtQueryInformationThread(NtCurrentThread(), THREAD_AM_I_LAST, &last,
                                               sizeof(last), NULL)) &&
           last != 0;
}

VOID WINAPI ExitThread(DWORD code)
{
    if (is_last_thread())
        ExitProcess(code);
    LdrShutdownThread();
    free_stack_and_end(code);
}

BOOL WINAPI TerminateThread(HANDLE thread, DWORD code)
{
    if (thread == NULL)
        return base_fail_with(ERROR_INVALID_HANDLE);
    return base_result(NtTerminateThread(thread, (NTSTATUS)code));
}

/* ---- What there is to know and to set ---- */

static NTSTATUS query(HANDLE thread, struct nt_thread_basic *data)
{
    return NtQueryInformationThread(thread, THREAD_BASIC, data, sizeof(*data), NULL);
}

BOOL WINAPI GetExitCodeThread(HANDLE thread, LPDWORD code)
{
    struct nt_thread_basic data;
    NTSTATUS status = query(thread, &data);

    if (!NT_SUCCESS(status))
        return base_fail(status);
    *code = (DWORD)data.exit_status;
    return TRUE;
}

/* NT counts priorities from the process's; the extremes are beyond what it counts. */
int WINAPI GetThreadPriority(HANDLE thread)
{
    struct nt_thread_basic data;
    NTSTATUS status = query(thread, &data);

    if (!NT_SUCCESS(status)) {
        base_fail(status);
        return THREAD_PRIORITY_ERROR_RETURN;
    }
    if (data.base_priority > THREAD_PRIORITY_HIGHEST)
        return THREAD_PRIORITY_TIME_CRITICAL;
    if (data.base_priority < THREAD_PRIORITY_LOWEST)
        return THREAD_PRIORITY_IDLE;
    return data.base_priority;
}

BOOL WINAPI SetThreadPriority(HANDLE thread, int priority)
{
    return base_result(
        NtSetInformationThread(thread, THREAD_BASE_PRIORITY, &priority, sizeof(priority)));
}

/* The count before, or FFFFFFFFh. */
static DWORD return_count(NTSTATUS status, ULONG count)
{
    return base_result(status) ? count : MAXDWORD;
}

DWORD WINAPI SuspendThread(HANDLE thread)
{
    ULONG previous;
    NTSTATUS status = NtSuspendThread(thread, &previous);

    return return_count(status, previous);
}

DWORD WINAPI ResumeThread(HANDLE thread)
{
    ULONG previous;
    NTSTATUS status = NtResumeThread(thread, &previous);

    return return_count(status, previous);
}

BOOL WINAPI GetThreadContext(HANDLE thread, LPCONTEXT context)
{
    return base_result(NtGetContextThread(thread, context));
}

BOOL WINAPI SetThreadContext(HANDLE thread, const CONTEXT *context)
{
    return base_result(NtSetContextThread(thread, (PCONTEXT)context));
}

HANDLE WINAPI GetCurrentThread(void)
{
    return NtCurrentThread();
}

DWORD WINAPI GetCurrentThreadId(void)
{
    return (DWORD)(ULONG_PTR)nt_teb()->client_id.thread;
}

/*
 * Threads of ring 3 and of drivers. A thread is an object of type Thread, and points to its process.
 *
 * A thread of ring 3 begins in the kernel (ps_enter_user), which puts its CONTEXT on its stack and
 * goes to ntdll's LdrInitializeThunk:
 *
 *     ESP     0                   return address
 *     ESP+4   CONTEXT *           where LdrInitializeThunk continues to
 *     ESP+8   ntdll's base
 *     ESP+12  0
 *     ESP+16  the CONTEXT
 */
#pragma once

#include "nt/context.h"
#include "ke/thread.h"
#include "nt/peb.h"
#include "ps/process.h"
#include "x86/trap.h"

struct thread {
    struct ke_thread ke;
    LIST_ENTRY link; /* in process->threads */
    struct process *process;
    ULONG id;
    NTSTATUS exit_status;
    CONTEXT *start;      /* in pool until it first runs; NULL: a thread of the kernel */
    PVOID start_address; /* as its creator gave it */
    LARGE_INTEGER created;
};

#define THREAD_TERMINATE         0x0001u
#define THREAD_SUSPEND_RESUME    0x0002u
#define THREAD_GET_CONTEXT       0x0008u
#define THREAD_SET_CONTEXT       0x0010u
#define THREAD_SET_INFORMATION   0x0020u
#define THREAD_QUERY_INFORMATION 0x0040u
#define THREAD_ALL_ACCESS        (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x3FFu)

#define NtCurrentThread() ((HANDLE)(intptr_t)-2)

extern POBJECT_TYPE ps_thread_type;

void ps_thread_init(void);

/* The thread that runs. */
static inline struct thread *ps_current_thread(void)
{
    return CONTAINING_RECORD(ke_current_thread(), struct thread, ke);
}

/*
 * The registers of ring 3: the CPU puts them at the top of the kernel stack at each trap from there.
 */
static inline struct trap_frame *ps_user_frame(const struct thread *thread)
{
    return (struct trap_frame *)thread->ke.stack_top - 1;
}

/* As ps_reference_process, for a thread or NtCurrentThread(). */
NTSTATUS ps_reference_thread(HANDLE handle, ACCESS_MASK access, struct thread **thread);

/*
 * A thread that runs start(argument) in the kernel, in `process`; it is not started yet
 * (ke_thread_start). STATUS_SUCCESS: *thread, with a pointer for the caller.
 * STATUS_PROCESS_IS_TERMINATING, STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS ps_create_thread(struct process *process, void (*start)(void *), void *argument,
                          struct thread **thread);

/* Ends the current thread, and with it its process if it was the last. */
__attribute__((noreturn)) void ps_exit_thread(NTSTATUS status);

/*
 * The last step on each way back to ring 3 (interrupts are off): switches threads, and ends a thread
 * that has been terminated.
 */
void ps_user_exit(struct trap_frame *frame);

/* INITIAL_TEB of NtCreateThread: the stack that its creator made. */
struct ps_initial_teb {
    PVOID old_stack_base, old_stack_limit;
    PVOID stack_base, stack_limit, allocation_base;
};

/*
 * A thread of ring 3 that begins with `context`, on the stack that `stack` describes; both are in
 * ring 3 for a caller from there. `client` (optional) gets the ids.
 * STATUS_SUCCESS, STATUS_ACCESS_VIOLATION, STATUS_INVALID_PARAMETER, STATUS_NO_MEMORY (no room for a
 * TEB), STATUS_PROCESS_IS_TERMINATING, STATUS_INSUFFICIENT_RESOURCES, handle statuses.
 */
NTSTATUS NTAPI NtCreateThread(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                              HANDLE process, struct nt_client_id *client, PCONTEXT context,
                              struct ps_initial_teb *stack, BOOLEAN suspended);

/* Opens a thread by its id (client->thread). STATUS_INVALID_CID. */
NTSTATUS NTAPI NtOpenThread(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                            struct nt_client_id *client);

/* Ends a thread; handle NULL is the current one, unless it is its process's last
 * (STATUS_CANT_TERMINATE_SELF). */
NTSTATUS NTAPI NtTerminateThread(HANDLE handle, NTSTATUS status);

/* STATUS_SUSPEND_COUNT_EXCEEDED; *previous (optional): the count before. */
NTSTATUS NTAPI NtSuspendThread(HANDLE handle, PULONG previous);
NTSTATUS NTAPI NtResumeThread(HANDLE handle, PULONG previous);

/* A kernel thread for a driver; process NULL: of the System process (WDK). */
NTSTATUS NTAPI PsCreateSystemThread(PHANDLE handle, ULONG access, POBJECT_ATTRIBUTES attributes,
                                    HANDLE process, struct nt_client_id *client,
                                    VOID(NTAPI *start)(PVOID), PVOID context);
NTSTATUS NTAPI PsTerminateSystemThread(NTSTATUS status);

#include "ps/thread.h"

#include "console/log.h"
#include "export.h"
#include "io/io.h"
#include "ke/scheduler.h"
#include "ke/caller.h"
#include "ke/clock.h"
#include "mm/pool.h"
#include "mm/user.h"
#include "ps/context.h"
#include "ps/peb.h"
#include "rtl/rtl.h"
#include "syscall/syscall.h"
#include "x86/segments.h"

POBJECT_TYPE ps_thread_type;

/* The Thread type's: it has ended, or was never started. */
static void delete_thread(PVOID object)
{
    struct thread *thread = object;

    if (thread->start)
        ExFreePool(thread->start);
    if (thread->ke.state == KE_INITIALIZED)
        ke_thread_destroy(&thread->ke);
    if (thread->process)
        ObfDereferenceObject(thread->process);
}

static void create_type(void)
{
    static const struct ob_type_info info = {
        .mapping = {STANDARD_RIGHTS_READ | THREAD_GET_CONTEXT | THREAD_QUERY_INFORMATION,
                    STANDARD_RIGHTS_READ | THREAD_TERMINATE | THREAD_SUSPEND_RESUME |
                        THREAD_SET_CONTEXT | THREAD_SET_INFORMATION,
                    STANDARD_RIGHTS_READ | SYNCHRONIZE, THREAD_ALL_ACCESS},
        .valid_access = THREAD_ALL_ACCESS,
        .pool_tag = POOL_TAG('T', 'h', 'r', 'e'),
        .waitable = TRUE,
        .dispatcher_offset = offsetof(struct thread, ke.header),
        .delete = delete_thread,
    };
    NTSTATUS status = ob_create_type(u"Thread", &info, &ps_thread_type);

    ASSERT(NT_SUCCESS(status));
}

void ps_thread_init(void)
{
    create_type();
}

NTSTATUS ps_reference_thread(HANDLE handle, ACCESS_MASK access, struct thread **thread)
{
    if (handle != NtCurrentThread())
        return ob_reference(handle, access, ps_thread_type, (PVOID *)thread);
    *thread = ps_current_thread();
    ObfReferenceObject(*thread);
    return STATUS_SUCCESS;
}

/* The stack is freed: the pointer that a running thread has on itself goes. */
static void reaped(struct ke_thread *thread)
{
    ObfDereferenceObject(CONTAINING_RECORD(thread, struct thread, ke));
}

NTSTATUS ps_create_thread(struct process *process, void (*start)(void *), void *argument,
                          struct thread **result)
{
    struct thread *thread;
    NTSTATUS status;

    if (process->exiting)
        return STATUS_PROCESS_IS_TERMINATING;
    status = ob_create_object(ps_thread_type, NULL, sizeof *thread, (PVOID *)&thread);
    if (!NT_SUCCESS(status))
        return status;
    InitializeListHead(&thread->link);
    status = ke_thread_create(&thread->ke, &process->ke, PS_BASE_PRIORITY, start, argument);
    if (!NT_SUCCESS(status)) {
        thread->ke.state = KE_TERMINATED; /* there is no stack to give back */
        ObfDereferenceObject(thread);
        return status;
    }
    thread->ke.reaped = reaped;
    thread->id = ps_next_id();
    thread->exit_status = STATUS_PENDING;
    KeQuerySystemTime(&thread->created);
    ObfReferenceObject(process);
    thread->process = process;
    *result = thread;
    return STATUS_SUCCESS;
}

/* From now on it counts as its process's, and points to itself until it has ended. */
static void start_thread(struct thread *thread)
{
    InsertTailList(&thread->process->threads, &thread->link);
    ObfReferenceObject(thread);
    ke_thread_start(&thread->ke);
}

void ps_exit_thread(NTSTATUS status)
{
    struct thread *thread = ps_current_thread();
    struct process *process = thread->process;

    thread->exit_status = status;
    io_rundown_thread(&thread->ke);
    if (thread->ke.teb)
        teb_free(process, thread->ke.teb);
    RemoveEntryList(&thread->link);
    InitializeListHead(&thread->link);
    if (IsListEmpty(&process->threads) && process != &ps_system_process) {
        if (!process->exiting)
            process->exit_status = status;
        ps_end_process(process);
    }
    ke_thread_exit();
}

void ps_user_exit(struct trap_frame *frame)
{
    (void)frame;
    while (ke_exit_work) {
        ke_user_exit();
        if (ke_current_thread()->terminating)
            ps_exit_thread(ps_current_thread()->exit_status);
    }
}

/* ---- Into ring 3 ---- */

/* What a new thread finds on its stack (thread.h). */
struct first_stack {
    ULONG return_address;
    ULONG context, ntdll, unused;
    CONTEXT start;
};

/* entry.S: loads the registers of a frame and leaves to ring 3. */
__attribute__((noreturn)) void ki_enter_user(struct trap_frame *frame);

static NTSTATUS push_first_stack(const CONTEXT *start, ULONG *stack_pointer)
{
    ULONG at = (start->Esp - sizeof(struct first_stack)) & ~3u;
    struct first_stack *stack = (struct first_stack *)at;
    const ULONG words[4] = {0, (ULONG)&stack->start, ntdll_base(), 0};
    NTSTATUS status = mm_copy_to_user(stack, words, sizeof words);

    if (NT_SUCCESS(status))
        status = mm_copy_to_user(&stack->start, start, sizeof *start);
    *stack_pointer = at;
    return status;
}

/* The kernel start of a thread of ring 3. */
static void enter_user(void *argument)
{
    struct thread *thread = argument;
    struct trap_frame *frame = ps_user_frame(thread);
    CONTEXT first = {.ContextFlags = CONTEXT_FULL,
                     .Eip = ntdll_address(NTDLL_LDR_INITIALIZE_THUNK)};
    NTSTATUS status = push_first_stack(thread->start, &first.Esp);

    ExFreePool(thread->start);
    thread->start = NULL;
    if (!NT_SUCCESS(status))
        ps_exit_thread(status);
    memset(frame, 0, sizeof *frame);
    context_to_frame(frame, &first);
    if (thread->ke.terminating || thread->ke.suspend_count)
        ke_exit_work = 1;
    ps_user_exit(frame);
    ki_enter_user(frame);
}

/* The creator's records, in the kernel. */
struct start {
    CONTEXT context;
    struct ps_initial_teb stack;
};

static NTSTATUS create_user_thread(struct process *process, const struct start *start,
                                   struct thread **result)
{
    struct thread *thread;
    NTSTATUS status = ps_create_thread(process, enter_user, NULL, &thread);

    if (!NT_SUCCESS(status))
        return status;
    thread->ke.argument = thread;
    thread->start_address = (PVOID)start->context.Eax;
    thread->start =
        ExAllocatePoolWithTag(NonPagedPool, sizeof *thread->start, POOL_TAG('P', 's', 'C', 'x'));
    status = thread->start ? teb_create(thread, &start->stack) : STATUS_INSUFFICIENT_RESOURCES;
    if (!NT_SUCCESS(status)) {
        ObfDereferenceObject(thread);
        return status;
    }
    *thread->start = start->context;
    *result = thread;
    return STATUS_SUCCESS;
}

static NTSTATUS capture_start(struct start *start, const CONTEXT *context,
                              const struct ps_initial_teb *stack)
{
    NTSTATUS status = ke_copy_from_caller(&start->context, context, sizeof *context);

    return NT_SUCCESS(status) ? ke_copy_from_caller(&start->stack, stack, sizeof *stack) : status;
}

NTSTATUS NTAPI NtCreateThread(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                              HANDLE process_handle, struct nt_client_id *client, PCONTEXT context,
                              struct ps_initial_teb *stack, BOOLEAN suspended)
{
    struct process *process;
    struct thread *thread;
    struct start start;
    NTSTATUS status = capture_start(&start, context, stack);

    if (NT_SUCCESS(status))
        status = ps_reference_process(process_handle, PROCESS_CREATE_THREAD, &process);
    if (!NT_SUCCESS(status))
        return status;
    status = process == &ps_system_process ? STATUS_INVALID_HANDLE /* it has no ring 3 */
                                           : create_user_thread(process, &start, &thread);
    if (NT_SUCCESS(status)) {
        const struct nt_client_id ids = {(HANDLE)process->id, (HANDLE)thread->id};

        thread->ke.suspend_count = suspended != 0;
        status = client ? ke_copy_to_caller(client, &ids, sizeof ids) : STATUS_SUCCESS;
        if (NT_SUCCESS(status))
            status = ob_open_pointer(handle, access, attributes, thread, ps_thread_type);
        if (NT_SUCCESS(status))
            start_thread(thread);
        ObfDereferenceObject(thread);
    }
    ObfDereferenceObject(process);
    return status;
}

NTSTATUS NTAPI NtOpenThread(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                            struct nt_client_id *client)
{
    struct nt_client_id id;
    NTSTATUS status = ke_copy_from_caller(&id, client, sizeof id);

    if (!NT_SUCCESS(status))
        return status;
    if (attributes && attributes->ObjectName)
        return STATUS_INVALID_PARAMETER;
    LIST_FOR_EACH(process, &ps_processes, struct process, link)
    {
        LIST_FOR_EACH(thread, &process->threads, struct thread, link)
        {
            if (thread->id == (ULONG)id.thread)
                return ob_open_pointer(handle, access, attributes, thread, ps_thread_type);
        }
    }
    return STATUS_INVALID_CID;
}

static BOOLEAN is_last_of_process(const struct thread *thread)
{
    return thread->link.Flink == thread->link.Blink;
}

NTSTATUS NTAPI NtTerminateThread(HANDLE handle, NTSTATUS exit_status)
{
    struct thread *thread;
    NTSTATUS status;

    if (!handle && is_last_of_process(ps_current_thread()))
        return STATUS_CANT_TERMINATE_SELF;
    status = ps_reference_thread(handle ? handle : NtCurrentThread(), THREAD_TERMINATE, &thread);
    if (!NT_SUCCESS(status))
        return status;
    if (thread->ke.home == &ps_system_process.ke) {
        status = STATUS_ACCESS_DENIED;
    } else if (!thread->ke.terminating) {
        thread->exit_status = exit_status;
        ke_terminate_thread(&thread->ke);
    }
    ObfDereferenceObject(thread);
    return status;
}

NTSTATUS NTAPI NtSuspendThread(HANDLE handle, PULONG previous)
{
    struct thread *thread;
    ULONG last;
    NTSTATUS status = ps_reference_thread(handle, THREAD_SUSPEND_RESUME, &thread);

    if (!NT_SUCCESS(status))
        return status;
    last = ke_suspend_thread(&thread->ke);
    if (previous)
        *previous = last;
    ObfDereferenceObject(thread);
    return last < MAXIMUM_SUSPEND_COUNT ? STATUS_SUCCESS : STATUS_SUSPEND_COUNT_EXCEEDED;
}

NTSTATUS NTAPI NtResumeThread(HANDLE handle, PULONG previous)
{
    struct thread *thread;
    ULONG last;
    NTSTATUS status = ps_reference_thread(handle, THREAD_SUSPEND_RESUME, &thread);

    if (!NT_SUCCESS(status))
        return status;
    last = ke_resume_thread(&thread->ke);
    if (previous)
        *previous = last;
    ObfDereferenceObject(thread);
    return STATUS_SUCCESS;
}

/* ---- Threads of drivers ---- */

struct system_start {
    VOID(NTAPI *routine)(PVOID);
    PVOID context;
};

static void run_system_thread(void *argument)
{
    struct system_start start = *(struct system_start *)argument;

    ExFreePool(argument);
    start.routine(start.context);
    ps_exit_thread(STATUS_SUCCESS);
}

static NTSTATUS create_system_thread(struct process *process, const struct system_start *start,
                                     struct thread **thread)
{
    struct system_start *copy =
        ExAllocatePoolWithTag(NonPagedPool, sizeof *copy, POOL_TAG('P', 's', 'S', 't'));
    NTSTATUS status = copy ? ps_create_thread(process, run_system_thread, copy, thread)
                           : STATUS_INSUFFICIENT_RESOURCES;

    if (NT_SUCCESS(status))
        *copy = *start;
    else if (copy)
        ExFreePool(copy);
    return status;
}

NTSTATUS NTAPI PsCreateSystemThread(PHANDLE handle, ULONG access, POBJECT_ATTRIBUTES attributes,
                                    HANDLE process_handle, struct nt_client_id *client,
                                    VOID(NTAPI *start)(PVOID), PVOID context)
{
    const struct system_start routine = {start, context};
    struct process *process = &ps_system_process;
    struct thread *thread;
    NTSTATUS status = STATUS_SUCCESS;

    if (process_handle)
        status = ps_reference_process(process_handle, 0, &process);
    else
        ObfReferenceObject(process);
    if (!NT_SUCCESS(status))
        return status;
    status = create_system_thread(process, &routine, &thread);
    ObfDereferenceObject(process);
    if (!NT_SUCCESS(status))
        return status;
    if (client)
        *client = (struct nt_client_id){(HANDLE)process->id, (HANDLE)thread->id};
    status = ObOpenObjectByPointer(thread, attributes ? attributes->Attributes : 0, NULL, access,
                                   ps_thread_type, KernelMode, handle);
    start_thread(thread);
    ObfDereferenceObject(thread);
    return status;
}
EXPORT_NTOSKRNL(PsCreateSystemThread);

NTSTATUS NTAPI PsTerminateSystemThread(NTSTATUS status)
{
    if (ke_current_thread()->teb)
        return STATUS_INVALID_PARAMETER;
    ps_exit_thread(status);
}
EXPORT_NTOSKRNL(PsTerminateSystemThread);

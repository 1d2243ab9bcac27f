#include "ke/thread.h"

#include "export.h"
#include "ke/kep.h"
#include "ke/pcr.h"
#include "ke/mutant.h"
#include "ke/work.h"
#include "mm/frame.h"

void ke_process_init(struct ke_process *process)
{
    ke_header_init(&process->header, KE_PROCESS, sizeof *process, 0);
    process->space = NULL;
    process->handles = NULL;
    process->threads = 0;
}

void ke_thread_prepare(struct ke_thread *thread, struct ke_process *process, UCHAR priority)
{
    memset(thread, 0, sizeof *thread);
    ke_header_init(&thread->header, KE_THREAD, sizeof *thread, 0);
    ke_header_init(&thread->timer.Header, KE_WAIT_TIMER, sizeof thread->timer, 0);
    InitializeListHead(&thread->mutants);
    InitializeListHead(&thread->irp_list);
    thread->process = thread->home = process;
    thread->exception_list = KE_END_OF_EXCEPTION_FRAMES;
    thread->priority = thread->base_priority = priority;
    thread->quantum = KE_QUANTUM;
}

/* Where a thread begins: ke_switch_stack returns here. */
static void begin(void)
{
    ke_current->start(ke_current->argument);
    ke_thread_exit();
}

/* What ke_switch_stack pops; the two zeros end a backtrace. */
struct first_frame {
    ULONG edi, esi, ebx, ebp;
    void (*entry)(void);
    ULONG return_address;
};

NTSTATUS ke_thread_create(struct ke_thread *thread, struct ke_process *process, UCHAR priority,
                          void (*start)(void *argument), void *argument)
{
    struct first_frame *frame;

    ke_thread_prepare(thread, process, priority);
    thread->stack = ke_stack_create();
    if (!thread->stack)
        return STATUS_INSUFFICIENT_RESOURCES;
    thread->stack_top = thread->stack + KE_STACK_PAGES * PAGE_SIZE - KE_FPU_BYTES;
    thread->fpu = (PVOID)thread->stack_top;
    frame = (struct first_frame *)thread->stack_top - 1;
    *frame = (struct first_frame){.entry = begin};
    thread->esp = (ULONG)frame;
    thread->start = start;
    thread->argument = argument;
    return STATUS_SUCCESS;
}

void ke_thread_start(struct ke_thread *thread)
{
    ASSERT(thread->state == KE_INITIALIZED);
    thread->home->threads++;
    ke_make_ready(thread);
}

void ke_thread_destroy(struct ke_thread *thread)
{
    ASSERT(thread->state == KE_INITIALIZED || thread->state == KE_TERMINATED);
    ke_stack_destroy(thread->stack);
}

void ke_thread_exit(void)
{
    struct ke_thread *thread = ke_current;

    ke_abandon_mutants(thread);
    ke_fpu_forget(thread);
    thread->state = KE_TERMINATED;
    thread->home->threads--;
    ke_signal(&thread->header);
    ke_reap(thread);
    ke_block();
    __builtin_unreachable();
}

void ke_terminate_thread(struct ke_thread *thread)
{
    thread->terminating = TRUE;
    ke_exit_work = 1;
    if (thread->state == KE_WAITING && thread->wait_mode == UserMode)
        ke_unwait(thread, STATUS_THREAD_IS_TERMINATING);
    else if (thread->state == KE_SUSPENDED)
        ke_make_ready(thread);
}

ULONG ke_suspend_thread(struct ke_thread *thread)
{
    if (thread->suspend_count == MAXIMUM_SUSPEND_COUNT)
        return MAXIMUM_SUSPEND_COUNT;
    ke_exit_work = 1;
    return thread->suspend_count++;
}

ULONG ke_resume_thread(struct ke_thread *thread)
{
    ULONG last = thread->suspend_count;

    if (last)
        thread->suspend_count--;
    if (last == 1 && thread->state == KE_SUSPENDED)
        ke_make_ready(thread);
    return last;
}

struct ke_thread *NTAPI KeGetCurrentThread(VOID)
{
    return ke_current;
}
EXPORT_NTOSKRNL(KeGetCurrentThread);

KPROCESSOR_MODE NTAPI ExGetPreviousMode(VOID)
{
    return ke_previous_mode();
}
EXPORT_NTOSKRNL(ExGetPreviousMode);

LONG NTAPI KeSetPriorityThread(struct ke_thread *thread, LONG priority)
{
    return ke_set_priority(thread, (UCHAR)priority);
}
EXPORT_NTOSKRNL(KeSetPriorityThread);

void ke_init(struct ke_process *system)
{
    ke_process_init(system);
    system->space = &mm_system_space;
    ke_scheduler_init(system);
    ke_pcr_init(ke_current);
    ke_fpu_init();
    ke_reaper_init(system);
    ke_work_init(system);
}

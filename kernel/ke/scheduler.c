#include "ke/scheduler.h"

#include "ke/kep.h"
#include "ke/pcr.h"
#include "x86/cpu.h"
#include "x86/hal.h"
#include "x86/segments.h"

static struct ke_thread boot_thread, idle_thread;
static UCHAR boot_fpu[KE_FPU_BYTES] __attribute__((aligned(16)));

static LIST_ENTRY ready[MAXIMUM_PRIORITY];
static ULONG ready_summary; /* a bit for each queue that is not empty */

struct ke_thread *ke_current = &boot_thread;
void (*ke_process_switched)(struct ke_process *process);
volatile ULONG ke_exit_work;
ULONG ke_context_switches;

/* -1 if nobody is ready. */
static LONG highest_ready(void)
{
    return ready_summary ? 31 - __builtin_clz(ready_summary) : -1;
}

static void queue_ready(struct ke_thread *thread, BOOLEAN in_front)
{
    LIST_ENTRY *queue = &ready[thread->priority];

    thread->state = KE_READY;
    if (in_front)
        InsertHeadList(queue, &thread->ready_link);
    else
        InsertTailList(queue, &thread->ready_link);
    ready_summary |= 1u << thread->priority;
}

static void unqueue_ready(struct ke_thread *thread)
{
    RemoveEntryList(&thread->ready_link);
    if (IsListEmpty(&ready[thread->priority]))
        ready_summary &= ~(1u << thread->priority);
}

static struct ke_thread *take_next(void)
{
    if (!ready_summary)
        return &idle_thread;
    struct ke_thread *next =
        CONTAINING_RECORD(ready[highest_ready()].Flink, struct ke_thread, ready_link);

    unqueue_ready(next);
    return next;
}

/* The process whose space and handles are current: that of the last thread that was not idling. */
static struct ke_process *entered;

static void enter_process(struct ke_process *process)
{
    entered = process;
    mm_space_switch(process->space);
    if (ke_process_switched)
        ke_process_switched(process);
}

struct ke_process *ke_current_process(void)
{
    return ke_current->process;
}

struct ke_process *ke_attach(struct ke_process *process)
{
    struct ke_process *last = ke_current->process;

    ke_current->process = process;
    if (process != last)
        enter_process(process);
    return last;
}

/* All that the CPU must know of the thread that comes. Idling needs no space of its own. */
static void prepare_cpu(const struct ke_thread *next)
{
    gdt_set_kernel_stack(next->stack_top);
    if (next->teb)
        gdt_set_teb(next->teb);
    if (next != &idle_thread && next->process != entered)
        enter_process(next->process);
    ke_fpu_switch(next);
}

static void switch_to(struct ke_thread *next)
{
    struct ke_thread *last = ke_current;

    next->state = KE_RUNNING;
    if (next == last)
        return;
    last->irql = KeGetCurrentIrql();
    prepare_cpu(next);
    ke_pcr_switch(last, next);
    ke_current = next;
    ke_context_switches++;
    next->switches++;
    KfLowerIrql(next->irql);
    ke_exit_work = 1; /* whoever comes may be suspended, or has a higher one beside it */
    ke_switch_stack(&last->esp, next->esp);
}

void ke_block(void)
{
    switch_to(take_next());
}

static void give_way(BOOLEAN in_front)
{
    queue_ready(ke_current, in_front);
    ke_block();
}

BOOLEAN ke_yield(void)
{
    if (highest_ready() < ke_current->priority)
        return FALSE;
    give_way(FALSE);
    return TRUE;
}

void ke_make_ready(struct ke_thread *thread)
{
    thread->quantum = KE_QUANTUM;
    queue_ready(thread, FALSE);
    if (thread->priority > ke_current->priority)
        ke_exit_work = 1;
}

UCHAR ke_set_priority(struct ke_thread *thread, UCHAR priority)
{
    UCHAR last = thread->base_priority;
    BOOLEAN queued = thread->state == KE_READY;

    if (queued)
        unqueue_ready(thread);
    thread->priority = thread->base_priority = priority;
    if (queued)
        queue_ready(thread, FALSE);
    ke_exit_work = 1;
    return last;
}

void ke_run_pending(void)
{
    if (KeGetCurrentIrql() >= DISPATCH_LEVEL)
        return;
    ke_expire_timers();
    ke_run_dpcs();
}

/* The boost goes with the quantum. */
static void end_quantum(void)
{
    ke_current->quantum = KE_QUANTUM;
    ke_current->priority = ke_current->base_priority;
    ke_yield();
}

void ke_user_exit(void)
{
    while (ke_exit_work) {
        ke_exit_work = 0;
        ke_run_pending();
        if (ke_current->suspend_count && !ke_current->terminating) {
            ke_current->state = KE_SUSPENDED;
            ke_block();
        } else if (ke_current->quantum <= 0)
            end_quantum();
        else if (highest_ready() > ke_current->priority)
            give_way(TRUE);
    }
}

/* Its own stack, the System process's space; it runs when no other can. */
static void idle(void *argument)
{
    (void)argument;
    for (;;) {
        ke_run_pending();
        if (ready_summary)
            ke_block();
        else
            cpu_wait_for_interrupt();
    }
}

void ke_scheduler_init(struct ke_process *system)
{
    for (ULONG i = 0; i < MAXIMUM_PRIORITY; i++)
        InitializeListHead(&ready[i]);
    ke_thread_prepare(&boot_thread, system, 8);
    boot_thread.state = KE_RUNNING;
    boot_thread.stack_top = gdt_main_tss.esp0;
    boot_thread.fpu = boot_fpu;
    system->threads++;
    NTSTATUS status = ke_thread_create(&idle_thread, system, LOW_PRIORITY, idle, NULL);

    ASSERT(NT_SUCCESS(status));
}

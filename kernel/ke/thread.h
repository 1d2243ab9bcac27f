/*
 * Threads: a kernel stack, what the scheduler knows, and what the thread waits for. The owner
 * (kernel/ps, or a driver's system thread) embeds struct ke_thread; the boot code is the first one.
 *
 * A kernel stack lies in system PTEs:
 *
 *     stack - 4096  never mapped: an overflow ends in a double fault's report
 *     stack         the lowest byte
 *     stack_top     where the CPU begins when it comes from ring 3 (TSS.esp0)
 *     fpu           512 bytes: the x87 and SSE registers while another thread has the FPU
 *
 * Kernel code runs with interrupts off and is never preempted: a thread is switched away from at a
 * wait or on its way back to ring 3 (ke/scheduler.h).
 */
#pragma once

#include "ke/process.h"
#include "nt/ntstatus.h"

#define KE_STACK_PAGES 4 /* of 4096 bytes, without the guard */
#define KE_FPU_BYTES   512

/* Ends a chain of exception frames. */
#define KE_END_OF_EXCEPTION_FRAMES ((PVOID)0xFFFFFFFF)

enum ke_thread_state {
    KE_INITIALIZED, /* made and not started */
    KE_READY,
    KE_RUNNING,
    KE_WAITING,
    KE_SUSPENDED, /* on its way to ring 3 */
    KE_TERMINATED,
};

struct ke_thread {
    DISPATCHER_HEADER header;   /* signalled when the thread has ended */
    struct ke_process *process; /* where it runs: its own, or one it is attached to */
    struct ke_process *home;    /* its own */

    ULONG esp; /* saved while it does not run */
    ULONG stack, stack_top;
    PVOID fpu;
    BOOLEAN fpu_used; /* there is something in `fpu`, or in the FPU */

    UCHAR state;                   /* enum ke_thread_state */
    UCHAR priority, base_priority; /* 0..31; `priority` carries the boost */
    CHAR quantum;                  /* ticks left */
    KIRQL irql;                    /* saved while it does not run */
    KPROCESSOR_MODE previous_mode; /* of the system service that it is in */
    LIST_ENTRY ready_link;         /* in a ready queue, or among the dead */
    ULONG ticks, switches;         /* how long it ran, and how often it was switched to */

    KPROCESSOR_MODE wait_mode;
    BOOLEAN alertable;      /* as its wait was asked for; nothing alerts it */
    BOOLEAN terminating;    /* it must end at its next return to ring 3 */
    ULONG suspend_count;    /* 0: may run in ring 3 */
    NTSTATUS wait_status;   /* how the last wait ended */
    PKWAIT_BLOCK wait_list; /* of the wait it is in; NULL: only a timeout */
    KWAIT_BLOCK wait_blocks[THREAD_WAIT_OBJECTS];
    KTIMER timer;       /* the wait's timeout */
    LIST_ENTRY mutants; /* that it owns */

    LIST_ENTRY irp_list;  /* io's: requests under way */
    PVOID exception_list; /* of ring 0, saved while it does not run (ke/pcr.h) */
    ULONG teb;            /* linear address of its TEB: the base of FS in ring 3; 0: none */

    void (*start)(void *argument);
    void *argument;
    void (*reaped)(struct ke_thread *thread); /* see ke_thread_create */
};

extern struct ke_thread *ke_current;

static inline struct ke_thread *ke_current_thread(void)
{
    return ke_current;
}

/* The mode of whoever called the system service that the current thread is in. */
static inline KPROCESSOR_MODE ke_previous_mode(void)
{
    return ke_current->previous_mode;
}

/* Sets it; returns the one it had. */
static inline KPROCESSOR_MODE ke_set_previous_mode(KPROCESSOR_MODE mode)
{
    KPROCESSOR_MODE last = ke_current->previous_mode;

    ke_current->previous_mode = mode;
    return last;
}

/*
 * Makes a thread of `process` that will run start(argument) in the kernel, at PASSIVE_LEVEL with
 * previous mode KernelMode; it ends when that returns, or by ke_thread_exit. The record is the
 * caller's, and stays in use until `reaped` has been called (NULL: nobody wants to know): a system
 * thread does that at PASSIVE_LEVEL after the stack has been freed, and it may wait.
 * STATUS_SUCCESS, or STATUS_INSUFFICIENT_RESOURCES with nothing left behind.
 */
NTSTATUS ke_thread_create(struct ke_thread *thread, struct ke_process *process, UCHAR priority,
                          void (*start)(void *argument), void *argument);

/* Lets a new thread run. */
void ke_thread_start(struct ke_thread *thread);

/* Gives back the stack of a thread that was never started. */
void ke_thread_destroy(struct ke_thread *thread);

/*
 * Ends the current thread: who waits for it goes on, mutants that it owns are abandoned. The stack
 * is freed when another thread runs.
 */
__attribute__((noreturn)) void ke_thread_exit(void);

/*
 * Marks a thread to end: a wait with UserMode ends now, with STATUS_THREAD_IS_TERMINATING, and so
 * does every later one; a suspended thread goes on. Whoever returns to ring 3 must look at
 * `terminating`.
 */
void ke_terminate_thread(struct ke_thread *thread);

/*
 * A suspended thread stops at its next return to ring 3. Both return the count that was before;
 * ke_suspend_thread fails with MAXIMUM_SUSPEND_COUNT reached: then nothing changes.
 */
#define MAXIMUM_SUSPEND_COUNT 0x7F
ULONG ke_suspend_thread(struct ke_thread *thread);
ULONG ke_resume_thread(struct ke_thread *thread);

/* The same for drivers (WDK: PsGetCurrentThread, ExGetPreviousMode, KeSetPriorityThread). */
struct ke_thread *NTAPI KeGetCurrentThread(VOID);
KPROCESSOR_MODE NTAPI ExGetPreviousMode(VOID);
LONG NTAPI KeSetPriorityThread(struct ke_thread *thread, LONG priority);

/* Makes the boot code the first thread, of the process `system`; starts the idle thread, the
 * reaper and the workers. The pool must be up; running out of memory here is an assertion. */
void ke_init(struct ke_process *system);

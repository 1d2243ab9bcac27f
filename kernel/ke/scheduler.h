/*
 * Who runs next. 32 ready queues, the highest that is not empty first, round robin in a queue.
 *
 * A thread runs until it waits, or until on its way to ring 3 a thread of a higher priority is
 * ready, or its quantum (KE_QUANTUM ticks) is over and one of its own priority is. A thread that a
 * wait made ready has a priority one above its base (below LOW_REALTIME_PRIORITY, and not across
 * it) until its quantum is over.
 */
#pragma once

#include "ke/thread.h"

#define KE_QUANTUM 2 /* ticks of 10 ms, as Windows 2000 Professional gives */

/* Not 0 if ke_user_exit has something to do. Interrupts set it. */
extern volatile ULONG ke_exit_work;

/*
 * The safe point: called with interrupts off before each return to ring 3. Runs DPCs and expired
 * timers, stops a suspended thread, and lets others run if it is their turn. On return the current
 * thread may go on to ring 3 unless it is `terminating`.
 */
void ke_user_exit(void);

/* The same work off a return to ring 3: DPCs and timers only. At DISPATCH_LEVEL nothing is done. */
void ke_run_pending(void);

/* Puts a thread that was waiting, new or suspended behind the others of its priority. */
void ke_make_ready(struct ke_thread *thread);

/* Runs another thread; the current one's state says why, and it is in no queue unless ready. */
void ke_block(void);

/* Lets the others of the same or a higher priority run first. FALSE if there are none. */
BOOLEAN ke_yield(void);

/* A new base priority, without boost; returns the old. */
UCHAR ke_set_priority(struct ke_thread *thread, UCHAR priority);

/* How often one thread followed another since boot. */
extern ULONG ke_context_switches;

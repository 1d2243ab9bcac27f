/* What the files of the dispatcher share among themselves. */
#pragma once

#include "ke/scheduler.h"
#include "ke/wait.h"
#include "rtl/rtl.h"
#include "rtl/bugcheck.h"

/* switch.S: saves this stack's pointer in *save and goes on on the stack `load`. */
void ke_switch_stack(ULONG *save, ULONG load);

/* stack.c: the lowest address of a new kernel stack, or 0. */
ULONG ke_stack_create(void);
void ke_stack_destroy(ULONG stack);

/* reaper.c: a system thread frees what ended threads leave behind. */
void ke_reaper_init(struct ke_process *system);
void ke_reap(struct ke_thread *thread);

/* scheduler.c: the idle thread, and the boot code as a thread. */
void ke_scheduler_init(struct ke_process *system);

/* timer.c, dpc.c: what is due. */
void ke_expire_timers(void);
void ke_run_dpcs(void);

/* fpu.c */
void ke_fpu_init(void);
void ke_fpu_switch(const struct ke_thread *next);
void ke_fpu_forget(const struct ke_thread *thread);

/* thread.c: all fields but the stack's. */
void ke_thread_prepare(struct ke_thread *thread, struct ke_process *process, UCHAR priority);

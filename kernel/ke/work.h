/*
 * Work items: a routine that a system thread calls at PASSIVE_LEVEL in the System process
 * (WDK: ExQueueWorkItem, ExInitializeWorkItem). Two threads serve the delayed queue and one the
 * critical one, whose priority is one higher: a routine should not wait for another item.
 */
#pragma once

#include "ke/process.h"

static inline VOID ExInitializeWorkItem(PWORK_QUEUE_ITEM item, PWORKER_THREAD_ROUTINE routine,
                                        PVOID parameter)
{
    *item = (WORK_QUEUE_ITEM){.WorkerRoutine = routine, .Parameter = parameter};
}

/* The item must stay until its routine is called, which may free it. Any IRQL to DISPATCH_LEVEL. */
VOID NTAPI ExQueueWorkItem(PWORK_QUEUE_ITEM item, WORK_QUEUE_TYPE type);

/* Starts the threads. */
void ke_work_init(struct ke_process *system);

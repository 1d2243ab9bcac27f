/* What the dispatcher knows of a process; kernel/ps has its struct process begin with this. */
#pragma once

#include "mm/space.h"
#include "nt/ke.h"

struct ke_process {
    DISPATCHER_HEADER header; /* signalled when the process has ended: ps does it */
    struct mm_space *space;
    PVOID handles; /* ps's handle table */
    ULONG threads; /* that were started here and have not ended; the idle thread is none */
};

/* Unsignalled, without space, handles and threads. */
void ke_process_init(struct ke_process *process);

/*
 * Called whenever the current thread begins to run in another process, after the space has been
 * switched: ps makes the process's handle table current. NULL at boot.
 */
extern void (*ke_process_switched)(struct ke_process *process);

/* The process that the current thread runs in. NULL before ke_init. */
struct ke_process *ke_current_process(void);

/*
 * Lets the current thread run in another process's space, with its handles; returns the one that it
 * was in, to go back to by a second call (WDK: KeStackAttachProcess).
 */
struct ke_process *ke_attach(struct ke_process *process);

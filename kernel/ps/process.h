/*
 * Processes: an address space, a handle table and the images mapped into it. There are no threads
 * yet: the kernel attaches to a process and does its work there.
 */
#pragma once

#include "ke/thread.h"
#include "mm/space.h"
#include "nt/ntstatus.h"
#include "ob/ob.h"
#include "ps/module.h"

struct process {
    struct ke_process ke; /* the space and the handle table */
    LIST_ENTRY modules;   /* of struct module, the program first */
};

/*
 * Makes a process and maps `\??\C:\<program>` and, recursively, the DLLs it imports, each at its
 * preferred base with its sections' rights.
 * STATUS_SUCCESS: *process is the caller's until ps_destroy_process. Otherwise nothing is left:
 * statuses of NtOpenFile, pe_open, pe_bind_imports; STATUS_DLL_NOT_FOUND,
 * STATUS_CONFLICTING_ADDRESSES, STATUS_NO_MEMORY. The log names the image and what was wrong.
 */
NTSTATUS ps_create_process(const char *program, struct process **process);

/* Closes the handles and frees the space. The process must not be attached. */
void ps_destroy_process(struct process *process);

/* The process whose space and handles are current; NULL before ps_init. */
struct process *ps_current(void);

/* Makes a process current; returns the one that was. */
struct process *ps_attach(struct process *process);

/* The System process: the kernel's own space and handle table. */
extern struct process ps_system_process;
void ps_init(void);

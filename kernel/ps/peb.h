/* A process's own pages: PEB, TEBs, shared user data; and what the kernel knows of ntdll (nt/peb.h). */
#pragma once

#include "nt/peb.h"
#include "ps/process.h"

struct thread;
struct ps_initial_teb;

/* Shared user data: the page and its contents. Call once, before the first process. */
void shared_data_init(void);

/* Maps shared user data and a filled PEB into a new process, which must be attached; image_base and
 * `ntdll`, where that image is mapped, are known. STATUS_SUCCESS, STATUS_NO_MEMORY,
 * STATUS_ENTRYPOINT_NOT_FOUND (ntdll lacks one of the routines below). */
NTSTATUS peb_create(struct process *process, ULONG ntdll);

/* A TEB page for a thread of ring 3 of its process. STATUS_SUCCESS, STATUS_NO_MEMORY. */
NTSTATUS teb_create(struct thread *thread, const struct ps_initial_teb *stack);
void teb_free(struct process *process, ULONG teb);

/* The routines of ntdll that the kernel goes to. */
enum ntdll_routine {
    NTDLL_LDR_INITIALIZE_THUNK,
    NTDLL_KI_USER_EXCEPTION_DISPATCHER,
    NTDLL_KI_FAST_SYSTEM_CALL,
    NTDLL_KI_INT_SYSTEM_CALL,
    NTDLL_KI_FAST_SYSTEM_CALL_RET,
    NTDLL_ROUTINES,
};

/* Their addresses, the same in every process; 0 before the first one. */
ULONG ntdll_address(enum ntdll_routine routine);
ULONG ntdll_base(void);

/*
 * System services: from ring 3 to the Nt-routines, and from drivers to them by their Zw-names.
 *
 *   int 2Eh    EAX number, EDX address of the arguments          -> ki_int2e    (entry.S)
 *   sysenter   EAX number, EDX+8 address of the arguments,
 *              back to [NT_SYSCALL_RETURN] with ESP = EDX        -> ki_sysenter
 *   ZwXxx      a call in the kernel: previous mode KernelMode    -> zw.S
 *
 * Both ways copy the arguments from the caller's stack once, build the same trap frame, and call
 * what KiServiceTable has at the number. What the arguments point to is captured by capture.c.
 * The result is in EAX. Numbers without a service: STATUS_INVALID_SYSTEM_SERVICE.
 */
#pragma once

#include "nt/ntstatus.h"
#include "syscall/numbers.h"
#include "x86/trap.h"

/* Opens int 2Eh and, where the CPU has it, sysenter. After idt_init. */
void syscall_init(void);

/* TRUE if the CPU has sysenter and sysexit (Intel SDM vol. 2B, SYSENTER: early Pentium Pros lie). */
BOOLEAN syscall_has_sysenter(void);

/* Where sysexit goes back to: ntdll's KiFastSystemCallRet. */
extern ULONG syscall_return_address;

/*
 * Calls a service whose arguments are captured (capture.c). `arguments` is the kernel's copy of the
 * caller's; the result is the service's, or STATUS_ACCESS_VIOLATION, STATUS_DATATYPE_MISALIGNMENT,
 * STATUS_INVALID_PARAMETER, STATUS_INSUFFICIENT_RESOURCES if it was not called.
 */
NTSTATUS FASTCALL syscall_call_captured(ULONG number, const ULONG *arguments);

/*
 * For the page-fault handler: a fault while entry.S copies the arguments goes on there with
 * STATUS_ACCESS_VIOLATION. FALSE if the fault lies elsewhere.
 */
BOOLEAN syscall_recover(struct trap_frame *frame);

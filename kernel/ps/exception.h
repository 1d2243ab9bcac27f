/*
 * Exceptions: page faults are resolved or reported; what ring 3 did wrong is told to it, as an
 * EXCEPTION_RECORD that arrives at ntdll's KiUserExceptionDispatcher:
 *
 *     ESP     EXCEPTION_RECORD *
 *     ESP+4   CONTEXT *             the registers at the exception
 *     ESP+8   the record, the context
 */
#pragma once

#include "nt/context.h"
#include "x86/trap.h"

/* Takes over the exceptions that ring 3 can cause. After idt_init. */
void exception_init(void);

/*
 * Raises an exception of the current thread's in ring 3, with the registers of `context`.
 * First chance: its dispatcher gets it (a stack without room for that ends the process). Second
 * chance: the process ends with the exception's code, which is logged and said on the console.
 * What goes into EAX on the way back to ring 3; statuses of reading the records.
 */
NTSTATUS NTAPI NtRaiseException(EXCEPTION_RECORD *record, CONTEXT *context, BOOLEAN first_chance);

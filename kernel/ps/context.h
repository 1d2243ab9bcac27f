/*
 * CONTEXT and the trap frame of a thread of ring 3: which registers it may set, and how. Nothing that
 * ring 3 writes into a CONTEXT gives it more than popf and mov to a segment register would.
 */
#pragma once

#include "nt/context.h"
#include "x86/trap.h"

/* The parts of the frame that context->ContextFlags asks for. */
void context_from_frame(CONTEXT *context, const struct trap_frame *frame);

/*
 * Sets those parts. EFLAGS keeps IF set, IOPL 0, VM, NT and RF clear; segment registers get their only
 * values. The thread goes back by iret.
 */
void context_to_frame(struct trap_frame *frame, const CONTEXT *context);

/* Continues at a context: statuses of reading it. `alert` has no meaning here. Does not come back. */
NTSTATUS NTAPI NtContinue(CONTEXT *context, BOOLEAN alert);

/* The registers of a thread that is suspended, or of the current one. */
NTSTATUS NTAPI NtGetContextThread(HANDLE thread, CONTEXT *context);
NTSTATUS NTAPI NtSetContextThread(HANDLE thread, CONTEXT *context);

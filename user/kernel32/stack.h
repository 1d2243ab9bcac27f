/* Stacks of threads: a reservation whose top is committed and which grows by its guard page. */
#pragma once

#include "base.h"

/*
 * Makes a stack in a process (a handle with PROCESS_VM_OPERATION): `reserve` bytes of addresses of
 * which `commit` are there at once; 0 means what this program's
 * headers say. *stack tells NtCreateThread. A failure leaves nothing behind.
 */
NTSTATUS stack_create(HANDLE process, SIZE_T commit, SIZE_T reserve, struct nt_initial_teb *stack);

/* Gives a stack back that no thread runs on. */
void stack_free(HANDLE process, const struct nt_initial_teb *stack);

/*
 * The context of a thread that begins at `start` with EAX = `routine` and EBX = `parameter`, on this
 * stack.
 */
void stack_context(const struct nt_initial_teb *stack, PVOID start, PVOID routine, PVOID parameter,
                   PCONTEXT context);

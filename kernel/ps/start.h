/* The first program, which no other one starts. */
#pragma once

#include "ps/process.h"

/*
 * Starts the native program `\??\C:\<name>` in a process of its own: parameters with its path, a
 * stack, a thread at its entry point, which gets the PEB as its argument. STATUS_SUCCESS: *process,
 * with a pointer for the caller, who may wait for it. Otherwise nothing is left: the statuses of
 * ps_create_image_process, STATUS_NO_MEMORY, STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS ps_start_program(const char *name, struct process **process);

/* The parameters that a process is born with: PEB.parameters (nt/peb.h). */
#pragma once

#include "base.h"

/* What stands in them, besides what this process hands on. */
struct parameters {
    LPCWSTR image_path, command_line, current_directory; /* the last ends with a backslash */
    LPCWSTR environment;
    const STARTUPINFOW *startup;
    HANDLE console, std_input, std_output, std_error; /* valid in the new process */
    ULONG console_flags;
};

/*
 * Writes them to memory of a new process and their address to its PEB; the memory is the process's.
 * A failure leaves what was written to the end of the process.
 */
NTSTATUS parameters_write(HANDLE process, struct nt_peb *peb, const struct parameters *parameters);

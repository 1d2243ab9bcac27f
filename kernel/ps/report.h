/* What ring 3 has the kernel say, and how the system ends. */
#pragma once

#include "nt/ntstatus.h"

/* Writes text on the boot console and into the log. STATUS_SUCCESS. */
NTSTATUS NTAPI NtDisplayString(PUNICODE_STRING text);

/*
 * A failure that the program cannot report itself, such as a DLL that is missing at its start.
 * `parameters` (in ring 3 for a caller from there) are `count` words, at most 4; a bit in
 * `unicode_mask` says that one is a pointer to a UNICODE_STRING: for STATUS_DLL_NOT_FOUND the
 * library, for STATUS_ENTRYPOINT_NOT_FOUND and STATUS_ORDINAL_NOT_FOUND the symbol, then the library.
 * Said on the console and in the log. STATUS_SUCCESS (*response is 0), STATUS_INVALID_PARAMETER,
 * statuses of reading the parameters.
 */
NTSTATUS NTAPI NtRaiseHardError(NTSTATUS status, ULONG count, ULONG unicode_mask,
                                ULONG_PTR *parameters, ULONG options, PULONG response);

/*
 * Ends the system; `action` of nt/system.h. STATUS_INVALID_PARAMETER, or no return.
 */
NTSTATUS NTAPI NtShutdownSystem(ULONG action);

/* What NtShutdownSystem calls: kd's machine_end. Set by main. */
extern void (*ps_shutdown)(BOOLEAN success);

/* What the system tells about itself, its processes and threads (nt/system.h has the records). */
#pragma once

#include "nt/ntstatus.h"

/*
 * Each writes one record, or a list, of its class. *needed (optional): the bytes that it takes.
 * STATUS_SUCCESS, STATUS_INFO_LENGTH_MISMATCH (nothing useful was written), STATUS_INVALID_INFO_CLASS,
 * handle statuses.
 */
NTSTATUS NTAPI NtQuerySystemInformation(ULONG class, PVOID buffer, ULONG length, PULONG needed);
NTSTATUS NTAPI NtQueryInformationProcess(HANDLE process, ULONG class, PVOID buffer, ULONG length,
                                         PULONG needed);
NTSTATUS NTAPI NtQueryInformationThread(HANDLE thread, ULONG class, PVOID buffer, ULONG length,
                                        PULONG needed);

/* SystemIrpTrace switches the trace of IRPs. Statuses as above. */
NTSTATUS NTAPI NtSetSystemInformation(ULONG class, PVOID buffer, ULONG length);

/*
 * ThreadBasePriority: a LONG from -15 to 15, added to the process's; -15 and 15 are the lowest and
 * the highest below realtime. ThreadZeroTlsCell: a slot below 64, which becomes NULL in the TEBs of
 * the current process. STATUS_INVALID_PARAMETER, and as above.
 */
NTSTATUS NTAPI NtSetInformationThread(HANDLE thread, ULONG class, PVOID buffer, ULONG length);

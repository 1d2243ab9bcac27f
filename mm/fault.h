/* Page faults of the process half: pages that come when they are first touched. */
#pragma once

#include "nt/ntstatus.h"

/* The error code's bits (Intel SDM vol. 3A, 4.7). */
enum { MM_FAULT_PROTECTION = 1, MM_FAULT_WRITE = 2, MM_FAULT_USER = 4, MM_FAULT_FETCH = 16 };

/*
 * Tries to make `address` accessible in the current space as the CPU's error code asks.
 * STATUS_SUCCESS: the instruction can be tried again. STATUS_GUARD_PAGE_VIOLATION: the page was a
 * guard page, and is none any more. STATUS_ACCESS_VIOLATION: it may not be touched so.
 * STATUS_IN_PAGE_ERROR: there is no memory for it. Takes no lock and never waits; any address.
 */
NTSTATUS mm_fault(ULONG address, ULONG error);

/* What the last mm_fault returned. */
NTSTATUS mm_fault_status(void);

/* Semaphores (WDK: KeInitializeSemaphore): signalled while the count is not 0. */
#pragma once

#include "nt/ke.h"
#include "nt/ntstatus.h"

VOID NTAPI KeInitializeSemaphore(PKSEMAPHORE semaphore, LONG count, LONG limit);

/*
 * Counts up by `adjustment`; *last (optional) is the count before. STATUS_SUCCESS, or
 * STATUS_SEMAPHORE_LIMIT_EXCEEDED (also for an adjustment below 1) with nothing changed.
 */
NTSTATUS ke_release_semaphore(PKSEMAPHORE semaphore, LONG adjustment, PLONG last);

/*
 * The same for drivers; returns the count before. Beyond the limit it is bugcheck 1Eh,
 * KMODE_EXCEPTION_NOT_HANDLED. `increment` and `wait` have no meaning here.
 */
LONG NTAPI KeReleaseSemaphore(PKSEMAPHORE semaphore, LONG increment, LONG adjustment, BOOLEAN wait);
LONG NTAPI KeReadStateSemaphore(PKSEMAPHORE semaphore);

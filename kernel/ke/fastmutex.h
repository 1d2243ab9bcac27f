/*
 * Fast mutexes (WDK: ExInitializeFastMutex, which is inline there). The owner runs at APC_LEVEL; a
 * thread must not acquire one that it owns.
 */
#pragma once

#include "nt/ke.h"

VOID NTAPI ExInitializeFastMutex(PFAST_MUTEX mutex);
VOID FASTCALL ExAcquireFastMutex(PFAST_MUTEX mutex);
VOID FASTCALL ExReleaseFastMutex(PFAST_MUTEX mutex);

/* FALSE, and nothing done, if somebody has it. */
BOOLEAN FASTCALL ExTryToAcquireFastMutex(PFAST_MUTEX mutex);

/* The same, for who is at APC_LEVEL already. */
VOID FASTCALL ExAcquireFastMutexUnsafe(PFAST_MUTEX mutex);
VOID FASTCALL ExReleaseFastMutexUnsafe(PFAST_MUTEX mutex);

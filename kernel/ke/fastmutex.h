/*
 * Fast mutexes (WDK: ExInitializeFastMutex). The owner runs at APC_LEVEL; a thread must not acquire
 * one that it owns.
 */
#pragma once

#include "ke/event.h"

static inline VOID ExInitializeFastMutex(PFAST_MUTEX mutex)
{
    *mutex = (FAST_MUTEX){.Count = 1};
    KeInitializeEvent(&mutex->Event, SynchronizationEvent, FALSE);
}

VOID FASTCALL ExAcquireFastMutex(PFAST_MUTEX mutex);
VOID FASTCALL ExReleaseFastMutex(PFAST_MUTEX mutex);

/* FALSE, and nothing done, if somebody has it. */
BOOLEAN FASTCALL ExTryToAcquireFastMutex(PFAST_MUTEX mutex);

/* The same, for who is at APC_LEVEL already. */
VOID FASTCALL ExAcquireFastMutexUnsafe(PFAST_MUTEX mutex);
VOID FASTCALL ExReleaseFastMutexUnsafe(PFAST_MUTEX mutex);

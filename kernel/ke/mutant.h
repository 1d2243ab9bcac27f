/*
 * Mutants, drivers' mutexes (WDK: KeInitializeMutex). One thread owns a mutant, as often as it
 * waited for it successfully; it must be released as often, by that thread.
 */
#pragma once

#include "nt/ke.h"
#include "nt/ntstatus.h"

/* A mutex is free; `level` has no meaning. A mutant may be owned by the current thread at once. */
VOID NTAPI KeInitializeMutex(PKMUTEX mutex, ULONG level);
VOID NTAPI KeInitializeMutant(PKMUTANT mutant, BOOLEAN owned);

/*
 * Gives it back once; *last (optional) is the state it had.
 * STATUS_SUCCESS, STATUS_MUTANT_NOT_OWNED (by the current thread).
 */
NTSTATUS ke_release_mutant(PKMUTANT mutant, PLONG last);

/*
 * The same for drivers; the state it had, 0 when it is free now. A thread that does not own it is
 * bugcheck 1Eh, KMODE_EXCEPTION_NOT_HANDLED, with STATUS_MUTANT_NOT_OWNED.
 */
LONG NTAPI KeReleaseMutex(PKMUTEX mutex, BOOLEAN wait);
LONG NTAPI KeReadStateMutex(PKMUTEX mutex);

/* Frees all mutants of a thread that ends; whoever gets one next is told STATUS_ABANDONED. */
struct ke_thread;
void ke_abandon_mutants(struct ke_thread *thread);

/* For a wait that is satisfied: one more ownership. TRUE if the mutant had been abandoned. */
BOOLEAN ke_own_mutant(PKMUTANT mutant, struct ke_thread *thread);

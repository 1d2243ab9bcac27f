#include "ke/mutant.h"

#include "export.h"
#include "ke/kep.h"

enum { FREE = 1 }; /* Header.SignalState */

BOOLEAN ke_own_mutant(PKMUTANT mutant, struct ke_thread *thread)
{
    BOOLEAN abandoned = mutant->Abandoned;

    if (--mutant->Header.SignalState == FREE - 1) {
        mutant->OwnerThread = thread;
        InsertTailList(&thread->mutants, &mutant->MutantListEntry);
    }
    mutant->Abandoned = FALSE;
    return abandoned;
}

VOID NTAPI KeInitializeMutant(PKMUTANT mutant, BOOLEAN owned)
{
    ke_header_init(&mutant->Header, KE_MUTANT, sizeof *mutant, FREE);
    mutant->OwnerThread = NULL;
    mutant->Abandoned = FALSE;
    mutant->ApcDisable = 0;
    if (owned)
        ke_own_mutant(mutant, ke_current);
}

VOID NTAPI KeInitializeMutex(PKMUTEX mutex, ULONG level)
{
    (void)level;
    KeInitializeMutant(mutex, FALSE);
    mutex->ApcDisable = 1;
}
EXPORT_NTOSKRNL(KeInitializeMutex);

static void free_mutant(PKMUTANT mutant)
{
    RemoveEntryList(&mutant->MutantListEntry);
    mutant->OwnerThread = NULL;
    mutant->Header.SignalState = FREE;
    ke_wait_test(&mutant->Header);
}

NTSTATUS ke_release_mutant(PKMUTANT mutant, PLONG last)
{
    if (mutant->OwnerThread != ke_current)
        return STATUS_MUTANT_NOT_OWNED;
    if (last)
        *last = mutant->Header.SignalState;
    if (mutant->Header.SignalState == FREE - 1)
        free_mutant(mutant);
    else
        mutant->Header.SignalState++;
    return STATUS_SUCCESS;
}

LONG NTAPI KeReleaseMutex(PKMUTEX mutex, BOOLEAN wait)
{
    LONG last;
    NTSTATUS status = ke_release_mutant(mutex, &last);

    (void)wait;
    if (!NT_SUCCESS(status))
        bugcheck(KMODE_EXCEPTION_NOT_HANDLED, (ULONG)status, (ULONG)mutex, (ULONG)ke_current, 0,
                 "a thread released a mutex that it does not own");
    return last;
}
EXPORT_NTOSKRNL(KeReleaseMutex);

LONG NTAPI KeReadStateMutex(PKMUTEX mutex)
{
    return mutex->Header.SignalState;
}
EXPORT_NTOSKRNL(KeReadStateMutex);

void ke_abandon_mutants(struct ke_thread *thread)
{
    while (!IsListEmpty(&thread->mutants)) {
        PKMUTANT mutant = CONTAINING_RECORD(thread->mutants.Flink, KMUTANT, MutantListEntry);

        mutant->Abandoned = TRUE;
        free_mutant(mutant);
    }
}

#include "ke/mutant.h"

#include "ex/exp.h"
#include "export.h"

static POBJECT_TYPE mutant_type;

/* Nobody waits for it any more, but its owner may still live. */
static void delete_mutant(PVOID object)
{
    PKMUTANT mutant = object;

    if (mutant->OwnerThread)
        RemoveEntryList(&mutant->MutantListEntry);
}

void ex_mutant_init(void)
{
    mutant_type = ex_create_type(u"Mutant", POOL_TAG('M', 'u', 't', 'a'), MUTANT_QUERY_STATE, 0,
                                 delete_mutant);
}

NTSTATUS NTAPI NtCreateMutant(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                              BOOLEAN owned)
{
    PVOID mutant;
    NTSTATUS status = ob_create_object(mutant_type, attributes, sizeof(KMUTANT), &mutant);

    if (!NT_SUCCESS(status))
        return status;
    KeInitializeMutant(mutant, owned);
    return ob_insert_object(mutant, attributes, access, handle);
}

NTSTATUS NTAPI NtOpenMutant(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes)
{
    return ob_open(handle, access, attributes, mutant_type);
}

NTSTATUS NTAPI NtReleaseMutant(HANDLE handle, PLONG previous)
{
    PVOID mutant;
    NTSTATUS status = ob_reference(handle, 0, mutant_type, &mutant);

    if (!NT_SUCCESS(status))
        return status;
    status = ke_release_mutant(mutant, previous);
    ObfDereferenceObject(mutant);
    return status;
}

NTSTATUS NTAPI NtQueryMutant(HANDLE handle, ULONG class, PVOID information, ULONG length,
                             PULONG returned)
{
    struct nt_mutant_information *answer = information;
    PVOID object;
    NTSTATUS status = ex_begin_query(handle, MUTANT_QUERY_STATE, mutant_type, class, length,
                                     sizeof *answer, returned, &object);

    if (!NT_SUCCESS(status))
        return status;
    PKMUTANT mutant = object;

    answer->count = mutant->Header.SignalState;
    answer->owned_by_caller = mutant->OwnerThread == ke_current_thread();
    answer->abandoned = mutant->Abandoned;
    ObfDereferenceObject(mutant);
    return STATUS_SUCCESS;
}

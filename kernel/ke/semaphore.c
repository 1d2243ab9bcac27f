#include "ke/semaphore.h"

#include "export.h"
#include "ke/kep.h"

VOID NTAPI KeInitializeSemaphore(PKSEMAPHORE semaphore, LONG count, LONG limit)
{
    ke_header_init(&semaphore->Header, KE_SEMAPHORE, sizeof *semaphore, count);
    semaphore->Limit = limit;
}
EXPORT_NTOSKRNL(KeInitializeSemaphore);

NTSTATUS ke_release_semaphore(PKSEMAPHORE semaphore, LONG adjustment, PLONG last)
{
    LONG count = semaphore->Header.SignalState;

    if (adjustment < 1 || adjustment > semaphore->Limit - count)
        return STATUS_SEMAPHORE_LIMIT_EXCEEDED;
    semaphore->Header.SignalState = count + adjustment;
    if (last)
        *last = count;
    ke_wait_test(&semaphore->Header);
    return STATUS_SUCCESS;
}

LONG NTAPI KeReleaseSemaphore(PKSEMAPHORE semaphore, LONG increment, LONG adjustment, BOOLEAN wait)
{
    LONG last;
    NTSTATUS status = ke_release_semaphore(semaphore, adjustment, &last);

    (void)increment;
    (void)wait;
    if (!NT_SUCCESS(status))
        bugcheck(KMODE_EXCEPTION_NOT_HANDLED, (ULONG)status, (ULONG)semaphore, (ULONG)adjustment, 0,
                 "a semaphore was released beyond its limit");
    return last;
}
EXPORT_NTOSKRNL(KeReleaseSemaphore);

LONG NTAPI KeReadStateSemaphore(PKSEMAPHORE semaphore)
{
    return semaphore->Header.SignalState;
}
EXPORT_NTOSKRNL(KeReadStateSemaphore);

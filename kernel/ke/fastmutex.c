#include "ke/fastmutex.h"

#include "export.h"
#include "ke/event.h"
#include "ke/kep.h"
#include "x86/hal.h"

/* The event passes the mutex from the one who releases it to the next. */
VOID FASTCALL ExAcquireFastMutexUnsafe(PFAST_MUTEX mutex)
{
    ASSERT(mutex->Owner != ke_current);
    if (--mutex->Count < 0) {
        mutex->Contention++;
        KeWaitForSingleObject(&mutex->Event, Executive, KernelMode, FALSE, NULL);
    }
    mutex->Owner = ke_current;
}
EXPORT_NTOSKRNL(ExAcquireFastMutexUnsafe);

VOID FASTCALL ExReleaseFastMutexUnsafe(PFAST_MUTEX mutex)
{
    mutex->Owner = NULL;
    if (++mutex->Count <= 0)
        KeSetEvent(&mutex->Event, 0, FALSE);
}
EXPORT_NTOSKRNL(ExReleaseFastMutexUnsafe);

VOID FASTCALL ExAcquireFastMutex(PFAST_MUTEX mutex)
{
    KIRQL last = KfRaiseIrql(APC_LEVEL);

    ExAcquireFastMutexUnsafe(mutex);
    mutex->OldIrql = last;
}
EXPORT_HAL(ExAcquireFastMutex);

VOID FASTCALL ExReleaseFastMutex(PFAST_MUTEX mutex)
{
    KIRQL last = (KIRQL)mutex->OldIrql;

    ExReleaseFastMutexUnsafe(mutex);
    KfLowerIrql(last);
}
EXPORT_HAL(ExReleaseFastMutex);

BOOLEAN FASTCALL ExTryToAcquireFastMutex(PFAST_MUTEX mutex)
{
    if (mutex->Count != 1)
        return FALSE;
    ExAcquireFastMutex(mutex);
    return TRUE;
}
EXPORT_HAL(ExTryToAcquireFastMutex);

/*
 * RtlEnterCriticalSection and its sisters (winnt.h: RTL_CRITICAL_SECTION). LockCount is -1 when
 * free, else the number of threads that hold or want it, less one; each entering again counts too.
 * Who has to wait does so for an event that is made then.
 */
#include "ntdll/private.h"

static HANDLE this_thread(void)
{
    return nt_teb()->client_id.thread;
}

NTSTATUS NTAPI RtlInitializeCriticalSection(PRTL_CRITICAL_SECTION section)
{
    *section = (RTL_CRITICAL_SECTION){.LockCount = -1};
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlInitializeCriticalSectionAndSpinCount(PRTL_CRITICAL_SECTION section, ULONG spins)
{
    (void)spins; /* one processor: spinning never helps, as in Windows */
    return RtlInitializeCriticalSection(section);
}

NTSTATUS NTAPI RtlDeleteCriticalSection(PRTL_CRITICAL_SECTION section)
{
    NTSTATUS status = section->LockSemaphore ? NtClose(section->LockSemaphore) : STATUS_SUCCESS;

    *section = (RTL_CRITICAL_SECTION){.LockCount = -1};
    return status;
}

/* The event, made by whoever of two threads comes first. */
static HANDLE event_of(PRTL_CRITICAL_SECTION section)
{
    HANDLE event = section->LockSemaphore, other;
    NTSTATUS status;

    if (event)
        return event;
    status = NtCreateEvent(&event, EVENT_ALL_ACCESS, NULL, SYNCHRONIZATION_EVENT, FALSE);
    if (!NT_SUCCESS(status))
        RtlRaiseStatus(status);
    other = InterlockedCompareExchangePointer(&section->LockSemaphore, event, NULL);
    if (!other)
        return event;
    NtClose(event);
    return other;
}

static void own(PRTL_CRITICAL_SECTION section)
{
    section->OwningThread = this_thread();
    section->RecursionCount = 1;
}

NTSTATUS NTAPI RtlEnterCriticalSection(PRTL_CRITICAL_SECTION section)
{
    if (InterlockedIncrement(&section->LockCount)) {
        if (section->OwningThread == this_thread()) {
            section->RecursionCount++;
            return STATUS_SUCCESS;
        }
        NtWaitForSingleObject(event_of(section), FALSE, NULL);
    }
    own(section);
    return STATUS_SUCCESS;
}

BOOL NTAPI RtlTryEnterCriticalSection(PRTL_CRITICAL_SECTION section)
{
    if (InterlockedCompareExchange(&section->LockCount, 0, -1) == -1) {
        own(section);
        return TRUE;
    }
    if (section->OwningThread != this_thread())
        return FALSE;
    InterlockedIncrement(&section->LockCount);
    section->RecursionCount++;
    return TRUE;
}

NTSTATUS NTAPI RtlLeaveCriticalSection(PRTL_CRITICAL_SECTION section)
{
    if (--section->RecursionCount) {
        InterlockedDecrement(&section->LockCount);
        return STATUS_SUCCESS;
    }
    section->OwningThread = NULL;
    if (InterlockedDecrement(&section->LockCount) >= 0)
        NtSetEvent(event_of(section), NULL);
    return STATUS_SUCCESS;
}

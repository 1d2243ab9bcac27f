/* Waitable timers. */
#include "base.h"

HANDLE WINAPI CreateWaitableTimerW(LPSECURITY_ATTRIBUTES security, BOOL manual, LPCWSTR name)
{
    struct base_attributes where;
    HANDLE timer = NULL;
    NTSTATUS status =
        NtCreateTimer(&timer, TIMER_ALL_ACCESS, base_attributes(&where, name, security),
                      manual ? NT_NOTIFICATION : NT_SYNCHRONIZATION);

    return base_created(status, timer);
}

HANDLE WINAPI CreateWaitableTimerA(LPSECURITY_ATTRIBUTES security, BOOL manual, LPCSTR name)
{
    HANDLE timer;
    LPWSTR wide;

    if (!base_widen(name, &wide))
        return NULL;
    timer = CreateWaitableTimerW(security, manual, wide);
    base_free(wide);
    return timer;
}

/* Without completion routines, which are user APCs: whoever asks for one is told that there are none. */
BOOL WINAPI SetWaitableTimer(HANDLE timer, const LARGE_INTEGER *due, LONG period,
                             PTIMERAPCROUTINE routine, LPVOID argument, BOOL resume)
{
    UNREFERENCED_PARAMETER(argument);
    if (routine != NULL)
        return base_fail_with(ERROR_NOT_SUPPORTED);
    return base_result(
        NtSetTimer(timer, (PLARGE_INTEGER)due, NULL, NULL, resume != 0, period, NULL));
}

BOOL WINAPI CancelWaitableTimer(HANDLE timer)
{
    return base_result(NtCancelTimer(timer, NULL));
}

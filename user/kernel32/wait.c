/* Waiting and sleeping. */
#include "base.h"

/* The statuses of a wait that is over are Win32's results. */
static DWORD wait_result(NTSTATUS status)
{
    if (NT_SUCCESS(status))
        return (DWORD)status;
    base_fail(status);
    return WAIT_FAILED;
}

DWORD WINAPI WaitForSingleObjectEx(HANDLE handle, DWORD milliseconds, BOOL alertable)
{
    LARGE_INTEGER interval;

    return wait_result(NtWaitForSingleObject(base_handle(handle), alertable != 0,
                                             base_interval(&interval, milliseconds)));
}

DWORD WINAPI WaitForSingleObject(HANDLE handle, DWORD milliseconds)
{
    return WaitForSingleObjectEx(handle, milliseconds, FALSE);
}

DWORD WINAPI WaitForMultipleObjectsEx(DWORD count, const HANDLE *handles, BOOL all,
                                      DWORD milliseconds, BOOL alertable)
{
    LARGE_INTEGER interval;
    HANDLE resolved[MAXIMUM_WAIT_OBJECTS];

    if (count == 0 || count > MAXIMUM_WAIT_OBJECTS) {
        base_fail_with(ERROR_INVALID_PARAMETER);
        return WAIT_FAILED;
    }
    for (DWORD i = 0; i < count; i++)
        resolved[i] = base_handle(handles[i]);
    return wait_result(NtWaitForMultipleObjects(count, resolved, all ? NT_WAIT_ALL : NT_WAIT_ANY,
                                                alertable != 0,
                                                base_interval(&interval, milliseconds)));
}

DWORD WINAPI WaitForMultipleObjects(DWORD count, const HANDLE *handles, BOOL all,
                                    DWORD milliseconds)
{
    return WaitForMultipleObjectsEx(count, handles, all, milliseconds, FALSE);
}

/* No time there is is later than this one. */
static const LARGE_INTEGER never = {.QuadPart = MINLONGLONG};

DWORD WINAPI SleepEx(DWORD milliseconds, BOOL alertable)
{
    LARGE_INTEGER interval = never;
    NTSTATUS status;

    base_interval(&interval, milliseconds);
    status = NtDelayExecution(alertable != 0, &interval);
    return status == STATUS_USER_APC ? WAIT_IO_COMPLETION : 0;
}

VOID WINAPI Sleep(DWORD milliseconds)
{
    SleepEx(milliseconds, FALSE);
}

BOOL WINAPI SwitchToThread(void)
{
    return NtYieldExecution() != STATUS_NO_YIELD_PERFORMED;
}

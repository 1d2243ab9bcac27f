/* Calls by a handle of a service. */
#include "advapi32/advapi32.h"

/* A call that says and answers nothing but its error. */
static BOOL call(enum svcctl_operation operation, SC_HANDLE handle)
{
    struct svcctl_message message = {.access = 0};

    return svcctl_result(handle ? svcctl_call(&message, operation, handle) : ERROR_INVALID_HANDLE);
}

/* Arguments are for services that are programs: a driver gets none, as in Windows. */
BOOL WINAPI StartServiceW(SC_HANDLE service, DWORD count, LPCWSTR *arguments)
{
    (void)count, (void)arguments;
    return call(SVCCTL_START_SERVICE, service);
}

BOOL WINAPI StartServiceA(SC_HANDLE service, DWORD count, LPCSTR *arguments)
{
    (void)count, (void)arguments;
    return call(SVCCTL_START_SERVICE, service);
}

BOOL WINAPI DeleteService(SC_HANDLE service)
{
    return call(SVCCTL_DELETE_SERVICE, service);
}

BOOL WINAPI CloseServiceHandle(SC_HANDLE handle)
{
    return call(SVCCTL_CLOSE_HANDLE, handle);
}

/* These answer with a status. */
static BOOL call_for_status(enum svcctl_operation operation, SC_HANDLE service, DWORD number,
                            LPSERVICE_STATUS status)
{
    struct svcctl_message message = {.number = number};
    DWORD error;

    if (!service)
        return svcctl_result(ERROR_INVALID_HANDLE);
    if (!status)
        return svcctl_result(ERROR_INVALID_PARAMETER);
    error = svcctl_call(&message, operation, service);
    if (error == ERROR_SUCCESS || error == ERROR_SERVICE_NOT_ACTIVE ||
        error == ERROR_INVALID_SERVICE_CONTROL || error == ERROR_SERVICE_CANNOT_ACCEPT_CTRL)
        *status = message.status;
    return svcctl_result(error);
}

BOOL WINAPI ControlService(SC_HANDLE service, DWORD control, LPSERVICE_STATUS status)
{
    return call_for_status(SVCCTL_CONTROL_SERVICE, service, control, status);
}

BOOL WINAPI QueryServiceStatus(SC_HANDLE service, LPSERVICE_STATUS status)
{
    return call_for_status(SVCCTL_QUERY_STATUS, service, 0, status);
}

/* The service control manager's client side. */
#include "common/needs_kernel.h"

NEEDS_KERNEL(SC_HANDLE, OpenSCManagerA, NULL, LPCSTR machine, LPCSTR database, DWORD access)

NEEDS_KERNEL(SC_HANDLE, CreateServiceA, NULL, SC_HANDLE manager, LPCSTR name, LPCSTR display_name,
             DWORD access, DWORD type, DWORD start, DWORD error_control, LPCSTR path, LPCSTR group,
             LPDWORD tag, LPCSTR dependencies, LPCSTR account, LPCSTR password)

NEEDS_KERNEL(BOOL, StartServiceA, FALSE, SC_HANDLE service, DWORD count, LPCSTR *arguments)

NEEDS_KERNEL(BOOL, ControlService, FALSE, SC_HANDLE service, DWORD control, LPSERVICE_STATUS status)

NEEDS_KERNEL(BOOL, DeleteService, FALSE, SC_HANDLE service)

NEEDS_KERNEL(BOOL, CloseServiceHandle, FALSE, SC_HANDLE handle)

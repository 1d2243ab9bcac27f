/* NTSTATUS and the last error. */
#include "ntdll/private.h"

#include "ntdll/status_map.h"

ULONG NTAPI RtlNtStatusToDosError(NTSTATUS status)
{
    return status_to_error((ULONG)status);
}

ULONG NTAPI RtlGetLastWin32Error(VOID)
{
    return nt_teb()->last_error;
}

VOID NTAPI RtlSetLastWin32Error(ULONG error)
{
    nt_teb()->last_error = error;
}

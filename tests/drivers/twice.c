/* VirtToPhys' names, and every control request completed twice: bugcheck 44h. */
#include "standin.h"

static NTSTATUS NTAPI DispatchControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    StubComplete(Irp, STATUS_SUCCESS, 0);
    return StubComplete(Irp, STATUS_SUCCESS, 0);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    return StandInCreate(DriverObject, DispatchControl);
}

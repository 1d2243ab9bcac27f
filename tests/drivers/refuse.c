/* VirtToPhys' names, and every control request refused: STATUS_UNSUCCESSFUL, no information. */
#include "standin.h"

static NTSTATUS NTAPI DispatchControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return StubComplete(Irp, STATUS_UNSUCCESSFUL, 0);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    return StandInCreate(DriverObject, DispatchControl);
}

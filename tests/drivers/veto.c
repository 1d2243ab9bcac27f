/* VirtToPhys' names, control requests refused, and no handle let go: CLEANUP fails with STATUS_DEVICE_BUSY. */
#include "standin.h"

static NTSTATUS NTAPI DispatchControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return StubComplete(Irp, STATUS_UNSUCCESSFUL, 0);
}

static NTSTATUS NTAPI DispatchCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return StubComplete(Irp, STATUS_DEVICE_BUSY, 0);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = DispatchCleanup;
    return StandInCreate(DriverObject, DispatchControl);
}

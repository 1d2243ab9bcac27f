/* VirtToPhys' names, control requests refused, and no handle let go: CLEANUP fails with STATUS_DEVICE_BUSY. */
#include "stub.h"

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\devVirtToPhys");
static UNICODE_STRING LinkName = RTL_CONSTANT_STRING(L"\\??\\slVirtToPhys");

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

static VOID NTAPI DriverUnload(PDRIVER_OBJECT DriverObject)
{
    StubDelete(DriverObject, &LinkName);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DispatchControl;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = DispatchCleanup;
    DriverObject->DriverUnload = DriverUnload;
    return StubCreate(DriverObject, &DeviceName, &LinkName);
}

/* VirtToPhys' names, and every control request completed twice: bugcheck 44h. */
#include "stub.h"

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\devVirtToPhys");
static UNICODE_STRING LinkName = RTL_CONSTANT_STRING(L"\\??\\slVirtToPhys");

static NTSTATUS NTAPI DispatchControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    StubComplete(Irp, STATUS_SUCCESS, 0);
    return StubComplete(Irp, STATUS_SUCCESS, 0);
}

static VOID NTAPI DriverUnload(PDRIVER_OBJECT DriverObject)
{
    StubDelete(DriverObject, &LinkName);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DispatchControl;
    DriverObject->DriverUnload = DriverUnload;
    return StubCreate(DriverObject, &DeviceName, &LinkName);
}

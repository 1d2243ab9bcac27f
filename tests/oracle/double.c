/*
 * A driver that looks twice: at the first word of the image whose base it is asked for. The oracle for
 * double fetches must see it; see tests/system/test_fetch.py.
 */
#include "../drivers/stub.h"

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\devVirtToPhys");
static UNICODE_STRING LinkName = RTL_CONSTANT_STRING(L"\\??\\slVirtToPhys");

static NTSTATUS NTAPI DispatchControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    const volatile ULONG *Image = *(PVOID *)Irp->AssociatedIrp.SystemBuffer;

    UNREFERENCED_PARAMETER(DeviceObject);
    return StubComplete(Irp, *Image == *Image ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS, 0);
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

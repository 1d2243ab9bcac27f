/* VirtToPhys' names, an answer of its own, and no DriverUnload: what was started cannot be stopped. */
#include "standin.h"

#include "ioctl/virttophys.h"

/* The question comes back as the answer. */
static NTSTATUS NTAPI DispatchControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return StubComplete(Irp, STATUS_SUCCESS, DATA_SIZE);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DispatchControl;
    return StubCreate(DriverObject, &DeviceName, &LinkName);
}

/*
 * A driver that looks twice: at the first word of the image whose base it is asked for. The oracle for
 * double fetches must see it; see tests/system/test_fetch.py.
 */
#include "../drivers/standin.h"

static NTSTATUS NTAPI DispatchControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    const volatile ULONG *Image = *(PVOID *)Irp->AssociatedIrp.SystemBuffer;

    UNREFERENCED_PARAMETER(DeviceObject);
    return StubComplete(Irp, *Image == *Image ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS, 0);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    return StandInCreate(DriverObject, DispatchControl);
}

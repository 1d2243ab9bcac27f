/* VirtToPhys without the symbolic link: it starts, and nobody in user mode finds its device. */
#include "standin.h"

static VOID NTAPI DriverUnload(PDRIVER_OBJECT DriverObject)
{
    StubDelete(DriverObject, NULL);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = DriverUnload;
    return StubCreate(DriverObject, &DeviceName, NULL);
}

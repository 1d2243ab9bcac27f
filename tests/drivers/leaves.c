/* Deletes its device when it goes and forgets the symbolic link, which then leads nowhere. */
#include "stub.h"

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\leaves");
static UNICODE_STRING LinkName = RTL_CONSTANT_STRING(L"\\??\\leaves");

static VOID NTAPI DriverUnload(PDRIVER_OBJECT DriverObject)
{
    StubDelete(DriverObject, NULL);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = DriverUnload;
    return StubCreate(DriverObject, &DeviceName, &LinkName);
}

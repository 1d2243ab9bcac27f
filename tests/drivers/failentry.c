/*
 * Creates a device and a link, removes them and fails: nothing of it may stay. DriverUnload must
 * not be called after a failed DriverEntry; if it is, it says so.
 */
#include "stub.h"

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\failentry");
static UNICODE_STRING LinkName = RTL_CONSTANT_STRING(L"\\??\\failentry");

static VOID NTAPI DriverUnload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    DbgPrint("[failentry] unload=called\n");
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS Status = StubCreate(DriverObject, &DeviceName, &LinkName);

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = DriverUnload;
    if (NT_SUCCESS(Status))
        StubDelete(DriverObject, &LinkName);
    return STATUS_UNSUCCESSFUL;
}

/* No DriverUnload: once loaded, it stays (STATUS_INVALID_DEVICE_REQUEST for whoever unloads it). */
#include "stub.h"

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\nounload");
static UNICODE_STRING LinkName = RTL_CONSTANT_STRING(L"\\??\\nounload");

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    return StubCreate(DriverObject, &DeviceName, &LinkName);
}

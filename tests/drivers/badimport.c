/* Imports what no kernel exports, so it is never loaded and its DriverEntry never runs. */
#include "stub.h"

__declspec(dllimport) NTSTATUS NTAPI IoNoSuchRoutine(PDRIVER_OBJECT DriverObject);

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DbgPrint("[badimport] entry=called\n");
    return IoNoSuchRoutine(DriverObject);
}

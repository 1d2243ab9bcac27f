/*
 * A driver that lies: VirtToPhys' names, and figure 4-10's numbers for an answer whatever it is
 * asked. The oracle must see through it; see tests/system/test_oracle.py.
 */
#include "../drivers/standin.h"

#include "ioctl/virttophys.h"

static const ULONG Figure[NUM_DATA_ENTRY] = {0x0EC67000, 0x043F3000, 0x043F9000, 0x043E7000};

static NTSTATUS NTAPI DispatchControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PULONG Addresses = Irp->AssociatedIrp.SystemBuffer;
    ULONG Index;

    UNREFERENCED_PARAMETER(DeviceObject);
    for (Index = 0; Index < NUM_DATA_ENTRY; Index++)
        Addresses[Index] = Figure[Index];
    return StubComplete(Irp, STATUS_SUCCESS, DATA_SIZE);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    return StandInCreate(DriverObject, DispatchControl);
}

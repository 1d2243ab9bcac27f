/*
 * VirtToPhys.sys as a reader of the tutorial writes it on Windows: the DDK headers and import
 * libraries of mingw-w64, nothing of this tree. tests/system/test_outside.py loads it.
 */
#include <ntddk.h>

#include "common.h"

#define PAGE_TABLES    ((volatile ULONG *)0xC0000000)
#define PAGE_DIRECTORY ((volatile ULONG *)0xC0300000)

#define PRESENT    0x01
#define LARGE_PAGE 0x80

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD Unload;
static DRIVER_DISPATCH CreateClose, DeviceControl;

/* By the tables that Windows maps into themselves; only pages that are there are looked into. */
static ULONG GetPhysicalAddress(ULONG Virtual)
{
    ULONG Entry = PAGE_DIRECTORY[Virtual >> 22];
    ULONG OffsetMask = 0x3FFFFF;

    if ((Entry & PRESENT) && !(Entry & LARGE_PAGE)) {
        Entry = PAGE_TABLES[Virtual >> PAGE_SHIFT];
        OffsetMask = PAGE_SIZE - 1;
    }
    if (!(Entry & PRESENT))
        return 0;
    return (Entry & ~OffsetMask) | (Virtual & OffsetMask);
}

static NTSTATUS NTAPI CreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

/* The input and output share the system buffer. Returns how many bytes go back. */
static NTSTATUS Convert(PIRP Irp, ULONG InputLength, ULONG OutputLength, ULONG_PTR *Information)
{
    PHYS_ADDRESS_DATA *Data = Irp->AssociatedIrp.SystemBuffer;

    if (InputLength < sizeof(*Data) || OutputLength < sizeof(*Data))
        return STATUS_BUFFER_TOO_SMALL;
    for (ULONG i = 0; i < NUM_DATA_ENTRY; i++)
        Data->Address[i] = GetPhysicalAddress(Data->Address[i]);
    *Information = sizeof(*Data);
    return STATUS_SUCCESS;
}

static NTSTATUS NTAPI DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS Status = STATUS_INVALID_DEVICE_REQUEST;
    ULONG_PTR Information = 0;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_GET_PHYS_ADDRESS:
        Status = Convert(Irp, Stack->Parameters.DeviceIoControl.InputBufferLength,
                         Stack->Parameters.DeviceIoControl.OutputBufferLength, &Information);
        break;
    }
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static VOID NTAPI Unload(PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING Link;

    RtlInitUnicodeString(&Link, L"\\??\\slVirtToPhys");
    IoDeleteSymbolicLink(&Link);
    IoDeleteDevice(DriverObject->DeviceObject);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING Name, Link;
    PDEVICE_OBJECT Device;

    DbgPrint("VirtToPhys: loaded for %wZ\n", RegistryPath);
    RtlInitUnicodeString(&Name, L"\\Device\\devVirtToPhys");
    RtlInitUnicodeString(&Link, L"\\??\\slVirtToPhys");
    if (!NT_SUCCESS(IoCreateDevice(DriverObject, 0, &Name, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device)))
        return STATUS_DEVICE_CONFIGURATION_ERROR;
    if (!NT_SUCCESS(IoCreateSymbolicLink(&Link, &Name))) {
        IoDeleteDevice(Device);
        return STATUS_DEVICE_CONFIGURATION_ERROR;
    }
    DriverObject->MajorFunction[IRP_MJ_CREATE] = CreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = CreateClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}

/*
 * VirtToPhys.sys, the tutorial's driver: answers "where in physical memory is this virtual
 * address?" by walking the page tables by hand (parts 4 and 5 of the tutorial).
 *
 * Nothing here but the DDK's own headers: what loads this driver is an NT, this one or another.
 */
#include <ntddk.h>

#include "ioctl/virttophys.h"
#include "paging.h"
#include "paging_pae.h"

DRIVER_INITIALIZE DriverEntry;

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\devVirtToPhys");
static UNICODE_STRING SymbolicLinkName = RTL_CONSTANT_STRING(L"\\??\\slVirtToPhys");

/*
 * The physical address behind a virtual one in the current address space, or 0 if no page is
 * present there. Directory first: below an absent PDE there is no PTE to read. A function of its
 * own under its own name, for whoever traces or counts the walk.
 */
static __attribute__((noinline)) ULONG GetPhysicalAddress(ULONG Virtual)
{
    ULONG Pde = ReadPde(Virtual);
    ULONG Pte;

    if (!IsPresent(Pde))
        return 0;
    if (IsLargePage(Pde))
        return InLargePage(Pde, Virtual);
    Pte = ReadPte(Virtual);
    return IsPresent(Pte) ? InPage(Pte, Virtual) : 0;
}

/* The same in PAE's format; 0 too if the page lies above 4 GiB. */
static __attribute__((noinline)) ULONG GetPhysicalAddressPae(ULONG Virtual)
{
    PAE_ENTRY Pde = ReadPaePde(Virtual);
    PAE_ENTRY Pte;

    if (!IsPresent(Pde.Low))
        return 0;
    if (IsLargePage(Pde.Low))
        return IsBelow4GiB(Pde) ? InPaeLargePage(Pde, Virtual) : 0;
    Pte = ReadPaePte(Virtual);
    return IsPresent(Pte.Low) && IsBelow4GiB(Pte) ? InPage(Pte.Low, Virtual) : 0;
}

/* The directories of an absent PDPTE are not in the self-map: NT keeps all four present. */
static VOID Translate(PULONG Addresses)
{
    ULONG (*Walk)(ULONG) = GetPhysicalAddress;
    ULONG Index;

    if (SharedUserData->ProcessorFeatures[PF_PAE_ENABLED])
        Walk = GetPhysicalAddressPae;
    for (Index = 0; Index < NUM_DATA_ENTRY; Index++)
        Addresses[Index] = Walk(Addresses[Index]);
}

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS NTAPI DispatchCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS NTAPI DispatchControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);

    UNREFERENCED_PARAMETER(DeviceObject);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_GET_PHYS_ADDRESS)
        return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    if (Stack->Parameters.DeviceIoControl.OutputBufferLength < DATA_SIZE ||
        Stack->Parameters.DeviceIoControl.InputBufferLength < DATA_SIZE)
        return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);

    Translate(Irp->AssociatedIrp.SystemBuffer);
    return Complete(Irp, STATUS_SUCCESS, DATA_SIZE);
}

static VOID NTAPI DriverUnload(PDRIVER_OBJECT DriverObject)
{
    IoDeleteSymbolicLink(&SymbolicLinkName);
    IoDeleteDevice(DriverObject->DeviceObject);
}

/* The device and the link to it, or neither. */
static __attribute__((section("INIT"))) NTSTATUS CreateDevice(PDRIVER_OBJECT DriverObject)
{
    PDEVICE_OBJECT DeviceObject;
    NTSTATUS Status =
        IoCreateDevice(DriverObject, 0, &DeviceName, FILE_DEVICE_UNKNOWN, 0, FALSE, &DeviceObject);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = IoCreateSymbolicLink(&SymbolicLinkName, &DeviceName);
    if (!NT_SUCCESS(Status))
        IoDeleteDevice(DeviceObject);
    return Status;
}

__attribute__((section("INIT"))) NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject,
                                                            PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(CreateDevice(DriverObject)))
        return STATUS_DEVICE_CONFIGURATION_ERROR;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = DispatchCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = DispatchCreateClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DispatchControl;
    DriverObject->DriverUnload = DriverUnload;
    return STATUS_SUCCESS;
}

/*
 * A filter above \Device\devVirtToPhys: sees every request first on its way down and last on its
 * way up, writes both to the log, and changes nothing.
 */
#include "stub.h"

/* The filter device's extension. */
typedef struct _FILTER {
    PDEVICE_OBJECT Lower; /* the device that requests are passed to */
} FILTER, *PFILTER;

static UNICODE_STRING TargetName = RTL_CONSTANT_STRING(L"\\Device\\devVirtToPhys");

static NTSTATUS NTAPI OnCompletion(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Context);
    if (Irp->PendingReturned)
        IoMarkIrpPending(Irp);
    DbgPrint("[filter] major=%02X way=up status=%08X\n",
             IoGetCurrentIrpStackLocation(Irp)->MajorFunction, Irp->IoStatus.Status);
    return STATUS_SUCCESS;
}

static NTSTATUS NTAPI PassDown(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PFILTER Filter = DeviceObject->DeviceExtension;

    DbgPrint("[filter] major=%02X way=down\n", IoGetCurrentIrpStackLocation(Irp)->MajorFunction);
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, OnCompletion, NULL, TRUE, TRUE, TRUE);
    return IoCallDriver(Filter->Lower, Irp);
}

static VOID NTAPI DriverUnload(PDRIVER_OBJECT DriverObject)
{
    PFILTER Filter = DriverObject->DeviceObject->DeviceExtension;

    IoDetachDevice(Filter->Lower);
    IoDeleteDevice(DriverObject->DeviceObject);
}

/* An unnamed device above the target; it takes over how the target wants its buffers. */
static NTSTATUS Attach(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT Target)
{
    PDEVICE_OBJECT DeviceObject;
    PFILTER Filter;
    NTSTATUS Status = IoCreateDevice(DriverObject, sizeof(FILTER), NULL, FILE_DEVICE_UNKNOWN, 0,
                                     FALSE, &DeviceObject);

    if (!NT_SUCCESS(Status))
        return Status;
    Filter = DeviceObject->DeviceExtension;
    Filter->Lower = IoAttachDeviceToDeviceStack(DeviceObject, Target);
    if (Filter->Lower == NULL) {
        IoDeleteDevice(DeviceObject);
        return STATUS_NO_SUCH_DEVICE;
    }
    DeviceObject->Flags |= Filter->Lower->Flags & (DO_BUFFERED_IO | DO_DIRECT_IO);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    PFILE_OBJECT FileObject;
    PDEVICE_OBJECT Target;
    ULONG Major;
    NTSTATUS Status = IoGetDeviceObjectPointer(&TargetName, FILE_READ_DATA, &FileObject, &Target);

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(Status))
        return Status;
    for (Major = 0; Major <= IRP_MJ_MAXIMUM_FUNCTION; Major++)
        DriverObject->MajorFunction[Major] = PassDown;
    DriverObject->DriverUnload = DriverUnload;
    Status = Attach(DriverObject, Target);
    ObDereferenceObject(FileObject);
    return Status;
}

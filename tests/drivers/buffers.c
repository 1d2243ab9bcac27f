/*
 * Answers in every way that buffered I/O has to carry back; buffers.h tells which code does what.
 */
#include "stub.h"

#include "buffers.h"

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\buffers");
static UNICODE_STRING LinkName = RTL_CONSTANT_STRING(L"\\??\\buffers");

static UCHAR Kept[BUFFERS_SIZE];
static ULONG KeptLength;

static VOID Copy(PUCHAR To, const UCHAR *From, ULONG Length)
{
    while (Length-- > 0)
        *To++ = *From++;
}

static ULONG Smaller(ULONG A, ULONG B)
{
    return A < B ? A : B;
}

static NTSTATUS CompletePending(PIRP Irp, ULONG_PTR Information)
{
    IoMarkIrpPending(Irp);
    StubComplete(Irp, STATUS_SUCCESS, Information);
    return STATUS_PENDING;
}

static NTSTATUS NTAPI DispatchControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG Room = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    ULONG Echoed = Smaller(Stack->Parameters.DeviceIoControl.InputBufferLength, Room);

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_BUFFERS_ECHO:
        return StubComplete(Irp, STATUS_SUCCESS, Echoed);
    case IOCTL_BUFFERS_WARNING:
        return StubComplete(Irp, STATUS_BUFFER_OVERFLOW, Echoed);
    case IOCTL_BUFFERS_ERROR:
        return StubComplete(Irp, STATUS_UNSUCCESSFUL, Echoed);
    case IOCTL_BUFFERS_TOO_MUCH:
        return StubComplete(Irp, STATUS_SUCCESS, Room + BUFFERS_EXCESS);
    case IOCTL_BUFFERS_PENDING:
        return CompletePending(Irp, Echoed);
    default:
        return StubComplete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

/* A length of 0 comes without a buffer. */
static NTSTATUS NTAPI DispatchWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);

    UNREFERENCED_PARAMETER(DeviceObject);
    KeptLength = Smaller(Stack->Parameters.Write.Length, BUFFERS_SIZE);
    Copy(Kept, Irp->AssociatedIrp.SystemBuffer, KeptLength);
    return StubComplete(Irp, STATUS_SUCCESS, KeptLength);
}

static NTSTATUS NTAPI DispatchRead(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG Length = Smaller(Stack->Parameters.Read.Length, KeptLength);

    UNREFERENCED_PARAMETER(DeviceObject);
    if (KeptLength == 0)
        return StubComplete(Irp, STATUS_END_OF_FILE, 0);
    Copy(Irp->AssociatedIrp.SystemBuffer, Kept, Length);
    return StubComplete(Irp, STATUS_SUCCESS, Length);
}

static VOID NTAPI DriverUnload(PDRIVER_OBJECT DriverObject)
{
    StubDelete(DriverObject, &LinkName);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS Status = StubCreate(DriverObject, &DeviceName, &LinkName);

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(Status))
        return Status;
    DriverObject->DeviceObject->Flags |= DO_BUFFERED_IO;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DispatchControl;
    DriverObject->MajorFunction[IRP_MJ_READ] = DispatchRead;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = DispatchWrite;
    DriverObject->DriverUnload = DriverUnload;
    return STATUS_SUCCESS;
}

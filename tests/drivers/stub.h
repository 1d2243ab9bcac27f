/*
 * What the small test drivers share: one device, perhaps one link, and the plain ways to answer.
 * The DDK's headers only.
 */
#pragma once

#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;

static inline NTSTATUS StubComplete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

/* A dispatch routine that succeeds. */
static inline NTSTATUS NTAPI StubSucceed(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return StubComplete(Irp, STATUS_SUCCESS, 0);
}

/* The device, opened and closed with success, and its link unless that is NULL; or neither. */
static inline NTSTATUS StubCreate(PDRIVER_OBJECT DriverObject, PUNICODE_STRING DeviceName,
                                  PUNICODE_STRING LinkName)
{
    PDEVICE_OBJECT DeviceObject;
    NTSTATUS Status =
        IoCreateDevice(DriverObject, 0, DeviceName, FILE_DEVICE_UNKNOWN, 0, FALSE, &DeviceObject);

    if (!NT_SUCCESS(Status))
        return Status;
    if (LinkName != NULL)
        Status = IoCreateSymbolicLink(LinkName, DeviceName);
    if (!NT_SUCCESS(Status)) {
        IoDeleteDevice(DeviceObject);
        return Status;
    }
    DriverObject->MajorFunction[IRP_MJ_CREATE] = StubSucceed;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = StubSucceed;
    return STATUS_SUCCESS;
}

/* Undoes StubCreate, given the same names. */
static inline VOID StubDelete(PDRIVER_OBJECT DriverObject, PUNICODE_STRING LinkName)
{
    if (LinkName != NULL)
        IoDeleteSymbolicLink(LinkName);
    IoDeleteDevice(DriverObject->DeviceObject);
}

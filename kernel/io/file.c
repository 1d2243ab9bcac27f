#include "io/iop.h"

#include "export.h"
#include "ke/event.h"
#include "mm/pool.h"
#include "rtl/rtl.h"

/* Keeps the name behind the device: "" or "\rest". */
static NTSTATUS copy_name(PFILE_OBJECT file, PCUNICODE_STRING name)
{
    if (!name->Length)
        return STATUS_SUCCESS;
    file->FileName.Buffer = ExAllocatePoolWithTag(NonPagedPool, name->Length, IO_TAG('N', 'm'));
    if (!file->FileName.Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    file->FileName.MaximumLength = name->Length;
    RtlCopyUnicodeString(&file->FileName, name);
    return STATUS_SUCCESS;
}

static void init_file(PFILE_OBJECT file, const struct io_open *open, ACCESS_MASK granted)
{
    file->Type = IO_TYPE_FILE;
    file->Size = sizeof *file;
    file->ReadAccess = !!(granted & (FILE_READ_DATA | FILE_EXECUTE));
    file->WriteAccess = !!(granted & (FILE_WRITE_DATA | FILE_APPEND_DATA));
    file->DeleteAccess = !!(granted & DELETE);
    file->SharedRead = !!(open->share_access & FILE_SHARE_READ);
    file->SharedWrite = !!(open->share_access & FILE_SHARE_WRITE);
    file->SharedDelete = !!(open->share_access & FILE_SHARE_DELETE);
    if (open->options & (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT))
        file->Flags |= FO_SYNCHRONOUS_IO;
    KeInitializeEvent(&file->Lock, SynchronizationEvent, FALSE);
    KeInitializeEvent(&file->Event, NotificationEvent, FALSE);
    InitializeListHead(&file->IrpList);
}

static NTSTATUS send_create(PFILE_OBJECT file, struct io_open *open, ACCESS_MASK granted,
                            KPROCESSOR_MODE mode)
{
    IO_SECURITY_CONTEXT security = {NULL, NULL, granted, open->options};
    struct io_request request = {.file = file, .mode = mode};

    if (!io_request_begin(&request, IRP_MJ_CREATE, 0))
        return STATUS_INSUFFICIENT_RESOURCES;
    request.irp->Flags |= IRP_CREATE_OPERATION | IRP_SYNCHRONOUS_API;
    request.location->Parameters.Create.SecurityContext = &security;
    request.location->Parameters.Create.Options =
        open->disposition << 24 | (open->options & 0xFFFFFF);
    request.location->Parameters.Create.FileAttributes = (USHORT)open->file_attributes;
    request.location->Parameters.Create.ShareAccess = (USHORT)open->share_access;
    NTSTATUS status = io_request_perform(&request, STATUS_SUCCESS);

    open->information = NT_ERROR(status) ? 0 : request.status.Information;
    return status;
}

/* Makes the file object of an open and asks the driver. */
static NTSTATUS open_device(PDEVICE_OBJECT device, struct ob_parse *parse, struct io_open *open)
{
    ACCESS_MASK granted = ob_granted_access(io_file_type, parse->desired_access);
    PFILE_OBJECT file;
    NTSTATUS status = ob_create_object(io_file_type, NULL, sizeof *file, (PVOID *)&file);

    if (!NT_SUCCESS(status))
        return status;
    init_file(file, open, granted);
    io_reference_device(device);
    file->DeviceObject = device;
    status = copy_name(file, &parse->remaining_name);
    if (NT_SUCCESS(status))
        status = send_create(file, open, granted, parse->mode);
    if (NT_SUCCESS(status)) {
        file->Flags |= FO_FILE_OPEN;
        parse->object = file;
    } else {
        ObfDereferenceObject(file); /* not open: neither CLEANUP nor CLOSE is sent */
    }
    return status;
}

NTSTATUS io_parse_device(PVOID object, struct ob_parse *parse)
{
    PDEVICE_OBJECT device = object;

    if (!parse->context || parse->type != io_file_type) {
        if (parse->remaining_name.Length)
            return STATUS_OBJECT_TYPE_MISMATCH;
        ObfReferenceObject(device);
        parse->object = device;
        return STATUS_SUCCESS;
    }
    if (io_device_is_closed(device))
        return STATUS_NO_SUCH_DEVICE;
    if (device->Flags & DO_EXCLUSIVE && device->ReferenceCount)
        return STATUS_ACCESS_DENIED;
    return open_device(device, parse, parse->context);
}

/* CLEANUP and CLOSE carry nothing but the file object. */
static NTSTATUS send_notice(PFILE_OBJECT file, UCHAR major)
{
    struct io_request request = {.file = file, .mode = KernelMode};

    if (!io_request_begin(&request, major, 0))
        return STATUS_SUCCESS; /* what holds the file shall go in any case */
    request.irp->Flags |= IRP_SYNCHRONOUS_API | (major == IRP_MJ_CLOSE ? IRP_CLOSE_OPERATION : 0);
    return io_request_perform(&request, STATUS_SUCCESS);
}

/* Its status goes nowhere, as NT has it. */
static void send_cleanup(PFILE_OBJECT file)
{
    if (file->Flags & FO_CLEANUP_COMPLETE)
        return;
    send_notice(file, IRP_MJ_CLEANUP);
    file->Flags |= FO_CLEANUP_COMPLETE;
}

static BOOLEAN has_cleanup_routine(const FILE_OBJECT *file)
{
    PDEVICE_OBJECT top = IoGetAttachedDevice(file->DeviceObject);

    return top->DriverObject->MajorFunction[IRP_MJ_CLEANUP] != io_invalid_request;
}

/*
 * With `cleanup=veto` CLEANUP is sent before the last handle goes, and a driver that fails it keeps
 * the handle open: what the tutorial says of NT, and NT does not do.
 */
static NTSTATUS ask_to_close(PVOID object, ULONG handles)
{
    PFILE_OBJECT file = object;
    NTSTATUS status;

    if (handles != 1 || file->Flags & FO_CLEANUP_COMPLETE || !has_cleanup_routine(file))
        return STATUS_SUCCESS;
    status = send_notice(file, IRP_MJ_CLEANUP);
    if (NT_SUCCESS(status))
        file->Flags |= FO_CLEANUP_COMPLETE;
    return status;
}

void io_set_cleanup_veto(BOOLEAN on)
{
    io_file_type->info.ask_to_close = on ? ask_to_close : NULL;
}

void io_close_file(PVOID object, ULONG handles_before, ACCESS_MASK granted)
{
    (void)granted;
    if (handles_before == 1)
        send_cleanup(object);
}

void io_delete_file(PVOID object)
{
    PFILE_OBJECT file = object;

    if (file->Flags & FO_FILE_OPEN) {
        send_cleanup(file); /* if it never had a handle */
        send_notice(file, IRP_MJ_CLOSE);
    }
    if (file->FileName.Buffer)
        ExFreePool(file->FileName.Buffer);
    io_dereference_device(file->DeviceObject);
}

ULONG io_file_name(PVOID object, PWCHAR end)
{
    PFILE_OBJECT file = object;
    ULONG units = file->FileName.Length / 2;

    if (end)
        memcpy(end - units, file->FileName.Buffer, units * 2);
    return units + ob_name_units(file->DeviceObject, end ? end - units : NULL);
}

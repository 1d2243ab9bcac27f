#include "io/iop.h"

#include "export.h"
#include "rtl/rtl.h"

struct transfer {
    UCHAR major;
    PVOID buffer;
    ULONG length; /* bytes */
    ULONG key;
    LARGE_INTEGER offset;
    BOOLEAN sequential; /* at the file's current place */
};

/*
 * The data's way by the device's flags: through a system buffer, by an MDL over the caller's
 * buffer, or by the caller's own pointer.
 */
static NTSTATUS give_buffer(struct io_request *request, const struct transfer *transfer)
{
    PIRP irp = request->irp;
    BOOLEAN reads = transfer->major == IRP_MJ_READ;

    if (request->device->Flags & DO_DIRECT_IO && !(request->device->Flags & DO_BUFFERED_IO))
        return io_request_lock(request, transfer->buffer, transfer->length, reads);
    if (!(request->device->Flags & DO_BUFFERED_IO))
        irp->UserBuffer = transfer->buffer;
    else if (reads)
        io_request_answer(request, transfer->buffer, transfer->length);
    else
        memcpy(irp->AssociatedIrp.SystemBuffer, transfer->buffer, transfer->length);
    return STATUS_SUCCESS;
}

static NTSTATUS perform(PFILE_OBJECT file, const struct transfer *transfer, PIO_STATUS_BLOCK iosb)
{
    ULONG flags = IoGetAttachedDevice(file->DeviceObject)->Flags;
    struct io_request request;

    if (!io_request_begin(&request, file, transfer->major,
                          flags & DO_BUFFERED_IO ? transfer->length : 0))
        return STATUS_INSUFFICIENT_RESOURCES;
    request.location->Parameters.Read.Length = transfer->length;
    request.location->Parameters.Read.Key = transfer->key;
    request.location->Parameters.Read.ByteOffset = transfer->offset;
    NTSTATUS status = give_buffer(&request, transfer);

    if (!NT_SUCCESS(status)) {
        io_request_abandon(&request);
        return status;
    }
    status = io_request_perform(&request, iosb);
    if (NT_SUCCESS(status) && transfer->sequential)
        file->CurrentByteOffset.QuadPart += request.status.Information;
    return status;
}

static NTSTATUS transfer_at(HANDLE handle, struct transfer *transfer, PLARGE_INTEGER offset,
                            ACCESS_MASK access, PIO_STATUS_BLOCK iosb)
{
    PFILE_OBJECT file;
    NTSTATUS status = ObReferenceObjectByHandle(handle, access, io_file_type, ob_previous_mode(),
                                                (PVOID *)&file, NULL);

    if (!NT_SUCCESS(status))
        return status;
    transfer->sequential = !offset;
    transfer->offset = offset ? *offset : file->CurrentByteOffset;
    status =
        transfer->offset.QuadPart < 0 ? STATUS_INVALID_PARAMETER : perform(file, transfer, iosb);
    ObfDereferenceObject(file);
    return status;
}

/* What NtReadFile and NtWriteFile share: all but the function's code and the right it needs. */
static NTSTATUS read_or_write(UCHAR major, ACCESS_MASK access, HANDLE handle, HANDLE event,
                              PVOID apc, PIO_STATUS_BLOCK iosb, PVOID buffer, ULONG length,
                              PLARGE_INTEGER offset, PULONG key)
{
    struct transfer transfer = {
        .major = major, .buffer = buffer, .length = buffer ? length : 0, .key = key ? *key : 0};

    if (event || apc)
        return STATUS_INVALID_PARAMETER;
    return transfer_at(handle, &transfer, offset, access, iosb);
}

NTSTATUS NTAPI NtReadFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                          PIO_STATUS_BLOCK iosb, PVOID buffer, ULONG length, PLARGE_INTEGER offset,
                          PULONG key)
{
    (void)apc_context;
    return read_or_write(IRP_MJ_READ, FILE_READ_DATA, handle, event, apc, iosb, buffer, length,
                         offset, key);
}
ZW_ALIAS(ZwReadFile, NtReadFile);
EXPORT_NTOSKRNL(NtReadFile);
EXPORT_NTOSKRNL(ZwReadFile);

NTSTATUS NTAPI NtWriteFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                           PIO_STATUS_BLOCK iosb, PVOID buffer, ULONG length, PLARGE_INTEGER offset,
                           PULONG key)
{
    (void)apc_context;
    return read_or_write(IRP_MJ_WRITE, FILE_WRITE_DATA, handle, event, apc, iosb, buffer, length,
                         offset, key);
}
ZW_ALIAS(ZwWriteFile, NtWriteFile);
EXPORT_NTOSKRNL(NtWriteFile);
EXPORT_NTOSKRNL(ZwWriteFile);

NTSTATUS NTAPI NtQueryInformationFile(HANDLE handle, PIO_STATUS_BLOCK iosb, PVOID buffer,
                                      ULONG length, ULONG class)
{
    struct io_request request;
    PFILE_OBJECT file;
    NTSTATUS status = ObReferenceObjectByHandle(handle, 0, io_file_type, ob_previous_mode(),
                                                (PVOID *)&file, NULL);

    if (!NT_SUCCESS(status))
        return status;
    length = buffer ? length : 0;
    status = STATUS_INSUFFICIENT_RESOURCES;
    if (io_request_begin(&request, file, IRP_MJ_QUERY_INFORMATION, length)) {
        request.location->Parameters.QueryFile.Length = length;
        request.location->Parameters.QueryFile.FileInformationClass = class;
        io_request_answer(&request, buffer, length);
        status = io_request_perform(&request, iosb);
    }
    ObfDereferenceObject(file);
    return status;
}
ZW_ALIAS(ZwQueryInformationFile, NtQueryInformationFile);
EXPORT_NTOSKRNL(NtQueryInformationFile);
EXPORT_NTOSKRNL(ZwQueryInformationFile);

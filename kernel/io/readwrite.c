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

static BOOLEAN give_buffer(struct io_request *request, const struct transfer *transfer)
{
    if (!(request->device->Flags & DO_BUFFERED_IO)) {
        request->irp->UserBuffer = transfer->buffer;
        return TRUE;
    }
    if (transfer->major == IRP_MJ_WRITE)
        return io_request_buffer(request, transfer->length, transfer->buffer, transfer->length,
                                 NULL, 0);
    return io_request_buffer(request, transfer->length, NULL, 0, transfer->buffer,
                             transfer->length);
}

static NTSTATUS perform(PFILE_OBJECT file, const struct transfer *transfer, PIO_STATUS_BLOCK iosb)
{
    struct io_request request;

    if (!io_request_begin(&request, file, transfer->major))
        return STATUS_INSUFFICIENT_RESOURCES;
    request.location->Parameters.Read.Length = transfer->length;
    request.location->Parameters.Read.Key = transfer->key;
    request.location->Parameters.Read.ByteOffset = transfer->offset;
    NTSTATUS status = request.device->Flags & DO_DIRECT_IO ? STATUS_NOT_IMPLEMENTED
                      : give_buffer(&request, transfer)    ? STATUS_SUCCESS
                                                           : STATUS_INSUFFICIENT_RESOURCES;

    if (!NT_SUCCESS(status)) {
        io_request_abandon(&request);
        return status;
    }
    status = io_request_perform(&request, iosb);
    if (NT_SUCCESS(status) && transfer->sequential)
        file->CurrentByteOffset.QuadPart += request.status.Information;
    return status;
}

static NTSTATUS read_or_write(HANDLE handle, struct transfer *transfer, PLARGE_INTEGER offset,
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

NTSTATUS NTAPI NtReadFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                          PIO_STATUS_BLOCK iosb, PVOID buffer, ULONG length, PLARGE_INTEGER offset,
                          PULONG key)
{
    struct transfer transfer = {
        .major = IRP_MJ_READ, .buffer = buffer, .length = length, .key = key ? *key : 0};

    (void)apc_context;
    if (event || apc)
        return STATUS_INVALID_PARAMETER;
    return read_or_write(handle, &transfer, offset, FILE_READ_DATA, iosb);
}
ZW_ALIAS(ZwReadFile, NtReadFile);
EXPORT_NTOSKRNL(NtReadFile);
EXPORT_NTOSKRNL(ZwReadFile);

NTSTATUS NTAPI NtWriteFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                           PIO_STATUS_BLOCK iosb, PVOID buffer, ULONG length, PLARGE_INTEGER offset,
                           PULONG key)
{
    struct transfer transfer = {
        .major = IRP_MJ_WRITE, .buffer = buffer, .length = length, .key = key ? *key : 0};

    (void)apc_context;
    if (event || apc)
        return STATUS_INVALID_PARAMETER;
    return read_or_write(handle, &transfer, offset, FILE_WRITE_DATA, iosb);
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
    status = STATUS_INSUFFICIENT_RESOURCES;
    if (io_request_begin(&request, file, IRP_MJ_QUERY_INFORMATION)) {
        request.location->Parameters.QueryFile.Length = length;
        request.location->Parameters.QueryFile.FileInformationClass = class;
        if (io_request_buffer(&request, length, NULL, 0, buffer, length))
            status = io_request_perform(&request, iosb);
        else
            io_request_abandon(&request);
    }
    ObfDereferenceObject(file);
    return status;
}
ZW_ALIAS(ZwQueryInformationFile, NtQueryInformationFile);
EXPORT_NTOSKRNL(NtQueryInformationFile);
EXPORT_NTOSKRNL(ZwQueryInformationFile);

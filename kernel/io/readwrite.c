#include "io/iop.h"

#include "export.h"
#include "mm/user.h"

struct transfer {
    UCHAR major;
    PVOID buffer;
    ULONG length; /* bytes */
    ULONG key;
    LARGE_INTEGER offset;
    BOOLEAN sequential; /* at the file's current place */
};

static inline BOOLEAN is_direct(ULONG device_flags)
{
    return (device_flags & (DO_DIRECT_IO | DO_BUFFERED_IO)) == DO_DIRECT_IO;
}

/*
 * The data's way by the device's flags: through a system buffer, by an MDL over the caller's
 * buffer, or by the caller's own pointer.
 */
static NTSTATUS give_buffer(struct io_request *request, const struct transfer *transfer)
{
    BOOLEAN reads = transfer->major == IRP_MJ_READ;

    if (is_direct(request->device->Flags))
        return io_request_lock(request, transfer->buffer, transfer->length, reads);
    if (!(request->device->Flags & DO_BUFFERED_IO))
        request->irp->UserBuffer = transfer->buffer;
    else if (reads)
        io_request_answer(request, transfer->buffer, transfer->length);
    else
        return io_request_input(request, transfer->buffer, transfer->length);
    return STATUS_SUCCESS;
}

/* Any buffer of a caller in ring 3 must lie there, whatever way the data takes. */
static NTSTATUS probe(const struct transfer *transfer, KPROCESSOR_MODE mode)
{
    if (mode == KernelMode)
        return STATUS_SUCCESS;
    return transfer->major == IRP_MJ_READ
               ? io_probe_output(mode, transfer->buffer, transfer->length)
               : mm_probe_read(transfer->buffer, transfer->length, 1);
}

/* A file whose requests come one after the other stands behind the last one, wherever that was. */
static BOOLEAN moves_place(const FILE_OBJECT *file, const struct transfer *transfer)
{
    return transfer->sequential || file->Flags & FO_SYNCHRONOUS_IO;
}

static NTSTATUS perform(struct io_request *request, const struct transfer *transfer)
{
    PFILE_OBJECT file = request->file;
    ULONG flags = IoGetAttachedDevice(file->DeviceObject)->Flags;
    NTSTATUS status;

    if (!io_request_begin(request, transfer->major, flags & DO_BUFFERED_IO ? transfer->length : 0))
        return STATUS_INSUFFICIENT_RESOURCES;
    request->location->Parameters.Read.Length = transfer->length;
    request->location->Parameters.Read.Key = transfer->key;
    request->location->Parameters.Read.ByteOffset = transfer->offset;
    status = io_request_perform(request, give_buffer(request, transfer));
    if (NT_SUCCESS(status) && status != STATUS_PENDING && moves_place(file, transfer))
        file->CurrentByteOffset.QuadPart = transfer->offset.QuadPart + request->status.Information;
    return status;
}

/* The place: *offset, or, NULL or FILE_USE_FILE_POINTER_POSITION, where the file stands. */
static NTSTATUS set_offset(struct transfer *transfer, const FILE_OBJECT *file,
                           const LARGE_INTEGER *offset)
{
    transfer->sequential = !offset || offset->QuadPart == FILE_USE_FILE_POINTER_POSITION;
    transfer->offset = transfer->sequential ? file->CurrentByteOffset : *offset;
    return transfer->offset.QuadPart < 0 ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
}

/* What NtReadFile and NtWriteFile share; `access`: one of these rights is needed. */
static NTSTATUS transfer(struct transfer *transfer, const struct io_caller *caller,
                         ACCESS_MASK access, const LARGE_INTEGER *offset)
{
    struct io_request request;
    NTSTATUS status = probe(transfer, ke_previous_mode());

    if (NT_SUCCESS(status))
        status = io_request_open(&request, caller);
    if (!NT_SUCCESS(status))
        return status;
    if (request.mode != KernelMode && !(request.granted & access))
        status = STATUS_ACCESS_DENIED;
    if (NT_SUCCESS(status))
        status = set_offset(transfer, request.file, offset);
    if (NT_SUCCESS(status))
        status = perform(&request, transfer);
    return io_request_close(&request, status);
}

/* NULL is a driver's word for nothing; in a program it is an address like others. */
static ULONG length_of(const void *buffer, ULONG length)
{
    return buffer || ke_previous_mode() != KernelMode ? length : 0;
}

NTSTATUS NTAPI NtReadFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                          PIO_STATUS_BLOCK iosb, PVOID buffer, ULONG length, PLARGE_INTEGER offset,
                          PULONG key)
{
    struct transfer read = {.major = IRP_MJ_READ,
                            .buffer = buffer,
                            .length = length_of(buffer, length),
                            .key = key ? *key : 0};

    (void)apc_context;
    return transfer(&read, &(struct io_caller){handle, event, apc, iosb, 0}, FILE_READ_DATA,
                    offset);
}
ZW_ALIAS(ZwReadFile, NtReadFile);
EXPORT_NTOSKRNL(NtReadFile);
EXPORT_NTOSKRNL(ZwReadFile);

NTSTATUS NTAPI NtWriteFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                           PIO_STATUS_BLOCK iosb, PVOID buffer, ULONG length, PLARGE_INTEGER offset,
                           PULONG key)
{
    struct transfer write = {.major = IRP_MJ_WRITE,
                             .buffer = buffer,
                             .length = length_of(buffer, length),
                             .key = key ? *key : 0};

    (void)apc_context;
    return transfer(&write, &(struct io_caller){handle, event, apc, iosb, 0},
                    FILE_WRITE_DATA | FILE_APPEND_DATA, offset);
}
ZW_ALIAS(ZwWriteFile, NtWriteFile);
EXPORT_NTOSKRNL(NtWriteFile);
EXPORT_NTOSKRNL(ZwWriteFile);

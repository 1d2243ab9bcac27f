#include "io/iop.h"

#include "export.h"
#include "mm/user.h"

/* How the driver is to list, in its location's flags. */
struct listing {
    PVOID buffer;
    ULONG length, class;
    PUNICODE_STRING name; /* the pattern, or NULL; stays valid during the call */
    UCHAR flags;          /* SL_ */
};

static NTSTATUS give_buffer(struct io_request *request, const struct listing *listing)
{
    ULONG flags = request->device->Flags;

    if (flags & DO_BUFFERED_IO)
        io_request_answer(request, listing->buffer, listing->length);
    else if (flags & DO_DIRECT_IO)
        return io_request_lock(request, listing->buffer, listing->length, TRUE);
    else
        request->irp->UserBuffer = listing->buffer;
    return STATUS_SUCCESS;
}

static NTSTATUS perform(struct io_request *request, const struct listing *listing)
{
    ULONG flags = IoGetAttachedDevice(request->file->DeviceObject)->Flags;
    PIO_STACK_LOCATION location;

    if (!io_request_begin(request, IRP_MJ_DIRECTORY_CONTROL,
                          flags & DO_BUFFERED_IO ? listing->length : 0))
        return STATUS_INSUFFICIENT_RESOURCES;
    location = request->location;
    location->MinorFunction = IRP_MN_QUERY_DIRECTORY;
    location->Flags = listing->flags;
    location->Parameters.QueryDirectory.Length = listing->length;
    location->Parameters.QueryDirectory.FileName = listing->name;
    location->Parameters.QueryDirectory.FileInformationClass = listing->class;
    return io_request_perform(request, give_buffer(request, listing));
}

NTSTATUS NTAPI NtQueryDirectoryFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                                    PIO_STATUS_BLOCK iosb, PVOID buffer, ULONG length, ULONG class,
                                    BOOLEAN single, PUNICODE_STRING name, BOOLEAN restart)
{
    struct listing listing = {buffer, buffer ? length : 0, class, name,
                              (single ? SL_RETURN_SINGLE_ENTRY : 0) |
                                  (restart ? SL_RESTART_SCAN : 0)};
    struct io_request request;
    NTSTATUS status = io_probe_output(ke_previous_mode(), buffer, listing.length);

    (void)apc_context;
    if (NT_SUCCESS(status))
        status = io_request_open(
            &request, &(struct io_caller){handle, event, apc, iosb, FILE_LIST_DIRECTORY});
    if (!NT_SUCCESS(status))
        return status;
    request.asynchronous = FALSE; /* the pattern is the caller's */
    return io_request_close(&request, perform(&request, &listing));
}
ZW_ALIAS(ZwQueryDirectoryFile, NtQueryDirectoryFile);
EXPORT_NTOSKRNL(NtQueryDirectoryFile);
EXPORT_NTOSKRNL(ZwQueryDirectoryFile);

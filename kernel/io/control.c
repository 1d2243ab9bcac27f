#include "io/iop.h"

#include "export.h"
#include "rtl/rtl.h"

/* The code's access bits bind callers from ring 3 (nt-boundary rule, WDK: Defining I/O codes). */
static NTSTATUS check_access(ULONG code, const OBJECT_HANDLE_INFORMATION *handle)
{
    if (ob_previous_mode() == UserMode && ioctl_access(code) & ~handle->GrantedAccess)
        return STATUS_ACCESS_DENIED;
    return STATUS_SUCCESS;
}

static NTSTATUS control(PFILE_OBJECT file, PIO_STATUS_BLOCK iosb, ULONG code, const void *input,
                        ULONG input_length, PVOID output, ULONG output_length)
{
    ULONG bytes = input_length > output_length ? input_length : output_length;
    struct io_request request;

    if (ioctl_method(code) != METHOD_BUFFERED)
        return STATUS_NOT_IMPLEMENTED;
    if (!io_request_begin(&request, file, IRP_MJ_DEVICE_CONTROL, bytes))
        return STATUS_INSUFFICIENT_RESOURCES;
    PIO_STACK_LOCATION location = request.location;

    location->Parameters.DeviceIoControl.OutputBufferLength = output_length;
    location->Parameters.DeviceIoControl.InputBufferLength = input_length;
    location->Parameters.DeviceIoControl.IoControlCode = code;
    rtl_copy(request.irp->AssociatedIrp.SystemBuffer, input, input_length);
    io_request_answer(&request, output, output_length);
    return io_request_perform(&request, iosb);
}

NTSTATUS NTAPI NtDeviceIoControlFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                                     PIO_STATUS_BLOCK iosb, ULONG code, PVOID input,
                                     ULONG input_length, PVOID output, ULONG output_length)
{
    OBJECT_HANDLE_INFORMATION information;
    PFILE_OBJECT file;

    (void)apc_context;
    if (event || apc)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status =
        ObReferenceObjectByHandle(handle, 0, io_file_type, ob_previous_mode(), (PVOID *)&file,
                                  ob_previous_mode() == UserMode ? &information : NULL);

    if (!NT_SUCCESS(status))
        return status;
    status = check_access(code, &information);
    if (NT_SUCCESS(status))
        status = control(file, iosb, code, input, input ? input_length : 0, output,
                         output ? output_length : 0);
    ObfDereferenceObject(file);
    return status;
}
ZW_ALIAS(ZwDeviceIoControlFile, NtDeviceIoControlFile);
EXPORT_NTOSKRNL(NtDeviceIoControlFile);
EXPORT_NTOSKRNL(ZwDeviceIoControlFile);

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

static void set_parameters(PIO_STACK_LOCATION location, ULONG code, ULONG input_length,
                           ULONG output_length)
{
    location->Parameters.DeviceIoControl.OutputBufferLength = output_length;
    location->Parameters.DeviceIoControl.InputBufferLength = input_length;
    location->Parameters.DeviceIoControl.IoControlCode = code;
}

/* METHOD_BUFFERED: one system buffer for both ways. */
static NTSTATUS send_buffered(PFILE_OBJECT file, PIO_STATUS_BLOCK iosb, ULONG code,
                              const void *input, ULONG input_length, PVOID output,
                              ULONG output_length)
{
    ULONG bytes = input_length > output_length ? input_length : output_length;
    struct io_request request;

    if (!io_request_begin(&request, file, IRP_MJ_DEVICE_CONTROL, bytes))
        return STATUS_INSUFFICIENT_RESOURCES;
    set_parameters(request.location, code, input_length, output_length);
    rtl_copy(request.irp->AssociatedIrp.SystemBuffer, input, input_length);
    io_request_answer(&request, output, output_length);
    return io_request_perform(&request, iosb);
}

/* The direct methods: the input in a system buffer, the output's pages locked. */
static NTSTATUS send_direct(PFILE_OBJECT file, PIO_STATUS_BLOCK iosb, ULONG code, const void *input,
                            ULONG input_length, PVOID output, ULONG output_length)
{
    struct io_request request;

    if (!io_request_begin(&request, file, IRP_MJ_DEVICE_CONTROL, input_length))
        return STATUS_INSUFFICIENT_RESOURCES;
    set_parameters(request.location, code, input_length, output_length);
    rtl_copy(request.irp->AssociatedIrp.SystemBuffer, input, input_length);
    NTSTATUS status =
        io_request_lock(&request, output, output_length, ioctl_method(code) == METHOD_OUT_DIRECT);

    if (!NT_SUCCESS(status)) {
        io_request_abandon(&request);
        return status;
    }
    return io_request_perform(&request, iosb);
}

/* METHOD_NEITHER: the pointers as they are; looking after them is the driver's affair. */
static NTSTATUS send_neither(PFILE_OBJECT file, PIO_STATUS_BLOCK iosb, ULONG code, PVOID input,
                             ULONG input_length, PVOID output, ULONG output_length)
{
    struct io_request request;

    if (!io_request_begin(&request, file, IRP_MJ_DEVICE_CONTROL, 0))
        return STATUS_INSUFFICIENT_RESOURCES;
    set_parameters(request.location, code, input_length, output_length);
    request.location->Parameters.DeviceIoControl.Type3InputBuffer = input;
    request.irp->UserBuffer = output;
    return io_request_perform(&request, iosb);
}

/* A NULL buffer has no bytes, except with METHOD_NEITHER. */
static NTSTATUS send(PFILE_OBJECT file, PIO_STATUS_BLOCK iosb, ULONG code, PVOID input,
                     ULONG input_length, PVOID output, ULONG output_length)
{
    if (ioctl_method(code) == METHOD_BUFFERED)
        return send_buffered(file, iosb, code, input, input ? input_length : 0, output,
                             output ? output_length : 0);
    if (ioctl_method(code) == METHOD_NEITHER)
        return send_neither(file, iosb, code, input, input_length, output, output_length);
    return send_direct(file, iosb, code, input, input ? input_length : 0, output,
                       output ? output_length : 0);
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
        status = send(file, iosb, code, input, input_length, output, output_length);
    ObfDereferenceObject(file);
    return status;
}
ZW_ALIAS(ZwDeviceIoControlFile, NtDeviceIoControlFile);
EXPORT_NTOSKRNL(NtDeviceIoControlFile);
EXPORT_NTOSKRNL(ZwDeviceIoControlFile);

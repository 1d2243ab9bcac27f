#include "io/iop.h"

#include "export.h"
#include "mm/user.h"

/* What a control request carries. */
struct control {
    UCHAR major;
    ULONG code;
    PVOID input, output;
    ULONG input_length, output_length; /* bytes */
};

/*
 * The code's access bits bind callers from ring 3 (nt-boundary rule, WDK: Defining I/O codes); so
 * does the check of their output buffer, which METHOD_NEITHER leaves to the driver.
 */
static BOOLEAN is_granted(const struct io_request *request, ULONG code)
{
    return request->mode == KernelMode || !(ioctl_access(code) & ~request->granted);
}

static void set_parameters(PIO_STACK_LOCATION location, const struct control *control)
{
    location->Parameters.DeviceIoControl.OutputBufferLength = control->output_length;
    location->Parameters.DeviceIoControl.InputBufferLength = control->input_length;
    location->Parameters.DeviceIoControl.IoControlCode = control->code;
}

/* METHOD_BUFFERED: one system buffer for both ways. */
static NTSTATUS send_buffered(struct io_request *request, const struct control *control)
{
    ULONG input = control->input_length, output = control->output_length;

    if (!io_request_begin(request, control->major, input > output ? input : output))
        return STATUS_INSUFFICIENT_RESOURCES;
    set_parameters(request->location, control);
    io_request_answer(request, control->output, output);
    return io_request_perform(request, io_request_input(request, control->input, input));
}

/* The direct methods: the input in a system buffer, the output's pages locked. */
static NTSTATUS send_direct(struct io_request *request, const struct control *control)
{
    if (!io_request_begin(request, control->major, control->input_length))
        return STATUS_INSUFFICIENT_RESOURCES;
    set_parameters(request->location, control);
    NTSTATUS status = io_request_input(request, control->input, control->input_length);

    if (NT_SUCCESS(status))
        status = io_request_lock(request, control->output, control->output_length,
                                 ioctl_method(control->code) == METHOD_OUT_DIRECT);
    return io_request_perform(request, status);
}

/* METHOD_NEITHER: the pointers as they are; looking after them is the driver's affair. */
static NTSTATUS send_neither(struct io_request *request, const struct control *control)
{
    if (!io_request_begin(request, control->major, 0))
        return STATUS_INSUFFICIENT_RESOURCES;
    set_parameters(request->location, control);
    request->location->Parameters.DeviceIoControl.Type3InputBuffer = control->input;
    request->irp->UserBuffer = control->output;
    return io_request_perform(request, STATUS_SUCCESS);
}

static NTSTATUS send(struct io_request *request, const struct control *control)
{
    if (!is_granted(request, control->code))
        return STATUS_ACCESS_DENIED;
    if (ioctl_method(control->code) == METHOD_BUFFERED)
        return send_buffered(request, control);
    if (ioctl_method(control->code) == METHOD_NEITHER)
        return send_neither(request, control);
    return send_direct(request, control);
}

/*
 * For a caller in ring 3, whose buffers the I/O manager uses: the input's range is judged, which is
 * read when there is memory for it; a buffered output must be present and writable as well.
 */
static inline NTSTATUS probe_buffers(const struct control *control)
{
    NTSTATUS status = mm_probe_read(control->input, control->input_length, 1);

    if (!NT_SUCCESS(status) || ioctl_method(control->code) != METHOD_BUFFERED)
        return status;
    return io_probe_output(UserMode, control->output, control->output_length);
}

/*
 * A NULL buffer has no bytes, except with METHOD_NEITHER. Order of checks as NT's: the buffers'
 * ranges, the handle, its rights; only then is memory spent and the input read.
 */
static NTSTATUS perform(struct control *control, const struct io_caller *caller)
{
    struct io_request request;
    NTSTATUS status = STATUS_SUCCESS;

    if (ioctl_method(control->code) != METHOD_NEITHER) {
        control->input_length = control->input ? control->input_length : 0;
        control->output_length = control->output ? control->output_length : 0;
        if (ke_previous_mode() != KernelMode)
            status = probe_buffers(control);
    }
    if (NT_SUCCESS(status))
        status = io_request_open(&request, caller);
    if (!NT_SUCCESS(status))
        return status;
    return io_request_close(&request, send(&request, control));
}

NTSTATUS NTAPI NtDeviceIoControlFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                                     PIO_STATUS_BLOCK iosb, ULONG code, PVOID input,
                                     ULONG input_length, PVOID output, ULONG output_length)
{
    struct control control = {IRP_MJ_DEVICE_CONTROL, code,         input, output,
                              input_length,          output_length};

    (void)apc_context;
    return perform(&control, &(struct io_caller){handle, event, apc, iosb, 0});
}
ZW_ALIAS(ZwDeviceIoControlFile, NtDeviceIoControlFile);
EXPORT_NTOSKRNL(NtDeviceIoControlFile);
EXPORT_NTOSKRNL(ZwDeviceIoControlFile);

NTSTATUS NTAPI NtFsControlFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                               PIO_STATUS_BLOCK iosb, ULONG code, PVOID input, ULONG input_length,
                               PVOID output, ULONG output_length)
{
    struct control control = {
        IRP_MJ_FILE_SYSTEM_CONTROL, code, input, output, input_length, output_length};

    (void)apc_context;
    return perform(&control, &(struct io_caller){handle, event, apc, iosb, 0});
}
ZW_ALIAS(ZwFsControlFile, NtFsControlFile);
EXPORT_NTOSKRNL(NtFsControlFile);
EXPORT_NTOSKRNL(ZwFsControlFile);

/* DeviceIoControl. */
#include "base.h"

typedef NTSTATUS(NTAPI *control_service)(HANDLE, HANDLE, PIO_APC_ROUTINE, PVOID, PIO_STATUS_BLOCK,
                                         ULONG, PVOID, ULONG, PVOID, ULONG);

/* File systems' codes have a service of their own. */
static inline control_service service_for(DWORD code)
{
    return DEVICE_TYPE_FROM_CTL_CODE(code) == FILE_DEVICE_FILE_SYSTEM ? NtFsControlFile
                                                                      : NtDeviceIoControlFile;
}

/*
 * Errors leave *returned alone; warnings (STATUS_BUFFER_OVERFLOW) fill it and fail. A handle for
 * overlapped calls may be used without OVERLAPPED: then the end is waited for here.
 */
static BOOL control_and_wait(HANDLE device, DWORD code, LPVOID input, DWORD input_size,
                             LPVOID output, DWORD output_size, LPDWORD returned)
{
    IO_STATUS_BLOCK io;
    NTSTATUS status = service_for(code)(device, NULL, NULL, NULL, &io, code, input, input_size,
                                        output, output_size);

    if (status == STATUS_PENDING) {
        status = NtWaitForSingleObject(device, FALSE, NULL);
        if (NT_SUCCESS(status))
            status = io.Status;
    }
    if (NT_SUCCESS(status)) {
        *returned = io.Information;
        return TRUE;
    }
    if (!NT_ERROR(status))
        *returned = io.Information;
    return base_fail(status);
}

/*
 * OVERLAPPED begins as an IO_STATUS_BLOCK does. The lowest bit of its event only says that no
 * completion port wants to know: it is no part of the handle, and the kernel ignores it.
 */
static BOOL control_overlapped(HANDLE device, DWORD code, LPVOID input, DWORD input_size,
                               LPVOID output, DWORD output_size, LPDWORD returned,
                               LPOVERLAPPED overlapped)
{
    PIO_STATUS_BLOCK io = (PIO_STATUS_BLOCK)overlapped;
    PVOID context = (ULONG_PTR)overlapped->hEvent & 1 ? NULL : overlapped;
    NTSTATUS status;

    io->Status = STATUS_PENDING;
    status = service_for(code)(device, overlapped->hEvent, NULL, context, io, code, input,
                               input_size, output, output_size);
    if (!NT_ERROR(status) && returned != NULL)
        *returned = status == STATUS_PENDING ? 0 : io->Information;
    if (NT_SUCCESS(status) && status != STATUS_PENDING)
        return TRUE;
    return base_fail(status);
}

BOOL WINAPI DeviceIoControl(HANDLE device, DWORD code, LPVOID input, DWORD input_size,
                            LPVOID output, DWORD output_size, LPDWORD returned,
                            LPOVERLAPPED overlapped)
{
    if (overlapped != NULL)
        return control_overlapped(device, code, input, input_size, output, output_size, returned,
                                  overlapped);
    return control_and_wait(device, code, input, input_size, output, output_size, returned);
}

/* ReadFile, WriteFile, and what waits for or stops a request under way. */
#include "base.h"

typedef NTSTATUS(NTAPI *transfer_service)(HANDLE, HANDLE, PIO_APC_ROUTINE, PVOID, PIO_STATUS_BLOCK,
                                          PVOID, ULONG, PLARGE_INTEGER, PULONG);

/* The end is waited for, also on a handle that was opened for overlapped calls. */
static NTSTATUS transfer_and_wait(transfer_service service, HANDLE file, LPVOID buffer, DWORD bytes,
                                  PIO_STATUS_BLOCK io)
{
    NTSTATUS status = service(file, NULL, NULL, NULL, io, buffer, bytes, NULL, NULL);

    if (status != STATUS_PENDING)
        return status;
    status = NtWaitForSingleObject(file, FALSE, NULL);
    return NT_SUCCESS(status) ? io->Status : status;
}

static BOOL transfer(transfer_service service, HANDLE file, LPVOID buffer, DWORD bytes,
                     LPDWORD done)
{
    IO_STATUS_BLOCK io;
    NTSTATUS status = transfer_and_wait(service, file, buffer, bytes, &io);

    if (status == STATUS_END_OF_FILE)
        return TRUE;
    if (!NT_ERROR(status) && done != NULL)
        *done = io.Information;
    return base_result(status);
}

/* OVERLAPPED begins as an IO_STATUS_BLOCK does. */
static BOOL transfer_overlapped(transfer_service service, HANDLE file, LPVOID buffer, DWORD bytes,
                                LPDWORD done, LPOVERLAPPED overlapped)
{
    PIO_STATUS_BLOCK io = (PIO_STATUS_BLOCK)overlapped;
    PVOID context = (ULONG_PTR)overlapped->hEvent & 1 ? NULL : overlapped;
    LARGE_INTEGER offset;
    NTSTATUS status;

    offset.LowPart = overlapped->Offset;
    offset.HighPart = (LONG)overlapped->OffsetHigh;
    io->Status = STATUS_PENDING;
    status = service(file, overlapped->hEvent, NULL, context, io, buffer, bytes, &offset, NULL);
    if (NT_ERROR(status) || status == STATUS_PENDING)
        return base_fail(status);
    if (done != NULL)
        *done = io->Information;
    return base_result(status);
}

BOOL WINAPI ReadFile(HANDLE file, LPVOID buffer, DWORD bytes, LPDWORD done, LPOVERLAPPED overlapped)
{
    if (done != NULL)
        *done = 0;
    if (overlapped != NULL)
        return transfer_overlapped(NtReadFile, base_handle(file), buffer, bytes, done, overlapped);
    return transfer(NtReadFile, base_handle(file), buffer, bytes, done);
}

BOOL WINAPI WriteFile(HANDLE file, LPCVOID buffer, DWORD bytes, LPDWORD done,
                      LPOVERLAPPED overlapped)
{
    LPVOID data = (LPVOID)buffer;

    if (done != NULL)
        *done = 0;
    if (overlapped != NULL)
        return transfer_overlapped(NtWriteFile, base_handle(file), data, bytes, done, overlapped);
    return transfer(NtWriteFile, base_handle(file), data, bytes, done);
}

BOOL WINAPI GetOverlappedResult(HANDLE file, LPOVERLAPPED overlapped, LPDWORD done, BOOL wait)
{
    HANDLE event = overlapped->hEvent == NULL ? file : overlapped->hEvent;

    if (overlapped->Internal == (ULONG_PTR)STATUS_PENDING) {
        if (!wait)
            return base_fail_with(ERROR_IO_INCOMPLETE);
        if (WaitForSingleObject(event, INFINITE) == WAIT_FAILED)
            return FALSE;
    }
    *done = overlapped->InternalHigh;
    return base_result((NTSTATUS)overlapped->Internal);
}

BOOL WINAPI CancelIo(HANDLE file)
{
    IO_STATUS_BLOCK io;

    return base_result(NtCancelIoFile(file, &io));
}

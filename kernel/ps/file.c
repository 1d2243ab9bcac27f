#include "ps/file.h"

#include "io/io.h"
#include "mm/pool.h"

enum { FILE_LIMIT = 64 << 20 };

static NTSTATUS query_size(HANDLE file, ULONG *size)
{
    FILE_STANDARD_INFORMATION information;
    IO_STATUS_BLOCK iosb;
    NTSTATUS status = ZwQueryInformationFile(file, &iosb, &information, sizeof information,
                                             FileStandardInformation);

    if (!NT_SUCCESS(status))
        return status;
    if (information.EndOfFile.QuadPart < 1 || information.EndOfFile.QuadPart >= FILE_LIMIT)
        return STATUS_INVALID_IMAGE_FORMAT;
    *size = information.EndOfFile.LowPart;
    return STATUS_SUCCESS;
}

NTSTATUS file_read_handle(HANDLE file, PVOID *bytes, ULONG *size)
{
    LARGE_INTEGER start = {.QuadPart = 0};
    IO_STATUS_BLOCK iosb;
    NTSTATUS status = query_size(file, size);

    if (!NT_SUCCESS(status))
        return status;
    *bytes = ExAllocatePoolWithTag(NonPagedPool, *size, POOL_TAG('P', 's', 'F', 'l'));
    if (!*bytes)
        return STATUS_INSUFFICIENT_RESOURCES;
    status = ZwReadFile(file, NULL, NULL, NULL, &iosb, *bytes, *size, &start, NULL);
    if (NT_SUCCESS(status) && iosb.Information != *size)
        status = STATUS_END_OF_FILE;
    if (!NT_SUCCESS(status))
        ExFreePool(*bytes);
    return status;
}

NTSTATUS file_open(PCUNICODE_STRING path, HANDLE *file)
{
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(path, OBJ_CASE_INSENSITIVE);
    IO_STATUS_BLOCK iosb;

    return ZwOpenFile(file, GENERIC_READ | SYNCHRONIZE, &attributes, &iosb, FILE_SHARE_READ,
                      FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE);
}

NTSTATUS file_read(PCUNICODE_STRING path, PVOID *bytes, ULONG *size)
{
    HANDLE file;
    NTSTATUS status = file_open(path, &file);

    if (!NT_SUCCESS(status))
        return status;
    status = file_read_handle(file, bytes, size);
    ZwClose(file);
    return status;
}

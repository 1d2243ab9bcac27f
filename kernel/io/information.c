/* What is asked about a file or its volume, and told a file. */
#include "io/iop.h"

#include "export.h"
#include "mm/user.h"
#include "rtl/rtl.h"

/*
 * The classes whose length and rights the I/O manager judges for callers in ring 3 (WDK,
 * ZwQueryInformationFile, ZwSetInformationFile); a length of 0: not to be asked, or not to be set.
 */
static const struct class
{
    UCHAR class, query_bytes, set_bytes;
    ACCESS_MASK query_access, set_access;
} classes[] = {
    {FileBasicInformation, 40, 40, FILE_READ_ATTRIBUTES, FILE_WRITE_ATTRIBUTES},
    {FileStandardInformation, 24, 0, 0, 0},
    {FileInternalInformation, 8, 0, 0, 0},
    {FileEaInformation, 4, 0, 0, 0},
    {FileAccessInformation, 4, 0, 0, 0},
    {FileNameInformation, 8, 0, 0, 0},
    {FilePositionInformation, 8, 8, 0, 0},
    {FileModeInformation, 4, 4, 0, 0},
    {FileAlignmentInformation, 4, 0, 0, 0},
    {FileAllInformation, 104, 0, FILE_READ_ATTRIBUTES, 0},
    {FileNetworkOpenInformation, 56, 0, FILE_READ_ATTRIBUTES, 0},
};

#define CLASS_LIMIT 41u /* Windows 2000's FileMaximumInformation */

static const struct class *find_class(ULONG class)
{
    for (ULONG i = 0; i < ARRAY_SIZE(classes); i++)
        if (classes[i].class == class)
            return &classes[i];
    return NULL;
}

/* For a caller in ring 3: STATUS_SUCCESS and the rights needed, or what is wrong. */
static NTSTATUS check_class(ULONG class, ULONG length, BOOLEAN query, ACCESS_MASK *access)
{
    const struct class *known = find_class(class);
    ULONG bytes = !known ? 0 : query ? known->query_bytes : known->set_bytes;

    if (class >= CLASS_LIMIT || (known && !bytes))
        return STATUS_INVALID_INFO_CLASS;
    if (length < bytes)
        return STATUS_INFO_LENGTH_MISMATCH;
    *access = !known ? 0 : query ? known->query_access : known->set_access;
    return STATUS_SUCCESS;
}

/* Such a request is waited for, on every kind of file. */
static NTSTATUS open_synchronous(struct io_request *request, HANDLE handle, PIO_STATUS_BLOCK iosb)
{
    NTSTATUS status = io_request_open(request, &(struct io_caller){.file = handle, .iosb = iosb});

    request->asynchronous = FALSE;
    return status;
}

/* Opens the request of a service for a class of files, once the caller may make it. */
static NTSTATUS open_class(struct io_request *request, HANDLE handle, PIO_STATUS_BLOCK iosb,
                           PVOID buffer, ULONG length, ULONG class, BOOLEAN query)
{
    KPROCESSOR_MODE mode = ke_previous_mode();
    ACCESS_MASK access = 0;
    NTSTATUS status =
        mode == KernelMode ? STATUS_SUCCESS : check_class(class, length, query, &access);

    if (NT_SUCCESS(status) && query)
        status = io_probe_output(mode, buffer, length);
    else if (NT_SUCCESS(status) && mode != KernelMode)
        status = mm_probe_read(buffer, length, 1);
    if (NT_SUCCESS(status))
        status = open_synchronous(request, handle, iosb);
    if (NT_SUCCESS(status) && mode != KernelMode && access & ~request->granted)
        status = io_request_close(request, STATUS_ACCESS_DENIED);
    return status;
}

/* A record for the caller that needs no driver. */
static NTSTATUS answer(struct io_request *request, PVOID buffer, const void *record, ULONG bytes)
{
    IO_STATUS_BLOCK iosb = {{STATUS_SUCCESS}, bytes};
    NTSTATUS status;

    if (request->mode == KernelMode) {
        memcpy(buffer, record, bytes);
        *request->iosb = iosb;
        return STATUS_SUCCESS;
    }
    status = mm_copy_to_user(buffer, record, bytes);
    return NT_SUCCESS(status) ? mm_copy_to_user(request->iosb, &iosb, sizeof iosb) : status;
}

/* ---- Files ---- */

/*
 * What the I/O manager knows itself: its bytes in *value, or 0. The place of a file is its own
 * affair only if requests come one by one.
 */
static ULONG query_own(const struct io_request *request, ULONG class, LARGE_INTEGER *value)
{
    const FILE_OBJECT *file = request->file;

    switch (class) {
    case FilePositionInformation:
        *value = file->CurrentByteOffset;
        return file->Flags & FO_SYNCHRONOUS_IO ? sizeof *value : 0;
    case FileAccessInformation:
        value->LowPart = request->granted;
        return sizeof value->LowPart;
    case FileModeInformation:
        value->LowPart = file->Flags & FO_SYNCHRONOUS_IO ? FILE_SYNCHRONOUS_IO_NONALERT : 0;
        return sizeof value->LowPart;
    case FileAlignmentInformation:
        value->LowPart = file->DeviceObject->AlignmentRequirement;
        return sizeof value->LowPart;
    default:
        return 0;
    }
}

static NTSTATUS query(struct io_request *request, PVOID buffer, ULONG length, ULONG class)
{
    LARGE_INTEGER value;
    ULONG own = query_own(request, class, &value);

    if (own)
        return length < own ? STATUS_INFO_LENGTH_MISMATCH : answer(request, buffer, &value, own);
    if (!io_request_begin(request, IRP_MJ_QUERY_INFORMATION, length))
        return STATUS_INSUFFICIENT_RESOURCES;
    request->location->Parameters.QueryFile.Length = length;
    request->location->Parameters.QueryFile.FileInformationClass = class;
    io_request_answer(request, buffer, length);
    return io_request_perform(request, STATUS_SUCCESS);
}

NTSTATUS NTAPI NtQueryInformationFile(HANDLE handle, PIO_STATUS_BLOCK iosb, PVOID buffer,
                                      ULONG length, ULONG class)
{
    struct io_request request;
    NTSTATUS status;

    length = buffer ? length : 0;
    status = open_class(&request, handle, iosb, buffer, length, class, TRUE);
    if (!NT_SUCCESS(status))
        return status;
    return io_request_close(&request, query(&request, buffer, length, class));
}
ZW_ALIAS(ZwQueryInformationFile, NtQueryInformationFile);
EXPORT_NTOSKRNL(NtQueryInformationFile);
EXPORT_NTOSKRNL(ZwQueryInformationFile);

static NTSTATUS set_position(struct io_request *request)
{
    const FILE_POSITION_INFORMATION *position = request->irp->AssociatedIrp.SystemBuffer;
    LARGE_INTEGER offset = position->CurrentByteOffset;

    io_free_request(request->irp);
    if (offset.QuadPart < 0)
        return STATUS_INVALID_PARAMETER;
    request->file->CurrentByteOffset = offset;
    return answer(request, NULL, NULL, 0);
}

static NTSTATUS set(struct io_request *request, const void *buffer, ULONG length, ULONG class)
{
    if (!io_request_begin(request, IRP_MJ_SET_INFORMATION, length))
        return STATUS_INSUFFICIENT_RESOURCES;
    NTSTATUS status = io_request_input(request, buffer, length);

    if (NT_SUCCESS(status) && class == FilePositionInformation &&
        length >= sizeof(FILE_POSITION_INFORMATION) && request->file->Flags & FO_SYNCHRONOUS_IO)
        return set_position(request);
    request->location->Parameters.SetFile.Length = length;
    request->location->Parameters.SetFile.FileInformationClass = class;
    return io_request_perform(request, status);
}

NTSTATUS NTAPI NtSetInformationFile(HANDLE handle, PIO_STATUS_BLOCK iosb, PVOID buffer,
                                    ULONG length, ULONG class)
{
    struct io_request request;
    NTSTATUS status;

    length = buffer ? length : 0;
    status = open_class(&request, handle, iosb, buffer, length, class, FALSE);
    if (!NT_SUCCESS(status))
        return status;
    return io_request_close(&request, set(&request, buffer, length, class));
}
ZW_ALIAS(ZwSetInformationFile, NtSetInformationFile);
EXPORT_NTOSKRNL(NtSetInformationFile);
EXPORT_NTOSKRNL(ZwSetInformationFile);

/* ---- Volumes ---- */

/* The kind of device is known without asking its driver. */
static NTSTATUS query_device(struct io_request *request, PVOID buffer, ULONG length)
{
    FILE_FS_DEVICE_INFORMATION information = {request->file->DeviceObject->DeviceType,
                                              request->file->DeviceObject->Characteristics};

    return length < sizeof information ? STATUS_INFO_LENGTH_MISMATCH
                                       : answer(request, buffer, &information, sizeof information);
}

static NTSTATUS query_volume(struct io_request *request, PVOID buffer, ULONG length, ULONG class)
{
    if (class == FileFsDeviceInformation)
        return query_device(request, buffer, length);
    if (!io_request_begin(request, IRP_MJ_QUERY_VOLUME_INFORMATION, length))
        return STATUS_INSUFFICIENT_RESOURCES;
    request->location->Parameters.QueryVolume.Length = length;
    request->location->Parameters.QueryVolume.FsInformationClass = class;
    io_request_answer(request, buffer, length);
    return io_request_perform(request, STATUS_SUCCESS);
}

NTSTATUS NTAPI NtQueryVolumeInformationFile(HANDLE handle, PIO_STATUS_BLOCK iosb, PVOID buffer,
                                            ULONG length, ULONG class)
{
    struct io_request request;
    NTSTATUS status;

    length = buffer ? length : 0;
    status = io_probe_output(ke_previous_mode(), buffer, length);
    if (NT_SUCCESS(status))
        status = open_synchronous(&request, handle, iosb);
    if (!NT_SUCCESS(status))
        return status;
    return io_request_close(&request, query_volume(&request, buffer, length, class));
}
ZW_ALIAS(ZwQueryVolumeInformationFile, NtQueryVolumeInformationFile);
EXPORT_NTOSKRNL(NtQueryVolumeInformationFile);
EXPORT_NTOSKRNL(ZwQueryVolumeInformationFile);

/* ---- A name's attributes, without a handle ---- */

static NTSTATUS query_basic(PFILE_OBJECT file, FILE_BASIC_INFORMATION *information)
{
    IO_STATUS_BLOCK iosb;
    struct io_request request = {.file = file, .iosb = &iosb, .mode = KernelMode};

    return query(&request, information, sizeof *information, FileBasicInformation);
}

NTSTATUS NTAPI NtQueryAttributesFile(POBJECT_ATTRIBUTES attributes,
                                     PFILE_BASIC_INFORMATION information)
{
    KPROCESSOR_MODE mode = ke_previous_mode();
    FILE_BASIC_INFORMATION basic;
    PFILE_OBJECT file;
    NTSTATUS status = io_probe_output(mode, information, sizeof *information);

    if (NT_SUCCESS(status))
        status = io_open_for_query(attributes, &file);
    if (!NT_SUCCESS(status))
        return status;
    status = query_basic(file, &basic);
    ObfDereferenceObject(file);
    if (!NT_SUCCESS(status))
        return status;
    if (mode != KernelMode)
        return mm_copy_to_user(information, &basic, sizeof basic);
    *information = basic;
    return STATUS_SUCCESS;
}
ZW_ALIAS(ZwQueryAttributesFile, NtQueryAttributesFile);
EXPORT_NTOSKRNL(NtQueryAttributesFile);
EXPORT_NTOSKRNL(ZwQueryAttributesFile);

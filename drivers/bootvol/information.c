/* What is told about a file (NtQueryInformationFile) and the volume. */
#include "drivers/bootvol/bootvolp.h"

#include "paging.h"

ULONG node_attributes(const struct node *node)
{
    return FILE_ATTRIBUTE_READONLY | (node->module ? 0 : FILE_ATTRIBUTE_DIRECTORY);
}

ULONG node_size(const struct node *node)
{
    return node->module ? node->module->size : 0;
}

ULONG node_allocation(const struct node *node)
{
    return page_round_up(node_size(node));
}

NTSTATUS complete_record(PIRP irp, ULONG length, const void *record, ULONG fixed,
                         PCUNICODE_STRING text)
{
    UCHAR *buffer = irp->AssociatedIrp.SystemBuffer;
    ULONG bytes = text ? text->Length : 0;

    if (length < fixed)
        return complete(irp, STATUS_INFO_LENGTH_MISMATCH, 0);
    if (bytes > length - fixed)
        bytes = length - fixed;
    memcpy(buffer, record, fixed);
    if (bytes)
        memcpy(buffer + fixed, text->Buffer, bytes);
    return complete(irp, text && bytes < text->Length ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS,
                    fixed + bytes);
}

static FILE_BASIC_INFORMATION basic_information(const struct node *node)
{
    return (FILE_BASIC_INFORMATION){bootvol_time, bootvol_time, bootvol_time, bootvol_time,
                                    node_attributes(node)};
}

static FILE_STANDARD_INFORMATION standard_information(const struct node *node)
{
    return (FILE_STANDARD_INFORMATION){.AllocationSize.QuadPart = node_allocation(node),
                                       .EndOfFile.QuadPart = node_size(node),
                                       .NumberOfLinks = 1,
                                       .Directory = !node->module};
}

static ULONG node_index(const struct node *node)
{
    return node->module ? (ULONG)(node->module - boot_info.modules) + 1 : 0;
}

static FILE_ALL_INFORMATION all_information(const FILE_OBJECT *file)
{
    const struct node *node = node_of(file);

    return (FILE_ALL_INFORMATION){
        .BasicInformation = basic_information(node),
        .StandardInformation = standard_information(node),
        .InternalInformation.IndexNumber.QuadPart = node_index(node),
        .AccessInformation.AccessFlags = file->ReadAccess ? FILE_GENERIC_READ : SYNCHRONIZE,
        .PositionInformation.CurrentByteOffset = file->CurrentByteOffset,
        .ModeInformation.Mode = file->Flags & FO_SYNCHRONOUS_IO ? FILE_SYNCHRONOUS_IO_NONALERT : 0,
        .NameInformation.FileNameLength = file->FileName.Length,
    };
}

static NTSTATUS complete_network_open(PIRP irp, ULONG length, const struct node *node)
{
    FILE_NETWORK_OPEN_INFORMATION information = {
        bootvol_time,
        bootvol_time,
        bootvol_time,
        bootvol_time,
        {.QuadPart = node_allocation(node)},
        {.QuadPart = node_size(node)},
        node_attributes(node),
    };

    return complete_record(irp, length, &information, sizeof information, NULL);
}

/* The classes that are parts of FILE_ALL_INFORMATION. */
#define PART(class, member)                                                                        \
    {                                                                                              \
        class, offsetof(FILE_ALL_INFORMATION, member), sizeof(((FILE_ALL_INFORMATION *)0)->member) \
    }
static const struct {
    ULONG class, offset, bytes;
} parts[] = {
    PART(FileBasicInformation, BasicInformation),
    PART(FileStandardInformation, StandardInformation),
    PART(FileInternalInformation, InternalInformation),
    PART(FileEaInformation, EaInformation),
    PART(FileAccessInformation, AccessInformation),
    PART(FilePositionInformation, PositionInformation),
    PART(FileModeInformation, ModeInformation),
    PART(FileAlignmentInformation, AlignmentInformation),
};

enum {
    NAME_FIXED = offsetof(FILE_NAME_INFORMATION, FileName),
    NAME_OFFSET = offsetof(FILE_ALL_INFORMATION, NameInformation),
};

static NTSTATUS query(PIRP irp, const FILE_OBJECT *file, ULONG length, ULONG class)
{
    FILE_ALL_INFORMATION all = all_information(file);

    for (ULONG i = 0; i < ARRAY_SIZE(parts); i++)
        if (parts[i].class == class)
            return complete_record(irp, length, (const char *)&all + parts[i].offset,
                                   parts[i].bytes, NULL);
    switch (class) {
    case FileNameInformation:
        return complete_record(irp, length, &all.NameInformation, NAME_FIXED, &file->FileName);
    case FileAllInformation:
        return complete_record(irp, length, &all, NAME_OFFSET + NAME_FIXED, &file->FileName);
    case FileNetworkOpenInformation:
        return complete_network_open(irp, length, node_of(file));
    default:
        return complete(irp, STATUS_INVALID_INFO_CLASS, 0);
    }
}

NTSTATUS NTAPI bootvol_query_information(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);

    (void)device;
    if (!node_of(location->FileObject))
        return complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    return query(irp, location->FileObject, location->Parameters.QueryFile.Length,
                 location->Parameters.QueryFile.FileInformationClass);
}

/* The place for the next read can be set; all else would write. */
NTSTATUS NTAPI bootvol_set_information(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
    const FILE_POSITION_INFORMATION *position = irp->AssociatedIrp.SystemBuffer;

    (void)device;
    if (!node_of(location->FileObject))
        return complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    if (location->Parameters.SetFile.FileInformationClass != FilePositionInformation)
        return complete(irp, STATUS_MEDIA_WRITE_PROTECTED, 0);
    if (location->Parameters.SetFile.Length < sizeof *position)
        return complete(irp, STATUS_INFO_LENGTH_MISMATCH, 0);
    if (position->CurrentByteOffset.QuadPart < 0)
        return complete(irp, STATUS_INVALID_PARAMETER, 0);
    location->FileObject->CurrentByteOffset = position->CurrentByteOffset;
    return complete(irp, STATUS_SUCCESS, 0);
}

/* ---- The volume ---- */

enum { SERIAL_NUMBER = 0x56325020, SECTOR_BYTES = 512, NAME_LIMIT = 31 };

static NTSTATUS query_label(PIRP irp, ULONG length)
{
    static const UNICODE_STRING label = UNICODE_STRING_INIT(u"VIRTTOPHYS");
    FILE_FS_VOLUME_INFORMATION information = {.VolumeCreationTime = bootvol_time,
                                              .VolumeSerialNumber = SERIAL_NUMBER,
                                              .VolumeLabelLength = label.Length};

    return complete_record(irp, length, &information,
                           offsetof(FILE_FS_VOLUME_INFORMATION, VolumeLabel), &label);
}

static NTSTATUS query_size(PIRP irp, ULONG length)
{
    FILE_FS_SIZE_INFORMATION information = {.SectorsPerAllocationUnit = PAGE_SIZE / SECTOR_BYTES,
                                            .BytesPerSector = SECTOR_BYTES};

    for (ULONG i = 0; i < boot_info.module_count; i++)
        information.TotalAllocationUnits.QuadPart += page_count(boot_info.modules[i].size);
    return complete_record(irp, length, &information, sizeof information, NULL);
}

static NTSTATUS query_attributes(PIRP irp, ULONG length)
{
    static const UNICODE_STRING name = UNICODE_STRING_INIT(u"BOOTVOL");
    FILE_FS_ATTRIBUTE_INFORMATION information = {.FileSystemAttributes = FILE_CASE_PRESERVED_NAMES |
                                                                         FILE_READ_ONLY_VOLUME,
                                                 .MaximumComponentNameLength = NAME_LIMIT,
                                                 .FileSystemNameLength = name.Length};

    return complete_record(irp, length, &information,
                           offsetof(FILE_FS_ATTRIBUTE_INFORMATION, FileSystemName), &name);
}

NTSTATUS NTAPI bootvol_query_volume(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
    ULONG length = location->Parameters.QueryVolume.Length;

    (void)device;
    switch (location->Parameters.QueryVolume.FsInformationClass) {
    case FileFsVolumeInformation:
        return query_label(irp, length);
    case FileFsSizeInformation:
        return query_size(irp, length);
    case FileFsAttributeInformation:
        return query_attributes(irp, length);
    default:
        return complete(irp, STATUS_INVALID_INFO_CLASS, 0);
    }
}

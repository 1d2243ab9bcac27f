/* IRP_MJ_DIRECTORY_CONTROL: the listing of "\". */
#include "drivers/bootvol/bootvolp.h"

#include "mm/pool.h"

/* The classes: how long a record is up to its name, which lies behind it. */
static const struct {
    ULONG class, fixed;
} records[] = {
    {FileDirectoryInformation, offsetof(FILE_DIRECTORY_INFORMATION, FileName)},
    {FileFullDirectoryInformation, offsetof(FILE_FULL_DIR_INFORMATION, FileName)},
    {FileBothDirectoryInformation, offsetof(FILE_BOTH_DIR_INFORMATION, FileName)},
    {FileNamesInformation, offsetof(FILE_NAMES_INFORMATION, FileName)},
};

/* Where the records go. */
struct listing {
    UCHAR *buffer, *last; /* the last record; NULL: none yet */
    ULONG length, used;   /* bytes */
    ULONG class, fixed;
};

static ULONG fixed_bytes(ULONG class)
{
    for (ULONG i = 0; i < ARRAY_SIZE(records); i++)
        if (records[i].class == class)
            return records[i].fixed;
    return 0;
}

/* A handle's scan begins with the pattern of its first query: none, or an empty one, means all. */
static NTSTATUS begin_scan(PFILE_OBJECT file, PCUNICODE_STRING pattern)
{
    static const UNICODE_STRING all = UNICODE_STRING_INIT(u"*");
    struct scan *scan;

    if (!pattern || !pattern->Length)
        pattern = &all;
    scan = pool_allocate_zeroed(sizeof *scan + pattern->Length, POOL_TAG('B', 'v', 'S', 'c'));
    if (!scan)
        return STATUS_INSUFFICIENT_RESOURCES;
    scan->pattern = (UNICODE_STRING){0, pattern->Length, (PWSTR)(scan + 1)};
    RtlCopyUnicodeString(&scan->pattern, pattern);
    file->FsContext2 = scan;
    return STATUS_SUCCESS;
}

/* The next module that matches, or NULL; it stays the next one. */
static const struct boot_module *find_next(struct scan *scan)
{
    for (; scan->next < boot_info.module_count; scan->next++)
        if (bootvol_matches(&scan->pattern, boot_info.modules[scan->next].name))
            return &boot_info.modules[scan->next];
    return NULL;
}

static void fill_record(UCHAR *at, ULONG class, const struct boot_module *module)
{
    struct node node = {.module = module};
    PFILE_BOTH_DIR_INFORMATION record = (PVOID)at;

    record->FileIndex = (ULONG)(module - boot_info.modules) + 1;
    if (class == FileNamesInformation) {
        ((PFILE_NAMES_INFORMATION)(PVOID)at)->FileNameLength = strlen(module->name) * 2;
        return;
    }
    record->CreationTime = record->LastAccessTime = bootvol_time;
    record->LastWriteTime = record->ChangeTime = bootvol_time;
    record->EndOfFile.QuadPart = node_size(&node);
    record->AllocationSize.QuadPart = node_allocation(&node);
    record->FileAttributes = node_attributes(&node);
    record->FileNameLength = strlen(module->name) * 2;
}

static void fill_name(UCHAR *at, const char *name, ULONG bytes)
{
    for (ULONG i = 0; i < bytes; i++)
        at[i] = i % 2 ? 0 : (UCHAR)name[i / 2];
}

/* STATUS_SUCCESS, or STATUS_BUFFER_OVERFLOW: it has no room, or as the first one only a part. */
static NTSTATUS add_record(struct listing *listing, const struct boot_module *module)
{
    ULONG start = (listing->used + 7) & ~7u, name = strlen(module->name) * 2, room;
    UCHAR *at = listing->buffer + start;

    if (start > listing->length || listing->length - start < listing->fixed)
        return STATUS_BUFFER_OVERFLOW;
    room = listing->length - start - listing->fixed;
    if (room < name && listing->last)
        return STATUS_BUFFER_OVERFLOW;
    memset(at, 0, listing->fixed);
    fill_record(at, listing->class, module);
    fill_name(at + listing->fixed, module->name, room < name ? room : name);
    if (listing->last)
        *(ULONG *)(PVOID)listing->last = (ULONG)(at - listing->last); /* NextEntryOffset */
    listing->last = at;
    listing->used = start + listing->fixed + (room < name ? room : name);
    return room < name ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

static NTSTATUS list(struct scan *scan, struct listing *listing, BOOLEAN single)
{
    const struct boot_module *module = find_next(scan);
    NTSTATUS status = STATUS_SUCCESS;

    if (!module)
        return scan->found ? STATUS_NO_MORE_FILES : STATUS_NO_SUCH_FILE;
    scan->found = TRUE;
    for (; module; module = find_next(scan)) {
        BOOLEAN first = !listing->last;

        status = add_record(listing, module);
        if (status == STATUS_BUFFER_OVERFLOW && !first)
            return STATUS_SUCCESS; /* the next query goes on with it */
        scan->next++;
        if (status != STATUS_SUCCESS || single)
            break;
    }
    return status;
}

static NTSTATUS query_directory(PIRP irp, PIO_STACK_LOCATION location)
{
    PFILE_OBJECT file = location->FileObject;
    struct listing listing = {
        .buffer = irp->AssociatedIrp.SystemBuffer,
        .length = location->Parameters.QueryDirectory.Length,
        .class = location->Parameters.QueryDirectory.FileInformationClass,
    };
    NTSTATUS status = STATUS_SUCCESS;

    listing.fixed = fixed_bytes(listing.class);
    if (!listing.fixed)
        return complete(irp, STATUS_INVALID_INFO_CLASS, 0);
    if (listing.length < listing.fixed + sizeof(WCHAR))
        return complete(irp, STATUS_INFO_LENGTH_MISMATCH, 0);
    if (!file->FsContext2)
        status = begin_scan(file, location->Parameters.QueryDirectory.FileName);
    if (!NT_SUCCESS(status))
        return complete(irp, status, 0);
    struct scan *scan = file->FsContext2;

    if (location->Flags & SL_RESTART_SCAN)
        scan->next = 0;
    status = list(scan, &listing, !!(location->Flags & SL_RETURN_SINGLE_ENTRY));
    return complete(irp, status, listing.used);
}

NTSTATUS NTAPI bootvol_directory_control(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
    const struct node *node = node_of(location->FileObject);

    (void)device;
    if (location->MinorFunction != IRP_MN_QUERY_DIRECTORY)
        return complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    if (!node || node->module)
        return complete(irp, STATUS_INVALID_PARAMETER, 0);
    return query_directory(irp, location);
}

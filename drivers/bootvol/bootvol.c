#include "drivers/bootvol/bootvolp.h"

#include "ke/clock.h"
#include "mm/pool.h"

static UNICODE_STRING device_name = UNICODE_STRING_INIT(u"\\Device\\HarddiskVolume1");
static UNICODE_STRING drive_name = UNICODE_STRING_INIT(u"\\??\\C:");

static struct node root, files[BOOT_MODULES_LIMIT];
LARGE_INTEGER bootvol_time;

#define WRITING_ACCESS                                                                             \
    (FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_WRITE_EA | FILE_WRITE_ATTRIBUTES | DELETE |         \
     WRITE_DAC | WRITE_OWNER)

/* "\" or "\name"; what has a wildcard, a second or a last backslash is no name. */
static NTSTATUS check_name(PCUNICODE_STRING name)
{
    ULONG units = name->Length / 2;

    for (ULONG i = 1; i < units; i++) {
        WCHAR c = name->Buffer[i];

        if (c == '\\')
            return i + 1 == units ? STATUS_OBJECT_NAME_INVALID : STATUS_OBJECT_PATH_NOT_FOUND;
        if (c == '*' || c == '?' || c == '<' || c == '>' || c == '"' || c == '|' || c < ' ')
            return STATUS_OBJECT_NAME_INVALID;
    }
    return name->Buffer[0] == '\\' ? STATUS_SUCCESS : STATUS_OBJECT_NAME_INVALID;
}

/* The node of a name that check_name has passed, or NULL. */
static struct node *find(const UNICODE_STRING *path)
{
    UNICODE_STRING name = {path->Length - 2, path->Length - 2, path->Buffer + 1};
    const struct boot_module *module = name.Length ? bootinfo_find(&name) : NULL;

    if (!name.Length)
        return &root;
    return module ? &files[module - boot_info.modules] : NULL;
}

/* What the disposition says of a file that is there, or is not, on a volume that cannot change. */
static NTSTATUS check_disposition(const struct node *node, ULONG disposition)
{
    if (!node)
        return disposition == FILE_OPEN || disposition == FILE_OVERWRITE
                   ? STATUS_OBJECT_NAME_NOT_FOUND
                   : STATUS_MEDIA_WRITE_PROTECTED;
    if (disposition == FILE_OPEN || disposition == FILE_OPEN_IF)
        return STATUS_SUCCESS;
    return disposition == FILE_CREATE ? STATUS_OBJECT_NAME_COLLISION : STATUS_MEDIA_WRITE_PROTECTED;
}

static NTSTATUS check_kind(const struct node *node, ULONG options)
{
    if (node->module && options & FILE_DIRECTORY_FILE)
        return STATUS_NOT_A_DIRECTORY;
    if (!node->module && options & FILE_NON_DIRECTORY_FILE)
        return STATUS_FILE_IS_A_DIRECTORY;
    return STATUS_SUCCESS;
}

static NTSTATUS open_node(PIO_STACK_LOCATION location, PFILE_OBJECT file)
{
    ACCESS_MASK access = location->Parameters.Create.SecurityContext->DesiredAccess;
    ULONG options = location->Parameters.Create.Options;
    NTSTATUS status = check_name(&file->FileName);

    if (!NT_SUCCESS(status))
        return status;
    struct node *node = find(&file->FileName);

    status = check_disposition(node, options >> 24);
    if (NT_SUCCESS(status))
        status = check_kind(node, options);
    if (NT_SUCCESS(status) && (access & WRITING_ACCESS || options & FILE_DELETE_ON_CLOSE))
        status = STATUS_MEDIA_WRITE_PROTECTED;
    if (NT_SUCCESS(status))
        status = IoCheckShareAccess(access, location->Parameters.Create.ShareAccess, file,
                                    &node->share, TRUE);
    if (NT_SUCCESS(status))
        file->FsContext = node;
    return status;
}

/* "" opens the volume itself, "\" the root directory, "\name" a module. */
static NTSTATUS NTAPI create(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
    PFILE_OBJECT file = location->FileObject;
    NTSTATUS status = STATUS_SUCCESS;

    (void)device;
    if (file->FileName.Length)
        status = open_node(location, file);
    return complete(irp, status, NT_SUCCESS(status) ? FILE_OPENED : 0);
}

static NTSTATUS NTAPI cleanup(PDEVICE_OBJECT device, PIRP irp)
{
    PFILE_OBJECT file = IoGetCurrentIrpStackLocation(irp)->FileObject;

    (void)device;
    if (node_of(file))
        IoRemoveShareAccess(file, &node_of(file)->share);
    if (file->FsContext2)
        ExFreePool(file->FsContext2);
    file->FsContext2 = NULL;
    return complete(irp, STATUS_SUCCESS, 0);
}

static NTSTATUS NTAPI close(PDEVICE_OBJECT device, PIRP irp)
{
    (void)device;
    return complete(irp, STATUS_SUCCESS, 0);
}

static NTSTATUS NTAPI read(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
    const struct node *node = node_of(location->FileObject);
    ULONG length = location->Parameters.Read.Length;
    LONGLONG offset = location->Parameters.Read.ByteOffset.QuadPart;

    (void)device;
    if (!node || !node->module)
        return complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    if (!length)
        return complete(irp, STATUS_SUCCESS, 0);
    if (offset >= node->module->size)
        return complete(irp, STATUS_END_OF_FILE, 0);
    if (length > node->module->size - (ULONG)offset)
        length = node->module->size - (ULONG)offset;
    memcpy(irp->AssociatedIrp.SystemBuffer, node->module->bytes + (ULONG)offset, length);
    return complete(irp, STATUS_SUCCESS, length);
}

static void init_nodes(void)
{
    KeQuerySystemTime(&bootvol_time);
    for (ULONG i = 0; i < boot_info.module_count; i++)
        files[i].module = &boot_info.modules[i];
}

NTSTATUS NTAPI bootvol_entry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path)
{
    PDEVICE_OBJECT device;
    NTSTATUS status = IoCreateDevice(driver, 0, &device_name, FILE_DEVICE_DISK,
                                     FILE_READ_ONLY_DEVICE, FALSE, &device);

    (void)registry_path;
    if (!NT_SUCCESS(status))
        return status;
    init_nodes();
    device->Flags |= DO_BUFFERED_IO;
    driver->MajorFunction[IRP_MJ_CREATE] = create;
    driver->MajorFunction[IRP_MJ_READ] = read;
    driver->MajorFunction[IRP_MJ_QUERY_INFORMATION] = bootvol_query_information;
    driver->MajorFunction[IRP_MJ_SET_INFORMATION] = bootvol_set_information;
    driver->MajorFunction[IRP_MJ_QUERY_VOLUME_INFORMATION] = bootvol_query_volume;
    driver->MajorFunction[IRP_MJ_DIRECTORY_CONTROL] = bootvol_directory_control;
    driver->MajorFunction[IRP_MJ_CLEANUP] = cleanup;
    driver->MajorFunction[IRP_MJ_CLOSE] = close;
    status = IoCreateSymbolicLink(&drive_name, &device_name);
    if (!NT_SUCCESS(status))
        IoDeleteDevice(device);
    return status;
}

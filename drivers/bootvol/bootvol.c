#include "drivers/bootvol/bootvol.h"

#include "bootinfo.h"
#include "io/io.h"
#include "paging.h"
#include "rtl/rtl.h"

static UNICODE_STRING device_name = UNICODE_STRING_INIT(u"\\Device\\HarddiskVolume1");
static UNICODE_STRING drive_name = UNICODE_STRING_INIT(u"\\??\\C:");

static NTSTATUS complete(PIRP irp, NTSTATUS status, ULONG information)
{
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = information;
    IofCompleteRequest(irp, 0);
    return status;
}

/* "\name" opens the module of that name, "" the volume itself. */
static NTSTATUS NTAPI create(PDEVICE_OBJECT device, PIRP irp)
{
    PFILE_OBJECT file = IoGetCurrentIrpStackLocation(irp)->FileObject;
    UNICODE_STRING name = file->FileName;

    (void)device;
    if (!name.Length)
        return complete(irp, STATUS_SUCCESS, FILE_OPENED);
    name.Buffer++;
    name.Length -= sizeof(WCHAR);
    file->FsContext = (PVOID)bootinfo_find(&name);
    return file->FsContext ? complete(irp, STATUS_SUCCESS, FILE_OPENED)
                           : complete(irp, STATUS_OBJECT_NAME_NOT_FOUND, 0);
}

static NTSTATUS NTAPI succeed(PDEVICE_OBJECT device, PIRP irp)
{
    (void)device;
    return complete(irp, STATUS_SUCCESS, 0);
}

static NTSTATUS NTAPI read(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
    const struct boot_module *module = location->FileObject->FsContext;
    ULONG length = location->Parameters.Read.Length;
    LONGLONG offset = location->Parameters.Read.ByteOffset.QuadPart;

    (void)device;
    if (!module)
        return complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    if (!length)
        return complete(irp, STATUS_SUCCESS, 0);
    if (offset >= module->size)
        return complete(irp, STATUS_END_OF_FILE, 0);
    if (length > module->size - (ULONG)offset)
        length = module->size - (ULONG)offset;
    memcpy(irp->AssociatedIrp.SystemBuffer, module->bytes + (ULONG)offset, length);
    return complete(irp, STATUS_SUCCESS, length);
}

static NTSTATUS NTAPI query_information(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
    const struct boot_module *module = location->FileObject->FsContext;
    PFILE_STANDARD_INFORMATION information = irp->AssociatedIrp.SystemBuffer;

    (void)device;
    if (!module)
        return complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    if (location->Parameters.QueryFile.FileInformationClass != FileStandardInformation)
        return complete(irp, STATUS_INVALID_INFO_CLASS, 0);
    if (location->Parameters.QueryFile.Length < sizeof *information)
        return complete(irp, STATUS_INFO_LENGTH_MISMATCH, 0);
    memset(information, 0, sizeof *information);
    information->AllocationSize.QuadPart = page_round_up(module->size);
    information->EndOfFile.QuadPart = module->size;
    information->NumberOfLinks = 1;
    return complete(irp, STATUS_SUCCESS, sizeof *information);
}

NTSTATUS NTAPI bootvol_entry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path)
{
    PDEVICE_OBJECT device;
    NTSTATUS status = IoCreateDevice(driver, 0, &device_name, FILE_DEVICE_DISK, 0, FALSE, &device);

    (void)registry_path;
    if (!NT_SUCCESS(status))
        return status;
    device->Flags |= DO_BUFFERED_IO;
    driver->MajorFunction[IRP_MJ_CREATE] = create;
    driver->MajorFunction[IRP_MJ_READ] = read;
    driver->MajorFunction[IRP_MJ_QUERY_INFORMATION] = query_information;
    driver->MajorFunction[IRP_MJ_CLEANUP] = succeed;
    driver->MajorFunction[IRP_MJ_CLOSE] = succeed;
    status = IoCreateSymbolicLink(&drive_name, &device_name);
    if (!NT_SUCCESS(status))
        IoDeleteDevice(device);
    return status;
}

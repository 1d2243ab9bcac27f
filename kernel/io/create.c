#include "io/iop.h"

#include "export.h"
#include "rtl/rtl.h"

#define SYNCHRONOUS (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT)

/* Options that contradict each other, or the access; the kernel is trusted (WDK, ZwCreateFile). */
static NTSTATUS check_options(ULONG options, ACCESS_MASK access)
{
    if (ke_previous_mode() == KernelMode)
        return STATUS_SUCCESS;
    if ((options & SYNCHRONOUS) == SYNCHRONOUS ||
        (options & SYNCHRONOUS && !(access & SYNCHRONIZE)) ||
        (options & FILE_DELETE_ON_CLOSE && !(access & DELETE)) ||
        (options & FILE_DIRECTORY_FILE && options & FILE_NON_DIRECTORY_FILE))
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtCreateFile(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                            PIO_STATUS_BLOCK iosb, PLARGE_INTEGER allocation_size,
                            ULONG file_attributes, ULONG share_access, ULONG disposition,
                            ULONG options, PVOID ea_buffer, ULONG ea_length)
{
    struct io_open open = {.options = options,
                           .disposition = disposition,
                           .file_attributes = file_attributes,
                           .share_access = share_access};

    (void)allocation_size;
    if (ea_buffer || ea_length || disposition > FILE_OVERWRITE_IF || share_access > 7)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = check_options(options, access);

    if (!NT_SUCCESS(status))
        return status;
    status = ObOpenObjectByName(attributes, io_file_type, ke_previous_mode(), NULL,
                                access | FILE_READ_ATTRIBUTES, &open, handle);

    if (NT_SUCCESS(status)) {
        iosb->Status = status;
        iosb->Information = open.information;
    }
    return status;
}
ZW_ALIAS(ZwCreateFile, NtCreateFile);
EXPORT_NTOSKRNL(NtCreateFile);
EXPORT_NTOSKRNL(ZwCreateFile);

NTSTATUS NTAPI NtOpenFile(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                          PIO_STATUS_BLOCK iosb, ULONG share_access, ULONG options)
{
    return NtCreateFile(handle, access, attributes, iosb, NULL, 0, share_access, FILE_OPEN, options,
                        NULL, 0);
}
ZW_ALIAS(ZwOpenFile, NtOpenFile);
EXPORT_NTOSKRNL(NtOpenFile);
EXPORT_NTOSKRNL(ZwOpenFile);

NTSTATUS io_open_for_query(POBJECT_ATTRIBUTES attributes, PFILE_OBJECT *file)
{
    struct io_open open = {.options = 0, .disposition = FILE_OPEN, .share_access = 7};
    struct ob_parse parse = {.mode = ke_previous_mode(),
                             .desired_access = FILE_READ_ATTRIBUTES,
                             .type = io_file_type,
                             .context = &open};
    NTSTATUS status = ob_lookup(attributes, &parse);

    *file = parse.object;
    return status;
}

NTSTATUS NTAPI IoGetDeviceObjectPointer(PUNICODE_STRING name, ACCESS_MASK access,
                                        PFILE_OBJECT *file, PDEVICE_OBJECT *device)
{
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(name, OBJ_CASE_INSENSITIVE);
    IO_STATUS_BLOCK iosb;
    HANDLE handle;
    NTSTATUS status = NtOpenFile(&handle, access, &attributes, &iosb, 0, 0);

    if (!NT_SUCCESS(status))
        return status;
    status = ObReferenceObjectByHandle(handle, 0, io_file_type, KernelMode, (PVOID *)file, NULL);
    if (NT_SUCCESS(status))
        *device = IoGetAttachedDevice((*file)->DeviceObject);
    NtClose(handle);
    return status;
}
EXPORT_NTOSKRNL(IoGetDeviceObjectPointer);

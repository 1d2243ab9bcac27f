#include "io/iop.h"

#include "export.h"
#include "rtl/rtl.h"

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
    NTSTATUS status = ObOpenObjectByName(attributes, io_file_type, ob_previous_mode(), NULL,
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

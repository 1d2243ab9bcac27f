/*
 * The I/O manager for the rest of the kernel and, by the NT names, for drivers. Everything runs at
 * PASSIVE_LEVEL in the caller's context (docs/irp-path.md shows the way of an IRP).
 */
#pragma once

#include "nt/io.h"
#include "nt/ntstatus.h"
#include "ob/ob.h"

extern POBJECT_TYPE io_device_type, io_driver_type, io_file_type;

/* Creates the types Device, Driver and File. After ob_init, in the System process. */
void io_init(void);

/* ---- Drivers ---- */

/* The code of a loaded driver, and how to let it go when its object is deleted. */
struct io_driver_image {
    ULONG base, size;               /* linear address, bytes */
    PVOID section;                  /* the owner's record, in DriverSection */
    void (*release)(PVOID section); /* NULL for a driver built into the kernel */
};

/*
 * Makes the driver object \Driver\<service> and calls `entry` in the System process, as the last
 * steps of loading do; the 28 major functions start as the invalid-request routine.
 * STATUS_SUCCESS: *driver (optional) is the object; io_unload_driver ends it.
 * STATUS_IMAGE_ALREADY_LOADED: the name is taken. STATUS_OBJECT_NAME_INVALID: no name, or too long
 * a one. STATUS_INSUFFICIENT_RESOURCES.
 * Any failure of `entry`: its status; the object is torn down, DriverUnload is not called.
 * On failure the image stays the caller's.
 */
NTSTATUS io_create_driver(PCUNICODE_STRING service, PUNICODE_STRING registry_path,
                          PDRIVER_INITIALIZE entry, const struct io_driver_image *image,
                          PDRIVER_OBJECT *driver);

/* TRUE if the service's driver stands in \Driver. */
BOOLEAN io_is_driver_loaded(PCUNICODE_STRING service);

/*
 * Unloads the driver of a service (the name in \Driver).
 * STATUS_SUCCESS: DriverUnload was called, or waits for the last open file of its devices.
 * STATUS_OBJECT_NAME_NOT_FOUND: not loaded. STATUS_INVALID_DEVICE_REQUEST: it has no DriverUnload.
 * STATUS_DELETE_PENDING: DriverUnload was called already. STATUS_OBJECT_NAME_INVALID: no name, or
 * too long a one. STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS io_unload_driver(PCUNICODE_STRING service);

/* ---- Devices (WDK: the routines of these names) ---- */

/*
 * Creates a device with `extension_bytes` of zeroed extension; `name` NULL makes it unnamed.
 * STATUS_SUCCESS: the device is its driver's until IoDeleteDevice. STATUS_OBJECT_NAME_COLLISION
 * and the other statuses of ob_insert_object, STATUS_INSUFFICIENT_RESOURCES,
 * STATUS_INVALID_PARAMETER (an extension of 64 KiB and more): *device is NULL.
 */
NTSTATUS NTAPI IoCreateDevice(PDRIVER_OBJECT driver, ULONG extension_bytes, PUNICODE_STRING name,
                              DEVICE_TYPE type, ULONG characteristics, BOOLEAN exclusive,
                              PDEVICE_OBJECT *device);

/* The name goes at once, the memory when the last open file and attached device are gone. */
VOID NTAPI IoDeleteDevice(PDEVICE_OBJECT device);

/*
 * Attaches `source` above the topmost device of `target`'s stack; returns that device, to which
 * `source` passes IRPs down. NULL if the target is being deleted or unloaded.
 */
PDEVICE_OBJECT NTAPI IoAttachDeviceToDeviceStack(PDEVICE_OBJECT source, PDEVICE_OBJECT target);

/* Detaches whatever is attached above `target`. */
VOID NTAPI IoDetachDevice(PDEVICE_OBJECT target);

/* The topmost device of the stack that `device` is in: who gets IRPs first. */
PDEVICE_OBJECT NTAPI IoGetAttachedDevice(PDEVICE_OBJECT device);

/*
 * Opens a device by name for a driver above it. STATUS_SUCCESS: *file is referenced, the caller
 * gives it back with ObDereferenceObject; *device is the top of its stack. Else NtOpenFile's
 * status.
 */
NTSTATUS NTAPI IoGetDeviceObjectPointer(PUNICODE_STRING name, ACCESS_MASK access,
                                        PFILE_OBJECT *file, PDEVICE_OBJECT *device);

/* A permanent symbolic link without handles. Statuses of NtCreateSymbolicLinkObject. */
NTSTATUS NTAPI IoCreateSymbolicLink(PUNICODE_STRING name, PUNICODE_STRING target);

/* Takes the link away. Statuses of NtOpenSymbolicLinkObject. */
NTSTATUS NTAPI IoDeleteSymbolicLink(PUNICODE_STRING name);

/* ---- IRPs ---- */

/* An IRP with `stack_size` locations, or NULL. The caller frees or sends it. */
PIRP NTAPI IoAllocateIrp(CCHAR stack_size, BOOLEAN charge_quota);
VOID NTAPI IoFreeIrp(PIRP irp);

/*
 * Sends an IRP one driver down. Its status is the dispatch routine's. Without a location left:
 * bugcheck 35h, NO_MORE_IRP_STACK_LOCATIONS.
 */
NTSTATUS FASTCALL IofCallDriver(PDEVICE_OBJECT device, PIRP irp);
NTSTATUS NTAPI IoCallDriver(PDEVICE_OBJECT device, PIRP irp);

/*
 * A driver is done with an IRP: completion routines are called from the lowest to the topmost
 * location, unless one says STATUS_MORE_PROCESSING_REQUIRED; then the requestor gets its results.
 * An IRP completed before: bugcheck 44h, MULTIPLE_IRP_COMPLETE_REQUESTS.
 */
VOID FASTCALL IofCompleteRequest(PIRP irp, CCHAR priority_boost);
VOID NTAPI IoCompleteRequest(PIRP irp, CCHAR priority_boost);

/* Marks an IRP cancelled and calls its cancel routine. FALSE if it has none. */
BOOLEAN NTAPI IoCancelIrp(PIRP irp);

/* ---- Services (WDK: ZwCreateFile and its sisters) ---- */

/*
 * Opens (devices are never created) the object that `attributes` names and sends IRP_MJ_CREATE.
 * STATUS_SUCCESS: *handle; iosb->Information is the driver's. Statuses: ob_lookup's, the driver's,
 * STATUS_NO_SUCH_DEVICE (device being initialised, deleted or unloaded), STATUS_ACCESS_DENIED
 * (exclusive device in use), STATUS_OBJECT_TYPE_MISMATCH (no device), STATUS_INVALID_PARAMETER,
 * STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS NTAPI NtCreateFile(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                            PIO_STATUS_BLOCK iosb, PLARGE_INTEGER allocation_size,
                            ULONG file_attributes, ULONG share_access, ULONG disposition,
                            ULONG options, PVOID ea_buffer, ULONG ea_length);
NTSTATUS NTAPI ZwCreateFile(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                            PIO_STATUS_BLOCK iosb, PLARGE_INTEGER allocation_size,
                            ULONG file_attributes, ULONG share_access, ULONG disposition,
                            ULONG options, PVOID ea_buffer, ULONG ea_length);
NTSTATUS NTAPI NtOpenFile(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                          PIO_STATUS_BLOCK iosb, ULONG share_access, ULONG options);
NTSTATUS NTAPI ZwOpenFile(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                          PIO_STATUS_BLOCK iosb, ULONG share_access, ULONG options);

/*
 * Sends IRP_MJ_DEVICE_CONTROL. Buffers travel by the code's method: a system buffer for both, one
 * for the input and a locked MDL for the output, or raw pointers. Lengths are bytes; a NULL buffer
 * counts as length 0 (not for METHOD_NEITHER). STATUS_ACCESS_VIOLATION: a page of the output of a
 * direct method is missing or, for METHOD_OUT_DIRECT, read-only; the driver is not called. `event`,
 * `apc` must be NULL (STATUS_INVALID_PARAMETER). Error statuses leave iosb and output untouched;
 * warnings (8xxxxxxxh) copy both. Otherwise the driver's status, handle statuses,
 * STATUS_ACCESS_DENIED (UserMode without the code's access), STATUS_INSUFFICIENT_RESOURCES,
 * STATUS_IO_TIMEOUT (the driver keeps the IRP pending, and nobody is there to complete it).
 */
NTSTATUS NTAPI NtDeviceIoControlFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                                     PIO_STATUS_BLOCK iosb, ULONG code, PVOID input,
                                     ULONG input_length, PVOID output, ULONG output_length);
NTSTATUS NTAPI ZwDeviceIoControlFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                                     PIO_STATUS_BLOCK iosb, ULONG code, PVOID input,
                                     ULONG input_length, PVOID output, ULONG output_length);

/*
 * Reads or writes `length` bytes at *offset (NULL: at the file's current place, which moves).
 * DO_BUFFERED_IO devices get a system buffer, DO_DIRECT_IO ones a locked MDL
 * (STATUS_ACCESS_VIOLATION as above), others the caller's pointer. A NULL buffer counts as length
 * 0. STATUS_INVALID_PARAMETER: a negative offset. Rights: FILE_READ_DATA,
 * FILE_WRITE_DATA. Else as above.
 */
NTSTATUS NTAPI NtReadFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                          PIO_STATUS_BLOCK iosb, PVOID buffer, ULONG length, PLARGE_INTEGER offset,
                          PULONG key);
NTSTATUS NTAPI ZwReadFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                          PIO_STATUS_BLOCK iosb, PVOID buffer, ULONG length, PLARGE_INTEGER offset,
                          PULONG key);
NTSTATUS NTAPI NtWriteFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                           PIO_STATUS_BLOCK iosb, PVOID buffer, ULONG length, PLARGE_INTEGER offset,
                           PULONG key);
NTSTATUS NTAPI ZwWriteFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                           PIO_STATUS_BLOCK iosb, PVOID buffer, ULONG length, PLARGE_INTEGER offset,
                           PULONG key);

/* Sends IRP_MJ_QUERY_INFORMATION; the driver knows the classes. NULL for a buffer is length 0. */
NTSTATUS NTAPI NtQueryInformationFile(HANDLE handle, PIO_STATUS_BLOCK iosb, PVOID buffer,
                                      ULONG length, ULONG class);
NTSTATUS NTAPI ZwQueryInformationFile(HANDLE handle, PIO_STATUS_BLOCK iosb, PVOID buffer,
                                      ULONG length, ULONG class);

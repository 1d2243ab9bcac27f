/*
 * The I/O manager for the rest of the kernel and, by the NT names, for drivers (docs/irp-path.md
 * shows the way of an IRP). Services run at PASSIVE_LEVEL in the caller's context; what may be
 * called at DISPATCH_LEVEL too says so.
 */
#pragma once

#include "ke/thread.h"
#include "nt/io.h"
#include "nt/ntstatus.h"
#include "ob/ob.h"

extern POBJECT_TYPE io_device_type, io_driver_type, io_file_type;

/* Creates the types Device, Driver and File. After ob_init, in the System process. */
void io_init(void);

/* `cleanup=veto`: with TRUE, NtClose returns a driver's failure of CLEANUP, and the handle stays. */
void io_set_cleanup_veto(BOOLEAN on);

/*
 * For a thread that ends, in its own context: its requests under way are cancelled and waited for,
 * IO_ORPHAN_SECONDS (io/limits.h) at most; what is left by then stays its driver's.
 */
void io_rundown_thread(struct ke_thread *thread);

/* ---- Drivers ---- */

/* The code of a loaded driver, and how to let it go when its object is deleted. */
struct io_driver_image {
    ULONG base, size;               /* linear address, bytes */
    PVOID section;                  /* the owner's record, in DriverSection */
    void (*release)(PVOID section); /* NULL for a driver built into the kernel */
};

/*
 * Makes the driver object \Driver\<service> and calls `entry` on a thread of the System process,
 * as the last steps of loading do, and waits for it; the 28 major functions start as the invalid-request routine.
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

/* ---- Sharing (WDK) ---- */

/*
 * Whether an open for `access` that leaves `desired_share` (FILE_SHARE_) to others gets on with
 * those that are there; notes both in the file object. `update`: counts it too.
 * STATUS_SUCCESS, STATUS_SHARING_VIOLATION.
 */
NTSTATUS NTAPI IoCheckShareAccess(ACCESS_MASK access, ULONG desired_share, PFILE_OBJECT file,
                                  PSHARE_ACCESS share, BOOLEAN update);

/* The first open: `share` counts this one alone. */
VOID NTAPI IoSetShareAccess(ACCESS_MASK access, ULONG desired_share, PFILE_OBJECT file,
                            PSHARE_ACCESS share);

/* Counts an open that was only checked, and takes one away that goes (at CLEANUP). */
VOID NTAPI IoUpdateShareAccess(PFILE_OBJECT file, PSHARE_ACCESS share);
VOID NTAPI IoRemoveShareAccess(PFILE_OBJECT file, PSHARE_ACCESS share);

/* ---- One request at a time (WDK: StartIo routines). Up to DISPATCH_LEVEL. ---- */

/*
 * Gives the IRP to the driver's StartIo routine, at DISPATCH_LEVEL, or queues it while the device
 * is busy: by *key if there is one, else as the last. `cancel` (optional) becomes its cancel routine.
 */
VOID NTAPI IoStartPacket(PDEVICE_OBJECT device, PIRP irp, PULONG key, PDRIVER_CANCEL cancel);

/* The device is done with its IRP: the next one, if there is one. `cancelable`: packets have cancel
 * routines. */
VOID NTAPI IoStartNextPacket(PDEVICE_OBJECT device, BOOLEAN cancelable);

/* ---- IRPs ---- */

/* An IRP with `stack_size` locations, or NULL. The caller frees or sends it. */
PIRP NTAPI IoAllocateIrp(CCHAR stack_size, BOOLEAN charge_quota);
VOID NTAPI IoFreeIrp(PIRP irp);

/* Makes an IRP of `bytes` bytes of a driver's own memory. */
VOID NTAPI IoInitializeIrp(PIRP irp, USHORT bytes, CCHAR stack_size);

/*
 * An IRP for IRP_MJ_DEVICE_CONTROL, or IRP_MJ_INTERNAL_DEVICE_CONTROL with `internal`, its buffers
 * by the code's method. It belongs to the current thread; when it is completed, *iosb and the output
 * are written, `event` is set, and the IRP is freed. NULL if memory is short.
 */
PIRP NTAPI IoBuildDeviceIoControlRequest(ULONG code, PDEVICE_OBJECT device, PVOID input,
                                         ULONG input_length, PVOID output, ULONG output_length,
                                         BOOLEAN internal, PKEVENT event, PIO_STATUS_BLOCK iosb);

/* The same for a read or a write of `length` bytes (other functions: 0), by the device's flags. */
PIRP NTAPI IoBuildSynchronousFsdRequest(ULONG major, PDEVICE_OBJECT device, PVOID buffer,
                                        ULONG length, PLARGE_INTEGER offset, PKEVENT event,
                                        PIO_STATUS_BLOCK iosb);

/*
 * An MDL for a buffer; with `irp` it becomes the IRP's, behind those that it has if `secondary`.
 * NULL if memory is short or the buffer is above 31 MiB. IoFreeMdl frees it.
 */
PMDL NTAPI IoAllocateMdl(PVOID address, ULONG length, BOOLEAN secondary, BOOLEAN charge_quota,
                         PIRP irp);
VOID NTAPI IoFreeMdl(PMDL mdl);

/* Whose request it is; NULL: no thread's. What is current. */
struct ke_process *NTAPI IoGetRequestorProcess(PIRP irp);
struct ke_process *NTAPI IoGetCurrentProcess(VOID);

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

/*
 * Marks an IRP cancelled and calls its cancel routine, which must release the cancel lock with
 * irp->CancelIrql. FALSE if it has none (any more). Up to DISPATCH_LEVEL.
 */
BOOLEAN NTAPI IoCancelIrp(PIRP irp);
VOID NTAPI IoAcquireCancelSpinLock(PKIRQL irql);
VOID NTAPI IoReleaseCancelSpinLock(KIRQL irql);

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
 * Requests on a file. All copy what ring 3 passes once, and write to it with care
 * (STATUS_ACCESS_VIOLATION, STATUS_DATATYPE_MISALIGNMENT); they check, in this order: the iosb's and
 * the buffers' ranges, the handle, its rights. `event` (optional; EVENT_MODIFY_STATE) is set when
 * the request is over, `apc` must be NULL (STATUS_INVALID_PARAMETER).
 *
 * A file opened with FILE_SYNCHRONOUS_IO_ serves one request at a time, and its services wait for
 * the end; STATUS_THREAD_IS_TERMINATING ends that early. On any other file NtReadFile, NtWriteFile
 * and the two controls return STATUS_PENDING if the driver does; the end is then told by *iosb, the
 * event, or the file itself, which can be waited for.
 *
 * Error statuses leave iosb and output untouched; warnings (8xxxxxxxh) copy both. Otherwise the
 * driver's status, handle statuses, STATUS_INSUFFICIENT_RESOURCES (which buffers above
 * IO_BUFFER_LIMIT get, io/limits.h).
 */

/*
 * IRP_MJ_DEVICE_CONTROL and IRP_MJ_FILE_SYSTEM_CONTROL. Buffers travel by the code's method: a
 * system buffer for both, one for the input and a locked MDL for the output, or raw pointers.
 * Lengths are bytes; a NULL buffer counts as length 0 (not for METHOD_NEITHER).
 * STATUS_ACCESS_VIOLATION: a page of the output of a direct method is missing or, for
 * METHOD_OUT_DIRECT, read-only; the driver is not called. STATUS_ACCESS_DENIED: from ring 3 without
 * the code's access.
 */
NTSTATUS NTAPI NtDeviceIoControlFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                                     PIO_STATUS_BLOCK iosb, ULONG code, PVOID input,
                                     ULONG input_length, PVOID output, ULONG output_length);
NTSTATUS NTAPI ZwDeviceIoControlFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                                     PIO_STATUS_BLOCK iosb, ULONG code, PVOID input,
                                     ULONG input_length, PVOID output, ULONG output_length);
NTSTATUS NTAPI NtFsControlFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                               PIO_STATUS_BLOCK iosb, ULONG code, PVOID input, ULONG input_length,
                               PVOID output, ULONG output_length);
NTSTATUS NTAPI ZwFsControlFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                               PIO_STATUS_BLOCK iosb, ULONG code, PVOID input, ULONG input_length,
                               PVOID output, ULONG output_length);

/*
 * Reads or writes `length` bytes at *offset (NULL or FILE_USE_FILE_POINTER_POSITION: at the file's
 * current place, which moves). DO_BUFFERED_IO devices get a system buffer, DO_DIRECT_IO ones a
 * locked MDL, others the caller's pointer. A NULL buffer counts as length 0.
 * STATUS_INVALID_PARAMETER: a negative offset. Rights: FILE_READ_DATA; FILE_WRITE_DATA or
 * FILE_APPEND_DATA.
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

/*
 * IRP_MJ_QUERY_INFORMATION, IRP_MJ_SET_INFORMATION, IRP_MJ_QUERY_VOLUME_INFORMATION: the driver knows
 * the classes. The I/O manager itself answers for access, mode, alignment, the kind of device, and
 * the place of a file whose requests come one by one. From ring 3, by the class:
 * STATUS_INVALID_INFO_CLASS, STATUS_INFO_LENGTH_MISMATCH, STATUS_ACCESS_DENIED. NULL for a buffer is
 * length 0.
 */
NTSTATUS NTAPI NtQueryInformationFile(HANDLE handle, PIO_STATUS_BLOCK iosb, PVOID buffer,
                                      ULONG length, ULONG class);
NTSTATUS NTAPI ZwQueryInformationFile(HANDLE handle, PIO_STATUS_BLOCK iosb, PVOID buffer,
                                      ULONG length, ULONG class);
NTSTATUS NTAPI NtSetInformationFile(HANDLE handle, PIO_STATUS_BLOCK iosb, PVOID buffer,
                                    ULONG length, ULONG class);
NTSTATUS NTAPI ZwSetInformationFile(HANDLE handle, PIO_STATUS_BLOCK iosb, PVOID buffer,
                                    ULONG length, ULONG class);
NTSTATUS NTAPI NtQueryVolumeInformationFile(HANDLE handle, PIO_STATUS_BLOCK iosb, PVOID buffer,
                                            ULONG length, ULONG class);
NTSTATUS NTAPI ZwQueryVolumeInformationFile(HANDLE handle, PIO_STATUS_BLOCK iosb, PVOID buffer,
                                            ULONG length, ULONG class);

/*
 * IRP_MJ_DIRECTORY_CONTROL: records of the directory's entries that match `name` (of the first call;
 * NULL: all), from where the last call ended, or with `restart` from the first; one with `single`.
 * Always waits. Right: FILE_LIST_DIRECTORY. The driver's status: STATUS_NO_SUCH_FILE (nothing
 * matches), STATUS_NO_MORE_FILES, STATUS_BUFFER_OVERFLOW (the only one is cut).
 */
NTSTATUS NTAPI NtQueryDirectoryFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                                    PIO_STATUS_BLOCK iosb, PVOID buffer, ULONG length, ULONG class,
                                    BOOLEAN single, PUNICODE_STRING name, BOOLEAN restart);
NTSTATUS NTAPI ZwQueryDirectoryFile(HANDLE handle, HANDLE event, PVOID apc, PVOID apc_context,
                                    PIO_STATUS_BLOCK iosb, PVOID buffer, ULONG length, ULONG class,
                                    BOOLEAN single, PUNICODE_STRING name, BOOLEAN restart);

/* FileBasicInformation of a name: opens, asks, closes. The statuses of both. */
NTSTATUS NTAPI NtQueryAttributesFile(POBJECT_ATTRIBUTES attributes,
                                     PFILE_BASIC_INFORMATION information);
NTSTATUS NTAPI ZwQueryAttributesFile(POBJECT_ATTRIBUTES attributes,
                                     PFILE_BASIC_INFORMATION information);

/* Cancels the current thread's requests on the file, and waits until they are over. */
NTSTATUS NTAPI NtCancelIoFile(HANDLE handle, PIO_STATUS_BLOCK iosb);
NTSTATUS NTAPI ZwCancelIoFile(HANDLE handle, PIO_STATUS_BLOCK iosb);

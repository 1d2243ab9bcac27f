/* What the files of the I/O manager share among themselves. */
#pragma once

#include "io/io.h"
#include "ke/thread.h"

#define IO_TAG(a, b) POOL_TAG('I', 'o', (a), (b))

/* The opener's record, which travels through the object manager to the device's parse routine. */
struct io_open {
    ULONG options, disposition, file_attributes, share_access;
    ULONG_PTR information; /* out: the driver's */
};

/* create.c: the file of a name, for its attributes; it has no handle, only the caller's pointer. */
NTSTATUS io_open_for_query(POBJECT_ATTRIBUTES attributes, PFILE_OBJECT *file);

/* device.c: the Device type's procedures and life. */
NTSTATUS io_parse_device(PVOID object, struct ob_parse *parse);
void io_reference_device(PDEVICE_OBJECT device);
void io_dereference_device(PDEVICE_OBJECT device);

/* TRUE if the device must not be opened or attached to: it is coming or going. */
BOOLEAN io_device_is_closed(const DEVICE_OBJECT *device);

/* The Driver type's delete procedure; calls DriverUnload when nothing holds it back. */
void io_delete_driver(PVOID object);
void io_try_unload(PDRIVER_OBJECT driver);

/* file.c: the File type's procedures. */
void io_close_file(PVOID object, ULONG handles_before, ACCESS_MASK granted);
void io_delete_file(PVOID object);
ULONG io_file_name(PVOID object, PWCHAR end);

/* irp.c: the routine in every major function that a driver leaves alone. */
NTSTATUS NTAPI io_invalid_request(PDEVICE_OBJECT device, PIRP irp);

/*
 * Who finishes an IRP that has been completed, in IRP.AllocationFlags. None: it is a driver's own.
 *
 *   WAITED   the requestor, whose struct io_request the status goes to: it is in io_request_perform
 *   DETACHED the completer, in the requestor's address space: an asynchronous request, or one that a
 *            driver built; it stands in its thread's list
 *   ORPHAN   nobody: the requestor has gone. It still holds its file, so CLOSE comes after it
 */
#define IO_IRP_WAITED   0x80
#define IO_IRP_DETACHED 0x40
#define IO_IRP_ORPHAN   0x20
#define IO_IRP_FILE     0x10 /* it has a pointer on its file, and on its event */

/* IRP.Type of one that has been completed. */
#define IO_TYPE_COMPLETED 0

/*
 * request.c. A request of a service:
 *
 *   io_request_open     the file behind a handle, its lock, the caller's event; checks
 *   io_request_begin    an IRP for the top of the file's device stack; the caller fills in its location
 *   io_request_perform  sends it and waits if it has to; the results go to the caller
 *   io_request_close    what io_request_open took
 *
 * A request of the I/O manager itself is {.file, .mode} and needs only the two in the middle.
 */
struct io_request {
    PFILE_OBJECT file;
    PKEVENT event;         /* the caller's, with a pointer, or NULL */
    PIO_STATUS_BLOCK iosb; /* where the caller wants his results, or NULL */
    ACCESS_MASK granted;   /* the handle's rights */
    KPROCESSOR_MODE mode;  /* whose iosb and buffers they are */
    BOOLEAN locked;        /* has the file's lock */
    BOOLEAN asynchronous;  /* may return STATUS_PENDING */
    PDEVICE_OBJECT device; /* the top of the stack */
    PIRP irp;
    PIO_STACK_LOCATION location;
    IO_STATUS_BLOCK status; /* IO_UNFINISHED until the IRP is completed */
};

/* No driver's status: the customer bit and all others are set. */
#define IO_UNFINISHED NTSTATUS_VALUE(0xEFFFFFFFu)

/* The handles and pointers that a service was given. */
struct io_caller {
    HANDLE file, event;
    PVOID apc; /* must be NULL */
    PIO_STATUS_BLOCK iosb;
    ACCESS_MASK access; /* wanted of the file */
};

/*
 * STATUS_SUCCESS, or with nothing to close: STATUS_ACCESS_VIOLATION (iosb), handle statuses,
 * STATUS_INVALID_PARAMETER (an APC), STATUS_THREAD_IS_TERMINATING while it waited for the lock.
 */
NTSTATUS FASTCALL io_request_open(struct io_request *request, const struct io_caller *caller);

/* Returns `status`. */
NTSTATUS FASTCALL io_request_close(struct io_request *request, NTSTATUS status);

/*
 * Begins a request with a system buffer of `buffer_bytes` (0: none), whose contents are undefined.
 * FALSE if there is no memory.
 */
BOOLEAN FASTCALL io_request_begin(struct io_request *request, UCHAR major, ULONG buffer_bytes);

/* The input of a buffered request: the system buffer's first bytes. Or STATUS_ACCESS_VIOLATION. */
NTSTATUS FASTCALL io_request_input(struct io_request *request, const void *input, ULONG bytes);

/*
 * The answer of a buffered request: after success or a warning Information bytes, `bytes` at most,
 * are copied from the system buffer to `output`. Nothing is with `bytes` 0.
 */
static inline void io_request_answer(struct io_request *request, PVOID output, ULONG bytes)
{
    PIRP irp = request->irp;

    if (!bytes)
        return;
    irp->Flags |= IRP_INPUT_OPERATION;
    irp->UserBuffer = output;
    /* The largest answer that fits; drivers do not see this field of a buffered request. */
    irp->Overlay.AsynchronousParameters.UserApcContext = (PVOID)bytes;
}

/*
 * Describes the caller's buffer to the driver by a locked MDL; none for `bytes` 0. `write`: the
 * driver writes to it. STATUS_SUCCESS, STATUS_ACCESS_VIOLATION, STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS io_request_lock(struct io_request *request, PVOID buffer, ULONG bytes, BOOLEAN write);

/*
 * Sends the IRP if `status` is success; else gives it back unsent, and returns `status`.
 *
 * The results go to request->iosb unless the status is an error. A request that is pending when its
 * dispatch routine has returned is waited for, unless it is asynchronous: then it is detached, and
 * the status is STATUS_PENDING. If the waiting thread is terminated, the IRP is cancelled; one that
 * is not completed IO_ORPHAN_SECONDS later is given up (STATUS_THREAD_IS_TERMINATING), stays its
 * driver's, and harms nobody when it is completed later. So does an IRP that the driver keeps
 * without saying that it is pending; then the status is what the driver says.
 */
NTSTATUS FASTCALL io_request_perform(struct io_request *request, NTSTATUS status);

/* For a caller of `mode`: the range, and its pages present and writable. Or the status why not. */
NTSTATUS io_probe_output(KPROCESSOR_MODE mode, PVOID output, ULONG bytes);

/* finish.c: what becomes of an IRP that is not completed at once. */

/* The slow end of io_request_perform: the dispatch routine said so, and the IRP is unfinished. */
NTSTATUS io_request_unfinished(struct io_request *request, NTSTATUS returned);

/* An IRP without a requestor that waits has been completed. */
void io_finish(PIRP irp);

/* TRUE if one more asynchronous request with such a system buffer is not too much. */
BOOLEAN io_may_detach(ULONG bytes);

/* The IRP becomes the current thread's, and whoever completes it finishes it. */
void io_detach(PIRP irp);

/* For io_rundown_thread: a thread's detached request is nobody's any more. */
void io_orphan_detached(PIRP irp);

/* The requestor's results: the answer into his buffer; STATUS_ACCESS_VIOLATION. */
NTSTATUS FASTCALL io_copy_answer(PIRP irp);

/* irp.c: an IRP with a system buffer (0: none) behind its locations. NULL if memory is short. */
PIRP FASTCALL io_allocate_irp(int stack_size, ULONG buffer_bytes);

/* irp.c: frees an IRP with its system buffer and its MDLs. */
void FASTCALL io_free_request(PIRP irp);

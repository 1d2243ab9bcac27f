/* What the files of the I/O manager share among themselves. */
#pragma once

#include "io/io.h"

#define IO_TAG(a, b) POOL_TAG('I', 'o', (a), (b))

/* The opener's record, which travels through the object manager to the device's parse routine. */
struct io_open {
    ULONG options, disposition, file_attributes, share_access;
    ULONG_PTR information; /* out: the driver's */
};

/* device.c: the Device type's procedures and life. */
NTSTATUS io_parse_device(PVOID object, struct ob_parse *parse);
void io_reference_device(PDEVICE_OBJECT device);
void io_dereference_device(PDEVICE_OBJECT device);

/* TRUE if the device must not be opened or attached to: it is coming or going. */
BOOLEAN io_device_is_closed(const DEVICE_OBJECT *device);

/* driver.c: remembers the System process's handle table, which must be current. */
void io_driver_init(void);

/* The Driver type's delete procedure; calls DriverUnload when nothing holds it back. */
void io_delete_driver(PVOID object);
void io_try_unload(PDRIVER_OBJECT driver);

/* file.c: the File type's procedures. */
void io_close_file(PVOID object, ULONG handles_before, ACCESS_MASK granted);
void io_delete_file(PVOID object);
ULONG io_file_name(PVOID object, PWCHAR end);

/* irp.c: frees an IRP with its system buffer and its MDL. */
void io_free_request(PIRP irp);

/* irp.c: the routine in every major function that a driver leaves alone. */
NTSTATUS NTAPI io_invalid_request(PDEVICE_OBJECT device, PIRP irp);

/* In IRP.AllocationFlags: its requestor has given it up, and it keeps a pointer on its file. */
#define IO_IRP_HOLDS_FILE 0x80

/*
 * irp.c, request.c. A request is prepared and then performed:
 *
 *   io_request_begin    an IRP for the top of the file's device stack; the caller fills in its location
 *   io_request_perform  sends it, waits if it is pending, and returns the final status
 *
 * The record is kept on the requestor's stack while the IRP is under way.
 */
struct io_request {
    PFILE_OBJECT file;
    PDEVICE_OBJECT device; /* the top of the stack */
    PIRP irp;
    PIO_STACK_LOCATION location;
    IO_STATUS_BLOCK status; /* IO_UNFINISHED until the IRP is completed */
};

/* No driver's status: the customer bit and all others are set. */
#define IO_UNFINISHED NTSTATUS_VALUE(0xEFFFFFFFu)

/*
 * Begins a request with a system buffer of `buffer_bytes` (0: none), whose contents are undefined.
 * FALSE if there is no memory.
 */
BOOLEAN FASTCALL io_request_begin(struct io_request *request, PFILE_OBJECT file, UCHAR major,
                                  ULONG buffer_bytes);

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
 * driver writes to it. STATUS_SUCCESS, STATUS_ACCESS_VIOLATION, STATUS_INSUFFICIENT_RESOURCES; on
 * failure the request is to be abandoned.
 */
NTSTATUS io_request_lock(struct io_request *request, PVOID buffer, ULONG bytes, BOOLEAN write);

/* Gives the IRP back unsent. */
void io_request_abandon(struct io_request *request);

/*
 * Sends the IRP. `iosb` (optional) gets the results unless the status is an error. An IRP that is
 * still pending when the dispatch routine has returned can be completed by nobody, since there is
 * one thread: it is cancelled; if it has no cancel routine, the requestor gives it up with
 * STATUS_IO_TIMEOUT. It then stays its driver's, holds the file, and harms nobody when it is
 * completed later. So does an IRP that the driver keeps without saying that it is pending; then the
 * status is what the driver says.
 */
NTSTATUS FASTCALL io_request_perform(struct io_request *request, PIO_STATUS_BLOCK iosb);

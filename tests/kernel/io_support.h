/*
 * What the self-tests of the I/O manager share: drivers linked into the kernel that write down what
 * they are asked and answer as they are told.
 */
#pragma once

#include "io/io.h"
#include "tests/kernel/ob_support.h"

#define TEST_SERVICE u"ioTest"
#define TEST_DEVICE  u"\\Device\\ioTest"

/* The extension of each test device. */
struct test_device {
    char letter;          /* its name in the trace */
    PDEVICE_OBJECT lower; /* gets the requests in the end; NULL: they are answered here */
};

/*
 * What came, and how to answer it; one for all test drivers.
 *
 * The trace is words of two letters: the device's, and what happened to it: c CREATE, i IOCTL,
 * r READ, w WRITE, q QUERY_INFORMATION, u CLEANUP, x CLOSE, ^ its completion routine, U its
 * driver's DriverUnload. "Ac Au Ax" is an open and a close.
 */
struct io_test {
    char trace[160];
    IO_STACK_LOCATION seen[IRP_MJ_MAXIMUM_FUNCTION + 1]; /* the last location of each function */
    UNICODE_STRING seen_name;                            /* FileName at CREATE */
    WCHAR seen_name_text[32];

    NTSTATUS status[IRP_MJ_MAXIMUM_FUNCTION + 1]; /* the answer of the lowest device */
    ULONG_PTR information;
    PDRIVER_DISPATCH hook[IRP_MJ_MAXIMUM_FUNCTION + 1]; /* dispatches in place of all this */
    UCHAR completion_control; /* SL_INVOKE_ON_ bits of the upper devices' completion routine */
    NTSTATUS completion_status;
    PIRP kept; /* for hooks that keep one */
};
extern struct io_test io_test;

/* Forgets the last test's script; what is alive at a test's beginning. */
struct test_mark io_test_begin(void);

/*
 * Loads \Driver\<service> with one device, named `name` (NULL: unnamed); returns the device.
 * Requests succeed, for a start. DriverUnload deletes the driver's devices.
 */
PDEVICE_OBJECT io_test_load(PCWSTR service, char letter, PCWSTR name);
NTSTATUS io_test_unload(PCWSTR service);

/* Loads a driver with another DriverEntry; \Driver\<service> or NULL. */
NTSTATUS io_test_load_entry(PCWSTR service, PDRIVER_INITIALIZE entry, PDRIVER_OBJECT *driver);

/* Loads one more driver, whose unnamed device is attached above `target`; its device. */
PDEVICE_OBJECT io_test_attach(PCWSTR service, char letter, PDEVICE_OBJECT target);

/* Detaches that device and unloads its driver. */
void io_test_detach(PCWSTR service, PDEVICE_OBJECT upper);

NTSTATUS io_test_open(PCWSTR path, HANDLE *handle);

/* Opens a file of the boot volume, which cannot be written. */
NTSTATUS io_test_open_to_read(PCWSTR path, HANDLE *handle);

/* Opens TEST_DEVICE, which must succeed. */
HANDLE io_test_handle(void);

PFILE_OBJECT io_test_file(HANDLE handle);

/* ---- For hooks ---- */

void io_test_note(PDEVICE_OBJECT device, char what);
NTSTATUS io_test_complete(PIRP irp, NTSTATUS status, ULONG_PTR information);

/* Keeps the IRP in io_test.kept, marked pending. */
NTSTATUS NTAPI io_test_keep(PDEVICE_OBJECT device, PIRP irp);

/* The WDK's IoCopyCurrentIrpStackLocationToNext, IoSetCompletionRoutine, IoMarkIrpPending. */
void io_test_copy_location(PIRP irp);
void io_test_set_completion(PIRP irp, PIO_COMPLETION_ROUTINE routine, PVOID context, UCHAR control);
void io_test_mark_pending(PIRP irp);

static inline struct test_device *io_test_device(PDEVICE_OBJECT device)
{
    return device->DeviceExtension;
}

/* An I/O control code of METHOD_BUFFERED that asks for no access. */
#define TEST_CODE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x900, METHOD_BUFFERED, 0)

/* NtDeviceIoControlFile without what this kernel has no use for. */
NTSTATUS io_test_control(HANDLE file, PIO_STATUS_BLOCK iosb, PVOID input, ULONG input_length,
                         PVOID output, ULONG output_length);

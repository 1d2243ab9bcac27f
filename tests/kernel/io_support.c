#include "tests/kernel/io_support.h"

#include "console/log.h"

struct io_test io_test;

/* What the next DriverEntry shall create. */
static struct {
    PUNICODE_STRING name;
    char letter;
} wanted;

/* A test that failed may have left its drivers: they must not make the next one fail. */
static void sweep(void)
{
    static const PCWSTR services[] = {u"ioTestUpper", u"ioTestTwo", TEST_SERVICE};

    for (ULONG i = 0; i < ARRAY_SIZE(services); i++)
        if (io_test_unload(services[i]) != STATUS_OBJECT_NAME_NOT_FOUND)
            log_printf("[selftest] left=%ws\n", services[i]);
}

struct test_mark io_test_begin(void)
{
    sweep();
    memset(&io_test, 0, sizeof io_test);
    return test_mark();
}

void io_test_note(PDEVICE_OBJECT device, char what)
{
    size_t length = strlen(io_test.trace);

    if (length + 4 > sizeof io_test.trace)
        return;
    if (length)
        io_test.trace[length++] = ' ';
    io_test.trace[length++] = io_test_device(device)->letter;
    io_test.trace[length++] = what;
    io_test.trace[length] = 0;
}

static char letter_of(UCHAR major)
{
    switch (major) {
    case IRP_MJ_CREATE:
        return 'c';
    case IRP_MJ_CLOSE:
        return 'x';
    case IRP_MJ_READ:
        return 'r';
    case IRP_MJ_WRITE:
        return 'w';
    case IRP_MJ_QUERY_INFORMATION:
        return 'q';
    case IRP_MJ_DEVICE_CONTROL:
        return 'i';
    case IRP_MJ_CLEANUP:
        return 'u';
    default:
        return '?';
    }
}

NTSTATUS io_test_complete(PIRP irp, NTSTATUS status, ULONG_PTR information)
{
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = information;
    IofCompleteRequest(irp, 0);
    return status;
}

void io_test_mark_pending(PIRP irp)
{
    IoGetCurrentIrpStackLocation(irp)->Control |= SL_PENDING_RETURNED;
}

NTSTATUS NTAPI io_test_keep(PDEVICE_OBJECT device, PIRP irp)
{
    (void)device;
    io_test_mark_pending(irp);
    io_test.kept = irp;
    return STATUS_PENDING;
}

void io_test_copy_location(PIRP irp)
{
    PIO_STACK_LOCATION next = IoGetNextIrpStackLocation(irp);

    memcpy(next, IoGetCurrentIrpStackLocation(irp), offsetof(IO_STACK_LOCATION, CompletionRoutine));
    next->Control = 0;
}

void io_test_set_completion(PIRP irp, PIO_COMPLETION_ROUTINE routine, PVOID context, UCHAR control)
{
    PIO_STACK_LOCATION next = IoGetNextIrpStackLocation(irp);

    next->CompletionRoutine = routine;
    next->Context = context;
    next->Control = control;
}

/* The context is the device that set it. */
static NTSTATUS NTAPI on_completion(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    CHECK_EQUAL(device, context);
    io_test_note(context, '^');
    if (irp->PendingReturned)
        io_test_mark_pending(irp);
    return io_test.completion_status;
}

static NTSTATUS pass_down(PDEVICE_OBJECT device, PIRP irp)
{
    io_test_copy_location(irp);
    io_test_set_completion(irp, io_test.completion_control ? on_completion : NULL, device,
                           io_test.completion_control);
    return IofCallDriver(io_test_device(device)->lower, irp);
}

static void remember(PIO_STACK_LOCATION location)
{
    io_test.seen[location->MajorFunction] = *location;
    if (location->MajorFunction != IRP_MJ_CREATE)
        return;
    io_test.seen_name.Buffer = io_test.seen_name_text;
    io_test.seen_name.MaximumLength = sizeof io_test.seen_name_text;
    RtlCopyUnicodeString(&io_test.seen_name, &location->FileObject->FileName);
}

static NTSTATUS NTAPI dispatch(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
    UCHAR major = location->MajorFunction;

    io_test_note(device, letter_of(major));
    remember(location);
    CHECK_EQUAL(location->DeviceObject, device);
    if (io_test.hook[major])
        return io_test.hook[major](device, irp);
    if (io_test_device(device)->lower)
        return pass_down(device, irp);
    return io_test_complete(irp, io_test.status[major], io_test.information);
}

static VOID NTAPI unload(PDRIVER_OBJECT driver)
{
    if (driver->DeviceObject)
        io_test_note(driver->DeviceObject, 'U');
    while (driver->DeviceObject)
        IoDeleteDevice(driver->DeviceObject);
}

static NTSTATUS NTAPI entry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path)
{
    PDEVICE_OBJECT device;
    NTSTATUS status = IoCreateDevice(driver, sizeof(struct test_device), wanted.name,
                                     FILE_DEVICE_UNKNOWN, 0, FALSE, &device);

    (void)registry_path;
    if (!NT_SUCCESS(status))
        return status;
    *io_test_device(device) = (struct test_device){wanted.letter, NULL};
    for (ULONG i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++)
        driver->MajorFunction[i] = dispatch;
    driver->DriverUnload = unload;
    return STATUS_SUCCESS;
}

NTSTATUS io_test_load_entry(PCWSTR service, PDRIVER_INITIALIZE driver_entry, PDRIVER_OBJECT *driver)
{
    UNICODE_STRING name;

    *driver = NULL;
    RtlInitUnicodeString(&name, service);
    return io_create_driver(&name, NULL, driver_entry, NULL, driver);
}

PDEVICE_OBJECT io_test_load(PCWSTR service, char letter, PCWSTR name)
{
    UNICODE_STRING string;
    PDRIVER_OBJECT driver;

    RtlInitUnicodeString(&string, name);
    wanted.name = name ? &string : NULL;
    wanted.letter = letter;
    CHECK_STATUS(io_test_load_entry(service, entry, &driver), STATUS_SUCCESS);
    return driver->DeviceObject;
}

NTSTATUS io_test_unload(PCWSTR service)
{
    UNICODE_STRING name;

    RtlInitUnicodeString(&name, service);
    return io_unload_driver(&name);
}

PDEVICE_OBJECT io_test_attach(PCWSTR service, char letter, PDEVICE_OBJECT target)
{
    PDEVICE_OBJECT device = io_test_load(service, letter, NULL);

    io_test_device(device)->lower = IoAttachDeviceToDeviceStack(device, target);
    CHECK(io_test_device(device)->lower != NULL);
    return device;
}

void io_test_detach(PCWSTR service, PDEVICE_OBJECT upper)
{
    IoDetachDevice(io_test_device(upper)->lower);
    CHECK_STATUS(io_test_unload(service), STATUS_SUCCESS);
}

NTSTATUS io_test_open(PCWSTR path, HANDLE *handle)
{
    IO_STATUS_BLOCK iosb;
    struct test_name name;

    return NtCreateFile(handle, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE,
                        test_name(&name, NULL, path, OBJ_CASE_INSENSITIVE), &iosb, NULL, 0, 0,
                        FILE_OPEN, FILE_SYNCHRONOUS_IO_NONALERT, NULL, 0);
}

NTSTATUS io_test_open_to_read(PCWSTR path, HANDLE *handle)
{
    IO_STATUS_BLOCK iosb;
    struct test_name name;

    return NtOpenFile(handle, GENERIC_READ | SYNCHRONIZE,
                      test_name(&name, NULL, path, OBJ_CASE_INSENSITIVE), &iosb, FILE_SHARE_READ,
                      FILE_SYNCHRONOUS_IO_NONALERT);
}

HANDLE io_test_handle(void)
{
    HANDLE handle = NULL;

    CHECK_STATUS(io_test_open(TEST_DEVICE, &handle), STATUS_SUCCESS);
    return handle;
}

PFILE_OBJECT io_test_file(HANDLE handle)
{
    return test_object(handle);
}

NTSTATUS io_test_control(HANDLE file, PIO_STATUS_BLOCK iosb, PVOID input, ULONG input_length,
                         PVOID output, ULONG output_length)
{
    return NtDeviceIoControlFile(file, NULL, NULL, NULL, iosb, TEST_CODE, input, input_length,
                                 output, output_length);
}

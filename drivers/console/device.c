#include "console/log.h"
#include "drivers/console/console_device.h"
#include "drivers/console/private.h"
#include "rtl/rtl.h"

static UNICODE_STRING device_name = UNICODE_STRING_INIT(u"\\Device\\Console");
static UNICODE_STRING links[] = {
    UNICODE_STRING_INIT(u"\\??\\CON"),
    UNICODE_STRING_INIT(u"\\??\\CONIN$"),
    UNICODE_STRING_INIT(u"\\??\\CONOUT$"),
};

struct console *console_of(PIRP irp)
{
    return IoGetCurrentIrpStackLocation(irp)->FileObject->FsContext;
}

NTSTATUS console_complete(PIRP irp, NTSTATUS status, ULONG information)
{
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = information;
    IofCompleteRequest(irp, 0);
    return status;
}

/* What a name behind \Device\Console asks for. */
static BOOLEAN is_name(const UNICODE_STRING *name, PCWSTR expected)
{
    UNICODE_STRING other;

    RtlInitUnicodeString(&other, expected);
    return RtlEqualUnicodeString(name, &other, TRUE);
}

/* The number in "\3", 0 for any other name. */
static ULONG number_in(const UNICODE_STRING *name)
{
    ULONG length = name->Length / sizeof(WCHAR), number = 0;

    for (ULONG i = 1; i < length; i++) {
        if (name->Buffer[i] < '0' || name->Buffer[i] > '9' || number > 0xFFFFFFFFu / 10 - 1)
            return 0;
        number = number * 10 + (name->Buffer[i] - '0');
    }
    return number;
}

/* The console that is to be opened; STATUS_OBJECT_NAME_NOT_FOUND, STATUS_INSUFFICIENT_RESOURCES. */
static NTSTATUS find_console(const UNICODE_STRING *name, struct console **console)
{
    if (is_name(name, u"\\New")) {
        *console = consoles_create();
        return *console ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
    }
    *console = !name->Length || is_name(name, u"\\Current") ? consoles_shown()
                                                            : consoles_find(number_in(name));
    return *console ? STATUS_SUCCESS : STATUS_OBJECT_NAME_NOT_FOUND;
}

static NTSTATUS NTAPI create(PDEVICE_OBJECT device, PIRP irp)
{
    PFILE_OBJECT file = IoGetCurrentIrpStackLocation(irp)->FileObject;
    struct console *console;
    NTSTATUS status = find_console(&file->FileName, &console);

    (void)device;
    if (!NT_SUCCESS(status))
        return console_complete(irp, status, 0);
    console->files++;
    file->FsContext = console;
    return console_complete(irp, STATUS_SUCCESS, FILE_OPENED);
}

static NTSTATUS NTAPI cleanup(PDEVICE_OBJECT device, PIRP irp)
{
    (void)device;
    input_cancel_file(console_of(irp), IoGetCurrentIrpStackLocation(irp)->FileObject);
    return console_complete(irp, STATUS_SUCCESS, 0);
}

static NTSTATUS NTAPI close(PDEVICE_OBJECT device, PIRP irp)
{
    (void)device;
    consoles_release(console_of(irp));
    return console_complete(irp, STATUS_SUCCESS, 0);
}

static NTSTATUS NTAPI read(PDEVICE_OBJECT device, PIRP irp)
{
    (void)device;
    if (!IoGetCurrentIrpStackLocation(irp)->Parameters.Read.Length)
        return console_complete(irp, STATUS_SUCCESS, 0);
    return input_read(console_of(irp), irp);
}

void console_put(void *context, char c)
{
    struct console *console = context;

    screen_put(console->screen, c);
    log_mirror(c);
}

static NTSTATUS NTAPI write(PDEVICE_OBJECT device, PIRP irp)
{
    struct console *console = console_of(irp);
    const char *text = irp->AssociatedIrp.SystemBuffer;
    ULONG length = IoGetCurrentIrpStackLocation(irp)->Parameters.Write.Length;

    (void)device;
    for (ULONG i = 0; i < length; i++)
        console_put(console, text[i]);
    console_refresh(console->screen);
    return console_complete(irp, STATUS_SUCCESS, length);
}

/* On failure the links that were made go again. */
static NTSTATUS create_links(void)
{
    NTSTATUS status = STATUS_SUCCESS;
    ULONG made = 0;

    while (made < ARRAY_SIZE(links) && NT_SUCCESS(status)) {
        status = IoCreateSymbolicLink(&links[made], &device_name);
        made += NT_SUCCESS(status);
    }
    while (!NT_SUCCESS(status) && made)
        IoDeleteSymbolicLink(&links[--made]);
    return status;
}

NTSTATUS NTAPI console_entry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path)
{
    PDEVICE_OBJECT device;
    NTSTATUS status =
        IoCreateDevice(driver, 0, &device_name, FILE_DEVICE_CONSOLE, 0, FALSE, &device);

    (void)registry_path;
    if (!NT_SUCCESS(status))
        return status;
    device->Flags |= DO_BUFFERED_IO;
    driver->MajorFunction[IRP_MJ_CREATE] = create;
    driver->MajorFunction[IRP_MJ_CLEANUP] = cleanup;
    driver->MajorFunction[IRP_MJ_CLOSE] = close;
    driver->MajorFunction[IRP_MJ_READ] = read;
    driver->MajorFunction[IRP_MJ_WRITE] = write;
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = console_control;
    status = consoles_init() ? create_links() : STATUS_INSUFFICIENT_RESOURCES;
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(device);
        return status;
    }
    keys_init();
    return STATUS_SUCCESS;
}

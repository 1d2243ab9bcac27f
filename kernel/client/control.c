#include "client/control.h"

#include "client/box.h"
#include "client/table.h"
#include "cm/cm.h"
#include "console/log.h"
#include "io/io.h"
#include "ioctl/virttophys.h"
#include "nt/service.h"
#include "ps/driver.h"
#include "rtl/rtl.h"

static UNICODE_STRING services_key =
    UNICODE_STRING_INIT(u"\\Registry\\Machine\\System\\CurrentControlSet\\Services");
static UNICODE_STRING service_name = UNICODE_STRING_INIT(u"VirtToPhys");
static UNICODE_STRING service_key =
    UNICODE_STRING_INIT(u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\VirtToPhys");
static UNICODE_STRING device_link = UNICODE_STRING_INIT(u"\\??\\slVirtToPhys");

/* What the steps share, as the listing's local variables. */
struct control {
    HANDLE manager, service, device;
    ULONG virtual[NUM_DATA_ENTRY], physical[NUM_DATA_ENTRY];
};

/* ---- The steps: OpenSCManager, CreateService, StartService, CreateFile, DeviceIoControl ---- */

static NTSTATUS connect(struct control *control)
{
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(&services_key, OBJ_CASE_INSENSITIVE);

    return ZwOpenKey(&control->manager, KEY_ALL_ACCESS, &attributes);
}

static NTSTATUS disconnect(struct control *control)
{
    return ZwClose(control->manager);
}

#define SET_TEXT(key, name, type, text) set_value(key, u"" name, type, u"" text, sizeof(u"" text))

static NTSTATUS set_value(HANDLE key, PCWSTR name, ULONG type, const void *data, ULONG bytes)
{
    UNICODE_STRING value;

    RtlInitUnicodeString(&value, name);
    return ZwSetValueKey(key, &value, 0, type, (PVOID)data, bytes);
}

static NTSTATUS set_number(HANDLE key, PCWSTR name, ULONG number)
{
    return set_value(key, name, REG_DWORD, &number, sizeof number);
}

static NTSTATUS fill_service_key(HANDLE key)
{
    NTSTATUS status = SET_TEXT(key, "DisplayName", REG_SZ, "Virtual To Physical Address Converter");

    if (NT_SUCCESS(status))
        status = SET_TEXT(key, "ImagePath", REG_EXPAND_SZ, "\\??\\C:\\VirtToPhys.sys");
    if (NT_SUCCESS(status))
        status = set_number(key, u"Type", SERVICE_KERNEL_DRIVER);
    if (NT_SUCCESS(status))
        status = set_number(key, u"Start", SERVICE_DEMAND_START);
    if (NT_SUCCESS(status))
        status = set_number(key, u"ErrorControl", SERVICE_ERROR_IGNORE);
    return status;
}

static NTSTATUS delete_service(struct control *control)
{
    NTSTATUS status = ZwDeleteKey(control->service);

    ZwClose(control->service);
    return status;
}

static NTSTATUS register_service(struct control *control)
{
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(&service_name, OBJ_CASE_INSENSITIVE);
    ULONG disposition;
    NTSTATUS status;

    attributes.RootDirectory = control->manager;
    status = ZwCreateKey(&control->service, KEY_ALL_ACCESS, &attributes, 0, NULL, 0, &disposition);
    if (!NT_SUCCESS(status))
        return status;
    if (disposition == REG_OPENED_EXISTING_KEY) { /* ERROR_SERVICE_EXISTS */
        ZwClose(control->service);
        return STATUS_OBJECT_NAME_COLLISION;
    }
    status = fill_service_key(control->service);
    if (!NT_SUCCESS(status))
        delete_service(control);
    return status;
}

static NTSTATUS start(struct control *control)
{
    (void)control;
    return ZwLoadDriver(&service_key);
}

static NTSTATUS stop(struct control *control)
{
    (void)control;
    return ZwUnloadDriver(&service_key);
}

static NTSTATUS open(struct control *control)
{
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(&device_link, OBJ_CASE_INSENSITIVE);
    IO_STATUS_BLOCK iosb;

    return ZwCreateFile(&control->device, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE, &attributes,
                        &iosb, NULL, 0, 0, FILE_OPEN, FILE_SYNCHRONOUS_IO_NONALERT, NULL, 0);
}

static NTSTATUS close(struct control *control)
{
    return ZwClose(control->device);
}

/* No bytes returned counts as failure, as in the listing. */
static NTSTATUS convert(struct control *control)
{
    IO_STATUS_BLOCK iosb = {{STATUS_SUCCESS}, 0};
    NTSTATUS status = ZwDeviceIoControlFile(
        control->device, NULL, NULL, NULL, &iosb, IOCTL_GET_PHYS_ADDRESS, control->virtual,
        sizeof control->virtual, control->physical, sizeof control->physical);

    return NT_SUCCESS(status) && !iosb.Information ? STATUS_UNSUCCESSFUL : status;
}

static const struct step {
    const char *name;
    NTSTATUS (*perform)(struct control *);
    const char *undo_name;
    NTSTATUS (*undo)(struct control *); /* NULL: nothing to undo */
    const char *failure;                /* the tutorial's words */
} steps[] = {
    {"connect", connect, "disconnect", disconnect, "Can't connect to Service Control Manager."},
    {"register", register_service, "delete", delete_service, "Can't register driver."},
    {"start", start, "stop", stop, "Can't start driver."},
    {"open", open, "close", close, "Device is not present."},
    {"ioctl", convert, NULL, NULL, "Can't send control code to device."},
};

static NTSTATUS log_step(const char *name, NTSTATUS status)
{
    log_printf("[client] step=%s status=%08X\n", name, status);
    return status;
}

/* Performs steps until one fails; returns how many succeeded. */
static ULONG perform(struct control *control)
{
    for (ULONG i = 0; i < ARRAY_SIZE(steps); i++) {
        if (!NT_SUCCESS(log_step(steps[i].name, steps[i].perform(control)))) {
            box_show(steps[i].failure, NULL, BOX_STOP);
            return i;
        }
    }
    return ARRAY_SIZE(steps);
}

/* Undoes the steps in the reverse order, all of them; FALSE if one could not be undone. */
static BOOLEAN undo(struct control *control, ULONG performed)
{
    BOOLEAN undone = TRUE;

    while (performed--)
        if (steps[performed].undo)
            undone &=
                NT_SUCCESS(log_step(steps[performed].undo_name, steps[performed].undo(control)));
    return undone;
}

/* ---- What is asked and shown ---- */

static const char *const modules[TABLE_ROWS] = {NULL, "kernel32.dll", "user32.dll", "advapi32.dll"};

/* GetModuleHandle: NULL is the program itself. */
static const struct module *module_handle(const struct process *process, const char *name)
{
    return name ? module_find(&process->modules, name)
                : CONTAINING_RECORD(process->modules.Flink, struct module, link);
}

static void show(const struct process *process, const struct control *control)
{
    struct table_row rows[TABLE_ROWS];
    char text[TABLE_TEXT_SIZE];

    for (int i = 0; i < TABLE_ROWS; i++) {
        const struct module *module = module_handle(process, modules[i]);

        rows[i].name = modules[i] ? modules[i] : module->name;
        rows[i].virtual = control->virtual[i];
        rows[i].physical = control->physical[i];
        log_printf("[module] name=%s virtual=%08X physical=%08X\n", rows[i].name, rows[i].virtual,
                   rows[i].physical);
    }
    table_format(rows, text);
    log_step("show", STATUS_SUCCESS);
    box_show(text, "Modules Base Address", BOX_INFORMATION);
}

BOOLEAN control_run(const struct process *process)
{
    struct control control = {0};
    ULONG performed;

    for (int i = 0; i < NUM_DATA_ENTRY; i++) {
        const struct module *module = module_handle(process, modules[i]);

        control.virtual[i] = module ? module->base : 0;
    }
    performed = perform(&control);
    if (performed == ARRAY_SIZE(steps))
        show(process, &control);
    return undo(&control, performed) && performed == ARRAY_SIZE(steps);
}

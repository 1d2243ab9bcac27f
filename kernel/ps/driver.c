#include "ps/driver.h"

#include "cm/cm.h"
#include "console/log.h"
#include "export.h"
#include "io/io.h"
#include "mm/pool.h"
#include "nt/service.h"
#include "ps/image.h"
#include "rtl/rtl.h"

enum { PATH_BYTES = 512 };

/* A value's record with room for a path. */
union value {
    KEY_VALUE_PARTIAL_INFORMATION information;
    UCHAR bytes[offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data) + PATH_BYTES];
};

static const void *value_data(const union value *value)
{
    return value->bytes + offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data);
}

static NTSTATUS query(HANDLE key, PCWSTR name, union value *value)
{
    UNICODE_STRING string;
    ULONG needed;

    RtlInitUnicodeString(&string, name);
    return ZwQueryValueKey(key, &string, KeyValuePartialInformation, value, sizeof *value, &needed);
}

/* A kernel driver says so; a key without Type is taken for one. */
static NTSTATUS check_type(HANDLE key)
{
    union value value;
    ULONG type = SERVICE_KERNEL_DRIVER;

    if (NT_SUCCESS(query(key, u"Type", &value)) && value.information.DataLength == sizeof type)
        memcpy(&type, value_data(&value), sizeof type);
    return type == SERVICE_KERNEL_DRIVER ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

/* ImagePath as a string over the value's bytes, its NUL left out. */
static NTSTATUS query_image_path(HANDLE key, union value *value, PUNICODE_STRING path)
{
    NTSTATUS status = query(key, u"ImagePath", value);
    ULONG type = value->information.Type, bytes = value->information.DataLength;

    if (!NT_SUCCESS(status))
        return status;
    if ((type != REG_SZ && type != REG_EXPAND_SZ) || bytes % 2)
        return STATUS_INVALID_PARAMETER;
    path->Buffer = (PWSTR)value_data(value);
    if (bytes && !path->Buffer[bytes / 2 - 1])
        bytes -= 2;
    path->Length = path->MaximumLength = (USHORT)bytes;
    return STATUS_SUCCESS;
}

static NTSTATUS read_service_key(PUNICODE_STRING registry_path, union value *value,
                                 PUNICODE_STRING image_path)
{
    OBJECT_ATTRIBUTES attributes = OBJECT_ATTRIBUTES_INIT(registry_path, OBJ_CASE_INSENSITIVE);
    HANDLE key;
    NTSTATUS status = ZwOpenKey(&key, KEY_READ, &attributes);

    if (!NT_SUCCESS(status))
        return status;
    status = check_type(key);
    if (NT_SUCCESS(status))
        status = query_image_path(key, value, image_path);
    ZwClose(key);
    return status;
}

static void release_image(PVOID section)
{
    image_unload_driver(section);
}

static NTSTATUS load(PUNICODE_STRING registry_path, PCUNICODE_STRING service, PCUNICODE_STRING path)
{
    struct module *module;
    NTSTATUS status = image_load_driver(path, &module);

    if (!NT_SUCCESS(status))
        return status;
    struct io_driver_image image = {module->base, module->size, module, release_image};

    log_printf("[driver] name=%wZ base=%08X size=%08X entry=%08X\n", service, module->base,
               module->size, module->entry);
    status =
        io_create_driver(service, registry_path, (PDRIVER_INITIALIZE)module->entry, &image, NULL);
    if (!NT_SUCCESS(status)) {
        log_printf("[driver] name=%wZ status=%08X\n", service, status);
        image_unload_driver(module);
    }
    return status;
}

NTSTATUS NTAPI NtLoadDriver(PUNICODE_STRING registry_path)
{
    UNICODE_STRING service, image_path;
    union value value;

    service = rtl_last_component(registry_path);
    if (service.Length == registry_path->Length || !service.Length)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = read_service_key(registry_path, &value, &image_path);

    if (!NT_SUCCESS(status))
        return status;
    if (io_is_driver_loaded(&service))
        return STATUS_IMAGE_ALREADY_LOADED;
    return load(registry_path, &service, &image_path);
}
ZW_ALIAS(ZwLoadDriver, NtLoadDriver);
EXPORT_NTOSKRNL(ZwLoadDriver);

NTSTATUS NTAPI NtUnloadDriver(PUNICODE_STRING registry_path)
{
    UNICODE_STRING service;

    service = rtl_last_component(registry_path);
    if (service.Length == registry_path->Length || !service.Length)
        return STATUS_INVALID_PARAMETER;
    return io_unload_driver(&service);
}
ZW_ALIAS(ZwUnloadDriver, NtUnloadDriver);
EXPORT_NTOSKRNL(ZwUnloadDriver);

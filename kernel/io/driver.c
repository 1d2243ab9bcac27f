#include "io/iop.h"

#include "console/log.h"
#include "io/trace.h"
#include "ke/event.h"
#include "ke/wait.h"
#include "ke/work.h"
#include "mm/pool.h"
#include "mm/space.h"
#include "rtl/rtl.h"

/* A driver object and what belongs to it. */
struct driver {
    DRIVER_OBJECT object;
    DRIVER_EXTENSION extension;
    struct io_driver_image image;
};

static NTSTATUS copy_string(PUNICODE_STRING to, PCUNICODE_STRING from)
{
    to->Buffer = ExAllocatePoolWithTag(NonPagedPool, from->Length, IO_TAG('N', 'm'));
    if (!to->Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    to->MaximumLength = from->Length;
    RtlCopyUnicodeString(to, from);
    return STATUS_SUCCESS;
}

/* "\Driver\<service>" in pool. */
static NTSTATUS make_driver_name(PCUNICODE_STRING service, PUNICODE_STRING name)
{
    static const UNICODE_STRING prefix = UNICODE_STRING_INIT(u"\\Driver\\");
    ULONG bytes = (ULONG)prefix.Length + service->Length;

    if (!service->Length || bytes > 0xFFFE)
        return STATUS_OBJECT_NAME_INVALID;
    name->Length = 0;
    name->MaximumLength = (USHORT)bytes;
    name->Buffer = ExAllocatePoolWithTag(NonPagedPool, bytes, IO_TAG('N', 'm'));
    if (!name->Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    RtlAppendUnicodeStringToString(name, &prefix);
    RtlAppendUnicodeStringToString(name, service);
    return STATUS_SUCCESS;
}

static void init_driver(struct driver *driver, PDRIVER_INITIALIZE entry,
                        const struct io_driver_image *image)
{
    PDRIVER_OBJECT object = &driver->object;

    object->Type = IO_TYPE_DRIVER;
    object->Size = sizeof *object;
    object->Flags = image && image->release ? DRVO_LEGACY_DRIVER : DRVO_BUILTIN_DRIVER;
    object->DriverInit = entry;
    object->DriverExtension = &driver->extension;
    driver->extension.DriverObject = object;
    if (image) {
        object->DriverStart = (PVOID)image->base;
        object->DriverSize = image->size;
        object->DriverSection = image->section;
    }
    for (ULONG i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++)
        object->MajorFunction[i] = io_invalid_request;
}

/* Makes the object under its name; the caller owns a pointer. */
static NTSTATUS create_object(PCUNICODE_STRING service, PDRIVER_INITIALIZE entry,
                              const struct io_driver_image *image, struct driver **driver)
{
    UNICODE_STRING name;
    NTSTATUS status = make_driver_name(service, &name);
    OBJECT_ATTRIBUTES attributes =
        OBJECT_ATTRIBUTES_INIT(&name, OBJ_PERMANENT | OBJ_CASE_INSENSITIVE);

    if (!NT_SUCCESS(status))
        return status;
    status = ob_create_object(io_driver_type, &attributes, sizeof **driver, (PVOID *)driver);
    if (!NT_SUCCESS(status)) {
        ExFreePool(name.Buffer);
        return status;
    }
    init_driver(*driver, entry, image);
    (*driver)->object.DriverName = name;
    status = copy_string(&(*driver)->extension.ServiceKeyName, service);
    if (NT_SUCCESS(status))
        status = ob_insert_object(*driver, &attributes, 0, NULL);
    else
        ObfDereferenceObject(*driver);
    return status == STATUS_OBJECT_NAME_COLLISION ? STATUS_IMAGE_ALREADY_LOADED : status;
}

void io_delete_driver(PVOID object)
{
    struct driver *driver = object;

    if (driver->image.release)
        driver->image.release(driver->image.section);
    ExFreePool(driver->object.DriverName.Buffer);
    if (driver->extension.ServiceKeyName.Buffer)
        ExFreePool(driver->extension.ServiceKeyName.Buffer);
}

/* The object loses its name and the pointer that loading gave it. */
static void drop(struct driver *driver)
{
    ObMakeTemporaryObject(driver);
    ObfDereferenceObject(driver);
}

/*
 * A call of the driver's DriverEntry or DriverUnload. It is made by a thread of the System process:
 * handles that the driver opens outlive whoever had it loaded, and CR3 is another.
 */
struct call {
    PDRIVER_OBJECT driver;
    PUNICODE_STRING registry_path;
    BOOLEAN unload;
    NTSTATUS status; /* out: DriverEntry's */
    KEVENT done;
};

static VOID NTAPI make_call(PVOID context)
{
    struct call *call = context;
    PDRIVER_OBJECT driver = call->driver;
    struct io_process process = io_describe_process(ke_current_process());

    log_printf("[driver] event=%s name=%wZ process=%s id=%u cr3=%08X thread=%p\n",
               call->unload ? "unload" : "entry", &driver->DriverExtension->ServiceKeyName,
               process.name, process.id, mm_space_current()->cr3, ke_current_thread());
    if (call->unload)
        driver->DriverUnload(driver);
    else
        call->status = driver->DriverInit(driver, call->registry_path);
    KeSetEvent(&call->done, IO_NO_INCREMENT, FALSE);
}

/* In the caller's own thread if that is of the System process: it may be the worker thread itself. */
static NTSTATUS call_driver(struct call *call)
{
    WORK_QUEUE_ITEM item;

    KeInitializeEvent(&call->done, NotificationEvent, FALSE);
    if (ke_current_process()->space == &mm_system_space) {
        make_call(call);
        return call->status;
    }
    ExInitializeWorkItem(&item, make_call, call);
    ExQueueWorkItem(&item, DelayedWorkQueue);
    KeWaitForSingleObject(&call->done, Executive, KernelMode, FALSE, NULL);
    return call->status;
}

/* DriverEntry has succeeded: its devices may be opened, and holes in its table are closed. */
static void finish_loading(PDRIVER_OBJECT driver)
{
    for (ULONG i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++)
        if (!driver->MajorFunction[i])
            driver->MajorFunction[i] = io_invalid_request;
    for (PDEVICE_OBJECT device = driver->DeviceObject; device; device = device->NextDevice)
        device->Flags &= ~DO_DEVICE_INITIALIZING;
}

/* A DriverEntry that fails must have deleted its devices: what it left is deleted here. */
static void delete_leftovers(PDRIVER_OBJECT driver)
{
    while (driver->DeviceObject) {
        PDEVICE_OBJECT device = driver->DeviceObject;

        log_printf("[io] driver=%wZ problem=\"DriverEntry failed and left a device\"\n",
                   &driver->DriverName);
        driver->DeviceObject = device->NextDevice;
        IoDeleteDevice(device);
    }
}

NTSTATUS io_create_driver(PCUNICODE_STRING service, PUNICODE_STRING registry_path,
                          PDRIVER_INITIALIZE entry, const struct io_driver_image *image,
                          PDRIVER_OBJECT *result)
{
    struct driver *driver;
    NTSTATUS status = create_object(service, entry, image, &driver);

    if (!NT_SUCCESS(status))
        return status;
    status = call_driver(&(struct call){.driver = &driver->object, .registry_path = registry_path});
    if (!NT_SUCCESS(status)) {
        delete_leftovers(&driver->object);
        drop(driver);
        return status;
    }
    if (image)
        driver->image = *image; /* from here on the object's */
    finish_loading(&driver->object);
    if (result)
        *result = &driver->object;
    return STATUS_SUCCESS;
}

static BOOLEAN is_in_use(const DRIVER_OBJECT *driver)
{
    for (PDEVICE_OBJECT device = driver->DeviceObject; device; device = device->NextDevice)
        if (device->ReferenceCount || device->AttachedDevice)
            return TRUE;
    return FALSE;
}

void io_try_unload(PDRIVER_OBJECT driver)
{
    if (is_in_use(driver) || driver->Flags & DRVO_UNLOAD_INVOKED)
        return;
    driver->Flags |= DRVO_UNLOAD_INVOKED;
    call_driver(&(struct call){.driver = driver, .unload = TRUE});
    drop((struct driver *)driver);
}

static NTSTATUS begin_unload(PDRIVER_OBJECT driver)
{
    if (!driver->DriverUnload)
        return STATUS_INVALID_DEVICE_REQUEST;
    if (driver->Flags & DRVO_UNLOAD_INVOKED)
        return STATUS_DELETE_PENDING;
    for (PDEVICE_OBJECT device = driver->DeviceObject; device; device = device->NextDevice)
        device->DeviceObjectExtension->ExtensionFlags |= DOE_UNLOAD_PENDING;
    io_try_unload(driver);
    return STATUS_SUCCESS;
}

/* The driver object of a service, with a pointer for the caller. */
static NTSTATUS find_driver(PCUNICODE_STRING service, PDRIVER_OBJECT *driver)
{
    UNICODE_STRING name;
    NTSTATUS status = make_driver_name(service, &name);

    if (!NT_SUCCESS(status))
        return status;
    status = ObReferenceObjectByName(&name, OBJ_CASE_INSENSITIVE, NULL, 0, io_driver_type,
                                     KernelMode, NULL, (PVOID *)driver);
    ExFreePool(name.Buffer);
    return status;
}

BOOLEAN io_is_driver_loaded(PCUNICODE_STRING service)
{
    PDRIVER_OBJECT driver;

    if (!NT_SUCCESS(find_driver(service, &driver)))
        return FALSE;
    ObfDereferenceObject(driver);
    return TRUE;
}

NTSTATUS io_unload_driver(PCUNICODE_STRING service)
{
    PDRIVER_OBJECT driver;
    NTSTATUS status = find_driver(service, &driver);

    if (!NT_SUCCESS(status))
        return status;
    status = begin_unload(driver);
    ObfDereferenceObject(driver);
    return status;
}

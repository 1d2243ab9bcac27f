#include "io/iop.h"

#include "export.h"
#include "ke/devicequeue.h"
#include "rtl/rtl.h"

#define ALIGN_8(bytes) (((bytes) + 7u) & ~7u)

static void append_to_driver(PDRIVER_OBJECT driver, PDEVICE_OBJECT device)
{
    ObfReferenceObject(driver);
    device->DriverObject = driver;
    device->NextDevice = driver->DeviceObject;
    driver->DeviceObject = device;
}

static void remove_from_driver(PDEVICE_OBJECT device)
{
    PDEVICE_OBJECT *link = &device->DriverObject->DeviceObject;

    while (*link && *link != device)
        link = &(*link)->NextDevice;
    if (*link)
        *link = device->NextDevice;
}

/* Lays out the body: the device, its extension, and the private tail. */
static void init_device(PDEVICE_OBJECT device, ULONG extension_bytes)
{
    ULONG extension = ALIGN_8(sizeof *device), tail = extension + ALIGN_8(extension_bytes);
    PDEVOBJ_EXTENSION private = (PDEVOBJ_EXTENSION)((char *)device + tail);

    device->Type = IO_TYPE_DEVICE;
    device->Size = (USHORT)(sizeof *device + extension_bytes);
    device->Flags = DO_DEVICE_INITIALIZING;
    device->StackSize = 1;
    device->DeviceExtension = extension_bytes ? (char *)device + extension : NULL;
    device->DeviceObjectExtension = private;
    KeInitializeDeviceQueue(&device->DeviceQueue);
    private->Type = IO_TYPE_DEVICE_OBJECT_EXTENSION;
    private->Size = sizeof *private;
    private->DeviceObject = device;
}

NTSTATUS NTAPI IoCreateDevice(PDRIVER_OBJECT driver, ULONG extension_bytes, PUNICODE_STRING name,
                              DEVICE_TYPE type, ULONG characteristics, BOOLEAN exclusive,
                              PDEVICE_OBJECT *result)
{
    OBJECT_ATTRIBUTES attributes =
        OBJECT_ATTRIBUTES_INIT(name, OBJ_CASE_INSENSITIVE | (name ? OBJ_PERMANENT : 0));
    PDEVICE_OBJECT device;

    *result = NULL;
    if (extension_bytes > 0xFFFF - sizeof *device)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = ob_create_object(io_device_type, &attributes,
                                       ALIGN_8(sizeof *device) + ALIGN_8(extension_bytes) +
                                           sizeof(DEVOBJ_EXTENSION),
                                       (PVOID *)&device);

    if (!NT_SUCCESS(status))
        return status;
    init_device(device, extension_bytes);
    device->DeviceType = type;
    device->Characteristics = characteristics;
    device->Flags |= (exclusive ? DO_EXCLUSIVE : 0) | (name ? DO_DEVICE_HAS_NAME : 0);
    status = ob_insert_object(device, &attributes, 0, NULL);
    if (!NT_SUCCESS(status))
        return status;
    append_to_driver(driver, device);
    *result = device;
    return STATUS_SUCCESS;
}
EXPORT_NTOSKRNL(IoCreateDevice);

BOOLEAN io_device_is_closed(const DEVICE_OBJECT *device)
{
    return device->Flags & DO_DEVICE_INITIALIZING || device->DeviceObjectExtension->ExtensionFlags &
                                                         (DOE_UNLOAD_PENDING | DOE_DELETE_PENDING);
}

/* Lets a deleted device go once nothing is open on it or attached to it. */
static void free_if_unused(PDEVICE_OBJECT device)
{
    PDRIVER_OBJECT driver = device->DriverObject;

    if (device->ReferenceCount || device->AttachedDevice)
        return;
    remove_from_driver(device);
    ObfDereferenceObject(device);
    ObfDereferenceObject(driver);
}

static void detach_from_lower(PDEVICE_OBJECT device)
{
    PDEVICE_OBJECT lower = device->DeviceObjectExtension->AttachedTo;

    if (lower)
        IoDetachDevice(lower);
}

VOID NTAPI IoDeleteDevice(PDEVICE_OBJECT device)
{
    if (device->DeviceObjectExtension->ExtensionFlags & DOE_DELETE_PENDING)
        return;
    device->DeviceObjectExtension->ExtensionFlags |= DOE_DELETE_PENDING;
    detach_from_lower(device);
    if (device->Flags & DO_DEVICE_HAS_NAME)
        ObMakeTemporaryObject(device);
    free_if_unused(device);
}
EXPORT_NTOSKRNL(IoDeleteDevice);

/* The last file or the device above has gone: what had to wait for that is done. */
static void settle(PDEVICE_OBJECT device)
{
    ULONG flags = device->DeviceObjectExtension->ExtensionFlags;
    PDRIVER_OBJECT driver = device->DriverObject;

    ObfReferenceObject(driver);
    if (flags & DOE_DELETE_PENDING)
        free_if_unused(device);
    if (flags & DOE_UNLOAD_PENDING)
        io_try_unload(driver);
    ObfDereferenceObject(driver);
}

void io_reference_device(PDEVICE_OBJECT device)
{
    device->ReferenceCount++;
}

void io_dereference_device(PDEVICE_OBJECT device)
{
    ASSERT(device->ReferenceCount > 0);
    if (!--device->ReferenceCount)
        settle(device);
}

PDEVICE_OBJECT NTAPI IoGetAttachedDevice(PDEVICE_OBJECT device)
{
    while (device->AttachedDevice)
        device = device->AttachedDevice;
    return device;
}
EXPORT_NTOSKRNL(IoGetAttachedDevice);

PDEVICE_OBJECT NTAPI IoAttachDeviceToDeviceStack(PDEVICE_OBJECT source, PDEVICE_OBJECT target)
{
    PDEVICE_OBJECT top = IoGetAttachedDevice(target);

    if (io_device_is_closed(top))
        return NULL;
    top->AttachedDevice = source;
    source->DeviceObjectExtension->AttachedTo = top;
    source->StackSize = top->StackSize + 1;
    source->AlignmentRequirement = top->AlignmentRequirement;
    source->SectorSize = top->SectorSize;
    return top;
}
EXPORT_NTOSKRNL(IoAttachDeviceToDeviceStack);

VOID NTAPI IoDetachDevice(PDEVICE_OBJECT target)
{
    if (target->AttachedDevice)
        target->AttachedDevice->DeviceObjectExtension->AttachedTo = NULL;
    target->AttachedDevice = NULL;
    settle(target);
}
EXPORT_NTOSKRNL(IoDetachDevice);

#include "io/trace.h"

#include "console/log.h"
#include "mm/space.h"
#include "ob/ob.h"
#include "rtl/rtl.h"

BOOLEAN trace_irps;

static const char *const majors[IRP_MJ_MAXIMUM_FUNCTION + 1] = {
    [IRP_MJ_CREATE] = "CREATE",
    [IRP_MJ_CLOSE] = "CLOSE",
    [IRP_MJ_READ] = "READ",
    [IRP_MJ_WRITE] = "WRITE",
    [IRP_MJ_QUERY_INFORMATION] = "QUERY_INFORMATION",
    [IRP_MJ_DEVICE_CONTROL] = "DEVICE_CONTROL",
    [IRP_MJ_INTERNAL_DEVICE_CONTROL] = "INTERNAL_DEVICE_CONTROL",
    [IRP_MJ_CLEANUP] = "CLEANUP",
};

/* "DEVICE_CONTROL", or the number of a major function without a name here. */
static const char *major_name(UCHAR major, char number[4])
{
    if (major < ARRAY_SIZE(majors) && majors[major])
        return majors[major];
    rtl_snprintf(number, 4, "%02X", major);
    return number;
}

/* The last component of the device's name; filters have none. */
static PCUNICODE_STRING device_name(const DEVICE_OBJECT *device)
{
    static const UNICODE_STRING unnamed = UNICODE_STRING_INIT(u"-");
    POBJECT_HEADER_NAME_INFO info = ob_name_info(device);

    return info && info->Name.Length ? &info->Name : &unnamed;
}

static void log_step(const char *event, const IRP *irp, const DEVICE_OBJECT *device, UCHAR major,
                     int location)
{
    char number[4];

    log_printf("[irp] event=%s irp=%p major=%s device=%wZ driver=%wZ location=%d/%d", event, irp,
               major_name(major, number), device_name(device), &device->DriverObject->DriverName,
               location, irp->StackCount);
}

void trace_call(const DEVICE_OBJECT *device, const IRP *irp)
{
    const IO_STACK_LOCATION *location = irp->Tail.Overlay.CurrentStackLocation - 1;

    log_step("call", irp, device, location->MajorFunction, irp->CurrentLocation - 1);
    if (location->MajorFunction == IRP_MJ_DEVICE_CONTROL)
        log_printf(" code=%08X in=%u out=%u", location->Parameters.DeviceIoControl.IoControlCode,
                   location->Parameters.DeviceIoControl.InputBufferLength,
                   location->Parameters.DeviceIoControl.OutputBufferLength);
    log_printf(" cr3=%08X\n", mm_space_current()->cr3);
}

void trace_complete(const IRP *irp)
{
    const IO_STACK_LOCATION *location = irp->Tail.Overlay.CurrentStackLocation;

    log_step("complete", irp, location->DeviceObject, location->MajorFunction,
             irp->CurrentLocation);
    log_printf(" status=%08X information=%u\n", irp->IoStatus.Status, irp->IoStatus.Information);
}

#include "io/trace.h"

#include "console/log.h"
#include "ke/clock.h"
#include "ke/thread.h"
#include "mm/space.h"
#include "ob/ob.h"
#include "rtl/rtl.h"

BOOLEAN trace_irps;

static struct io_process describe_system(struct ke_process *process)
{
    (void)process;
    return (struct io_process){8, "System"};
}

struct io_process (*io_describe_process)(struct ke_process *process) = describe_system;

#define MICROSECONDS_32 3599591090u /* 2^32 / 1.193182: of one count of the timer */

/* Microseconds since boot, for an hour from 0 on: the timer's count, by 2^32 / 1.193182. */
static ULONG microseconds(void)
{
    ULONGLONG count = (ULONGLONG)KeQueryPerformanceCounter(NULL).QuadPart;

    return (ULONG)(count >> 32) * MICROSECONDS_32 +
           (ULONG)((count & 0xFFFFFFFF) * MICROSECONDS_32 >> 32);
}

static const char *const majors[IRP_MJ_MAXIMUM_FUNCTION + 1] = {
    [IRP_MJ_CREATE] = "CREATE",
    [IRP_MJ_CLOSE] = "CLOSE",
    [IRP_MJ_READ] = "READ",
    [IRP_MJ_WRITE] = "WRITE",
    [IRP_MJ_QUERY_INFORMATION] = "QUERY_INFORMATION",
    [IRP_MJ_SET_INFORMATION] = "SET_INFORMATION",
    [IRP_MJ_QUERY_VOLUME_INFORMATION] = "QUERY_VOLUME_INFORMATION",
    [IRP_MJ_DIRECTORY_CONTROL] = "DIRECTORY_CONTROL",
    [IRP_MJ_FILE_SYSTEM_CONTROL] = "FILE_SYSTEM_CONTROL",
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

    struct io_process process = io_describe_process(ke_current_process());

    log_printf("[irp] event=%s irp=%p major=%s device=%wZ driver=%wZ location=%d/%d us=%u "
               "process=%s id=%u",
               event, irp, major_name(major, number), device_name(device),
               &device->DriverObject->DriverName, location, irp->StackCount, microseconds(),
               process.name, process.id);
}

void trace_call(const DEVICE_OBJECT *device, const IRP *irp)
{
    const IO_STACK_LOCATION *location = irp->Tail.Overlay.CurrentStackLocation - 1;

    log_step("call", irp, device, location->MajorFunction, irp->CurrentLocation - 1);
    if (location->MajorFunction == IRP_MJ_DEVICE_CONTROL ||
        location->MajorFunction == IRP_MJ_FILE_SYSTEM_CONTROL)
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

/*
 * pagewalk.sys: what the page tables of any process say, for programs in ring 3. It reads no table by
 * itself: the kernel's walk does (mmwalk.h). What is left to a driver is to check what it is given.
 *
 * The codes and their answers: ioctl/pagewalk.h.
 */
#include <ntddk.h>

#include "ioctl/pagewalk.h"
#include "mmwalk.h"

DRIVER_INITIALIZE DriverEntry;

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\PageWalk");
static UNICODE_STRING SymbolicLinkName = RTL_CONSTANT_STRING(L"\\??\\PageWalk");

/* A request, checked: the output has room for the code's smallest answer. */
typedef struct _REQUEST {
    struct pagewalk_question Question; /* a copy: in a buffered request the answer lies over it */
    PVOID Output;
    ULONG OutputLength;
    ULONG_PTR Information;
} REQUEST, *PREQUEST;

/* How many records of this size fit behind a head. */
static ULONG Room(const REQUEST *Request, ULONG RecordSize)
{
    return (Request->OutputLength - sizeof(struct pagewalk_head)) / RecordSize;
}

/* The records are there; the head goes in front of them. */
static NTSTATUS Finish(PREQUEST Request, NTSTATUS Status, const struct pagewalk_head *Head,
                       ULONG RecordSize)
{
    if (!NT_SUCCESS(Status))
        return Status;
    *(struct pagewalk_head *)Request->Output = *Head;
    Request->Information = sizeof(*Head) + Head->count * RecordSize;
    return Status;
}

/* Where the records begin. */
static PVOID Records(const REQUEST *Request)
{
    return (struct pagewalk_head *)Request->Output + 1;
}

static NTSTATUS AnswerAddress(PREQUEST Request)
{
    const struct pagewalk_question *Question = &Request->Question;

    if (Question->physical != 0 || Question->other != 0)
        return STATUS_INVALID_PARAMETER;
    Request->Information = sizeof(struct pagewalk_record);
    return MmWalkAddress(Question->process, Question->address, Request->Output);
}

static NTSTATUS AnswerRanges(PREQUEST Request)
{
    const struct pagewalk_question *Question = &Request->Question;
    ULONG Size = sizeof(struct pagewalk_range);
    struct pagewalk_head Head;

    if (Question->physical != 0 || Question->other != 0)
        return STATUS_INVALID_PARAMETER;
    return Finish(Request,
                  MmScanRanges(Question->process, Question->address, Room(Request, Size), &Head,
                               Records(Request)),
                  &Head, Size);
}

static NTSTATUS AnswerFrame(PREQUEST Request)
{
    const struct pagewalk_question *Question = &Request->Question;
    ULONG Size = sizeof(struct pagewalk_mapping);
    struct pagewalk_head Head;

    if (Question->physical >> PAGEWALK_PHYSICAL_BITS != 0 || Question->other != 0)
        return STATUS_INVALID_PARAMETER;
    return Finish(Request,
                  MmFindMappings(Question->physical, Question->process, Question->address,
                                 Room(Request, Size), &Head, Records(Request)),
                  &Head, Size);
}

static NTSTATUS AnswerCompare(PREQUEST Request)
{
    const struct pagewalk_question *Question = &Request->Question;
    ULONG Size = sizeof(struct pagewalk_difference);
    struct pagewalk_head Head;

    if (Question->physical != 0)
        return STATUS_INVALID_PARAMETER;
    return Finish(Request,
                  MmCompareSpaces(Question->process, Question->other, Question->address,
                                  Room(Request, Size), &Head, Records(Request)),
                  &Head, Size);
}

static NTSTATUS AnswerBytes(PREQUEST Request)
{
    const struct pagewalk_question *Question = &Request->Question;

    if (Question->process != 0 || Question->other != 0 || Question->address != 0)
        return STATUS_INVALID_PARAMETER;
    Request->Information = Request->OutputLength;
    return MmReadPhysicalMemory(Question->physical, Request->Output, Request->OutputLength);
}

typedef struct _CODE {
    ULONG Code;
    ULONG Least; /* bytes of the smallest answer */
    NTSTATUS (*Answer)(PREQUEST Request);
} CODE;

#define HEAD_AND(Record) (sizeof(struct pagewalk_head) + sizeof(Record))

static const CODE Codes[] = {
    {IOCTL_PAGEWALK_ADDRESS, sizeof(struct pagewalk_record), AnswerAddress},
    {IOCTL_PAGEWALK_RANGES, HEAD_AND(struct pagewalk_range), AnswerRanges},
    {IOCTL_PAGEWALK_FRAME, HEAD_AND(struct pagewalk_mapping), AnswerFrame},
    {IOCTL_PAGEWALK_COMPARE, HEAD_AND(struct pagewalk_difference), AnswerCompare},
    {IOCTL_PAGEWALK_BYTES, 1, AnswerBytes},
};

static const CODE *FindCode(ULONG Value)
{
    ULONG Index;

    for (Index = 0; Index < RTL_NUMBER_OF(Codes); Index++)
        if (Codes[Index].Code == Value)
            return &Codes[Index];
    return NULL;
}

/* The output as the system reaches it, by the code's method; NULL if there is no room to map it. */
static PVOID OutputOf(PIRP Irp, const CODE *Code)
{
    if ((Code->Code & 3) == METHOD_BUFFERED)
        return Irp->AssociatedIrp.SystemBuffer;
    return MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
}

/* Sizes first, then the question, then its answer; on failure Request->Information means nothing. */
static NTSTATUS Answer(PIRP Irp, PREQUEST Request)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    const CODE *Code = FindCode(Stack->Parameters.DeviceIoControl.IoControlCode);

    if (Code == NULL)
        return STATUS_INVALID_DEVICE_REQUEST;
    if (Stack->Parameters.DeviceIoControl.InputBufferLength != sizeof(Request->Question))
        return STATUS_INVALID_BUFFER_SIZE;
    Request->OutputLength = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    if (Request->OutputLength < Code->Least)
        return STATUS_BUFFER_TOO_SMALL;
    Request->Question = *(struct pagewalk_question *)Irp->AssociatedIrp.SystemBuffer;
    if (Request->Question.reserved != 0)
        return STATUS_INVALID_PARAMETER;
    Request->Output = OutputOf(Irp, Code);
    return Request->Output != NULL ? Code->Answer(Request) : STATUS_INSUFFICIENT_RESOURCES;
}

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS NTAPI DispatchCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS NTAPI DispatchControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    REQUEST Request;
    NTSTATUS Status = Answer(Irp, &Request);

    UNREFERENCED_PARAMETER(DeviceObject);
    return Complete(Irp, Status, NT_SUCCESS(Status) ? Request.Information : 0);
}

static VOID NTAPI DriverUnload(PDRIVER_OBJECT DriverObject)
{
    IoDeleteSymbolicLink(&SymbolicLinkName);
    IoDeleteDevice(DriverObject->DeviceObject);
}

/* The device and the link to it, or neither. */
static __attribute__((section("INIT"))) NTSTATUS CreateDevice(PDRIVER_OBJECT DriverObject)
{
    PDEVICE_OBJECT DeviceObject;
    NTSTATUS Status =
        IoCreateDevice(DriverObject, 0, &DeviceName, FILE_DEVICE_UNKNOWN, 0, FALSE, &DeviceObject);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = IoCreateSymbolicLink(&SymbolicLinkName, &DeviceName);
    if (!NT_SUCCESS(Status))
        IoDeleteDevice(DeviceObject);
    return Status;
}

__attribute__((section("INIT"))) NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject,
                                                            PUNICODE_STRING RegistryPath)
{
    NTSTATUS Status = CreateDevice(DriverObject);

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(Status))
        return Status;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = DispatchCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = DispatchCreateClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DispatchControl;
    DriverObject->DriverUnload = DriverUnload;
    return STATUS_SUCCESS;
}

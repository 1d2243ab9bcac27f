/*
 * Requests that end later, in every way; and devices that are opened and read in every way. Its
 * devices and codes: ioctl/async.h.
 */
#include "stub.h"

#include "ioctl/async.h"

static UNICODE_STRING Names[] = {
    RTL_CONSTANT_STRING(L"\\Device\\async"),    RTL_CONSTANT_STRING(L"\\Device\\asyncdir"),
    RTL_CONSTANT_STRING(L"\\Device\\asyncnei"), RTL_CONSTANT_STRING(L"\\Device\\asyncexc"),
    RTL_CONSTANT_STRING(L"\\Device\\asyncshr"), RTL_CONSTANT_STRING(L"\\Device\\asyncveto"),
};
static UNICODE_STRING Links[] = {
    RTL_CONSTANT_STRING(L"\\??\\async"),    RTL_CONSTANT_STRING(L"\\??\\asyncdir"),
    RTL_CONSTANT_STRING(L"\\??\\asyncnei"), RTL_CONSTANT_STRING(L"\\??\\asyncexc"),
    RTL_CONSTANT_STRING(L"\\??\\asyncshr"), RTL_CONSTANT_STRING(L"\\??\\asyncveto"),
};
enum { ASYNC, DIRECT, NEITHER, EXCLUSIVE, SHARING, VETO, DEVICES };

#define USER_END 0x7FFF0000 /* MmUserProbeAddress */

static SHARE_ACCESS Share;

/* What is not completed yet. */
typedef struct _HELD {
    LIST_ENTRY Link;
    PIRP Irp;
    KTIMER Timer;
    KDPC Dpc;
    HANDLE Thread;
    LARGE_INTEGER Due;
} HELD, *PHELD;

static LIST_ENTRY Held;
static KSPIN_LOCK Lock;

static ULONG Smaller(ULONG A, ULONG B)
{
    return A < B ? A : B;
}

/* Bytes that both of the IRP's buffers have room for. */
static ULONG Echoed(PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);

    return Smaller(Stack->Parameters.DeviceIoControl.InputBufferLength,
                   Stack->Parameters.DeviceIoControl.OutputBufferLength);
}

/* Takes the record of an IRP out of the list. NULL: somebody else has it. */
static PHELD Take(PIRP Irp)
{
    PHELD Found = NULL;
    KIRQL Irql;

    KeAcquireSpinLock(&Lock, &Irql);
    for (PLIST_ENTRY Link = Held.Flink; Link != &Held && !Found; Link = Link->Flink)
        if (CONTAINING_RECORD(Link, HELD, Link)->Irp == Irp)
            Found = CONTAINING_RECORD(Link, HELD, Link);
    if (Found != NULL)
        RemoveEntryList(&Found->Link);
    KeReleaseSpinLock(&Lock, Irql);
    return Found;
}

/* The end of a held IRP, which is out of the list. */
static VOID Finish(PHELD Record, NTSTATUS Status)
{
    PIRP Irp = Record->Irp;

    ExFreePool(Record);
    StubComplete(Irp, Status, NT_SUCCESS(Status) ? Echoed(Irp) : 0);
}

static VOID NTAPI OnCancel(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PHELD Record;

    UNREFERENCED_PARAMETER(DeviceObject);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    Record = Take(Irp);
    if (Record == NULL)
        return;
    KeCancelTimer(&Record->Timer);
    KeRemoveQueueDpc(&Record->Dpc);
    Finish(Record, STATUS_CANCELLED);
}

/* Whoever takes the cancel routine away may complete the IRP; STUCK and DPC have none. */
static BOOLEAN MayFinish(PIRP Irp, BOOLEAN Cancelable)
{
    return !Cancelable || IoSetCancelRoutine(Irp, NULL) != NULL;
}

static BOOLEAN IsCancelable(PIRP Irp)
{
    ULONG Code = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode;

    return Code == IOCTL_ASYNC_CANCEL || Code == IOCTL_ASYNC_NEVER;
}

static VOID NTAPI OnTimer(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PHELD Record = Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    if (MayFinish(Record->Irp, IsCancelable(Record->Irp)) && Take(Record->Irp) != NULL)
        Finish(Record, STATUS_SUCCESS);
}

static VOID NTAPI CompletingThread(PVOID Context)
{
    PHELD Record = Context;

    KeDelayExecutionThread(KernelMode, FALSE, &Record->Due);
    if (Take(Record->Irp) != NULL)
        Finish(Record, STATUS_SUCCESS);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static NTSTATUS StartThread(PHELD Record)
{
    HANDLE Thread;
    NTSTATUS Status = PsCreateSystemThread(&Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL,
                                           CompletingThread, Record);

    if (NT_SUCCESS(Status))
        ZwClose(Thread);
    return Status;
}

static VOID Arm(PHELD Record)
{
    if (IsCancelable(Record->Irp)) {
        IoSetCancelRoutine(Record->Irp, OnCancel);
        /* It may have been cancelled before it had the routine. */
        if (Record->Irp->Cancel && IoSetCancelRoutine(Record->Irp, NULL) != NULL) {
            Take(Record->Irp);
            Finish(Record, STATUS_CANCELLED);
            return;
        }
    }
    switch (IoGetCurrentIrpStackLocation(Record->Irp)->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_ASYNC_DPC:
    case IOCTL_ASYNC_CANCEL:
        KeSetTimer(&Record->Timer, Record->Due, &Record->Dpc);
    }
}

/* Keeps the IRP: STATUS_PENDING, or completes it with why not. */
static NTSTATUS Hold(PIRP Irp, ULONG Code)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG Milliseconds = 0;
    PHELD Record;

    if (Stack->Parameters.DeviceIoControl.InputBufferLength >= sizeof(ULONG))
        Milliseconds = *(PULONG)Irp->AssociatedIrp.SystemBuffer;
    Record = ExAllocatePoolWithTag(NonPagedPool, sizeof(HELD), 0x636E7341 /* Asnc */);
    if (Record == NULL)
        return StubComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    Record->Irp = Irp;
    Record->Due.QuadPart = -10000LL * Milliseconds;
    KeInitializeTimer(&Record->Timer);
    KeInitializeDpc(&Record->Dpc, OnTimer, Record);
    IoMarkIrpPending(Irp);
    ExInterlockedInsertTailList(&Held, &Record->Link, &Lock);
    if (Code != IOCTL_ASYNC_THREAD)
        Arm(Record);
    else if (!NT_SUCCESS(StartThread(Record)) && Take(Irp) != NULL)
        Finish(Record, STATUS_INSUFFICIENT_RESOURCES);
    return STATUS_PENDING;
}

/* The first held IRP that only RELEASE can end, or NULL. */
static PIRP FindStuck(VOID)
{
    for (PLIST_ENTRY Link = Held.Flink; Link != &Held; Link = Link->Flink) {
        PIRP Irp = CONTAINING_RECORD(Link, HELD, Link)->Irp;

        if (IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode ==
            IOCTL_ASYNC_STUCK)
            return Irp;
    }
    return NULL;
}

static VOID Release(VOID)
{
    PIRP Irp;

    while ((Irp = FindStuck()) != NULL)
        Finish(Take(Irp), STATUS_SUCCESS);
}

static NTSTATUS CountHeld(PIRP Irp)
{
    PULONG Count = Irp->AssociatedIrp.SystemBuffer;
    ULONG Number = 0;

    if (IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.OutputBufferLength <
        sizeof(ULONG))
        return StubComplete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    for (PLIST_ENTRY Link = Held.Flink; Link != &Held; Link = Link->Flink)
        Number++;
    *Count = Number;
    return StubComplete(Irp, STATUS_SUCCESS, sizeof(ULONG));
}

/* ---- The four methods ---- */

static PUCHAR Mapped(PIRP Irp)
{
    return Irp->MdlAddress == NULL
               ? NULL
               : MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
}

static NTSTATUS AddOne(PIRP Irp, const UCHAR *Input, PUCHAR Output)
{
    ULONG Length = Echoed(Irp);

    if (Length > 0 && (Input == NULL || Output == NULL))
        return StubComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    for (ULONG I = 0; I < Length; I++)
        Output[I] = (UCHAR)(Input[I] + 1);
    return StubComplete(Irp, STATUS_SUCCESS, Length);
}

/* Ring 3's and present. What is read-only is not found out: METHOD_NEITHER trusts its caller so far. */
static BOOLEAN IsUsable(const VOID *Address, ULONG Length)
{
    ULONG_PTR Last = (ULONG_PTR)Address + Length - 1;

    if (Length == 0)
        return TRUE;
    if (Last < (ULONG_PTR)Address || Last >= USER_END)
        return FALSE;
    for (ULONG_PTR At = (ULONG_PTR)Address; At <= Last; At = (At | (PAGE_SIZE - 1)) + 1)
        if (!MmIsAddressValid((PVOID)At))
            return FALSE;
    return TRUE;
}

static NTSTATUS AddOneRaw(PIRP Irp)
{
    PVOID Input = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.Type3InputBuffer;
    ULONG Length = Echoed(Irp);

    if (!IsUsable(Input, Length) || !IsUsable(Irp->UserBuffer, Length))
        return StubComplete(Irp, STATUS_ACCESS_VIOLATION, 0);
    return AddOne(Irp, Input, Irp->UserBuffer);
}

static NTSTATUS Sum(PIRP Irp)
{
    ULONG Length = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.OutputBufferLength;
    const UCHAR *Bytes = Mapped(Irp);
    ULONG Total = 0;

    if (Length > 0 && Bytes == NULL)
        return StubComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    for (ULONG I = 0; I < Length; I++)
        Total += Bytes[I];
    return StubComplete(Irp, STATUS_SUCCESS, Total);
}

static NTSTATUS NTAPI DispatchControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG Code = Stack->Parameters.DeviceIoControl.IoControlCode;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Code) {
    case IOCTL_ASYNC_DPC:
    case IOCTL_ASYNC_CANCEL:
    case IOCTL_ASYNC_THREAD:
    case IOCTL_ASYNC_NEVER:
    case IOCTL_ASYNC_STUCK:
        return Hold(Irp, Code);
    case IOCTL_ASYNC_RELEASE:
        Release();
        return StubComplete(Irp, STATUS_SUCCESS, 0);
    case IOCTL_ASYNC_PENDING:
        return CountHeld(Irp);
    case IOCTL_ASYNC_BUFFERED:
        return AddOne(Irp, Irp->AssociatedIrp.SystemBuffer, Irp->AssociatedIrp.SystemBuffer);
    case IOCTL_ASYNC_IN:
        return Sum(Irp);
    case IOCTL_ASYNC_OUT:
        return AddOne(Irp, Irp->AssociatedIrp.SystemBuffer, Mapped(Irp));
    case IOCTL_ASYNC_NEITHER:
        return AddOneRaw(Irp);
    case IOCTL_ASYNC_READ:
    case IOCTL_ASYNC_WRITE:
        return StubComplete(Irp, STATUS_SUCCESS, 0);
    default:
        return StubComplete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

/* ---- Opening, reading, writing, closing ---- */

static BOOLEAN IsDevice(PDEVICE_OBJECT DeviceObject, ULONG Which)
{
    return *(PULONG)DeviceObject->DeviceExtension == Which;
}

static NTSTATUS NTAPI DispatchCreate(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS Status = STATUS_SUCCESS;

    if (IsDevice(DeviceObject, SHARING))
        Status = IoCheckShareAccess(Stack->Parameters.Create.SecurityContext->DesiredAccess,
                                    Stack->Parameters.Create.ShareAccess, Stack->FileObject, &Share,
                                    TRUE);
    return StubComplete(Irp, Status, 0);
}

static NTSTATUS NTAPI DispatchCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    if (IsDevice(DeviceObject, SHARING))
        IoRemoveShareAccess(IoGetCurrentIrpStackLocation(Irp)->FileObject, &Share);
    return StubComplete(Irp, IsDevice(DeviceObject, VETO) ? STATUS_DEVICE_BUSY : STATUS_SUCCESS, 0);
}

static PUCHAR TransferBuffer(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    if (DeviceObject->Flags & DO_BUFFERED_IO)
        return Irp->AssociatedIrp.SystemBuffer;
    return DeviceObject->Flags & DO_DIRECT_IO ? Mapped(Irp) : Irp->UserBuffer;
}

static NTSTATUS NTAPI DispatchRead(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    ULONG Length = IoGetCurrentIrpStackLocation(Irp)->Parameters.Read.Length;
    PUCHAR Bytes = TransferBuffer(DeviceObject, Irp);

    if (Length > 0 && Bytes == NULL)
        return StubComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    for (ULONG I = 0; I < Length; I++)
        Bytes[I] = (UCHAR)I;
    return StubComplete(Irp, STATUS_SUCCESS, Length);
}

static NTSTATUS NTAPI DispatchWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return StubComplete(Irp, STATUS_SUCCESS,
                        IoGetCurrentIrpStackLocation(Irp)->Parameters.Write.Length);
}

/* ---- Coming and going ---- */

static VOID NTAPI DriverUnload(PDRIVER_OBJECT DriverObject)
{
    Release();
    for (ULONG I = 0; I < DEVICES; I++)
        IoDeleteSymbolicLink(&Links[I]);
    while (DriverObject->DeviceObject != NULL)
        IoDeleteDevice(DriverObject->DeviceObject);
}

static NTSTATUS CreateOne(PDRIVER_OBJECT DriverObject, ULONG Which)
{
    PDEVICE_OBJECT DeviceObject;
    NTSTATUS Status = IoCreateDevice(DriverObject, sizeof(ULONG), &Names[Which],
                                     FILE_DEVICE_UNKNOWN, 0, Which == EXCLUSIVE, &DeviceObject);

    if (!NT_SUCCESS(Status))
        return Status;
    *(PULONG)DeviceObject->DeviceExtension = Which;
    if (Which == DIRECT)
        DeviceObject->Flags |= DO_DIRECT_IO;
    else if (Which != NEITHER)
        DeviceObject->Flags |= DO_BUFFERED_IO;
    return IoCreateSymbolicLink(&Links[Which], &Names[Which]);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS Status = STATUS_SUCCESS;

    UNREFERENCED_PARAMETER(RegistryPath);
    InitializeListHead(&Held);
    KeInitializeSpinLock(&Lock);
    for (ULONG I = 0; I < DEVICES && NT_SUCCESS(Status); I++)
        Status = CreateOne(DriverObject, I);
    if (!NT_SUCCESS(Status)) {
        DriverUnload(DriverObject);
        return Status;
    }
    DriverObject->MajorFunction[IRP_MJ_CREATE] = DispatchCreate;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = StubSucceed;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = DispatchCleanup;
    DriverObject->MajorFunction[IRP_MJ_READ] = DispatchRead;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = DispatchWrite;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DispatchControl;
    DriverObject->DriverUnload = DriverUnload;
    return STATUS_SUCCESS;
}

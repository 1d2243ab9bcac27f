/* NtDuplicateObject: it reaches the handle tables of other processes. */
#include "export.h"
#include "ps/process.h"
#include "ps/thread.h"
#include "rtl/rtl.h"

/* An object on its way from one table to another, with what its handle there allowed. */
struct parcel {
    PVOID object;
    OBJECT_HANDLE_INFORMATION from;
};

static void take_pseudo(struct parcel *parcel, PVOID object, ACCESS_MASK granted)
{
    ObfReferenceObject(object);
    *parcel = (struct parcel){object, {0, granted}};
}

/* The numbers that stand for the current process and thread become handles to them. */
static NTSTATUS take(struct process *process, HANDLE handle, struct parcel *parcel)
{
    struct process *last;
    NTSTATUS status = STATUS_SUCCESS;

    if (process->ended)
        return STATUS_PROCESS_IS_TERMINATING;
    last = ps_attach(process);
    if (handle == NtCurrentProcess())
        take_pseudo(parcel, process, PROCESS_ALL_ACCESS);
    else if (handle == NtCurrentThread())
        take_pseudo(parcel, ps_current_thread(), THREAD_ALL_ACCESS);
    else
        status = ObReferenceObjectByHandle(handle, 0, NULL, ke_previous_mode(), &parcel->object,
                                           &parcel->from);
    ps_attach(last);
    return status;
}

/* The new handle has the pointer; a failure gives it back. */
static NTSTATUS give(struct process *process, const struct parcel *parcel, ACCESS_MASK access,
                     ULONG attributes, PHANDLE handle)
{
    NTSTATUS status = STATUS_PROCESS_IS_TERMINATING;

    if (access & ~parcel->from.GrantedAccess)
        status = STATUS_ACCESS_DENIED;
    else if (!process->ended) {
        struct process *last = ps_attach(process);

        status = ob_create_handle(parcel->object, access, attributes, handle);
        ps_attach(last);
    }
    if (!NT_SUCCESS(status))
        ObfDereferenceObject(parcel->object);
    return status;
}

static NTSTATUS copy(struct process *source_process, HANDLE source, struct process *target_process,
                     PHANDLE target, ACCESS_MASK access, ULONG attributes, ULONG options)
{
    struct parcel parcel;
    NTSTATUS status = take(source_process, source, &parcel);

    if (!NT_SUCCESS(status))
        return status;
    access = options & DUPLICATE_SAME_ACCESS
                 ? parcel.from.GrantedAccess
                 : ob_granted_access(ob_header(parcel.object)->Type, access);
    if (options & DUPLICATE_SAME_ATTRIBUTES)
        attributes = parcel.from.HandleAttributes;
    return give(target_process, &parcel, access, attributes, target);
}

static void close_source(struct process *process, HANDLE handle)
{
    struct process *last;

    if (process->ended)
        return;
    last = ps_attach(process);
    NtClose(handle);
    ps_attach(last);
}

NTSTATUS NTAPI NtDuplicateObject(HANDLE source_handle, HANDLE source, HANDLE target_handle,
                                 PHANDLE target, ACCESS_MASK access, ULONG attributes,
                                 ULONG options)
{
    struct process *from, *to;
    HANDLE unwanted = NULL;
    NTSTATUS status = ps_reference_process(source_handle, PROCESS_DUP_HANDLE, &from);

    if (!NT_SUCCESS(status))
        return status;
    target = target ? target : &unwanted;
    *target = NULL;
    if (target != &unwanted || !(options & DUPLICATE_CLOSE_SOURCE)) {
        status = ps_reference_process(target_handle, PROCESS_DUP_HANDLE, &to);
        if (NT_SUCCESS(status)) {
            status = copy(from, source, to, target, access, attributes, options);
            ObfDereferenceObject(to);
        }
    }
    if (options & DUPLICATE_CLOSE_SOURCE && status != STATUS_INVALID_HANDLE)
        close_source(from, source);
    ObfDereferenceObject(from);
    return status;
}
ZW_ALIAS(ZwDuplicateObject, NtDuplicateObject);
EXPORT_NTOSKRNL(ZwDuplicateObject);

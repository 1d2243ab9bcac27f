#include "ps/context.h"

#include "mm/user.h"
#include "ps/thread.h"
#include "syscall/numbers.h"
#include "x86/cpu.h"
#include "x86/segments.h"

/* What popf in ring 3 can change: CF PF AF ZF SF TF DF OF AC ID. */
#define EFLAGS_OF_RING_3 0x00240DD5u

#define R3_CODE (KGDT_R3_CODE | RPL_3)
#define R3_DATA (KGDT_R3_DATA | RPL_3)
#define R3_TEB  (KGDT_R3_TEB | RPL_3)

static BOOLEAN wants(const CONTEXT *context, ULONG part)
{
    return (context->ContextFlags & part) == part;
}

void context_from_frame(CONTEXT *context, const struct trap_frame *frame)
{
    if (wants(context, CONTEXT_CONTROL)) {
        context->Ebp = frame->ebp;
        context->Eip = frame->eip;
        context->SegCs = frame->cs;
        context->EFlags = frame->eflags;
        context->Esp = frame->user_esp;
        context->SegSs = frame->user_ss;
    }
    if (wants(context, CONTEXT_INTEGER)) {
        context->Edi = frame->edi;
        context->Esi = frame->esi;
        context->Ebx = frame->ebx;
        context->Edx = frame->edx;
        context->Ecx = frame->ecx;
        context->Eax = frame->eax;
    }
    if (wants(context, CONTEXT_SEGMENTS)) {
        context->SegGs = frame->gs;
        context->SegFs = frame->fs;
        context->SegEs = frame->es;
        context->SegDs = frame->ds;
    }
}

static void set_control(struct trap_frame *frame, const CONTEXT *context)
{
    frame->ebp = context->Ebp;
    frame->eip = context->Eip;
    frame->eflags = (context->EFlags & EFLAGS_OF_RING_3) | EFLAGS_IF | EFLAGS_ALWAYS;
    frame->user_esp = context->Esp;
    frame->cs = R3_CODE;
    frame->user_ss = R3_DATA;
}

static void set_integer(struct trap_frame *frame, const CONTEXT *context)
{
    frame->edi = context->Edi;
    frame->esi = context->Esi;
    frame->ebx = context->Ebx;
    frame->edx = context->Edx;
    frame->ecx = context->Ecx;
    frame->eax = context->Eax;
}

void context_to_frame(struct trap_frame *frame, const CONTEXT *context)
{
    if (wants(context, CONTEXT_CONTROL))
        set_control(frame, context);
    if (wants(context, CONTEXT_INTEGER))
        set_integer(frame, context);
    frame->ds = frame->es = R3_DATA;
    frame->fs = R3_TEB;
    frame->gs = 0;
    frame->vector = SYSCALL_INT;
}

/*
 * A service's result goes into the frame's EAX: the routines below that change the current thread's
 * frame return what EAX is to be.
 */
NTSTATUS NTAPI NtContinue(CONTEXT *context, BOOLEAN alert)
{
    struct trap_frame *frame = ps_user_frame(ps_current_thread());
    CONTEXT copy;
    NTSTATUS status = mm_copy_from_user(&copy, context, sizeof copy);

    (void)alert;
    if (!NT_SUCCESS(status))
        return status;
    context_to_frame(frame, &copy);
    return (NTSTATUS)frame->eax;
}

/* A thread that is in ring 3 or comes from there: before it has no registers, behind no stack. */
static NTSTATUS reference(HANDLE handle, ACCESS_MASK access, struct thread **thread)
{
    NTSTATUS status = ps_reference_thread(handle, access, thread);

    if (!NT_SUCCESS(status))
        return status;
    if (!(*thread)->ke.teb || (*thread)->start)
        status = STATUS_INVALID_HANDLE;
    else if ((*thread)->ke.state == KE_TERMINATED)
        status = STATUS_UNSUCCESSFUL;
    if (!NT_SUCCESS(status))
        ObfDereferenceObject(*thread);
    return status;
}

NTSTATUS NTAPI NtGetContextThread(HANDLE handle, CONTEXT *user)
{
    struct thread *thread;
    CONTEXT context;
    NTSTATUS status = mm_probe_write(user, sizeof *user, sizeof(ULONG));

    if (NT_SUCCESS(status))
        status = mm_copy_from_user(&context, user, sizeof context);
    if (NT_SUCCESS(status))
        status = reference(handle, THREAD_GET_CONTEXT, &thread);
    if (!NT_SUCCESS(status))
        return status;
    context_from_frame(&context, ps_user_frame(thread));
    ObfDereferenceObject(thread);
    return mm_copy_to_user(user, &context, sizeof context);
}

NTSTATUS NTAPI NtSetContextThread(HANDLE handle, CONTEXT *user)
{
    struct thread *thread;
    CONTEXT context;
    NTSTATUS status = mm_copy_from_user(&context, user, sizeof context);

    if (NT_SUCCESS(status))
        status = reference(handle, THREAD_SET_CONTEXT, &thread);
    if (!NT_SUCCESS(status))
        return status;
    context_to_frame(ps_user_frame(thread), &context);
    status = thread == ps_current_thread() ? (NTSTATUS)ps_user_frame(thread)->eax : STATUS_SUCCESS;
    ObfDereferenceObject(thread);
    return status;
}

#include "ps/exception.h"

#include "console/console.h"
#include "console/log.h"
#include "mm/fault.h"
#include "mm/layout.h"
#include "mm/user.h"
#include "ps/context.h"
#include "ps/peb.h"
#include "ps/stack.h"
#include "ps/thread.h"
#include "rtl/rtl.h"
#include "syscall/syscall.h"
#include "x86/cpu.h"

enum vector {
    DIVIDE,
    DEBUG,
    BREAKPOINT = 3,
    OVERFLOW,
    BOUND,
    INVALID_OPCODE,
    INVALID_TSS = 10, /* iret with NT set: there is no task to return to */
    SEGMENT_NOT_PRESENT,
    STACK_FAULT,
    GENERAL_PROTECTION,
    PAGE_FAULT,
    FLOATING_POINT = 16,
    ALIGNMENT_CHECK,
    SIMD = 19,
};

/* ---- Telling ring 3 ---- */

struct exception_stack {
    ULONG record_address, context_address;
    EXCEPTION_RECORD record;
    CONTEXT context;
};

static void end_process(const EXCEPTION_RECORD *record)
{
    const struct process *process = ps_current_thread()->process;

    log_printf("[process] event=exception id=%u name=%s code=%08X address=%p", process->id,
               process->name, record->ExceptionCode, record->ExceptionAddress);
    for (ULONG i = 0; i < record->NumberParameters; i++)
        log_printf(" p%u=%08X", i + 1, record->ExceptionInformation[i]);
    log_printf("\n");
    console_printf("%s ended with exception %08X at %p.\n", process->name, record->ExceptionCode,
                   record->ExceptionAddress);
    NtTerminateProcess(NtCurrentProcess(), record->ExceptionCode);
}

/* The frame of a thread whose exception lies on its stack. */
static void go_to_dispatcher(struct trap_frame *frame, ULONG stack_pointer)
{
    CONTEXT dispatcher = {.ContextFlags = CONTEXT_CONTROL,
                          .Eip = ntdll_address(NTDLL_KI_USER_EXCEPTION_DISPATCHER),
                          .Esp = stack_pointer,
                          .Ebp = frame->ebp};

    context_to_frame(frame, &dispatcher);
}

/* Pushes record and context below ring 3's stack pointer. */
static NTSTATUS push(const EXCEPTION_RECORD *record, const CONTEXT *context, ULONG *stack_pointer)
{
    struct exception_stack *stack =
        (struct exception_stack *)((context->Esp - sizeof *stack) & ~3u);
    const ULONG addresses[2] = {(ULONG)&stack->record, (ULONG)&stack->context};
    NTSTATUS status = mm_copy_to_user(stack, addresses, sizeof addresses);

    if (NT_SUCCESS(status))
        status = mm_copy_to_user(&stack->record, record, sizeof *record);
    if (NT_SUCCESS(status))
        status = mm_copy_to_user(&stack->context, context, sizeof *context);
    *stack_pointer = (ULONG)stack;
    return status;
}

static void tell(struct trap_frame *frame, const EXCEPTION_RECORD *record, const CONTEXT *context)
{
    ULONG stack_pointer;

    if (NT_SUCCESS(push(record, context, &stack_pointer)))
        go_to_dispatcher(frame, stack_pointer);
    else
        end_process(record);
}

/* An exception at the frame's instruction. */
static void raise(struct trap_frame *frame, NTSTATUS code, ULONG count, ULONG first, ULONG second)
{
    EXCEPTION_RECORD record = {.ExceptionCode = code,
                               .ExceptionAddress = (PVOID)frame->eip,
                               .NumberParameters = count,
                               .ExceptionInformation = {first, second}};
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};

    context_from_frame(&context, frame);
    tell(frame, &record, &context);
}

NTSTATUS NTAPI NtRaiseException(EXCEPTION_RECORD *user_record, CONTEXT *user_context,
                                BOOLEAN first_chance)
{
    struct trap_frame *frame = ps_user_frame(ps_current_thread());
    EXCEPTION_RECORD record;
    CONTEXT context;
    NTSTATUS status = mm_copy_from_user(&record, user_record, sizeof record);

    if (NT_SUCCESS(status))
        status = mm_copy_from_user(&context, user_context, sizeof context);
    if (!NT_SUCCESS(status))
        return status;
    if (record.NumberParameters > EXCEPTION_MAXIMUM_PARAMETERS)
        return STATUS_INVALID_PARAMETER;
    if (!first_chance) {
        end_process(&record);
        return STATUS_SUCCESS;
    }
    context_to_frame(frame, &context);
    tell(frame, &record, &context);
    return (NTSTATUS)frame->eax;
}

/* ---- What the vectors mean ---- */

/* Instructions that only ring 0 may execute, or that need IOPL (SDM vol. 3A, 5.9; vol. 1, 18.5.1). */
static const UCHAR privileged[] = {0xF4, 0xFA, 0xFB, 0x6C, 0x6D, 0x6E, 0x6F, 0xE4,
                                   0xE5, 0xE6, 0xE7, 0xEC, 0xED, 0xEE, 0xEF};
static const UCHAR privileged_0f[] = {0x00, 0x01, 0x06, 0x08, 0x09, 0x20, 0x21,
                                      0x22, 0x23, 0x30, 0x32, 0x33, 0x35};
static const UCHAR prefixes[] = {0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x66, 0x67, 0xF0, 0xF2, 0xF3};

static BOOLEAN is_among(UCHAR byte, const UCHAR *bytes, ULONG count)
{
    for (ULONG i = 0; i < count; i++)
        if (bytes[i] == byte)
            return TRUE;
    return FALSE;
}

static BOOLEAN is_privileged(ULONG eip)
{
    enum { LONGEST = 15 };
    UCHAR code[2];
    ULONG i = 0;

    do
        if (!NT_SUCCESS(mm_copy_from_user(&code[0], (PVOID)(eip + i), 1)))
            return FALSE;
    while (is_among(code[0], prefixes, sizeof prefixes) && ++i < LONGEST);
    if (code[0] != 0x0F)
        return is_among(code[0], privileged, sizeof privileged);
    return NT_SUCCESS(mm_copy_from_user(&code[1], (PVOID)(eip + i + 1), 1)) &&
           is_among(code[1], privileged_0f, sizeof privileged_0f);
}

/* A segment or address beyond what ring 3 has: NT gives no address, but -1. */
static void general_protection(struct trap_frame *frame)
{
    if (is_privileged(frame->eip))
        raise(frame, STATUS_PRIVILEGED_INSTRUCTION, 0, 0, 0);
    else
        raise(frame, STATUS_ACCESS_VIOLATION, 2, 0, 0xFFFFFFFF);
}

/* SDM vol. 1, 8.1.3: the status word's exception bits, lowest first in the order of their rank. */
static void floating_point(struct trap_frame *frame)
{
    static const struct {
        USHORT bits;
        NTSTATUS status;
    } causes[] = {{0x41, STATUS_FLOAT_STACK_CHECK},    {0x01, STATUS_FLOAT_INVALID_OPERATION},
                  {0x04, STATUS_FLOAT_DIVIDE_BY_ZERO}, {0x02, STATUS_FLOAT_DENORMAL_OPERAND},
                  {0x08, STATUS_FLOAT_OVERFLOW},       {0x10, STATUS_FLOAT_UNDERFLOW},
                  {0x20, STATUS_FLOAT_INEXACT_RESULT}};
    USHORT word;

    __asm__ volatile("fnstsw %0" : "=a"(word));
    for (ULONG i = 0; i < ARRAY_SIZE(causes); i++) {
        if ((word & causes[i].bits) == causes[i].bits) {
            raise(frame, causes[i].status, 1, 0, 0);
            return;
        }
    }
}

static void single_step(struct trap_frame *frame)
{
    frame->eflags &= ~(ULONG)EFLAGS_TF;
    raise(frame, STATUS_SINGLE_STEP, 0, 0, 0);
}

/* The exception's address is that of the int 3. */
static void breakpoint(struct trap_frame *frame)
{
    frame->eip--;
    raise(frame, STATUS_BREAKPOINT, 1, 0, 0);
}

static const struct {
    void (*tell)(struct trap_frame *frame); /* NULL: `status`, without parameters */
    NTSTATUS status;
} vectors[] = {
    [DIVIDE] = {NULL, STATUS_INTEGER_DIVIDE_BY_ZERO},
    [DEBUG] = {single_step, 0},
    [BREAKPOINT] = {breakpoint, 0},
    [OVERFLOW] = {NULL, STATUS_INTEGER_OVERFLOW},
    [BOUND] = {NULL, STATUS_ARRAY_BOUNDS_EXCEEDED},
    [INVALID_OPCODE] = {NULL, STATUS_ILLEGAL_INSTRUCTION},
    [INVALID_TSS] = {general_protection, 0},
    [SEGMENT_NOT_PRESENT] = {general_protection, 0},
    [STACK_FAULT] = {general_protection, 0},
    [GENERAL_PROTECTION] = {general_protection, 0},
    [FLOATING_POINT] = {floating_point, 0},
    [ALIGNMENT_CHECK] = {NULL, STATUS_DATATYPE_MISALIGNMENT},
    [SIMD] = {NULL, STATUS_FLOAT_INVALID_OPERATION},
};

static BOOLEAN is_ring_3s(ULONG vector)
{
    return vector < ARRAY_SIZE(vectors) && (vectors[vector].tell || vectors[vector].status);
}

static void exception(struct trap_frame *frame)
{
    if (!trap_from_user(frame))
        trap_unhandled(frame);
    else if (vectors[frame->vector].tell)
        vectors[frame->vector].tell(frame);
    else
        raise(frame, vectors[frame->vector].status, 0, 0, 0);
}

/* Its process ends: there is no way back that can be trusted. */
static void virtual_8086(struct trap_frame *frame)
{
    const EXCEPTION_RECORD record = {.ExceptionCode = STATUS_ILLEGAL_INSTRUCTION,
                                     .ExceptionAddress = (PVOID)frame->eip};

    end_process(&record);
    ps_user_exit(frame);
}

/* ---- Page faults ---- */

/* Makes the page present, or says why not; a stack's guard page makes the stack grow. */
static NTSTATUS resolve(ULONG address, ULONG error)
{
    NTSTATUS status = address < USER_END ? mm_fault(address, error) : STATUS_ACCESS_VIOLATION;

    return status == STATUS_GUARD_PAGE_VIOLATION ? stack_grow(address) : status;
}

/* The first parameter of an access violation (SDK, EXCEPTION_RECORD). */
static ULONG exception_access(ULONG error)
{
    enum { READ, WRITE, EXECUTE = 8 };

    if (error & MM_FAULT_FETCH)
        return EXECUTE;
    return error & MM_FAULT_WRITE ? WRITE : READ;
}

static void page_fault(struct trap_frame *frame)
{
    ULONG address = read_cr2();
    NTSTATUS status = resolve(address, frame->error);

    if (NT_SUCCESS(status))
        return;
    if (trap_from_user(frame)) {
        if (status == STATUS_STACK_OVERFLOW)
            raise(frame, status, 0, 0, 0);
        else
            raise(frame, status, 2, exception_access(frame->error), address);
    } else if (!mm_recover(frame) && !syscall_recover(frame)) {
        trap_unhandled(frame);
    }
}

void exception_init(void)
{
    for (ULONG vector = 0; vector < ARRAY_SIZE(vectors); vector++)
        if (is_ring_3s(vector))
            trap_set_handler(vector, exception);
    trap_set_handler(PAGE_FAULT, page_fault);
    trap_set_user_exit(ps_user_exit);
    trap_set_virtual_8086(virtual_8086);
}

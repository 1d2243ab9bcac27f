/*
 * Exceptions seen from a program: hardware ones as records, going on where a handler says,
 * nesting, unwinding, and the stack's guard page. Frames are laid by hand, as a compiler does.
 */
#include "../check.h"

enum { UNWINDING = 2, NESTED_CALL = 16 };

struct frame;
typedef EXCEPTION_DISPOSITION (*handler)(PEXCEPTION_RECORD record, struct frame *frame,
                                         PCONTEXT context, PVOID dispatcher);

struct frame {
    PVOID next;
    handler handler;
    char name; /* ours */
};

/* What the last exception was. */
static EXCEPTION_RECORD last;
static ULONG last_eip;

/* The handlers' calls in their order: a frame's name, '*' behind it where it unwinds. */
static char calls[64];

static void note(struct frame *frame, ULONG flags)
{
    char *end = calls + strlen(calls);

    *end++ = frame->name;
    if (flags & UNWINDING)
        *end++ = '*';
    *end = 0;
}

static BOOLEAN called(const char *expected)
{
    BOOLEAN equal = !strcmp(calls, expected);

    if (!equal)
        DbgPrint("called \"%s\", expected \"%s\"\n", calls, expected);
    calls[0] = 0;
    return equal;
}

static void push(struct frame *frame, char name, handler handler)
{
    *frame = (struct frame){nt_teb()->exception_list, handler, name};
    nt_teb()->exception_list = frame;
}

static void pop(struct frame *frame)
{
    nt_teb()->exception_list = frame->next;
}

static EXCEPTION_DISPOSITION search(PEXCEPTION_RECORD record, struct frame *frame, PCONTEXT context,
                                    PVOID dispatcher)
{
    (void)context, (void)dispatcher;
    note(frame, record->ExceptionFlags);
    return ExceptionContinueSearch;
}

/* ---- Hardware exceptions: the handler records, and goes on behind the instruction ---- */

static ULONG skip; /* bytes of the instruction */

static EXCEPTION_DISPOSITION skip_instruction(PEXCEPTION_RECORD record, struct frame *frame,
                                              PCONTEXT context, PVOID dispatcher)
{
    (void)frame, (void)dispatcher;
    last = *record;
    last_eip = context->Eip;
    context->Eip += skip;
    context->EFlags &= ~0x4100u;
    return ExceptionContinueExecution;
}

/* An instruction (the last one) of `bytes` bytes that needs no more than ECX and EAX = 0. */
#define PROVOKE(bytes, ecx, instruction)                                                           \
    do {                                                                                           \
        struct frame frame;                                                                        \
        ULONG eax = 0;                                                                             \
        skip = bytes;                                                                              \
        memset(&last, 0, sizeof last);                                                             \
        push(&frame, 'h', skip_instruction);                                                       \
        __asm__ volatile(instruction : "+a"(eax) : "c"(ecx) : "memory", "cc", "edx");              \
        pop(&frame);                                                                               \
    } while (0)

static void check_hardware(void)
{
    PROVOKE(1, 0, "int3");
    CHECK(last.ExceptionCode == (DWORD)STATUS_BREAKPOINT);
    CHECK(last.ExceptionAddress == (PVOID)last_eip && *(UCHAR *)last_eip == 0xCC);
    PROVOKE(2, 0, "xorl %%edx, %%edx; divl %%ecx");
    CHECK(last.ExceptionCode == (DWORD)STATUS_INTEGER_DIVIDE_BY_ZERO);
    PROVOKE(2, 0, "ud2");
    CHECK(last.ExceptionCode == (DWORD)STATUS_ILLEGAL_INSTRUCTION);
    PROVOKE(1, 0, "hlt");
    CHECK(last.ExceptionCode == (DWORD)STATUS_PRIVILEGED_INSTRUCTION);
    PROVOKE(1, 0, "pushfl; orl $0x4000, (%%esp); popfl; iret"); /* NT: there is no task to go to */
    CHECK(last.ExceptionCode == (DWORD)STATUS_ACCESS_VIOLATION);
    PROVOKE(0, 0, "pushfl; orl $0x100, (%%esp); popfl; nop");
    CHECK(last.ExceptionCode == (DWORD)STATUS_SINGLE_STEP);
}

static void check_access(void)
{
    ULONG code = (ULONG)(ULONG_PTR)&check_hardware;

    PROVOKE(2, 0x10, "movl (%%ecx), %%eax");
    CHECK(last.ExceptionCode == (DWORD)STATUS_ACCESS_VIOLATION);
    CHECK(last.NumberParameters == 2 && last.ExceptionInformation[0] == 0);
    CHECK(last.ExceptionInformation[1] == 0x10);
    PROVOKE(2, 0x80000000, "movl %%eax, (%%ecx)");
    CHECK(last.ExceptionInformation[0] == 1 && last.ExceptionInformation[1] == 0x80000000);
    PROVOKE(2, code, "movl %%eax, (%%ecx)");
    CHECK(last.ExceptionInformation[0] == 1 && last.ExceptionInformation[1] == code);
}

static void check_guard_page(void)
{
    PVOID page = NULL;
    SIZE_T bytes = 0x1000;

    CHECK(NtAllocateVirtualMemory(NtCurrentProcess(), &page, 0, &bytes, MEM_RESERVE | MEM_COMMIT,
                                  PAGE_READWRITE | PAGE_GUARD) == STATUS_SUCCESS);
    PROVOKE(0, page, "movl (%%ecx), %%eax");
    CHECK(last.ExceptionCode == (DWORD)STATUS_GUARD_PAGE_VIOLATION);
    CHECK(last.ExceptionInformation[1] == (ULONG_PTR)page);
    PROVOKE(2, page, "movl (%%ecx), %%eax");
    CHECK(last.ExceptionCode == 0);
}

/* ---- The stack ---- */

static ULONG __attribute__((noinline)) deep(ULONG levels)
{
    volatile char page[0xF00];

    page[0] = (char)levels;
    return levels ? deep(levels - 1) + (UCHAR)page[0] : 0;
}

static void check_stack(void)
{
    PVOID before = nt_teb()->stack_limit;

    CHECK(deep(40) == 820);
    CHECK(nt_teb()->stack_limit < before);
}

/* ---- Raising ---- */

static EXCEPTION_DISPOSITION go_on(PEXCEPTION_RECORD record, struct frame *frame, PCONTEXT context,
                                   PVOID dispatcher)
{
    (void)context, (void)dispatcher;
    note(frame, record->ExceptionFlags);
    last = *record;
    return ExceptionContinueExecution;
}

static void check_raise(void)
{
    EXCEPTION_RECORD record = {
        .ExceptionCode = 0xE0000001, .NumberParameters = 2, .ExceptionInformation = {11, 22}};
    struct frame outer, inner;

    push(&outer, 'o', go_on);
    push(&inner, 'i', search);
    RtlRaiseException(&record);
    CHECK(called("io"));
    CHECK(last.ExceptionCode == 0xE0000001 && last.ExceptionInformation[1] == 22);
    CHECK(nt_teb()->exception_list == &inner);
    pop(&outer);
}

/* ---- Unwinding ---- */

/* Where `try` goes on, and with which stack. */
ULONG resume_esp, resume_eip;

/* What a compiler's handler does: unwinds to its frame, and goes on in its function. */
static EXCEPTION_DISPOSITION catch (PEXCEPTION_RECORD record, struct frame *frame, PCONTEXT context,
                                    PVOID dispatcher)
{
    (void)context, (void)dispatcher;
    note(frame, record->ExceptionFlags);
    if (record->ExceptionFlags & UNWINDING)
        return ExceptionContinueSearch;
    last = *record;
    RtlUnwind(frame, NULL, record, NULL);
    __asm__ volatile("movl _resume_esp, %esp; jmp *_resume_eip");
    __builtin_unreachable();
}

/* Calls `routine` with a frame below whose exceptions it goes on behind the call. */
static void __attribute__((noinline)) try(void (*routine)(void), char name)
{
    struct frame frame;

    push(&frame, name, catch);
    __asm__ volatile("pushal; movl %%esp, _resume_esp; movl $1f, _resume_eip; call *%0; 1: popal"
                     :
                     : "a"(routine)
                     : "memory", "cc");
    pop(&frame);
}

static void raise_below_two(void)
{
    struct frame outer, inner;

    push(&outer, 'o', search);
    push(&inner, 'i', search);
    RtlRaiseStatus(STATUS_NO_MEMORY);
}

static void check_unwind(void)
{
    PVOID before = nt_teb()->exception_list;

    try(raise_below_two, 't');
    CHECK(called("ioti*o*"));
    CHECK(last.ExceptionCode == (DWORD)STATUS_NO_MEMORY);
    CHECK(last.ExceptionFlags == EXCEPTION_NONCONTINUABLE);
    CHECK(nt_teb()->exception_list == before);
}

/* Nobody goes on from it: that is an exception of its own, with the first one as its cause. */
static EXCEPTION_DISPOSITION go_on_once(PEXCEPTION_RECORD record, struct frame *frame,
                                        PCONTEXT context, PVOID dispatcher)
{
    if (record->ExceptionCode == (DWORD)STATUS_NONCONTINUABLE_EXCEPTION)
        return search(record, frame, context, dispatcher);
    return go_on(record, frame, context, dispatcher);
}

static void raise_and_go_on_once(void)
{
    struct frame frame;

    push(&frame, 'g', go_on_once);
    RtlRaiseStatus(STATUS_NO_MEMORY);
}

static void check_noncontinuable(void)
{
    try(raise_and_go_on_once, 't');
    CHECK(last.ExceptionCode == (DWORD)STATUS_NONCONTINUABLE_EXCEPTION);
    CHECK(called("ggtg*"));
}

/* ---- An exception in a handler ---- */

static EXCEPTION_DISPOSITION faulty(PEXCEPTION_RECORD record, struct frame *frame, PCONTEXT context,
                                    PVOID dispatcher)
{
    (void)context, (void)dispatcher;
    note(frame, record->ExceptionFlags);
    if (!(record->ExceptionFlags & UNWINDING) && record->ExceptionCode == (DWORD)STATUS_NO_MEMORY)
        RtlRaiseStatus(STATUS_ACCESS_DENIED);
    return ExceptionContinueSearch;
}

static ULONG nested_flag;

static EXCEPTION_DISPOSITION watch(PEXCEPTION_RECORD record, struct frame *frame, PCONTEXT context,
                                   PVOID dispatcher)
{
    (void)context, (void)dispatcher;
    note(frame, record->ExceptionFlags);
    nested_flag = record->ExceptionFlags & NESTED_CALL;
    return ExceptionContinueSearch;
}

static void raise_in_handler(void)
{
    struct frame outer, inner, below;

    push(&outer, 'o', watch);
    push(&inner, 'f', faulty);
    push(&below, 'b', search);
    RtlRaiseStatus(STATUS_NO_MEMORY);
}

/*
 * b and f are asked about the first exception; f raises the second, about which b and f are asked
 * too, as nested; o is asked about it when f's frame is passed, no longer nested.
 */
static void check_nested(void)
{
    try(raise_in_handler, 't');
    CHECK(last.ExceptionCode == (DWORD)STATUS_ACCESS_DENIED);
    CHECK(called("bfbfotb*f*o*"));
    CHECK(nested_flag == 0);
}

/* ---- An unwind in an unwind ---- */

static EXCEPTION_DISPOSITION raise_while_unwound(PEXCEPTION_RECORD record, struct frame *frame,
                                                 PCONTEXT context, PVOID dispatcher)
{
    (void)context, (void)dispatcher;
    note(frame, record->ExceptionFlags);
    if (record->ExceptionFlags & UNWINDING && record->ExceptionCode == (DWORD)STATUS_NO_MEMORY)
        RtlRaiseStatus(STATUS_ACCESS_DENIED);
    return ExceptionContinueSearch;
}

static void collide(void)
{
    struct frame outer, inner;

    push(&outer, 'o', search);
    push(&inner, 'r', raise_while_unwound);
    RtlRaiseStatus(STATUS_NO_MEMORY);
}

/* The second unwind meets the first one at r, whose handler is not called again, and goes on. */
static void check_collided(void)
{
    PVOID before = nt_teb()->exception_list;

    try(collide, 't');
    CHECK(last.ExceptionCode == (DWORD)STATUS_ACCESS_DENIED);
    CHECK(called("rotr*roto*"));
    CHECK(nt_teb()->exception_list == before);
}

VOID NTAPI NtProcessStartup(struct nt_peb *peb)
{
    (void)peb;
    check_hardware();
    check_access();
    check_guard_page();
    check_stack();
    check_raise();
    check_unwind();
    check_noncontinuable();
    check_nested();
    check_collided();
    check_end();
}

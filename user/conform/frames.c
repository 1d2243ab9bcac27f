/*
 * Frames on the stack, the list at fs:[0] that compilers build __try of. docs: Structured Exception
 * Handling; M. Pietrek, "A Crash Course on the Depths of Win32 Structured Exception Handling", MSJ 1/1997.
 */
#include "conform.h"

#ifdef __i386__

enum { CONTINUE_EXECUTION = 0, CONTINUE_SEARCH = 1 };
#define UNWINDING 2 /* EXCEPTION_UNWINDING in ExceptionFlags */

typedef DWORD __attribute__((cdecl))
handler(EXCEPTION_RECORD *record, void *frame, CONTEXT *context, void *dispatch);

struct frame {
    struct frame *next;
    handler *run;
    DWORD seen, unwound; /* how often it was asked, and told of an unwind */
};

static void push(struct frame *frame, handler *run)
{
    frame->run = run;
    frame->seen = frame->unwound = 0;
    __asm__ volatile("movl %%fs:0, %0" : "=r"(frame->next));
    __asm__ volatile("movl %0, %%fs:0" : : "r"(frame) : "memory");
}

static void pop(struct frame *frame)
{
    __asm__ volatile("movl %0, %%fs:0" : : "r"(frame->next) : "memory");
}

static DWORD __attribute__((cdecl))
passes(EXCEPTION_RECORD *record, void *frame, CONTEXT *context UNUSED, void *dispatch UNUSED)
{
    struct frame *own = frame;

    if (record->ExceptionFlags & UNWINDING)
        own->unwound++;
    else
        own->seen++;
    return CONTINUE_SEARCH;
}

static DWORD __attribute__((cdecl))
skips(EXCEPTION_RECORD *record UNUSED, void *frame, CONTEXT *context, void *dispatch UNUSED)
{
    ((struct frame *)frame)->seen++;
    context->Eip++;
    context->Edi = 0x600D;
    return CONTINUE_EXECUTION;
}

static void check_one(void)
{
    struct frame frame;
    DWORD value = 0;

    push(&frame, skips);
    __asm__ volatile("int3" : "+D"(value));
    pop(&frame);
    expect_value(frame.seen, 1, "a frame's handler is called");
    expect_value(value, 0x600D, "and execution goes on as it says");
}

static void check_nested(void)
{
    struct frame outer, middle, inner;

    push(&outer, skips);
    push(&middle, passes);
    push(&inner, passes);
    __asm__ volatile("int3" ::: "edi");
    pop(&inner);
    pop(&middle);
    pop(&outer);
    expect_value(inner.seen, 1, "the innermost frame is asked first");
    expect_value(middle.seen, 1, "then the next");
    expect_value(outer.seen, 1, "until one goes on");
    expect_value(inner.unwound + middle.unwound, 0, "which unwinds nothing");
}

static void *resume_stack, *resume_frame, *resume_base;

/* What a __except block does: unwinds to its frame and goes on in its function, here behind the call. */
static DWORD __attribute__((cdecl))
unwinds(EXCEPTION_RECORD *record, void *frame, CONTEXT *context, void *dispatch UNUSED)
{
    extern void conform_unwound(void);

    if (record->ExceptionFlags & UNWINDING)
        return CONTINUE_SEARCH;
    ((struct frame *)frame)->seen++;
    RtlUnwind(frame, NULL, record, NULL);
    context->Eip = (DWORD)conform_unwound;
    context->Esp = (DWORD)resume_stack;
    context->Ebp = (DWORD)resume_base;
    return CONTINUE_EXECUTION;
}

static NOINLINE void faults_below(struct frame *inner)
{
    push(inner, passes);
    __asm__ volatile("movl $0, 0x10");
}

static NOINLINE void check_unwind(void)
{
    static struct frame outer, inner;
    static volatile DWORD head;

    push(&outer, unwinds);
    inner.seen = inner.unwound = 0;
    __asm__ volatile(
        "movl %%esp, %0; movl %%ebp, %1; pushl %%ebx; pushl %%esi; pushl %%edi; pushl %%ebp\n\t"
        "pushl %3; subl $4, %0; subl $12, %0\n\t"
        "call *%2\n"
        "_conform_unwound: movl %0, %%esp; popl %%ebp; popl %%edi; popl %%esi; popl %%ebx"
        : "+m"(resume_stack), "+m"(resume_base)
        : "r"(faults_below), "r"(&inner)
        : "eax", "ecx", "edx", "memory", "cc");
    __asm__ volatile("movl %%fs:0, %0" : "=r"(head));
    pop(&outer);
    expect_value(outer.seen, 1, "an outer frame takes the exception");
    expect_value(inner.seen, 1, "after the inner one was asked");
    expect_value(inner.unwound, 1, "and told that it goes");
    expect_value(head, (DWORD)&outer, "the list begins with the outer one again");
    (void)resume_frame;
}

void check_frames(void)
{
    check_one();
    check_nested();
    check_unwind();
}

#else

void check_frames(void)
{
    skip("a frame's handler is called", "32-bit only");
}

#endif

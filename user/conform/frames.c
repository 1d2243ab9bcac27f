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
    struct frame frames[3]; /* the innermost lies lowest */

    push(&frames[2], skips);
    push(&frames[1], passes);
    push(&frames[0], passes);
    __asm__ volatile("int3" ::: "edi");
    pop(&frames[0]);
    pop(&frames[1]);
    pop(&frames[2]);
    expect_value(frames[0].seen, 1, "the innermost frame is asked first");
    expect_value(frames[1].seen, 1, "then the next");
    expect_value(frames[2].seen, 1, "until one goes on");
    expect_value(frames[0].unwound + frames[1].unwound, 0, "which unwinds nothing");
}

void check_frames(void)
{
    check_one();
    check_nested();
}

#else

void check_frames(void)
{
    skip("a frame's handler is called", "32-bit only");
}

#endif

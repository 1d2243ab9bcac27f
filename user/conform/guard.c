/*
 * Runs a function that may raise an exception, by the unhandled exception filter: when the exception
 * gets that far, its thread goes on in `resume`, which jumps back to where it was guarded. One
 * thread at a time.
 */
#include "conform.h"

static void *landing[5]; /* __builtin_setjmp's */
static struct caught caught;

static NOINLINE void resume(void)
{
    __builtin_longjmp(landing, 1);
}

static LONG WINAPI filter(EXCEPTION_POINTERS *exception)
{
    CONTEXT *context = exception->ContextRecord;

    caught.raised = TRUE;
    caught.record = *exception->ExceptionRecord;
    caught.context = *context;
    context->EFlags &= ~0x100; /* TF */
#ifdef __i386__
    context->Eip = (DWORD)resume;
    context->Esp = (context->Esp & ~15) - 4; /* as behind a call */
#else
    context->Rip = (DWORD64)resume;
    context->Rsp = (context->Rsp & ~15) - 8;
#endif
    return EXCEPTION_CONTINUE_EXECUTION;
}

NOINLINE struct caught guarded(void (*function)(void *), void *argument)
{
    LPTOP_LEVEL_EXCEPTION_FILTER previous = SetUnhandledExceptionFilter(filter);

    caught.raised = FALSE;
    if (__builtin_setjmp(landing) == 0)
        function(argument);
    SetUnhandledExceptionFilter(previous);
    return caught;
}

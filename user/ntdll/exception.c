/*
 * Structured exception handling on x86: the thread's chain of frames at FS:[0], each with a handler
 * (WDK: EXCEPTION_REGISTRATION_RECORD). Dispatching asks the handlers from the newest frame on;
 * unwinding calls them once more, up to the frame that took the exception, and removes their frames.
 */
#include "ntdll/private.h"

#define CHAIN_END ((struct frame *)(LONG_PTR)-1)

/* Flags of an exception record, besides EXCEPTION_NONCONTINUABLE. */
enum {
    UNWINDING = 2,
    EXIT_UNWIND = 4,
    STACK_INVALID = 8,
    NESTED_CALL = 16,
};

struct frame;
typedef EXCEPTION_DISPOSITION (*exception_handler)(PEXCEPTION_RECORD record, struct frame *frame,
                                                   PCONTEXT context, struct frame **dispatcher);

struct frame {
    struct frame *next;
    exception_handler handler;
};

/* The frame under which a handler runs (seh.S). */
struct guard {
    struct frame frame;
    struct frame *guarded;
};

EXCEPTION_DISPOSITION exception_execute(PEXCEPTION_RECORD record, struct frame *frame,
                                        PCONTEXT context, struct frame **dispatcher,
                                        exception_handler handler, exception_handler guard);

static struct frame *first_frame(void)
{
    return nt_teb()->exception_list;
}

/* A frame lies on the thread's stack, aligned, and its handler does not. */
static BOOLEAN is_frame(const struct frame *frame)
{
    const struct nt_teb *teb = nt_teb();
    ULONG_PTR low = (ULONG_PTR)teb->stack_limit, high = (ULONG_PTR)teb->stack_base;
    ULONG_PTR at = (ULONG_PTR)frame, handler;

    if (at < low || at > high - sizeof *frame || at % sizeof(ULONG))
        return FALSE;
    handler = (ULONG_PTR)frame->handler;
    return handler < low || handler >= high;
}

/* ---- Raising ---- */

static void raise_status(NTSTATUS status, PEXCEPTION_RECORD cause, ULONG flags)
    __attribute__((noreturn));

static void raise_status(NTSTATUS status, PEXCEPTION_RECORD cause, ULONG flags)
{
    EXCEPTION_RECORD record = {
        .ExceptionCode = (DWORD)status, .ExceptionFlags = flags, .ExceptionRecord = cause};

    RtlRaiseException(&record);
    __builtin_unreachable();
}

VOID NTAPI RtlRaiseStatus(NTSTATUS status)
{
    raise_status(status, NULL, EXCEPTION_NONCONTINUABLE);
}

/* From RtlRaiseException (seh.S), with the caller's context: goes on there where a handler says so. */
void NTAPI exception_raise(PEXCEPTION_RECORD record, PCONTEXT context)
{
    NTSTATUS status;

    record->ExceptionAddress = (PVOID)context->Eip;
    if (RtlDispatchException(record, context))
        status = NtContinue(context, FALSE);
    else
        status = NtRaiseException(record, context, FALSE);
    raise_status(status, record, EXCEPTION_NONCONTINUABLE);
}

void NTAPI exception_arrived(PEXCEPTION_RECORD record, PCONTEXT context)
{
    NTSTATUS status;

    if (RtlDispatchException(record, context))
        status = NtContinue(context, FALSE);
    else
        status = NtRaiseException(record, context, FALSE);
    raise_status(status, record, EXCEPTION_NONCONTINUABLE);
}

/* ---- Dispatching ---- */

/* An exception in a handler that was asked about another one. */
static EXCEPTION_DISPOSITION nested_handler(PEXCEPTION_RECORD record, struct frame *frame,
                                            PCONTEXT context, struct frame **dispatcher)
{
    (void)context;
    if (record->ExceptionFlags & (UNWINDING | EXIT_UNWIND))
        return ExceptionContinueSearch;
    *dispatcher = CONTAINING_RECORD(frame, struct guard, frame)->guarded;
    return ExceptionNestedException;
}

/*
 * A handler that itself met an exception is asked no more about the second one until the frame of
 * the dispatching that called it is passed (`nested`).
 */
static EXCEPTION_DISPOSITION ask(PEXCEPTION_RECORD record, struct frame *frame, PCONTEXT context,
                                 struct frame **nested)
{
    struct frame *dispatcher = NULL;
    EXCEPTION_DISPOSITION answer;

    answer = exception_execute(record, frame, context, &dispatcher, frame->handler, nested_handler);
    if (*nested == frame) {
        record->ExceptionFlags &= ~NESTED_CALL;
        *nested = NULL;
    }
    if (answer == ExceptionNestedException) {
        record->ExceptionFlags |= NESTED_CALL;
        if (dispatcher > *nested)
            *nested = dispatcher;
    }
    return answer;
}

BOOLEAN NTAPI RtlDispatchException(PEXCEPTION_RECORD record, PCONTEXT context)
{
    struct frame *nested = NULL;

    for (struct frame *frame = first_frame(); frame != CHAIN_END; frame = frame->next) {
        if (!is_frame(frame)) {
            record->ExceptionFlags |= STACK_INVALID;
            return FALSE;
        }
        switch (ask(record, frame, context, &nested)) {
        case ExceptionContinueExecution:
            if (record->ExceptionFlags & EXCEPTION_NONCONTINUABLE)
                raise_status(STATUS_NONCONTINUABLE_EXCEPTION, record, EXCEPTION_NONCONTINUABLE);
            return TRUE;
        case ExceptionContinueSearch:
        case ExceptionNestedException:
            break;
        default:
            raise_status(STATUS_INVALID_DISPOSITION, record, EXCEPTION_NONCONTINUABLE);
        }
    }
    return FALSE;
}

/* ---- Unwinding ---- */

/* An unwind in a handler that was called by another one. */
static EXCEPTION_DISPOSITION collided_handler(PEXCEPTION_RECORD record, struct frame *frame,
                                              PCONTEXT context, struct frame **dispatcher)
{
    (void)context;
    if (!(record->ExceptionFlags & (UNWINDING | EXIT_UNWIND)))
        return ExceptionContinueSearch;
    *dispatcher = CONTAINING_RECORD(frame, struct guard, frame)->guarded;
    return ExceptionCollidedUnwind;
}

/* Calls one frame's handler; returns that frame, or the one where another unwind already stood. */
static struct frame *unwind_frame(PEXCEPTION_RECORD record, struct frame *frame, PCONTEXT context)
{
    struct frame *dispatcher = NULL;

    switch (
        exception_execute(record, frame, context, &dispatcher, frame->handler, collided_handler)) {
    case ExceptionContinueSearch:
        return frame;
    case ExceptionCollidedUnwind:
        return dispatcher;
    default:
        raise_status(STATUS_INVALID_DISPOSITION, record, EXCEPTION_NONCONTINUABLE);
    }
}

/* Removes the frames before `target`. FALSE if that is not in the chain, of which nothing is left. */
static BOOLEAN unwind(struct frame *target, PEXCEPTION_RECORD record, PCONTEXT context)
{
    struct frame *frame;

    for (frame = first_frame(); frame != CHAIN_END && frame != target; frame = frame->next) {
        if (target && frame > target)
            raise_status(STATUS_INVALID_UNWIND_TARGET, record, EXCEPTION_NONCONTINUABLE);
        if (!is_frame(frame))
            raise_status(STATUS_BAD_STACK, record, EXCEPTION_NONCONTINUABLE);
        frame = unwind_frame(record, frame, context);
        nt_teb()->exception_list = frame->next;
    }
    return frame == target;
}

/*
 * From RtlUnwind (seh.S), with the context that its caller has on return: it returns where the
 * target was reached. Else (an exit has none) the exception has its second chance.
 */
void NTAPI exception_unwind(PVOID target, PEXCEPTION_RECORD record, PVOID value, PCONTEXT context)
{
    EXCEPTION_RECORD own = {.ExceptionCode = (DWORD)STATUS_UNWIND,
                            .ExceptionAddress = (PVOID)context->Eip};

    if (!record)
        record = &own;
    record->ExceptionFlags |= target ? UNWINDING : UNWINDING | EXIT_UNWIND;
    context->Eax = (DWORD)(ULONG_PTR)value;
    if (unwind(target, record, context))
        NtContinue(context, FALSE);
    else
        NtRaiseException(record, context, FALSE);
    raise_status(STATUS_UNSUCCESSFUL, record, EXCEPTION_NONCONTINUABLE);
}

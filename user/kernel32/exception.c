#include "exception.h"

static LPTOP_LEVEL_EXCEPTION_FILTER top_filter;

LPTOP_LEVEL_EXCEPTION_FILTER WINAPI SetUnhandledExceptionFilter(LPTOP_LEVEL_EXCEPTION_FILTER filter)
{
    return __atomic_exchange_n(&top_filter, filter, __ATOMIC_SEQ_CST);
}

/* What programs do not want to be told of: SEM_ bits. */
static UINT error_mode;

UINT WINAPI SetErrorMode(UINT mode)
{
    return __atomic_exchange_n(&error_mode, mode, __ATOMIC_SEQ_CST);
}

/* ---- The message ---- */

static LPCWSTR program_name(void)
{
    LPCWSTR path = nt_peb()->parameters->image_path.Buffer, name = path;

    for (; *path != L'\0'; path++)
        if (*path == L'\\')
            name = path + 1;
    return name;
}

/* An access violation tells what was tried (0 read, 1 write) and where. */
static DWORD describe(const EXCEPTION_RECORD *record, LPWSTR *text)
{
    BOOL access =
        record->ExceptionCode == (DWORD)STATUS_ACCESS_VIOLATION && record->NumberParameters >= 2;
    LPCWSTR form = access ? L"%1: exception %2!08X! at %3!08X!: the memory at %4!08X! could not be "
                            L"%5."
                          : L"%1: exception %2!08X! at %3!08X!";
    DWORD_PTR arguments[] = {
        (DWORD_PTR)program_name(),
        record->ExceptionCode,
        (DWORD_PTR)record->ExceptionAddress,
        record->ExceptionInformation[1],
        (DWORD_PTR)(record->ExceptionInformation[0] == 0 ? L"read" : L"written"),
    };

    return FormatMessageW(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ALLOCATE_BUFFER |
                              FORMAT_MESSAGE_ARGUMENT_ARRAY,
                          form, 0, 0, (LPWSTR)text, 0, (va_list *)arguments);
}

/* A line (with room behind it) on the console, if the process has one that takes it; else on the log. */
static void show(LPSTR line, DWORD length)
{
    HANDLE console = nt_peb()->parameters->console;
    DWORD done;

    lstrcpyA(line + length, "\r\n");
    if (console != NULL && WriteFile(console, line, length + 2, &done, NULL))
        return;
    lstrcpyA(line + length, "\n");
    OutputDebugStringA(line);
}

static void tell(const EXCEPTION_RECORD *record)
{
    LPWSTR text;
    LPSTR line;
    DWORD length = describe(record, &text);

    if (length == 0)
        return;
    line = base_allocate(length + sizeof("\r\n"));
    if (line != NULL) {
        base_return_ansi(text, length, line, length + 1);
        show(line, length);
    }
    base_free(line);
    LocalFree(text);
}

LONG WINAPI UnhandledExceptionFilter(PEXCEPTION_POINTERS exception)
{
    if (nt_peb()->being_debugged)
        return EXCEPTION_CONTINUE_SEARCH;
    if (top_filter != NULL) {
        LONG answer = top_filter(exception);

        if (answer != EXCEPTION_CONTINUE_SEARCH)
            return answer;
    }
    if (!(error_mode & SEM_NOGPFAULTERRORBOX))
        tell(exception->ExceptionRecord);
    return EXCEPTION_EXECUTE_HANDLER;
}

#define UNWINDING (EXCEPTION_UNWINDING | EXCEPTION_EXIT_UNWIND)

EXCEPTION_DISPOSITION exception_last_resort(EXCEPTION_RECORD *record, PVOID frame, CONTEXT *context,
                                            PVOID dispatcher)
{
    EXCEPTION_POINTERS pointers = {record, context};

    UNREFERENCED_PARAMETER(frame);
    UNREFERENCED_PARAMETER(dispatcher);
    if (record->ExceptionFlags & UNWINDING)
        return ExceptionContinueSearch;
    switch (UnhandledExceptionFilter(&pointers)) {
    case EXCEPTION_CONTINUE_EXECUTION:
        return ExceptionContinueExecution;
    case EXCEPTION_CONTINUE_SEARCH:
        return ExceptionContinueSearch;
    default:
        ExitProcess(record->ExceptionCode);
    }
}

/* ---- Raising one ---- */

VOID WINAPI RaiseException(DWORD code, DWORD flags, DWORD count, const ULONG_PTR *arguments)
{
    EXCEPTION_RECORD record = {
        .ExceptionCode = code & ~0x10000000u, /* the bit is the system's */
        .ExceptionFlags = flags & EXCEPTION_NONCONTINUABLE,
        .ExceptionAddress = (PVOID)RaiseException,
    };

    if (arguments != NULL) {
        record.NumberParameters = min(count, EXCEPTION_MAXIMUM_PARAMETERS);
        memcpy(record.ExceptionInformation, arguments,
               record.NumberParameters * sizeof(*arguments));
    }
    RtlRaiseException(&record);
}

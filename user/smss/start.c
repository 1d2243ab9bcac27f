#include "smss/smss.h"

/*
 * The first process has no console from anybody: it opens one, which the programs that it starts get
 * from it, since it is the only handle that they inherit. Without a console driver there is none.
 */
void start_init(void)
{
    struct nt_process_parameters *own = nt_peb()->parameters;
    struct nt_named named;
    IO_STATUS_BLOCK io;
    HANDLE console;
    NTSTATUS status = NtOpenFile(&console, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE,
                                 nt_name(&named, NULL, L"\\Device\\Console", OBJ_INHERIT), &io,
                                 FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_SYNCHRONOUS_IO_NONALERT);

    if (NT_SUCCESS(status))
        own->console = own->std_input = own->std_output = own->std_error = console;
}

/* What the error means, with its end of line; its inserts are the program. */
static void describe(DWORD error, const WCHAR *program, WCHAR *text, DWORD size)
{
    DWORD_PTR inserts[] = {(DWORD_PTR)program, (DWORD_PTR)program};

    if (!FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_ARGUMENT_ARRAY, NULL, error, 0,
                        text, size, (va_list *)inserts))
        lstrcpyW(text, L"\r\n");
}

/* On the log and on the screen, there with the error's number and words. */
static void report(const WCHAR *program, DWORD error)
{
    WCHAR why[MAX_PROGRAM + 256], text[MAX_PROGRAM + 64 + ARRAY_SIZE(why)];
    DWORD_PTR arguments[] = {(DWORD_PTR)program, error, (DWORD_PTR)why};
    UNICODE_STRING shown;

    DbgPrint("[smss] program=%S problem=\"cannot be started\" error=%lu\n", program, error);
    describe(error, program, why, ARRAY_SIZE(why));
    if (!FormatMessageW(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY,
                        L"%1 cannot be started: error %2!lu!: %3", 0, 0, text, ARRAY_SIZE(text),
                        (va_list *)arguments))
        return;
    RtlInitUnicodeString(&shown, text);
    NtDisplayString(&shown);
}

HANDLE start_program(const WCHAR *program, const WCHAR *command)
{
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    WCHAR line[MAX_COMMAND];
    ULONG i;

    for (i = 0; i < MAX_COMMAND - 1 && command[i]; i++) /* CreateProcess may write on it */
        line[i] = command[i];
    line[i] = 0;
    if (!CreateProcessW(program, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process)) {
        report(program, GetLastError());
        return NULL;
    }
    CloseHandle(process.hThread);
    return process.hProcess;
}

DWORD start_wait(HANDLE process)
{
    DWORD status = (DWORD)STATUS_UNSUCCESSFUL;

    WaitForSingleObject(process, INFINITE);
    GetExitCodeProcess(process, &status);
    CloseHandle(process);
    return status;
}

/* Processes that exist. */
#include "base.h"

/* ---- This one ---- */

HANDLE WINAPI GetCurrentProcess(void)
{
    return NtCurrentProcess();
}

DWORD WINAPI GetCurrentProcessId(void)
{
    return (DWORD)(ULONG_PTR)nt_teb()->client_id.process;
}

/* The other threads are gone when the DLLs are told. */
VOID WINAPI ExitProcess(UINT code)
{
    NtTerminateProcess(NULL, (NTSTATUS)code);
    LdrShutdownProcess();
    NtTerminateProcess(NtCurrentProcess(), (NTSTATUS)code);
    __builtin_unreachable();
}

LPWSTR WINAPI GetCommandLineW(void)
{
    return nt_peb()->parameters->command_line.Buffer;
}

/* Made when it is first asked for; every caller gets the same text. */
LPSTR WINAPI GetCommandLineA(void)
{
    static LPSTR line;
    const UNICODE_STRING *wide = &nt_peb()->parameters->command_line;
    LPSTR copy;
    DWORD size;

    if (line != NULL)
        return line;
    size = base_return_ansi(wide->Buffer, wide->Length / sizeof(WCHAR), NULL, 0);
    copy = base_allocate(size);
    if (copy == NULL)
        return NULL;
    base_return_ansi(wide->Buffer, wide->Length / sizeof(WCHAR), copy, size);
    if (InterlockedCompareExchangePointer((PVOID *)&line, copy, NULL) != NULL)
        base_free(copy);
    return line;
}

/* ---- What it was started with ---- */

VOID WINAPI GetStartupInfoW(LPSTARTUPINFOW info)
{
    const struct nt_process_parameters *parameters = nt_peb()->parameters;
    const ULONG *window = parameters->window_values;

    *info = (STARTUPINFOW){
        .cb = sizeof(*info),
        .lpDesktop = parameters->desktop.Buffer,
        .lpTitle = parameters->window_title.Buffer,
        .dwX = window[0],
        .dwY = window[1],
        .dwXSize = window[2],
        .dwYSize = window[3],
        .dwXCountChars = window[4],
        .dwYCountChars = window[5],
        .dwFillAttribute = window[6],
        .dwFlags = window[7],
        .wShowWindow = (WORD)window[8],
        .hStdInput = parameters->std_input,
        .hStdOutput = parameters->std_output,
        .hStdError = parameters->std_error,
    };
}

/* An ANSI copy that stays for the life of the process. */
static LPSTR keep_ansi(const UNICODE_STRING *wide)
{
    DWORD size = base_return_ansi(wide->Buffer, wide->Length / sizeof(WCHAR), NULL, 0);
    LPSTR copy = base_allocate(size);

    if (copy != NULL)
        base_return_ansi(wide->Buffer, wide->Length / sizeof(WCHAR), copy, size);
    return copy;
}

VOID WINAPI GetStartupInfoA(LPSTARTUPINFOA info)
{
    static LPSTR title, desktop;
    STARTUPINFOW wide;

    GetStartupInfoW(&wide);
    if (title == NULL)
        title = keep_ansi(&nt_peb()->parameters->window_title);
    if (desktop == NULL)
        desktop = keep_ansi(&nt_peb()->parameters->desktop);
    memcpy(info, &wide, sizeof(*info));
    info->lpTitle = title;
    info->lpDesktop = desktop;
}

/* ---- Any ---- */

HANDLE WINAPI OpenProcess(DWORD access, BOOL inherit, DWORD id)
{
    OBJECT_ATTRIBUTES attributes;
    CLIENT_ID client = {(HANDLE)(ULONG_PTR)id, NULL};
    HANDLE process = NULL;

    InitializeObjectAttributes(&attributes, NULL, inherit ? OBJ_INHERIT : 0, NULL, NULL);
    return base_opened(NtOpenProcess(&process, access, &attributes, &client), &process);
}

BOOL WINAPI TerminateProcess(HANDLE process, UINT code)
{
    if (process == NULL)
        return base_fail_with(ERROR_INVALID_HANDLE);
    return base_result(NtTerminateProcess(process, (NTSTATUS)code));
}

BOOL WINAPI GetExitCodeProcess(HANDLE process, LPDWORD code)
{
    struct nt_process_basic data;
    NTSTATUS status = NtQueryInformationProcess(process, PROCESS_BASIC, &data, sizeof(data), NULL);

    if (!NT_SUCCESS(status))
        return base_fail(status);
    *code = (DWORD)data.exit_status;
    return TRUE;
}

/* What a child gets from its parent. docs: CreateProcess, Inheritance; Handle Inheritance */
#include "conform.h"

static DWORD run_with(const char *words, HANDLE handle, BOOL inherit)
{
    char line[TEXT_SIZE];
    HANDLE thread, process;
    DWORD code = UNTOUCHED;

    text_append_number(text_append(line, words), (DWORD_PTR)handle, 10);
    process = child_start(line, 0, inherit, &thread);
    WaitForSingleObject(process, 10000);
    GetExitCodeProcess(process, &code);
    CloseHandle(thread);
    CloseHandle(process);
    return code;
}

static void check_inherited_handles(void)
{
    SECURITY_ATTRIBUTES inheritable = {sizeof(inheritable), NULL, TRUE};
    HANDLE given = CreateEventA(&inheritable, TRUE, FALSE, NULL),
           kept = CreateEventA(NULL, TRUE, FALSE, NULL);

    expect_value(run_with("set ", given, TRUE), 0, "an inheritable handle is good in the child");
    expect_value(WaitForSingleObject(given, 0), WAIT_OBJECT_0, "for the same object");
    ResetEvent(given);
    expect_value(run_with("set ", given, FALSE), 6, "not where none are inherited: 6");
    expect_value(run_with("set ", kept, TRUE), 6, "nor one that is not inheritable: 6");
    SetHandleInformation(kept, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    expect_value(run_with("set ", kept, TRUE), 0, "unless it is made so");
    expect_value(WaitForSingleObject(given, 0), WAIT_TIMEOUT, "the others are untouched");
    CloseHandle(given);
    CloseHandle(kept);
}

static void check_environment_of_child(void)
{
    SetEnvironmentVariableA("CONFORM_CHILD", "inherited");
    expect_value(child_run("environment inherited"), 0, "the environment is inherited");
    SetEnvironmentVariableA("CONFORM_CHILD", NULL);
    expect_value(child_run("environment inherited"), 1, "as it is when the child begins");
}

static void check_current_folder(void)
{
    char before[TEXT_SIZE];

    GetCurrentDirectoryA(sizeof(before), before);
    SetCurrentDirectoryA("C:\\");
    expect_value(child_run("folder C:\\"), 0, "so is the current folder");
    SetCurrentDirectoryA(before);
}

/* docs: STARTUPINFO, STARTF_USESTDHANDLES */
static void check_standard(void)
{
    SECURITY_ATTRIBUTES inheritable = {sizeof(inheritable), NULL, TRUE};
    STARTUPINFOA startup = {.cb = sizeof(startup), .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION information = {NULL, NULL, 0, 0};
    char path[TEXT_SIZE], line[TEXT_SIZE];
    DWORD code = UNTOUCHED;

    own_path(path);
    startup.hStdError =
        CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, &inheritable, OPEN_EXISTING, 0, NULL);
    text_append_number(text_append(line, "x child standard "), (DWORD_PTR)startup.hStdError, 10);
    CreateProcessA(path, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &information);
    WaitForSingleObject(information.hProcess, 10000);
    GetExitCodeProcess(information.hProcess, &code);
    CloseHandle(information.hThread);
    CloseHandle(information.hProcess);
    expect_value(code, 0, "standard handles can be given");
    CloseHandle(startup.hStdError);
}

void check_inheritance(void)
{
    check_inherited_handles();
    check_environment_of_child();
    check_current_folder();
    check_standard();
}

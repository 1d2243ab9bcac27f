/* Processes. docs: CreateProcess, GetExitCodeProcess, TerminateProcess, OpenProcess */
#include "conform.h"

static void check_ends(void)
{
    expect_value(child_run("exit 42"), 42, "its exit code");
    expect_value(child_run("exit 0"), 0, "0 is one");
    expect_value(child_run("exit 4294967295"), 0xFFFFFFFF, "any 32 bits are");
    expect_value(child_run("return 9"), 9, "what its first thread returns is one too");
}

static void check_suspended(void)
{
    HANDLE thread, process = child_start("exit 3", CREATE_SUSPENDED, FALSE, &thread);
    DWORD code = UNTOUCHED;

    expect_value(WaitForSingleObject(process, 20), WAIT_TIMEOUT, "one created suspended waits");
    expect(GetExitCodeProcess(process, &code) && code == STILL_ACTIVE,
           "its exit code is 259 so far");
    expect_value(ResumeThread(thread), 1, "its thread was suspended once");
    expect_value(WaitForSingleObject(process, 10000), WAIT_OBJECT_0, "then it runs and ends");
    expect(GetExitCodeProcess(process, &code) && code == 3, "with its exit code");
    expect(GetExitCodeThread(thread, &code) && code == 3, "which its thread has too");
    CloseHandle(thread);
    CloseHandle(process);
}

static void check_terminated(void)
{
    HANDLE thread, process = child_start("wait", 0, FALSE, &thread);
    DWORD code = UNTOUCHED;

    expect_value(WaitForSingleObject(process, 50), WAIT_TIMEOUT, "one that waits goes on");
    expect_success(CALL(TerminateProcess(process, 77)), "and is terminated");
    expect_value(WaitForSingleObject(process, 10000), WAIT_OBJECT_0, "then it ends");
    expect_value(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0, "with its thread");
    expect(GetExitCodeProcess(process, &code) && code == 77, "and this exit code");
    CloseHandle(thread);
    CloseHandle(process);
}

static void check_ids(void)
{
    HANDLE own = OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, GetCurrentProcessId());
    DWORD code = 0;

    expect(own != NULL && GetExitCodeProcess(own, &code) && code == STILL_ACTIVE,
           "a process is opened by its id");
    expect_error(CALL(TerminateProcess(own, 1)), 5, "only for what was asked: 5");
    expect_failure(CALL(WaitForSingleObject(own, 0)), WAIT_FAILED, 5, "not for waiting either: 5");
    expect_failure(CALL(OpenProcess(SYNCHRONIZE, FALSE, 0x7FFFFFFC)), 0, 87, "a wrong id is 87");
    CloseHandle(own);
}

/* docs: CreateProcess: the module's name, or the first word of the command line */
static void check_refusals(void)
{
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION information;
    char line[TEXT_SIZE] = "nosuch.exe with words";

    expect_error(CALL(CreateProcessA("C:\\nosuch.exe", NULL, NULL, NULL, FALSE, 0, NULL, NULL,
                                     &startup, &information)),
                 2, "a missing file is 2");
    expect_error(
        CALL(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &information)),
        2, "so is one by the command line");
    expect_error(CALL(CreateProcessA("C:\\no\\such.exe", NULL, NULL, NULL, FALSE, 0, NULL, NULL,
                                     &startup, &information)),
                 3, "a missing folder is 3");
}

void check_processes(void)
{
    check_ends();
    check_suspended();
    check_terminated();
    check_ids();
    check_refusals();
}

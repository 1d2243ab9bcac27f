/*
 * k32.exe: what kernel32 does beyond what conform.exe compares with Windows: it gives stacks back,
 * has threads run by the clock and by priority, reaches into other processes, and says why a program
 * ended. Without arguments it checks; with one it is its own child.
 */
#include "k32.h"

void WINAPI start(void);

static const char *arguments(void)
{
    const char *line = GetCommandLineA();

    while (*line != '\0' && *line != ' ')
        line++;
    return *line == ' ' ? line + 1 : line;
}

static BOOL equal(const char *a, const char *b)
{
    return lstrcmpA(a, b) == 0;
}

/* ---- Children ---- */

static BOOL create_child(char *command, DWORD flags, PROCESS_INFORMATION *child)
{
    STARTUPINFOA startup = {.cb = sizeof(startup)};

    return CreateProcessA(NULL, command, NULL, NULL, FALSE, flags, NULL, NULL, &startup, child);
}

static void close_child(const PROCESS_INFORMATION *child)
{
    CloseHandle(child->hThread);
    CloseHandle(child->hProcess);
}

/* The exit code of this program with an argument. */
static DWORD run_child(char *command, DWORD flags)
{
    PROCESS_INFORMATION child;
    DWORD code = MAXDWORD;

    if (!create_child(command, flags, &child))
        return MAXDWORD;
    WaitForSingleObject(child.hProcess, INFINITE);
    GetExitCodeProcess(child.hProcess, &code);
    close_child(&child);
    return code;
}

/* ---- Threads ---- */

static SIZE_T free_addresses(void)
{
    MEMORY_BASIC_INFORMATION range = {0};
    SIZE_T bytes = 0;
    char *at = (char *)0x10000;

    while (VirtualQuery(at, &range, sizeof(range)) != 0) {
        if (range.State == MEM_FREE)
            bytes += range.RegionSize;
        at = (char *)range.BaseAddress + range.RegionSize;
    }
    return bytes;
}

static DWORD WINAPI returns(void *value)
{
    return (DWORD)value;
}

static DWORD run_thread(DWORD value)
{
    HANDLE thread = CreateThread(NULL, 0, returns, (void *)value, 0, NULL);
    DWORD code = MAXDWORD;

    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    return code;
}

/* 3 000 stacks of a megabyte and more do not fit in 2 GiB at once. */
static void check_stacks(void)
{
    SIZE_T before = free_addresses();
    DWORD wrong = 0;

    for (DWORD i = 0; i < 3000; i++)
        wrong += run_thread(i) != i;
    CHECK(wrong == 0);
    CHECK(free_addresses() == before);
}

/* ---- Handles of other processes ---- */

static void check_handles(void)
{
    static char command[] = "k32.exe wait";
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL), there = NULL, back = NULL;
    PROCESS_INFORMATION child;

    CHECK(create_child(command, CREATE_SUSPENDED, &child));
    CHECK(DuplicateHandle(GetCurrentProcess(), event, child.hProcess, &there, 0, FALSE,
                          DUPLICATE_SAME_ACCESS));
    CHECK(DuplicateHandle(child.hProcess, there, GetCurrentProcess(), &back, 0, FALSE,
                          DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
    CHECK(SetEvent(back) && WaitForSingleObject(event, 0) == WAIT_OBJECT_0);
    CHECK(!DuplicateHandle(child.hProcess, there, GetCurrentProcess(), &back, 0, FALSE,
                           DUPLICATE_SAME_ACCESS) &&
          GetLastError() == ERROR_INVALID_HANDLE);
    CHECK(TerminateProcess(child.hProcess, 7));
    CHECK(WaitForSingleObject(child.hProcess, INFINITE) == WAIT_OBJECT_0);
    CHECK(!DuplicateHandle(GetCurrentProcess(), event, child.hProcess, &there, 0, FALSE,
                           DUPLICATE_SAME_ACCESS));
    close_child(&child);
}

/* ---- Memory of other processes ---- */

static volatile DWORD mark = 0x600D;

static void check_memory(void)
{
    static char command[] = "k32.exe mark";
    PROCESS_INFORMATION child;
    DWORD value = 0, code = 0;
    SIZE_T done = 0;

    CHECK(create_child(command, CREATE_SUSPENDED, &child));
    CHECK(ReadProcessMemory(child.hProcess, (void *)&mark, &value, sizeof(value), &done) &&
          value == 0x600D && done == sizeof(value));
    value = 0xBEEF;
    CHECK(WriteProcessMemory(child.hProcess, (void *)&mark, &value, sizeof(value), &done));
    CHECK(mark == 0x600D);
    ResumeThread(child.hThread);
    WaitForSingleObject(child.hProcess, INFINITE);
    CHECK(GetExitCodeProcess(child.hProcess, &code) && code == 0xBEEF);
    close_child(&child);
}

/* ---- Ends ---- */

static LONG WINAPI takes_over(EXCEPTION_POINTERS *exception)
{
    ExitProcess(exception->ExceptionRecord->ExceptionInformation[1]);
}

static void crash(void)
{
    *(volatile char *)0x1234 = 1;
}

static void check_ends(void)
{
    static char crashes[] = "k32.exe crash", quietly[] = "k32.exe quiet",
                filters[] = "k32.exe filter";
    static char leaves[] = "k32.exe leave";

    CHECK(run_child(crashes, 0) == (DWORD)STATUS_ACCESS_VIOLATION);
    CHECK(run_child(quietly, 0) == (DWORD)STATUS_ACCESS_VIOLATION);
    CHECK(run_child(filters, 0) == 0x1234);
    CHECK(run_child(leaves, 0) == 55);
}

/* The first thread may end before the others: the last one's code is the process's. */
static DWORD WINAPI stays(void *first)
{
    WaitForSingleObject(first, INFINITE);
    return 55;
}

static void leave(void)
{
    HANDLE first;

    DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &first, 0, FALSE,
                    DUPLICATE_SAME_ACCESS);
    CreateThread(NULL, 0, stays, first, 0, NULL);
    ExitThread(1);
}

/* ---- The debugger's log ---- */

static void tell_much(void)
{
    static char text[1201];

    memset(text, 'x', sizeof(text) - 2);
    text[sizeof(text) - 2] = '\n';
    OutputDebugStringA(text);
}

static void be_child(const char *what)
{
    if (equal(what, "mark"))
        ExitProcess(mark);
    if (equal(what, "leave"))
        leave();
    if (equal(what, "quiet"))
        SetErrorMode(SEM_NOGPFAULTERRORBOX);
    if (equal(what, "filter"))
        SetUnhandledExceptionFilter(takes_over);
    crash();
}

void WINAPI start(void)
{
    if (*arguments() != '\0')
        be_child(arguments());
    check_stacks();
    check_failures += check_scheduler();
    check_handles();
    check_memory();
    check_ends();
    tell_much();
    check_end();
}

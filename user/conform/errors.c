/* The last error: each thread's own, set by what fails and left alone by what succeeds. */
#include "conform.h"

static DWORD WINAPI other_thread(void *seen)
{
    *(DWORD *)seen = GetLastError();
    SetLastError(77);
    return 0;
}

static void check_threads_own(void)
{
    DWORD seen = UNTOUCHED;
    HANDLE thread;

    SetLastError(5);
    thread = CreateThread(NULL, 0, other_thread, &seen, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    /* docs: GetLastError, "multiple threads do not overwrite each other's last-error code" */
    expect_value(seen, 0, "a new thread begins with 0");
    SetLastError(5);
    expect_value(GetLastError(), 5, "another thread's stays with it");
}

/* Wine: ntdll/tests/error.c and kernel32/tests: success leaves the code alone. docs: GetLastError */
static void check_left_alone(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);

    expect_success(CALL(SetEvent(event)), "SetEvent leaves it alone");
    expect_success(CALL(ResetEvent(event)), "ResetEvent leaves it alone");
    expect_success(CALL(GetModuleHandleA(NULL)), "GetModuleHandle leaves it alone");
    expect_success(CALL(CloseHandle(event)), "CloseHandle leaves it alone");
}

static void check_values(void)
{
    static const DWORD codes[] = {0, 1, 87, 0x20000001, 0x80000005, 0xFFFFFFFF};
    unsigned i;
    BOOL all = TRUE;

    for (i = 0; i < COUNT(codes); i++) {
        SetLastError(codes[i]);
        all = all && GetLastError() == codes[i];
    }
    expect(all, "any 32 bits can be set"); /* docs: SetLastError */
}

#ifdef __i386__
/* docs: TEB (LastErrorValue at 34h on x86), which debuggers show. */
static void check_place(void)
{
    DWORD value;

    SetLastError(0x1234);
    __asm__ volatile("movl %%fs:0x34, %0" : "=r"(value));
    expect_value(value, 0x1234, "it stands in the TEB at 34h");
}
#else
static void check_place(void)
{
    skip("it stands in the TEB at 34h", "32-bit only");
}
#endif

void check_errors(void)
{
    check_values();
    check_threads_own();
    check_left_alone();
    check_place();
    expect_error(CALL(CloseHandle((HANDLE)0xDEADBEE0)), 6,
                 "a wrong handle is 6"); /* docs: CloseHandle */
    expect_error(CALL(CloseHandle(NULL)), 6, "NULL is no handle");
}

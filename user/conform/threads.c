/* Threads. docs: CreateThread, GetExitCodeThread, SuspendThread, TerminateThread, SetThreadPriority */
#include "conform.h"

static DWORD WINAPI add_one(void *number)
{
    return (DWORD)(DWORD_PTR)number + 1;
}

static DWORD WINAPI exit_in_the_middle(void *code)
{
    ExitThread((DWORD)(DWORD_PTR)code);
}

static DWORD WINAPI store_id(void *id)
{
    *(DWORD *)id = GetCurrentThreadId();
    return 0;
}

static DWORD WINAPI wait_for(void *event)
{
    return WaitForSingleObject(event, INFINITE);
}

static DWORD ended(HANDLE thread)
{
    DWORD code = UNTOUCHED;

    WaitForSingleObject(thread, 10000);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    return code;
}

static void check_ends(void)
{
    DWORD id = 0, own = 0;
    HANDLE thread;

    expect_value(ended(CreateThread(NULL, 0, add_one, (void *)41, 0, NULL)), 42,
                 "what it returns is its exit code");
    expect_value(ended(CreateThread(NULL, 0, exit_in_the_middle, (void *)7, 0, NULL)), 7,
                 "or what it exits with");
    thread = CreateThread(NULL, 0, store_id, &own, 0, &id);
    ended(thread);
    expect(id != 0 && id == own && id != GetCurrentThreadId(), "its id is its own");
    expect_value(ended(CreateThread(NULL, 0x100000, add_one, (void *)1, 0, NULL)), 2,
                 "with a larger stack");
}

static void check_suspended(void)
{
    DWORD ran = 0, code;
    HANDLE thread = CreateThread(NULL, 0, store_id, &ran, CREATE_SUSPENDED, NULL);

    expect_value(WaitForSingleObject(thread, 20), WAIT_TIMEOUT, "one created suspended waits");
    expect(GetExitCodeThread(thread, &code) && code == STILL_ACTIVE, "its exit code is 259 so far");
    expect_value(ran, 0, "and has not run");
    expect_value(SuspendThread(thread), 1, "suspending it again: it was once");
    expect_value(ResumeThread(thread), 2, "resuming it: it was twice");
    expect_value(WaitForSingleObject(thread, 20), WAIT_TIMEOUT, "once is still suspended");
    expect_value(ResumeThread(thread), 1, "resuming it for good");
    expect_value(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0, "it runs and ends");
    expect(ran != 0, "and has run");
    expect_failure(CALL(ResumeThread((HANDLE)0xFFF0)), (DWORD)-1, 6, "no thread is 6");
    CloseHandle(thread);
}

static void check_terminated(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL),
           thread = CreateThread(NULL, 0, wait_for, event, 0, NULL);

    expect_value(WaitForSingleObject(thread, 10), WAIT_TIMEOUT, "a thread waits");
    expect_success(CALL(TerminateThread(thread, 99)), "and is terminated");
    expect_value(ended(thread), 99, "with that exit code");
    thread = CreateThread(NULL, 0, wait_for, event, 0, NULL);
    SetEvent(event);
    expect_value(ended(thread), WAIT_OBJECT_0, "another is woken instead");
    CloseHandle(event);
}

static void check_priority(void)
{
    static const int levels[] = {THREAD_PRIORITY_LOWEST, THREAD_PRIORITY_HIGHEST,
                                 THREAD_PRIORITY_IDLE, THREAD_PRIORITY_TIME_CRITICAL,
                                 THREAD_PRIORITY_NORMAL};
    unsigned i, wrong = 0;

    expect_value((DWORD)GetThreadPriority(GetCurrentThread()), THREAD_PRIORITY_NORMAL,
                 "it begins as normal");
    for (i = 0; i < COUNT(levels); i++)
        wrong += !SetThreadPriority(GetCurrentThread(), levels[i]) ||
                 GetThreadPriority(GetCurrentThread()) != levels[i];
    expect_value(wrong, 0, "each priority can be set");
    expect_error(CALL(SetThreadPriority(GetCurrentThread(), 10)), 87, "10 is none: 87");
    expect_failure(CALL(GetThreadPriority((HANDLE)0xFFF0)), THREAD_PRIORITY_ERROR_RETURN, 6,
                   "no thread has none");
}

/* docs: Thread Stack Size: it grows by its guard page as it is used */
static NOINLINE DWORD deep(DWORD levels)
{
    volatile char room[1000];

    room[levels % 1000] = (char)levels;
    return levels == 0 ? (DWORD)room[0] : deep(levels - 1) + 1;
}

static DWORD WINAPI go_deep(void *levels)
{
    return deep((DWORD)(DWORD_PTR)levels);
}

void check_threads(void)
{
    check_ends();
    check_suspended();
    check_terminated();
    check_priority();
    expect_value(ended(CreateThread(NULL, 0, go_deep, (void *)400, 0, NULL)), 400,
                 "its stack grows");
    expect_value(deep(400), 400, "so does the first thread's");
}

/* Mutexes. docs: CreateMutex, ReleaseMutex, Mutex Objects. Wine: kernel32/tests/sync.c */
#include "conform.h"

#define NAME "conform mutex"

static DWORD WINAPI take(void *mutex)
{
    return WaitForSingleObject(mutex, 0);
}

static DWORD WINAPI release(void *mutex)
{
    SetLastError(UNTOUCHED);
    return ReleaseMutex(mutex) ? 0 : GetLastError();
}

static DWORD in_another_thread(LPTHREAD_START_ROUTINE routine, HANDLE mutex)
{
    HANDLE thread = CreateThread(NULL, 0, routine, mutex, 0, NULL);
    DWORD code = UNTOUCHED;

    WaitForSingleObject(thread, 10000);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    return code;
}

static void check_owner(void)
{
    HANDLE mutex = CreateMutexA(NULL, TRUE, NULL);

    expect_value(in_another_thread(take, mutex), WAIT_TIMEOUT,
                 "one with an owner is not to be had");
    expect_value(in_another_thread(release, mutex), ERROR_NOT_OWNER, "nor released by others: 288");
    expect_value(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, "its owner gets it again");
    expect_success(CALL(ReleaseMutex(mutex)), "and releases it");
    expect_value(in_another_thread(take, mutex), WAIT_TIMEOUT, "as often as he got it");
    ReleaseMutex(mutex);
    expect_error(CALL(ReleaseMutex(mutex)), ERROR_NOT_OWNER, "not once more: 288");
    CloseHandle(mutex);
}

static void check_abandoned(void)
{
    HANDLE mutex = CreateMutexA(NULL, FALSE, NULL), named = CreateMutexA(NULL, FALSE, NAME);

    expect_value(in_another_thread(take, mutex), WAIT_OBJECT_0, "a thread takes it and ends");
    expect_value(WaitForSingleObject(mutex, 1000), WAIT_ABANDONED, "then it is abandoned");
    ReleaseMutex(mutex);
    expect_value(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, "which is said once");
    ReleaseMutex(mutex);
    expect_value(child_run("abandon " NAME), 0, "a process takes one and ends");
    expect_value(WaitForSingleObject(named, 1000), WAIT_ABANDONED, "then that is abandoned");
    ReleaseMutex(named);
    CloseHandle(mutex);
    CloseHandle(named);
}

static void check_names(void)
{
    HANDLE mutex = CreateMutexA(NULL, TRUE, NAME), again;

    SetLastError(UNTOUCHED);
    again = CreateMutexA(NULL, TRUE, NAME);
    expect(again != NULL && GetLastError() == ERROR_ALREADY_EXISTS,
           "a name that exists is opened, and 183 says so");
    ReleaseMutex(mutex);
    expect_error(CALL(ReleaseMutex(again)), ERROR_NOT_OWNER, "asking to own it then gives nothing");
    CloseHandle(mutex);
    CloseHandle(again);
    expect_failure(CALL(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, NAME)), 0, 2,
                   "without handles the name is gone");
}

void check_mutexes(void)
{
    check_owner();
    check_abandoned();
    check_names();
}

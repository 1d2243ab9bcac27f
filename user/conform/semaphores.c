/* Semaphores. docs: CreateSemaphore, ReleaseSemaphore. Wine: kernel32/tests/sync.c */
#include "conform.h"

static void check_counts(void)
{
    HANDLE semaphore = CreateSemaphoreA(NULL, 2, 3, NULL);
    LONG previous = -1;

    expect_value(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0, "one of two");
    expect_value(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0, "two of two");
    expect_value(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT, "no third");
    expect(ReleaseSemaphore(semaphore, 2, &previous) && previous == 0,
           "releasing two: there were none");
    expect(ReleaseSemaphore(semaphore, 1, &previous) && previous == 2,
           "releasing one: there were two");
    expect_error(CALL(ReleaseSemaphore(semaphore, 1, &previous)), ERROR_TOO_MANY_POSTS,
                 "beyond the maximum is 298");
    expect_value((DWORD)previous, 2, "which changes nothing");
    expect_value(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0, "it still has three");
    CloseHandle(semaphore);
}

static void check_refusals(void)
{
    HANDLE semaphore = CreateSemaphoreA(NULL, 0, 5, NULL);

    expect_failure(CALL(CreateSemaphoreA(NULL, 2, 1, NULL)), 0, 87, "more than the maximum is 87");
    expect_failure(CALL(CreateSemaphoreA(NULL, -1, 1, NULL)), 0, 87, "less than 0 is 87");
    expect_failure(CALL(CreateSemaphoreA(NULL, 0, 0, NULL)), 0, 87, "a maximum of 0 is 87");
    expect_error(CALL(ReleaseSemaphore(semaphore, 0, NULL)), 87, "releasing 0 is 87");
    expect_error(CALL(ReleaseSemaphore(semaphore, -1, NULL)), 87, "releasing -1 is 87");
    CloseHandle(semaphore);
}

static void check_names(void)
{
    HANDLE semaphore = CreateSemaphoreA(NULL, 1, 1, "conform semaphore");
    HANDLE opened = OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, "conform semaphore");

    expect_value(WaitForSingleObject(opened, 0), WAIT_OBJECT_0, "one is opened by its name");
    expect_value(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT, "and is the same");
    expect_failure(CALL(OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, "no such semaphore")), 0, 2,
                   "a missing one is 2");
    CloseHandle(opened);
    CloseHandle(semaphore);
}

void check_semaphores(void)
{
    check_counts();
    check_refusals();
    check_names();
}

/* Waitable timers, and the counters of time. docs: SetWaitableTimer, CancelWaitableTimer, QueryPerformanceCounter */
#include "conform.h"

#define MILLISECOND (-10000LL) /* a negative time is relative, in 100 ns */

static BOOL set(HANDLE timer, LONGLONG milliseconds, LONG period)
{
    LARGE_INTEGER due = {.QuadPart = milliseconds * MILLISECOND};

    return SetWaitableTimer(timer, &due, period, NULL, NULL, FALSE);
}

static void check_once(void)
{
    HANDLE manual = CreateWaitableTimerA(NULL, TRUE, NULL),
           automatic = CreateWaitableTimerA(NULL, FALSE, NULL);

    expect_value(WaitForSingleObject(manual, 0), WAIT_TIMEOUT, "one begins unset");
    expect(set(manual, 20, 0) && set(automatic, 20, 0), "it can be set");
    expect_value(WaitForSingleObject(manual, 10000), WAIT_OBJECT_0, "and expires");
    expect_value(WaitForSingleObject(manual, 0), WAIT_OBJECT_0, "a manual one stays so");
    expect_value(WaitForSingleObject(automatic, 10000), WAIT_OBJECT_0, "an automatic one");
    expect_value(WaitForSingleObject(automatic, 0), WAIT_TIMEOUT, "for one wait");
    expect(set(manual, 100000, 0), "setting it anew");
    expect_value(WaitForSingleObject(manual, 0), WAIT_TIMEOUT, "takes it back");
    CloseHandle(manual);
    CloseHandle(automatic);
}

static void check_period_and_cancel(void)
{
    HANDLE timer = CreateWaitableTimerA(NULL, FALSE, NULL);

    set(timer, 10, 10);
    expect(WaitForSingleObject(timer, 10000) == WAIT_OBJECT_0 &&
               WaitForSingleObject(timer, 10000) == WAIT_OBJECT_0,
           "one with a period expires again");
    expect_success(CALL(CancelWaitableTimer(timer)), "until it is cancelled");
    WaitForSingleObject(timer, 0);
    expect_value(WaitForSingleObject(timer, 30), WAIT_TIMEOUT, "then no more");
    CloseHandle(timer);
}

static void check_counters(void)
{
    LARGE_INTEGER frequency = {.QuadPart = 0}, first, second;

    expect(QueryPerformanceFrequency(&frequency) && frequency.QuadPart > 0,
           "the counter has a frequency");
    QueryPerformanceCounter(&first);
    Sleep(20);
    QueryPerformanceCounter(&second);
    expect(second.QuadPart > first.QuadPart, "and goes on");
}

/* docs: FILETIME (since 1601), SYSTEMTIME */
static void check_system_time(void)
{
    SYSTEMTIME now = {0};

    GetSystemTime(&now);
    expect(now.wYear >= 2000 && now.wMonth >= 1 && now.wMonth <= 12 && now.wDay >= 1 &&
               now.wDay <= 31,
           "there is a date");
    expect(now.wHour < 24 && now.wMinute < 60 && now.wSecond < 60 && now.wDayOfWeek < 7,
           "and a time of day");
}

void check_timers(void)
{
    check_once();
    check_period_and_cancel();
    check_counters();
    check_system_time();
}

/* Waiting for several things. docs: WaitForMultipleObjects, Sleep. Wine: kernel32/tests/sync.c */
#include "conform.h"

#define MANY (MAXIMUM_WAIT_OBJECTS + 1)

static void check_any(const HANDLE *events)
{
    expect_value(WaitForMultipleObjects(3, events, FALSE, 0), WAIT_TIMEOUT, "none is set");
    SetEvent(events[2]);
    expect_value(WaitForMultipleObjects(3, events, FALSE, 0), WAIT_OBJECT_0 + 2, "the third is");
    SetEvent(events[1]);
    SetEvent(events[2]);
    expect_value(WaitForMultipleObjects(3, events, FALSE, 0), WAIT_OBJECT_0 + 1,
                 "of two the first counts");
    expect_value(WaitForSingleObject(events[2], 0), WAIT_OBJECT_0, "the other is left as it is");
}

static void check_all(const HANDLE *events)
{
    SetEvent(events[0]);
    SetEvent(events[1]);
    expect_value(WaitForMultipleObjects(3, events, TRUE, 0), WAIT_TIMEOUT,
                 "two of three are not all");
    expect_value(WaitForSingleObject(events[0], 0), WAIT_OBJECT_0, "none of them is taken");
    SetEvent(events[0]);
    SetEvent(events[2]);
    expect_value(WaitForMultipleObjects(3, events, TRUE, 0), WAIT_OBJECT_0, "three are");
    expect_value(WaitForMultipleObjects(3, events, FALSE, 0), WAIT_TIMEOUT, "and all are taken");
}

static void check_refusals(const HANDLE *events)
{
    HANDLE many[MANY], twice[2] = {events[0], events[0]}, wrong[2] = {events[0], (HANDLE)0xFFF0};
    unsigned i;

    for (i = 0; i < MANY; i++)
        many[i] = events[0];
    expect_failure(CALL(WaitForMultipleObjects(0, events, FALSE, 0)), WAIT_FAILED, 87,
                   "nothing to wait for is 87");
    expect_failure(CALL(WaitForMultipleObjects(MANY, many, FALSE, 0)), WAIT_FAILED, 87,
                   "65 are 87");
    expect_failure(CALL(WaitForMultipleObjects(2, twice, TRUE, 0)), WAIT_FAILED, 87,
                   "one twice, for all, is 87");
    expect_failure(CALL(WaitForMultipleObjects(2, wrong, FALSE, 0)), WAIT_FAILED, 6,
                   "a wrong one is 6");
    expect_value(WaitForMultipleObjects(64, many, FALSE, 0), WAIT_TIMEOUT, "64 are not too many");
}

static DWORD WINAPI set_later(void *event)
{
    Sleep(20);
    SetEvent(event);
    return 0;
}

/* By the counter: Wine's GetTickCount stands still while nothing is asked of its server. */
static DWORD counter(void)
{
    LARGE_INTEGER now;

    QueryPerformanceCounter(&now);
    return now.LowPart;
}

static DWORD milliseconds_since(DWORD begin)
{
    LARGE_INTEGER frequency;

    QueryPerformanceFrequency(&frequency);
    return (counter() - begin) / (frequency.LowPart / 1000);
}

static void check_time(HANDLE event)
{
    DWORD begin = counter(), passed;
    HANDLE thread;

    expect_value(WaitForSingleObject(event, 50), WAIT_TIMEOUT, "a wait ends when its time is over");
    passed = milliseconds_since(begin);
    expect(passed >= 40, "not before"); /* a clock's tick is 10 to 16 ms */
    begin = counter();
    Sleep(50);
    passed = milliseconds_since(begin);
    expect(passed >= 40, "so does Sleep");
    thread = CreateThread(NULL, 0, set_later, event, 0, NULL);
    expect_value(WaitForSingleObject(event, INFINITE), WAIT_OBJECT_0,
                 "or when another thread sets what is awaited");
    WaitForSingleObject(thread, INFINITE);
    expect_value(WaitForSingleObject(thread, 0), WAIT_OBJECT_0, "a thread that has ended stays so");
    CloseHandle(thread);
}

void check_waits(void)
{
    HANDLE events[3];
    unsigned i;

    for (i = 0; i < COUNT(events); i++)
        events[i] = CreateEventA(NULL, FALSE, FALSE, NULL);
    check_any(events);
    check_all(events);
    check_refusals(events);
    check_time(events[0]);
    for (i = 0; i < COUNT(events); i++)
        CloseHandle(events[i]);
}

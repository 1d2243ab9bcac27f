/* Events. docs: CreateEvent, SetEvent, ResetEvent, PulseEvent, OpenEvent. Wine: kernel32/tests/sync.c */
#include "conform.h"

#define NAME "conform event"

static BOOL is_set(HANDLE event)
{
    return WaitForSingleObject(event, 0) == WAIT_OBJECT_0;
}

static void check_manual(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);

    expect(!is_set(event), "it begins as it was asked to");
    SetEvent(event);
    expect(is_set(event) && is_set(event), "a manual one stays set");
    ResetEvent(event);
    expect(!is_set(event), "until it is reset");
    expect_success(CALL(PulseEvent(event)), "it can be pulsed");
    expect(!is_set(event), "which leaves it reset");
    CloseHandle(event);
}

static void check_automatic(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, TRUE, NULL);

    expect(is_set(event), "one can begin set");
    expect(!is_set(event), "an automatic one is set for one wait");
    SetEvent(event);
    SetEvent(event);
    expect(is_set(event) && !is_set(event), "setting it twice is setting it once");
    CloseHandle(event);
}

static void check_names(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NAME), again, opened;

    SetLastError(UNTOUCHED);
    again = CreateEventA(NULL, FALSE, TRUE, NAME);
    expect(again != NULL && GetLastError() == ERROR_ALREADY_EXISTS,
           "a name that exists is opened, and 183 says so");
    expect(!is_set(again), "its state stays");
    opened = OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME);
    SetEvent(opened);
    expect(is_set(event) && is_set(again),
           "all handles are of one event, manual as it was created");
    expect_failure(CALL(CreateMutexA(NULL, FALSE, NAME)), 0, 6, "another type of that name is 6");
    expect_failure(CALL(OpenEventA(EVENT_ALL_ACCESS, FALSE, "Conform Event")), 0, 2,
                   "names have their case");
    expect_failure(CALL(CreateEventA(NULL, TRUE, FALSE, "a\\b\\c")), 0, 3, "and no backslash");
    CloseHandle(event);
    CloseHandle(again);
    CloseHandle(opened);
    expect_failure(CALL(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME)), 0, 2,
                   "without handles the name is gone");
}

void check_events(void)
{
    check_manual();
    check_automatic();
    check_names();
}

/* Critical sections and interlocked operations. docs: EnterCriticalSection, InterlockedIncrement */
#include "conform.h"

#define THREADS 4
#define TURNS   2000

static CRITICAL_SECTION section;
static volatile LONG guarded_count, interlocked_count;

static DWORD WINAPI try_enter(void *unused UNUSED)
{
    return (DWORD)TryEnterCriticalSection(&section);
}

static DWORD WINAPI take_turns(void *unused UNUSED)
{
    unsigned i;

    for (i = 0; i < TURNS; i++) {
        EnterCriticalSection(&section);
        guarded_count = guarded_count + 1;
        LeaveCriticalSection(&section);
        InterlockedIncrement(&interlocked_count);
    }
    return 0;
}

static DWORD in_another_thread(LPTHREAD_START_ROUTINE routine)
{
    HANDLE thread = CreateThread(NULL, 0, routine, NULL, 0, NULL);
    DWORD code = UNTOUCHED;

    WaitForSingleObject(thread, 10000);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    return code;
}

static void check_turns(void)
{
    HANDLE threads[THREADS];
    unsigned i;

    for (i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, take_turns, NULL, 0, NULL);
    expect_value(WaitForMultipleObjects(THREADS, threads, TRUE, 60000), WAIT_OBJECT_0,
                 "four threads take turns");
    expect_value((DWORD)guarded_count, THREADS * TURNS, "no step of theirs is lost");
    expect_value((DWORD)interlocked_count, THREADS * TURNS, "interlocked either");
    for (i = 0; i < THREADS; i++)
        CloseHandle(threads[i]);
}

void check_critical_sections(void)
{
    InitializeCriticalSection(&section);
    expect(TryEnterCriticalSection(&section), "a free one is entered");
    expect(TryEnterCriticalSection(&section), "again by its owner");
    expect_value(in_another_thread(try_enter), FALSE, "not by another thread");
    LeaveCriticalSection(&section);
    expect_value(in_another_thread(try_enter), FALSE, "as long as it is not left as often");
    LeaveCriticalSection(&section);
    check_turns();
    DeleteCriticalSection(&section);
}

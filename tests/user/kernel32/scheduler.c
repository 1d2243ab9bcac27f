/*
 * Who gets the CPU, as ring 3 sees it: the threads here compute without a call of the kernel, and tell
 * time by the page that it shares with them. A tick is 10 ms, a quantum two of them.
 */
#include "k32.h"

enum {
    TICK = 10,           /* in ms, as GetTickCount has it */
    ROUND = 100 * TICK,  /* how long two threads share the CPU */
    STRETCH = 20 * TICK, /* how long one computes without a pause: ten quanta */
    NAP = 5 * TICK,
    SLACK = 10 * TICK, /* a busy host lets ticks come in bursts; a quantum is well below */
};

static HANDLE create_thread(LPTHREAD_START_ROUTINE routine, void *argument, int priority)
{
    HANDLE thread = CreateThread(NULL, 0, routine, argument, CREATE_SUSPENDED, NULL);

    CHECK(SetThreadPriority(thread, priority));
    return thread;
}

static void join(HANDLE thread)
{
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

/* ---- The same priority ---- */

/* What a thread that computes for a round has seen of time. */
struct share {
    volatile DWORD began; /* of the round */
    DWORD ticks;          /* that it ran in */
    DWORD gap;            /* the longest time that it did not run */
    volatile BOOL ended;
};

static struct share shares[2];

static DWORD WINAPI computes(void *argument)
{
    struct share *share = argument;
    DWORD last = share->began, now;

    do {
        now = GetTickCount();
        if (now != last)
            share->ticks++;
        share->gap = max(share->gap, now - last);
        last = now;
    } while (now - share->began < ROUND);
    share->ended = TRUE;
    return 0;
}

static volatile DWORD ended_before;

static DWORD WINAPI comes_last(void *argument)
{
    UNREFERENCED_PARAMETER(argument);
    ended_before = (DWORD)(shares[0].ended + shares[1].ended);
    return 0;
}

/* Two of one priority take turns by the clock; the third, of a lower one, is ready all the time. */
static void check_turns(void)
{
    HANDLE last = create_thread(comes_last, NULL, THREAD_PRIORITY_BELOW_NORMAL);
    HANDLE threads[2];

    for (int i = 0; i < 2; i++)
        threads[i] = create_thread(computes, &shares[i], THREAD_PRIORITY_NORMAL);
    shares[0].began = shares[1].began = GetTickCount();
    ResumeThread(last);
    ResumeThread(threads[0]);
    ResumeThread(threads[1]);
    join(threads[0]);
    join(threads[1]);
    join(last);
    CHECK(shares[0].gap <= SLACK);
    CHECK(shares[1].gap <= SLACK);
    CHECK(shares[0].ticks >= ROUND / TICK / 4);
    CHECK(shares[1].ticks >= ROUND / TICK / 4);
    CHECK(ended_before == 2);
}

/* ---- A higher one ---- */

static volatile DWORD steps;
static volatile BOOL enough, came, came_at_once;
static HANDLE asked;

static DWORD WINAPI steps_on(void *argument)
{
    UNREFERENCED_PARAMETER(argument);
    while (!enough)
        steps++;
    SetEvent(asked);
    came_at_once = came;
    return 0;
}

/* How many steps the lower thread makes meanwhile. */
static DWORD steps_while_computing(void)
{
    DWORD before = steps, began = GetTickCount();

    while (GetTickCount() - began < STRETCH)
        ;
    return steps - before;
}

static DWORD nap(void)
{
    DWORD began = GetTickCount();

    Sleep(NAP);
    return GetTickCount() - began;
}

/* This thread is above the one that steps on: that one runs while this one waits, and only then. */
static void check_priorities(void)
{
    HANDLE lower = create_thread(steps_on, NULL, THREAD_PRIORITY_NORMAL);
    DWORD before;

    asked = CreateEventA(NULL, FALSE, FALSE, NULL);
    ResumeThread(lower);
    CHECK(steps_while_computing() == 0);
    before = steps;
    CHECK(nap() <= NAP + SLACK);
    CHECK(steps != before);
    CHECK(steps_while_computing() == 0);
    enough = TRUE;
    WaitForSingleObject(asked, INFINITE);
    came = TRUE;
    join(lower);
    CHECK(came_at_once);
    CloseHandle(asked);
}

ULONG check_scheduler(void)
{
    CHECK(SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_HIGHEST));
    check_turns();
    check_priorities();
    CHECK(SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_NORMAL));
    return check_failures;
}

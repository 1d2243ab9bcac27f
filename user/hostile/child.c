/*
 * A child's threads. The worker makes the calls; the vandal takes their memory away meanwhile; the
 * guardian, who is the first thread, starts another worker when one has ended or stands still, and
 * ends the process when nothing goes on at all.
 */
#include "hostile/hostile.h"

#include "nt/system.h"

enum {
    STACK_BYTES = 0x10000,
    HEAL_EVERY = 512,  /* calls */
    STILL_MAX = 2,     /* looks of the guardian's at a worker that stands still */
    WORKERS_MAX = 400, /* each leaves its stack behind */
    LAST_ACT_LOOKS = 20,
};

HANDLE vandal_event;

static ULONG wanted; /* calls */
static struct random mischief;
extern volatile struct call *call_current;

static void set_priority(LONG increment)
{
    NtSetInformationThread(NtCurrentThread(), ThreadBasePriority, &increment, sizeof increment);
}

/* ---- The worker ---- */

static void be_hostile(void)
{
    while (board->calls < wanted) {
        if (board->calls % HEAL_EVERY == 0 && !arena_heal())
            NtTerminateProcess(NtCurrentProcess(), STATUS_NO_MEMORY);
        if (one_in(8))
            trap_something();
        else
            call_something();
    }
}

static DWORD NTAPI worker(PVOID unused)
{
    (void)unused;
    board->workers++;
    guarded(be_hostile);
    vandal_event = NULL;
    last_act();
    return 0;
}

/* ---- The vandal ---- */

/* Below the worker's priority: it comes when the worker waits. */
static DWORD NTAPI vandal(PVOID unused)
{
    LARGE_INTEGER time = milliseconds(30);

    (void)unused;
    set_priority(-1);
    for (;;) {
        NtWaitForSingleObject(vandal_event, FALSE, &time);
        volatile struct call *call = call_current;
        ULONG address = call ? call->arguments[random_below(&mischief, ARGUMENTS_MAX)] : 0;

        if (call)
            board->tries[CATEGORY_races]++;
        arena_spoil(&mischief, address);
    }
    return 0;
}

/* ---- The guardian ---- */

static HANDLE start(DWORD(NTAPI *routine)(PVOID))
{
    HANDLE thread = NULL;

    RtlCreateUserThread(NtCurrentProcess(), NULL, FALSE, 0, STACK_BYTES, 0, routine, NULL, &thread,
                        NULL);
    if (!thread)
        NtTerminateProcess(NtCurrentProcess(), STATUS_NO_MEMORY);
    return thread;
}

static BOOLEAN has_ended(HANDLE thread)
{
    LARGE_INTEGER now = {.QuadPart = 0};

    return NtWaitForSingleObject(thread, FALSE, &now) != STATUS_TIMEOUT;
}

static HANDLE replace(HANDLE thread)
{
    LARGE_INTEGER patience = milliseconds(100);

    NtTerminateThread(thread, STATUS_CANCELLED);
    NtWaitForSingleObject(thread, FALSE, &patience);
    NtClose(thread);
    if (board->workers > WORKERS_MAX)
        NtTerminateProcess(NtCurrentProcess(), STATUS_NO_MEMORY);
    return start(worker);
}

/* Until the last act has had its time. */
static void watch(HANDLE thread)
{
    ULONG seen = 0, still = 0, acting = 0;

    while (acting < LAST_ACT_LOOKS) {
        pause(10);
        acting += board->done != 0;
        still = board->calls == seen ? still + 1 : 0;
        seen = board->calls;
        if (!board->done && (still > STILL_MAX || has_ended(thread))) {
            thread = replace(thread);
            still = 0;
        }
    }
}

static void begin(ULONG slot, ULONG seed, ULONG calls)
{
    struct nt_process_parameters *own = nt_peb()->parameters;

    NtClose(own->console); /* no call is to write there by chance */
    NtClose(own->std_input);
    NtClose(own->std_output);
    NtClose(own->std_error);
    board = board_open(slot);
    if (!board)
        NtTerminateProcess(NtCurrentProcess(), STATUS_UNSUCCESSFUL);
    image_is_whole();
    wanted = calls;
    chance.state = seed | 1;
    mischief.state = (seed * 0x9E3779B1) | 1;
}

void child_run(ULONG slot, ULONG seed, ULONG calls)
{
    begin(slot, seed, calls);
    set_priority(2);
    if (one_in(4))
        try_processes();
    if (!arena_heal())
        NtTerminateProcess(NtCurrentProcess(), STATUS_NO_MEMORY);
    NtCreateEvent(&vandal_event, EVENT_ALL_ACCESS, NULL, NT_SYNCHRONIZATION, FALSE);
    start(vandal);
    watch(start(worker));
    NtTerminateProcess(NtCurrentProcess(), STATUS_SUCCESS);
}

/*
 * A child's threads. The worker makes the calls; the vandal takes their memory away meanwhile; the
 * peer answers those that are sent to a port; the guardian, who is the first thread, starts another worker when one has ended or stands still, and
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
    GREEDY_LARGEST = 0x1000000, /* bytes */
    GREEDY_LEFT = 0x40000,      /* pieces of this size and below go again */
};

NTSTATUS NTAPI NtQueryVirtualMemory(HANDLE process, PVOID address, ULONG class, PVOID buffer,
                                    SIZE_T bytes, PSIZE_T returned);

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

/* ---- The peer ---- */

/*
 * Whoever connects to the children's ports is let in, or not, and whoever asks gets an answer; what
 * lies in the message comes from the arena. It waits for ever, mostly.
 */
static DWORD NTAPI peer(PVOID unused)
{
    struct nt_named named;
    struct {
        PORT_MESSAGE header;
        UCHAR data[256];
    } message;
    PVOID context = NULL;
    HANDLE port = NULL, client;

    (void)unused;
    NtCreatePort(&port, nt_name(&named, NULL, HOSTILE_PORT, 0), 64, sizeof message, 0);
    message.header.Type = 0;
    while (NT_SUCCESS(NtReplyWaitReceivePort(
        port, &context, message.header.Type == LPC_REQUEST ? &message.header : NULL,
        &message.header))) {
        if (message.header.Type != LPC_CONNECTION_REQUEST)
            continue;
        if (NT_SUCCESS(NtAcceptConnectPort(&client, port, &message.header,
                                           random_below(&mischief, 4) != 0, NULL, NULL)))
            NtCompleteConnectPort(client);
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

/* Commits what there is, in pieces of all sizes, and touches it; then lets a little go. */
static void be_greedy(void)
{
    static PVOID pieces[64];
    ULONG count = 0;

    for (ULONG size = GREEDY_LARGEST; size >= 0x1000; size /= 2) {
        SIZE_T bytes = size;
        PVOID base = NULL;

        while (count < COUNT_OF(pieces) &&
               NT_SUCCESS(NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &bytes,
                                                  MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE))) {
            for (ULONG at = 0; at < bytes; at += 0x1000)
                ((UCHAR *)base)[at] = 1;
            pieces[count++] = base;
            base = NULL;
        }
    }
    for (ULONG i = 0; i < count; i++) {
        MEMORY_BASIC_INFORMATION info;
        SIZE_T bytes = 0;

        NtQueryVirtualMemory(NtCurrentProcess(), pieces[i], 0, &info, sizeof info, NULL);
        if (info.RegionSize <= GREEDY_LEFT)
            NtFreeVirtualMemory(NtCurrentProcess(), &pieces[i], &bytes, MEM_RELEASE);
    }
}

/* Writes behind a section's contents, in its last page, which every process has from one frame. */
static void deface(const void *base, ULONG bytes)
{
    ULONG *word = (ULONG *)((UCHAR *)base + bytes) - 1;
    PVOID page = word;
    SIZE_T size = sizeof *word;
    ULONG old;

    tried(CATEGORY_images);
    if (*word ||
        !NT_SUCCESS(NtProtectVirtualMemory(NtCurrentProcess(), &page, &size, PAGE_READWRITE, &old)))
        return;
    *word = any();
    NtProtectVirtualMemory(NtCurrentProcess(), &page, &size, old, &old);
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
    wanted = calls;
    chance.state = seed | 1;
    mischief.state = (seed * 0x9E3779B1) | 1;
}

void child_run(ULONG slot, ULONG seed, ULONG calls)
{
    begin(slot, seed, calls);
    each_constant(deface);
    image_is_whole(); /* from now on */
    set_priority(2);
    if (one_in(8))
        be_greedy();
    if (one_in(4))
        try_processes();
    if (!arena_heal())
        NtTerminateProcess(NtCurrentProcess(), STATUS_NO_MEMORY);
    NtCreateEvent(&vandal_event, EVENT_ALL_ACCESS, NULL, NT_SYNCHRONIZATION, FALSE);
    start(vandal);
    start(peer);
    watch(start(worker));
    NtTerminateProcess(NtCurrentProcess(), STATUS_SUCCESS);
}

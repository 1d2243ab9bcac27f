/*
 * The supervisor: children, one after the other or two at a time, until they have made enough calls;
 * the witness beside them; and what is alive before and behind.
 */
#include "hostile/hostile.h"

#include "../../tests/user/check.h"
#include "nt/system.h"

NTSTATUS NTAPI NtReadFile(HANDLE file, HANDLE event, PVOID apc, PVOID context, PIO_STATUS_BLOCK io,
                          PVOID buffer, ULONG bytes, PLARGE_INTEGER offset, PULONG key);

enum {
    SEED = 2026,
    CALLS = 2000000,
    CALLS_OF_A_CHILD = 20000,
    CALLS_OF_THE_FIRST = 10000,
    LOOK = 20,          /* milliseconds between looks at the children */
    STILL_MAX = 60,     /* looks at one that stands still */
    FAILURES_MAX = 200, /* to start a child, before the supervisor gives up */
    CHECK_EVERY = 8,    /* children */
    SETTLE_LOOKS = 100,
    SAME_LOOKS = 20,
    FRAMES_SLACK = 8, /* of images' pages that nobody had touched, and the supervisor's own */
};

/* ntdll's. */
int __cdecl sprintf(char *to, const char *format, ...) __attribute__((format(__printf__, 2, 3)));

/* ---- Starting processes ---- */

static HANDLE launch(const char *role, ULONG first, ULONG second, ULONG third)
{
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    char line[96];

    sprintf(line, "hostile.exe %s %lu %lu %lu", role, first, second, third);
    if (!CreateProcessA("hostile.exe", line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process))
        return NULL;
    NtClose(process.hThread);
    return process.hProcess;
}

/* ---- Children ---- */

struct child {
    HANDLE process; /* NULL: the slot is free */
    struct board *board;
    struct board last; /* the board as it was when it was last likely */
    ULONG calls;       /* wanted */
    ULONG still;       /* looks */
};

static struct child children[SLOTS];

static struct {
    ULONG children, calls, hung, early, failures, wrong, workers, exceptions;
    ULONG tries[CATEGORY_COUNT], died[CATEGORY_COUNT];
    ULONG succeeded[SERVICE_LIMIT / 32 + 1];
} total;

static BOOLEAN is_likely(const struct child *child, const struct board *board)
{
    return (board->calls ^ BOARD_CHECK) == board->check && board->calls >= child->last.calls &&
           board->calls <= child->calls + ARGUMENTS_MAX;
}

/* TRUE if the child has gone on. */
static BOOLEAN look_at(struct child *child)
{
    struct board now = *child->board;
    BOOLEAN moved = now.calls != child->last.calls || now.done != child->last.done ||
                    now.exceptions != child->last.exceptions;

    if (is_likely(child, &now))
        child->last = now;
    return moved;
}

static void start_child(ULONG slot, ULONG calls)
{
    struct child *child = &children[slot];

    memset(child->board, 0, sizeof *child->board);
    child->board->check = BOARD_CHECK;
    child->last = *child->board;
    child->calls = calls;
    child->still = 0;
    child->process = launch("child", slot, any(), calls);
    if (child->process)
        total.children++;
    else
        total.failures++;
}

static void report_wrong(const struct board *last)
{
    DbgPrint("[hostile] wrong=%lu what=%lu number=%08lX got=%08lX expected=%08lX\n", last->wrong,
             last->wrong_what[0], last->wrong_what[1], last->wrong_what[2], last->wrong_what[3]);
}

static void report_death(const struct child *child)
{
    PROCESS_BASIC_INFORMATION basic;
    const ULONG *a = child->last.arguments;

    if (!NT_SUCCESS(NtQueryInformationProcess(child->process, ProcessBasicInformation, &basic,
                                              sizeof basic, NULL)))
        return;
    DbgPrint("[hostile] child=%lu calls=%lu status=%08lX category=%lu number=%02lX "
             "arguments=%lX,%lX,%lX,%lX,%lX\n",
             total.children, child->last.calls, (ULONG)basic.ExitStatus, child->last.category,
             child->last.number, a[0], a[1], a[2], a[3], a[4]);
}

static void add_up(struct child *child)
{
    const struct board *last = &child->last;

    total.calls += last->calls;
    total.workers += last->workers;
    total.exceptions += last->exceptions;
    total.wrong += last->wrong;
    for (ULONG i = 0; i < CATEGORY_COUNT; i++)
        total.tries[i] += last->tries[i];
    for (ULONG i = 0; i < COUNT_OF(total.succeeded); i++)
        total.succeeded[i] |= last->succeeded[i];
    if (last->category < CATEGORY_COUNT)
        total.died[last->category]++;
    if (!last->done) {
        total.early++;
        report_death(child);
    }
    if (last->wrong)
        report_wrong(last);
    NtClose(child->process);
    child->process = NULL;
}

/* A child that stands still, even after its requests have been released, is ended. */
static void look_after(struct child *child)
{
    LARGE_INTEGER now = {.QuadPart = 0};

    child->still = look_at(child) ? 0 : child->still + 1;
    if (NtWaitForSingleObject(child->process, FALSE, &now) == STATUS_SUCCESS) {
        look_at(child);
        add_up(child);
        return;
    }
    if (child->still > STILL_MAX) {
        total.hung += child->still == STILL_MAX + 1;
        NtTerminateProcess(child->process, STATUS_CANCELLED);
    }
    if (child->still > STILL_MAX / 2)
        release_requests();
}

/* Until one of them has ended, or a look has passed. */
static void wait_for_children(void)
{
    HANDLE handles[SLOTS];
    LARGE_INTEGER look = milliseconds(LOOK);
    ULONG count = 0;

    for (ULONG slot = 0; slot < SLOTS; slot++)
        if (children[slot].process)
            handles[count++] = children[slot].process;
    NtWaitForMultipleObjects(count, handles, NT_WAIT_ANY, FALSE, &look);
    for (ULONG slot = 0; slot < SLOTS; slot++)
        if (children[slot].process)
            look_after(&children[slot]);
}

static ULONG running(void)
{
    ULONG count = 0;

    for (ULONG slot = 0; slot < SLOTS; slot++)
        count += children[slot].process != NULL;
    return count;
}

static void wait_for_all(void)
{
    while (running())
        wait_for_children();
}

/* ---- The witness ---- */

static struct {
    HANDLE process, ready, check, final;
} witness;

static HANDLE create_event(const WCHAR *name)
{
    struct nt_named named;
    HANDLE event = NULL;

    NtCreateEvent(&event, EVENT_ALL_ACCESS, nt_name(&named, NULL, name, 0), NT_SYNCHRONIZATION,
                  FALSE);
    return event;
}

/* TRUE if it says that its memory is as it was. */
static BOOLEAN witness_answers(void)
{
    const HANDLE either[] = {witness.ready, witness.process};

    return NtWaitForMultipleObjects(2, either, NT_WAIT_ANY, FALSE, NULL) == STATUS_WAIT_0;
}

static BOOLEAN start_witness(ULONG seed)
{
    witness.ready = create_event(WITNESS_READY);
    witness.check = create_event(WITNESS_CHECK);
    witness.final = create_event(WITNESS_FINAL);
    witness.process = launch("witness", seed, 0, 0);
    return witness.process && witness_answers();
}

static BOOLEAN ask_witness(HANDLE event)
{
    NtSetEvent(event, NULL);
    return witness_answers();
}

/* ---- What is alive ---- */

static struct vtp_counts count(void)
{
    struct vtp_counts counts = {0};

    NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)SystemCountInformation, &counts,
                             sizeof counts, NULL);
    return counts;
}

/* Frames that somebody has. The page tables of the kernel's half stay, once they are made. */
static ULONG owned(const struct vtp_counts *counts)
{
    return counts->frames_usable - counts->frames_free - counts->pool_pages - counts->kernel_tables;
}

static BOOLEAN are_equal(const struct vtp_counts *a, const struct vtp_counts *b)
{
    return a->objects == b->objects && a->handles == b->handles && a->types == b->types &&
           a->pool_blocks == b->pool_blocks && a->pool_bytes == b->pool_bytes &&
           owned(a) <= owned(b) + FRAMES_SLACK;
}

/* Threads are buried, and requests end, a little later. */
static struct vtp_counts settle(const struct vtp_counts *wanted)
{
    struct vtp_counts counts = count();

    for (ULONG i = 0; i < SETTLE_LOOKS && !are_equal(&counts, wanted); i++) {
        pause(LOOK);
        counts = count();
    }
    return counts;
}

/* ---- The run ---- */

static BOOLEAN go_on(ULONG calls)
{
    ULONG under_way = 0;

    for (ULONG slot = 0; slot < SLOTS; slot++)
        under_way += children[slot].process ? children[slot].last.calls : 0;
    return total.calls + under_way < calls && total.failures < FAILURES_MAX;
}

/* Sometimes the second slot stays free until the first child has ended. */
static BOOLEAN run_children(ULONG calls)
{
    ULONG checked = 0;

    while (go_on(calls)) {
        for (ULONG slot = 0; slot < SLOTS; slot++)
            if (!children[slot].process && (!running() || one_in(8)))
                start_child(slot, CALLS_OF_A_CHILD);
        wait_for_children();
        if (total.children / CHECK_EVERY == checked)
            continue;
        checked = total.children / CHECK_EVERY;
        if (!ask_witness(witness.check))
            return FALSE;
    }
    wait_for_all();
    return TRUE;
}

static void report_categories(void)
{
    static const struct {
        const char *name, *what;
    } categories[] = {
#define CATEGORY(name, what) {#name, what},
        CATEGORIES(CATEGORY)
#undef CATEGORY
    };

    for (ULONG i = 0; i < CATEGORY_COUNT; i++)
        DbgPrint("[hostile] category=%s tries=%lu died=%lu what=\"%s\"\n", categories[i].name,
                 total.tries[i], total.died[i], categories[i].what);
}

/* Those of which every call has failed. */
static void report_services(void)
{
    ULONG reached = 0;

    for (ULONG i = 0; i < service_count; i++) {
        ULONG number = services[i].number;

        if (total.succeeded[number / 32] >> number % 32 & 1)
            reached++;
        else
            DbgPrint("[hostile] never_succeeded=%s\n", services[i].name);
    }
    DbgPrint("[hostile] services=%lu succeeded=%lu\n", service_count, reached);
}

static void report_counts(const char *when, const struct vtp_counts *counts)
{
    DbgPrint("[hostile] when=%s objects=%lu handles=%lu pool_blocks=%lu pool_bytes=%lu "
             "pool_pages=%lu frames_free=%lu owned=%lu\n",
             when, counts->objects, counts->handles, counts->pool_blocks, counts->pool_bytes,
             counts->pool_pages, counts->frames_free, owned(counts));
}

/* So that somebody outside can look at the memory, before and behind: until Enter is pressed. */
static BOOLEAN held;

static void hold_on(void)
{
    IO_STATUS_BLOCK io;
    char line[16];

    if (!held)
        return;
    DbgPrint("[hostile] state=held\n");
    NtReadFile(nt_peb()->parameters->std_input, NULL, NULL, NULL, &io, line, sizeof line, NULL,
               NULL);
}

static void prepare(ULONG seed)
{
    LONG increment = 15; /* above all children */

    chance.state = seed;
    NtSetInformationThread(NtCurrentThread(), ThreadBasePriority, &increment, sizeof increment);
    for (ULONG slot = 0; slot < SLOTS; slot++)
        children[slot].board = board_open(slot);
    CHECK(services_are_complete());
    CHECK(NT_SUCCESS(load_drivers()));
    remember_keys();
    CHECK(start_witness(any()));
}

/* The first child brings what stays: images, the driver's pages, the pool's. */
static struct vtp_counts run_first(void)
{
    struct vtp_counts last, now = count();
    ULONG same = 0;

    set_out();
    start_child(0, CALLS_OF_THE_FIRST);
    wait_for_all();
    tidy();
    while (same < SAME_LOOKS) {
        pause(LOOK);
        last = now;
        now = count();
        same = are_equal(&last, &now) ? same + 1 : 0;
    }
    return now;
}

/* Twice: what the first time brings is not counted, what the second time leaves is. */
static void try_cases(void)
{
    CHECK(case_end_without_threads());
    CHECK(case_child_of_ended_process());
    CHECK(case_thread_in_system_process());
    cases_end();
}

static void run(ULONG calls, struct vtp_counts *before, struct vtp_counts *after)
{
    CHECK(case_context_of_ended_thread()); /* leaves a stack, as every thread that is ended */
    try_cases();
    *before = run_first();
    report_counts("before", before);
    hold_on();
    try_cases();
    set_out();
    CHECK(run_children(calls));
    DbgPrint("\n"); /* behind what they have shown */
    tidy();
    *after = settle(before);
    report_counts("after", after);
}

static void judge(ULONG seed, ULONG calls)
{
    struct vtp_counts before, after;

    run(calls, &before, &after);
    hold_on();
    BOOLEAN same = ask_witness(witness.final);

    report_categories();
    report_services();
    DbgPrint("[hostile] seed=%lu calls=%lu children=%lu hung=%lu early=%lu workers=%lu "
             "exceptions=%lu witness=%s objects=%lu/%lu handles=%lu/%lu pool=%lu/%lu\n",
             seed, total.calls, total.children, total.hung, total.early, total.workers,
             total.exceptions, same ? "ok" : "changed", before.objects, after.objects,
             before.handles, after.handles, before.pool_bytes, after.pool_bytes);
    CHECK(total.calls >= calls);
    CHECK(total.wrong == 0);
    CHECK(same);
    CHECK(before.objects == after.objects);
    CHECK(before.handles == after.handles);
    CHECK(before.pool_blocks == after.pool_blocks);
    CHECK(before.pool_bytes == after.pool_bytes);
    CHECK(owned(&after) <= owned(&before) + FRAMES_SLACK);
    for (ULONG i = 0; i < CATEGORY_COUNT; i++)
        CHECK(total.tries[i] > 0);
}

void supervise(ULONG seed, ULONG calls, BOOLEAN hold)
{
    seed = seed ? seed : SEED;
    calls = calls ? calls : CALLS;
    DbgPrint("[hostile] state=begin seed=%lu calls=%lu\n", seed, calls);
    keep_out_report();
    held = hold;
    prepare(seed);
    judge(seed, calls);
    NtTerminateProcess(witness.process, STATUS_SUCCESS);
    check_end();
}

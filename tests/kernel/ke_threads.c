/* Threads: who runs when, what a switch keeps, what an end leaves behind. */
#include "ke/event.h"
#include "ke/wait.h"
#include "mm/physical.h"
#include "paging.h"
#include "rtl/rtl.h"
#include "tests/kernel/ke_support.h"

static void say_three_times(void *argument)
{
    for (int i = 0; i < 3; i++) {
        ke_test_say(*(const char *)argument);
        ke_yield();
    }
}

SELFTEST(ke_threads_of_one_priority_take_turns)
{
    ke_test_begin();
    for (ULONG i = 0; i < 3; i++)
        ke_test_start(i, 8, say_three_times, (void *)&"abc"[i]);
    ke_test_join(3);
    CHECK_TEXT(ke_test_order, "abcabcabc");
}

static void say(void *argument)
{
    ke_test_say(*(const char *)argument);
}

SELFTEST(ke_the_highest_priority_runs_first)
{
    static const UCHAR priorities[] = {3, 12, 31, 1, 12, 16};

    ke_test_begin();
    for (ULONG i = 0; i < ARRAY_SIZE(priorities); i++)
        ke_test_start(i, priorities[i], say, (void *)&"abcdef"[i]);
    ke_test_join(ARRAY_SIZE(priorities));
    CHECK_TEXT(ke_test_order, "cfbead");
}

SELFTEST(ke_a_new_priority_moves_a_ready_thread)
{
    ke_test_begin();
    for (ULONG i = 0; i < 3; i++)
        ke_test_start(i, 8, say, (void *)&"abc"[i]);
    CHECK_EQUAL(ke_set_priority(&ke_test_threads[2], 10), 8);
    CHECK_EQUAL(ke_set_priority(&ke_test_threads[0], 4), 8);
    ke_test_join(3);
    CHECK_TEXT(ke_test_order, "cba");
}

SELFTEST(ke_the_page_below_a_stack_is_not_mapped)
{
    struct ke_thread *thread;

    ke_test_begin();
    thread = ke_test_start(0, 8, say, "a");
    CHECK(!MmIsAddressValid((PVOID)(thread->stack - 1)));
    for (ULONG i = 0; i < KE_STACK_PAGES; i++)
        CHECK(MmIsAddressValid((PVOID)(thread->stack + i * PAGE_SIZE)));
    CHECK(!MmIsAddressValid((PVOID)(thread->stack + KE_STACK_PAGES * PAGE_SIZE)));
    ke_test_join(1);
}

static KEVENT ping, pong;

enum { ROUNDS = 5000 };

static void answer(void *argument)
{
    (void)argument;
    for (ULONG i = 0; i < ROUNDS; i++) {
        KeWaitForSingleObject(&ping, Executive, KernelMode, FALSE, NULL);
        KeSetEvent(&pong, 0, FALSE);
    }
}

static void ping_pong(void)
{
    ke_test_begin();
    KeInitializeEvent(&ping, SynchronizationEvent, FALSE);
    KeInitializeEvent(&pong, SynchronizationEvent, FALSE);
    ke_test_start(0, 8, answer, NULL);
    for (ULONG i = 0; i < ROUNDS; i++) {
        KeSetEvent(&ping, 0, FALSE);
        ke_test_wait(&pong);
    }
    ke_test_join(1);
}

SELFTEST(ke_ten_thousand_switches_leave_nothing_behind)
{
    ping_pong();
    struct ke_test_usage usage = ke_test_usage();
    ULONG switches = ke_context_switches;

    ping_pong();
    CHECK(ke_context_switches - switches >= 2 * ROUNDS);
    CHECK_NO_USAGE(usage);
}

static void nothing(void *argument)
{
    (void)argument;
}

SELFTEST(ke_a_hundred_threads_leave_nothing_behind)
{
    struct ke_test_usage usage;

    ke_test_begin();
    ke_test_start(0, 8, nothing, NULL);
    ke_test_join(1);
    usage = ke_test_usage();
    for (ULONG i = 0; i < 100; i++) {
        ke_test_begin();
        ke_test_start(0, 8, nothing, NULL);
        ke_test_join(1);
    }
    CHECK_NO_USAGE(usage);
}

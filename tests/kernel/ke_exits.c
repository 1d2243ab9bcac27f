/*
 * The last step before ring 3: who gives way to whom, and how threads are suspended and ended. The
 * test threads call it as if they were on their way there.
 */
#include "ke/dpc.h"
#include "ke/event.h"
#include "ke/wait.h"
#include "rtl/rtl.h"
#include "tests/kernel/ke_support.h"

static void say(void *argument)
{
    ke_test_say(*(const char *)argument);
}

static void start_higher(void *argument)
{
    (void)argument;
    ke_test_say('l');
    ke_test_start(1, 12, say, "h");
    ke_test_say('l');
    ke_user_exit();
    ke_test_say('l');
}

SELFTEST(ke_a_higher_priority_comes_at_the_return_to_ring_3)
{
    ke_test_begin();
    ke_test_start(0, 9, start_higher, NULL);
    ke_test_join(2);
    CHECK_TEXT(ke_test_order, "llhl");
}

/* As the clock does it. */
static void use_up_quantum(void)
{
    ke_current_thread()->quantum = 0;
    ke_exit_work = 1;
}

static void exit_three_times(void *argument)
{
    for (int i = 0; i < 3; i++) {
        ke_test_say(*(const char *)argument);
        ke_user_exit();
        ke_test_say(*(const char *)argument);
        use_up_quantum();
        ke_user_exit();
    }
}

SELFTEST(ke_the_end_of_the_quantum_lets_an_equal_run)
{
    ke_test_begin();
    ke_test_start(0, 9, exit_three_times, "a");
    ke_test_start(1, 9, exit_three_times, "b");
    ke_test_start(2, 8, say, "c");
    ke_test_join(3);
    CHECK_TEXT(ke_test_order, "aabbaabbaabbc");
}

static KEVENT wake;

static void lose_boost(void *argument)
{
    (void)argument;
    KeWaitForSingleObject(&wake, Executive, KernelMode, FALSE, NULL);
    CHECK_EQUAL(ke_current_thread()->priority, 10);
    use_up_quantum();
    ke_user_exit();
    CHECK_EQUAL(ke_current_thread()->priority, 9);
    CHECK_EQUAL(ke_current_thread()->quantum, KE_QUANTUM);
    ke_test_say('w');
}

SELFTEST(ke_a_wait_raises_the_priority_for_one_quantum)
{
    ke_test_begin();
    KeInitializeEvent(&wake, SynchronizationEvent, FALSE);
    ke_test_start(0, 9, lose_boost, NULL);
    ke_yield();
    KeSetEvent(&wake, 0, FALSE);
    ke_test_join(1);
    CHECK_TEXT(ke_test_order, "w");
}

static void NTAPI say_dpc(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    (void)dpc;
    (void)argument1;
    (void)argument2;
    ke_test_say(*(const char *)context);
}

SELFTEST(ke_dpcs_run_at_the_return_to_ring_3)
{
    KDPC dpc;

    ke_test_begin();
    KeInitializeDpc(&dpc, say_dpc, "d");
    KeInsertQueueDpc(&dpc, NULL, NULL);
    ke_user_exit();
    CHECK_TEXT(ke_test_order, "d");
    CHECK_EQUAL(ke_exit_work, 0);
}

/* Says its letter at each return to ring 3 until it must end. */
static void loop_in_ring_3(void *argument)
{
    for (;;) {
        ke_user_exit();
        if (ke_current_thread()->terminating)
            return;
        ke_test_say(*(const char *)argument);
        ke_yield();
    }
}

static struct ke_thread *start_loop(void)
{
    struct ke_thread *thread;

    ke_test_begin();
    ke_set_priority(ke_current_thread(), 8); /* no boost that keeps it from giving way */
    thread = ke_test_start(0, 8, loop_in_ring_3, "r");
    ke_yield();
    CHECK_TEXT(ke_test_order, "r");
    return thread;
}

static void end_loop(struct ke_thread *thread)
{
    ke_terminate_thread(thread);
    ke_test_join(1);
}

SELFTEST(ke_a_suspended_thread_stops_until_it_is_resumed_as_often)
{
    struct ke_thread *thread = start_loop();

    CHECK_EQUAL(ke_suspend_thread(thread), 0);
    CHECK_EQUAL(ke_suspend_thread(thread), 1);
    ke_yield();
    CHECK_EQUAL(thread->state, KE_SUSPENDED);
    CHECK_EQUAL(ke_resume_thread(thread), 2);
    CHECK_EQUAL(thread->state, KE_SUSPENDED);
    CHECK_EQUAL(ke_resume_thread(thread), 1);
    CHECK_EQUAL(thread->state, KE_READY);
    CHECK_EQUAL(ke_resume_thread(thread), 0);
    CHECK_TEXT(ke_test_order, "r");
    ke_yield();
    CHECK_TEXT(ke_test_order, "rr");
    end_loop(thread);
}

SELFTEST(ke_a_suspended_thread_can_be_ended)
{
    struct ke_thread *thread = start_loop();

    ke_suspend_thread(thread);
    ke_yield();
    CHECK_EQUAL(thread->state, KE_SUSPENDED);
    end_loop(thread);
    CHECK_TEXT(ke_test_order, "r");
}

SELFTEST(ke_suspending_has_a_limit)
{
    struct ke_thread *thread = start_loop();

    for (ULONG i = 0; i < MAXIMUM_SUSPEND_COUNT; i++)
        CHECK_EQUAL(ke_suspend_thread(thread), i);
    CHECK_EQUAL(ke_suspend_thread(thread), MAXIMUM_SUSPEND_COUNT);
    CHECK_EQUAL(thread->suspend_count, MAXIMUM_SUSPEND_COUNT);
    end_loop(thread);
}

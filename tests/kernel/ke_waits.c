/* Waits: for one, for any, for all; how long; and how they end otherwise. */
#include "ke/clock.h"
#include "ke/event.h"
#include "ke/mutant.h"
#include "ke/semaphore.h"
#include "ke/wait.h"
#include "rtl/rtl.h"
#include "tests/kernel/ke_support.h"

static LARGE_INTEGER now = {.QuadPart = 0};
static KEVENT events[4];
static PVOID objects[4] = {&events[0], &events[1], &events[2], &events[3]};
static KWAIT_BLOCK blocks[4];

static void init_events(EVENT_TYPE type)
{
    ke_test_begin();
    for (ULONG i = 0; i < ARRAY_SIZE(events); i++)
        KeInitializeEvent(&events[i], type, FALSE);
}

static NTSTATUS wait(PVOID object, PLARGE_INTEGER timeout)
{
    return KeWaitForSingleObject(object, Executive, KernelMode, FALSE, timeout);
}

static NTSTATUS wait_four(WAIT_TYPE type, PLARGE_INTEGER timeout)
{
    return KeWaitForMultipleObjects(4, objects, type, Executive, KernelMode, FALSE, timeout,
                                    blocks);
}

SELFTEST(ke_looking_at_an_event_takes_it_if_it_synchronises)
{
    init_events(NotificationEvent);
    CHECK_STATUS(wait(&events[0], &now), STATUS_TIMEOUT);
    CHECK_EQUAL(KeSetEvent(&events[0], 0, FALSE), 0);
    CHECK_STATUS(wait(&events[0], &now), STATUS_SUCCESS);
    CHECK_EQUAL(KeResetEvent(&events[0]), 1);
    init_events(SynchronizationEvent);
    KeSetEvent(&events[0], 0, FALSE);
    CHECK_STATUS(wait(&events[0], &now), STATUS_SUCCESS);
    CHECK_STATUS(wait(&events[0], &now), STATUS_TIMEOUT);
}

SELFTEST(ke_any_takes_the_first_that_is_signalled_and_no_other)
{
    init_events(SynchronizationEvent);
    CHECK_STATUS(wait_four(WaitAny, &now), STATUS_TIMEOUT);
    KeSetEvent(&events[3], 0, FALSE);
    KeSetEvent(&events[1], 0, FALSE);
    CHECK_STATUS(wait_four(WaitAny, &now), STATUS_WAIT_0 + 1);
    CHECK_EQUAL(KeReadStateEvent(&events[3]), 1);
    CHECK_STATUS(wait_four(WaitAny, &now), STATUS_WAIT_0 + 3);
    CHECK_STATUS(wait_four(WaitAny, &now), STATUS_TIMEOUT);
}

SELFTEST(ke_all_takes_nothing_before_all_are_signalled)
{
    init_events(SynchronizationEvent);
    for (ULONG i = 0; i < 3; i++)
        KeSetEvent(&events[i], 0, FALSE);
    CHECK_STATUS(wait_four(WaitAll, &now), STATUS_TIMEOUT);
    CHECK_EQUAL(KeReadStateEvent(&events[0]), 1);
    KeSetEvent(&events[3], 0, FALSE);
    CHECK_STATUS(wait_four(WaitAll, &now), STATUS_SUCCESS);
    for (ULONG i = 0; i < 4; i++)
        CHECK_EQUAL(KeReadStateEvent(&events[i]), 0);
}

static NTSTATUS result; /* of the test thread's wait */

static void wait_for_any(void *argument)
{
    (void)argument;
    result = wait_four(WaitAny, NULL);
    ke_test_say('y');
}

static void wait_for_all(void *argument)
{
    (void)argument;
    result = wait_four(WaitAll, NULL);
    ke_test_say('l');
}

SELFTEST(ke_a_sleeper_for_any_is_told_which)
{
    init_events(SynchronizationEvent);
    ke_test_start(0, 10, wait_for_any, NULL);
    ke_yield();
    CHECK_EQUAL(ke_test_threads[0].state, KE_WAITING);
    KeSetEvent(&events[2], 0, FALSE);
    CHECK_EQUAL(KeReadStateEvent(&events[2]), 0);
    ke_test_join(1);
    CHECK_STATUS(result, STATUS_WAIT_0 + 2);
}

SELFTEST(ke_a_sleeper_for_all_sleeps_until_the_last)
{
    init_events(SynchronizationEvent);
    ke_test_start(0, 10, wait_for_all, NULL);
    ke_yield();
    for (ULONG i = 0; i < 4; i++) {
        CHECK_EQUAL(ke_test_threads[0].state, KE_WAITING);
        KeSetEvent(&events[i], 0, FALSE);
        CHECK_EQUAL(KeReadStateEvent(&events[i]), i < 3);
    }
    ke_test_join(1);
    CHECK_STATUS(result, STATUS_SUCCESS);
}

/* Who waits for all does not keep those waiting who want one of the objects alone. */
SELFTEST(ke_an_object_passes_those_it_does_not_satisfy)
{
    init_events(SynchronizationEvent);
    ke_test_start(0, 10, wait_for_all, NULL);
    ke_yield();
    KeSetEvent(&events[0], 0, FALSE);
    CHECK_STATUS(wait(&events[0], &now), STATUS_SUCCESS);
    for (ULONG i = 0; i < 4; i++)
        KeSetEvent(&events[i], 0, FALSE);
    ke_test_join(1);
    CHECK_TEXT(ke_test_order, "l");
}

static void wait_for_one(void *argument)
{
    wait(&events[0], NULL);
    ke_test_say(*(const char *)argument);
}

static void start_three_waiters(void)
{
    for (ULONG i = 0; i < 3; i++)
        ke_test_start(i, 10, wait_for_one, (void *)&"abc"[i]);
    ke_yield();
}

SELFTEST(ke_waiters_go_on_in_the_order_they_came)
{
    init_events(SynchronizationEvent);
    start_three_waiters();
    for (ULONG i = 0; i < 3; i++) {
        KeSetEvent(&events[0], 0, FALSE);
        ke_yield();
        CHECK_EQUAL(strlen(ke_test_order), i + 1);
    }
    ke_test_join(3);
    CHECK_TEXT(ke_test_order, "abc");
}

SELFTEST(ke_a_notification_event_lets_all_go_on)
{
    init_events(NotificationEvent);
    start_three_waiters();
    KeSetEvent(&events[0], 0, FALSE);
    ke_test_join(3);
    CHECK_TEXT(ke_test_order, "abc");
    CHECK_EQUAL(KeReadStateEvent(&events[0]), 1);
}

SELFTEST(ke_a_pulse_lets_those_go_on_who_wait)
{
    init_events(NotificationEvent);
    CHECK_EQUAL(KePulseEvent(&events[0], 0, FALSE), 0);
    CHECK_STATUS(wait(&events[0], &now), STATUS_TIMEOUT);
    start_three_waiters();
    CHECK_EQUAL(KePulseEvent(&events[0], 0, FALSE), 0);
    ke_test_join(3);
    CHECK_TEXT(ke_test_order, "abc");
    CHECK_EQUAL(KeReadStateEvent(&events[0]), 0);
}

SELFTEST(ke_a_pulse_of_a_synchronisation_event_lets_one_go_on)
{
    init_events(SynchronizationEvent);
    start_three_waiters();
    KePulseEvent(&events[0], 0, FALSE);
    ke_yield();
    CHECK_TEXT(ke_test_order, "a");
    for (ULONG i = 0; i < 2; i++)
        KePulseEvent(&events[0], 0, FALSE);
    ke_test_join(3);
}

SELFTEST(ke_a_timeout_ends_a_wait_not_too_early)
{
    LARGE_INTEGER timeout = ke_test_in(25);
    LONGLONG begin = ke_interrupt_time();

    init_events(NotificationEvent);
    CHECK_STATUS(wait(&events[0], &timeout), STATUS_TIMEOUT);
    CHECK(ke_interrupt_time() - begin >= 25 * KE_MILLISECOND);
    CHECK_STATUS(wait_four(WaitAll, &timeout), STATUS_TIMEOUT);
    for (ULONG i = 0; i < 4; i++)
        CHECK(IsListEmpty(&events[i].Header.WaitListHead));
    KeSetEvent(&events[0], 0, FALSE);
    CHECK_STATUS(wait(&events[0], &timeout), STATUS_SUCCESS);
    CHECK(!ke_current_thread()->timer.Header.Inserted);
}

SELFTEST(ke_an_absolute_timeout_is_a_system_time)
{
    LARGE_INTEGER past, soon;

    init_events(NotificationEvent);
    KeQuerySystemTime(&past);
    CHECK_STATUS(wait(&events[0], &past), STATUS_TIMEOUT);
    KeQuerySystemTime(&soon);
    soon.QuadPart += 15 * KE_MILLISECOND;
    CHECK_STATUS(wait(&events[0], &soon), STATUS_TIMEOUT);
    CHECK(ke_system_time() >= soon.QuadPart);
}

SELFTEST(ke_a_thread_is_signalled_when_it_has_ended)
{
    init_events(SynchronizationEvent);
    ke_test_start(0, 10, wait_for_one, "a");
    CHECK_STATUS(wait(&ke_test_threads[0], &now), STATUS_TIMEOUT);
    KeSetEvent(&events[0], 0, FALSE);
    ke_test_join(1);
    CHECK_STATUS(wait(&ke_test_threads[0], &now), STATUS_SUCCESS);
}

static void wait_from_ring_3(void *argument)
{
    result = KeWaitForSingleObject(argument, UserRequest, UserMode, FALSE, NULL);
    CHECK_STATUS(KeWaitForSingleObject(argument, UserRequest, UserMode, FALSE, NULL),
                 STATUS_THREAD_IS_TERMINATING);
}

SELFTEST(ke_termination_ends_user_waits_only)
{
    init_events(SynchronizationEvent);
    ke_test_start(0, 10, wait_from_ring_3, &events[0]);
    ke_test_start(1, 10, wait_for_one, "a");
    ke_yield();
    ke_terminate_thread(&ke_test_threads[0]);
    ke_terminate_thread(&ke_test_threads[1]);
    ke_test_wait(&ke_test_threads[0]);
    CHECK_STATUS(result, STATUS_THREAD_IS_TERMINATING);
    CHECK_EQUAL(ke_test_threads[1].state, KE_WAITING);
    KeSetEvent(&events[0], 0, FALSE);
    ke_test_join(2);
    CHECK_TEXT(ke_test_order, "a");
}

SELFTEST(ke_semaphores_count_to_their_limit)
{
    KSEMAPHORE semaphore;
    LONG last = 77;

    KeInitializeSemaphore(&semaphore, 1, 3);
    CHECK_STATUS(ke_release_semaphore(&semaphore, 3, &last), STATUS_SEMAPHORE_LIMIT_EXCEEDED);
    CHECK_STATUS(ke_release_semaphore(&semaphore, 0, &last), STATUS_SEMAPHORE_LIMIT_EXCEEDED);
    CHECK_STATUS(ke_release_semaphore(&semaphore, INT32_MAX, &last),
                 STATUS_SEMAPHORE_LIMIT_EXCEEDED);
    CHECK_EQUAL(last, 77);
    CHECK_EQUAL(KeReleaseSemaphore(&semaphore, 0, 2, FALSE), 1);
    for (LONG left = 3; left > 0; left--) {
        CHECK_EQUAL(KeReadStateSemaphore(&semaphore), left);
        CHECK_STATUS(wait(&semaphore, &now), STATUS_SUCCESS);
    }
    CHECK_STATUS(wait(&semaphore, &now), STATUS_TIMEOUT);
}

static KSEMAPHORE gate;

static void pass_gate(void *argument)
{
    wait(&gate, NULL);
    ke_test_say(*(const char *)argument);
}

SELFTEST(ke_a_semaphore_lets_as_many_pass_as_it_counts)
{
    ke_test_begin();
    KeInitializeSemaphore(&gate, 0, 10);
    for (ULONG i = 0; i < 4; i++)
        ke_test_start(i, 10, pass_gate, (void *)&"abcd"[i]);
    ke_yield();
    KeReleaseSemaphore(&gate, 0, 3, FALSE);
    ke_yield();
    CHECK_TEXT(ke_test_order, "abc");
    CHECK_EQUAL(KeReadStateSemaphore(&gate), 0);
    KeReleaseSemaphore(&gate, 0, 2, FALSE);
    ke_test_join(4);
    CHECK_EQUAL(KeReadStateSemaphore(&gate), 1);
}

SELFTEST(ke_a_mutant_is_released_as_often_as_it_was_taken)
{
    KMUTANT mutant;
    LONG last;

    KeInitializeMutex(&mutant, 0);
    CHECK_STATUS(ke_release_mutant(&mutant, &last), STATUS_MUTANT_NOT_OWNED);
    for (LONG i = 0; i < 3; i++) {
        CHECK_STATUS(wait(&mutant, &now), STATUS_SUCCESS);
        CHECK_EQUAL(KeReadStateMutex(&mutant), -i);
    }
    for (LONG i = 2; i >= 0; i--) {
        CHECK_STATUS(ke_release_mutant(&mutant, &last), STATUS_SUCCESS);
        CHECK_EQUAL(last, -i);
    }
    CHECK_EQUAL(KeReadStateMutex(&mutant), 1);
    CHECK_STATUS(ke_release_mutant(&mutant, &last), STATUS_MUTANT_NOT_OWNED);
}

SELFTEST(ke_a_mutant_cannot_be_taken_without_end)
{
    KMUTANT mutant;

    KeInitializeMutant(&mutant, TRUE);
    mutant.Header.SignalState = INT32_MIN;
    CHECK_STATUS(wait(&mutant, &now), STATUS_MUTANT_LIMIT_EXCEEDED);
    CHECK_EQUAL(mutant.Header.SignalState, INT32_MIN);
    mutant.Header.SignalState = 0;
    CHECK_STATUS(ke_release_mutant(&mutant, NULL), STATUS_SUCCESS);
}

static KMUTANT mutants[2];

static void take_both_and_end(void *argument)
{
    (void)argument;
    wait(&mutants[0], NULL);
    wait(&mutants[1], NULL);
    wait(&mutants[1], NULL);
    wait(&events[0], NULL);
}

static void start_owner(void)
{
    init_events(SynchronizationEvent);
    KeInitializeMutant(&mutants[0], FALSE);
    KeInitializeMutant(&mutants[1], FALSE);
    ke_test_start(0, 10, take_both_and_end, NULL);
    ke_yield();
}

SELFTEST(ke_another_threads_mutant_cannot_be_had)
{
    start_owner();
    CHECK_STATUS(wait(&mutants[0], &now), STATUS_TIMEOUT);
    CHECK_STATUS(ke_release_mutant(&mutants[0], NULL), STATUS_MUTANT_NOT_OWNED);
    KeSetEvent(&events[0], 0, FALSE);
    ke_test_join(1);
    CHECK_STATUS(wait(&mutants[0], &now), STATUS_ABANDONED);
    CHECK_STATUS(ke_release_mutant(&mutants[0], NULL), STATUS_SUCCESS);
}

SELFTEST(ke_a_dead_owners_mutants_are_abandoned_once)
{
    PVOID both[] = {&events[1], &mutants[1]};

    start_owner();
    KeSetEvent(&events[0], 0, FALSE);
    CHECK_STATUS(
        KeWaitForMultipleObjects(2, both, WaitAny, Executive, KernelMode, FALSE, NULL, NULL),
        STATUS_ABANDONED_WAIT_0 + 1);
    CHECK_STATUS(ke_release_mutant(&mutants[1], NULL), STATUS_SUCCESS);
    CHECK_STATUS(wait(&mutants[1], &now), STATUS_SUCCESS);
    CHECK_STATUS(ke_release_mutant(&mutants[1], NULL), STATUS_SUCCESS);
    ke_test_join(1);
}

SELFTEST(ke_a_wait_for_all_tells_of_an_abandoned_mutant)
{
    PVOID both[] = {&mutants[0], &mutants[1]};

    start_owner();
    KeSetEvent(&events[0], 0, FALSE);
    CHECK_STATUS(
        KeWaitForMultipleObjects(2, both, WaitAll, Executive, KernelMode, FALSE, NULL, NULL),
        STATUS_ABANDONED);
    CHECK_STATUS(ke_release_mutant(&mutants[0], NULL), STATUS_SUCCESS);
    CHECK_STATUS(ke_release_mutant(&mutants[1], NULL), STATUS_SUCCESS);
    ke_test_join(1);
}

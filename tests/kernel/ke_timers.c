/* Timers, DPCs and the clock. */
#include "ke/clock.h"
#include "ke/dpc.h"
#include "ke/timer.h"
#include "ke/wait.h"
#include "rtl/rtl.h"
#include "tests/kernel/ke_support.h"
#include "x86/hal.h"

static LARGE_INTEGER now = {.QuadPart = 0};

static NTSTATUS look(PVOID object)
{
    return KeWaitForSingleObject(object, Executive, KernelMode, FALSE, &now);
}

static void sleep(LONG milliseconds)
{
    LARGE_INTEGER interval = ke_test_in(milliseconds);

    CHECK_STATUS(KeDelayExecutionThread(KernelMode, FALSE, &interval), STATUS_SUCCESS);
}

SELFTEST(ke_sleep_is_not_too_short)
{
    LONGLONG begin = ke_interrupt_time();

    sleep(35);
    CHECK(ke_interrupt_time() - begin >= 35 * KE_MILLISECOND);
}

SELFTEST(ke_timers_keep_or_lose_their_signal)
{
    KTIMER keeps, loses;

    KeInitializeTimer(&keeps);
    KeInitializeTimerEx(&loses, SynchronizationTimer);
    CHECK(!KeSetTimer(&keeps, ke_test_in(10), NULL));
    CHECK(!KeSetTimer(&loses, ke_test_in(10), NULL));
    CHECK_STATUS(look(&keeps), STATUS_TIMEOUT);
    ke_test_wait(&keeps);
    ke_test_wait(&loses);
    CHECK_STATUS(look(&keeps), STATUS_SUCCESS);
    CHECK_STATUS(look(&loses), STATUS_TIMEOUT);
    CHECK(!KeCancelTimer(&keeps));
}

SELFTEST(ke_a_cancelled_timer_does_not_expire)
{
    KTIMER timer;

    KeInitializeTimer(&timer);
    KeSetTimer(&timer, ke_test_in(10), NULL);
    CHECK(KeSetTimer(&timer, ke_test_in(20), NULL));
    CHECK(KeCancelTimer(&timer));
    CHECK(!KeCancelTimer(&timer));
    sleep(40);
    CHECK(!KeReadStateTimer(&timer));
}

static void NTAPI say(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    (void)dpc;
    (void)argument1;
    (void)argument2;
    CHECK_EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    ke_test_say(*(const char *)context);
}

SELFTEST(ke_timers_expire_in_the_order_of_their_times)
{
    static const LONG times[] = {30, 10, 20, 10};
    KTIMER timers[ARRAY_SIZE(times)];
    KDPC dpcs[ARRAY_SIZE(times)];

    ke_test_begin();
    for (ULONG i = 0; i < ARRAY_SIZE(times); i++) {
        KeInitializeTimer(&timers[i]);
        KeInitializeDpc(&dpcs[i], say, (PVOID) & "abcd"[i]);
        KeSetTimer(&timers[i], ke_test_in(times[i]), &dpcs[i]);
    }
    ke_test_wait(&timers[0]);
    CHECK_TEXT(ke_test_order, "bdca");
}

SELFTEST(ke_a_periodic_timer_comes_again_until_it_is_cancelled)
{
    KTIMER timer;
    KDPC dpc;
    LONGLONG begin = ke_interrupt_time();

    ke_test_begin();
    KeInitializeTimerEx(&timer, SynchronizationTimer);
    KeInitializeDpc(&dpc, say, "p");
    KeSetTimerEx(&timer, ke_test_in(10), 20, &dpc);
    for (int i = 0; i < 4; i++)
        ke_test_wait(&timer);
    CHECK(ke_interrupt_time() - begin >= 70 * KE_MILLISECOND);
    CHECK(KeCancelTimer(&timer));
    CHECK_TEXT(ke_test_order, "pppp");
    sleep(50);
    CHECK_TEXT(ke_test_order, "pppp");
}

/* A time long ago is due at once, and a short period does not make up for the centuries. */
SELFTEST(ke_a_timer_in_the_past_expires_at_once)
{
    KTIMER timer;
    LARGE_INTEGER past = {.QuadPart = 1};

    KeInitializeTimerEx(&timer, SynchronizationTimer);
    KeSetTimerEx(&timer, past, 1, NULL);
    CHECK_STATUS(look(&timer), STATUS_SUCCESS);
    CHECK_STATUS(look(&timer), STATUS_TIMEOUT);
    KeCancelTimer(&timer);
}

SELFTEST(ke_dpcs_run_in_order_important_ones_first)
{
    KDPC dpcs[4];

    ke_test_begin();
    for (ULONG i = 0; i < ARRAY_SIZE(dpcs); i++)
        KeInitializeDpc(&dpcs[i], say, (PVOID) & "abcd"[i]);
    KeSetImportanceDpc(&dpcs[2], HighImportance);
    for (ULONG i = 0; i < ARRAY_SIZE(dpcs); i++)
        CHECK(KeInsertQueueDpc(&dpcs[i], NULL, NULL));
    CHECK(!KeInsertQueueDpc(&dpcs[0], NULL, NULL));
    CHECK(KeRemoveQueueDpc(&dpcs[1]));
    CHECK(!KeRemoveQueueDpc(&dpcs[1]));
    CHECK_TEXT(ke_test_order, "");
    ke_run_pending();
    CHECK_TEXT(ke_test_order, "cad");
}

static void NTAPI keep_arguments(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    PVOID *kept = context;

    kept[0] = argument1;
    kept[1] = argument2;
    kept[2] = dpc->DpcData;
}

SELFTEST(ke_a_dpc_gets_its_arguments_and_is_out_of_the_queue)
{
    KDPC dpc;
    PVOID kept[3] = {NULL, NULL, &dpc};

    KeInitializeDpc(&dpc, keep_arguments, kept);
    KeInsertQueueDpc(&dpc, (PVOID)1, (PVOID)2);
    ke_run_pending();
    CHECK_EQUAL(kept[0], 1);
    CHECK_EQUAL(kept[1], 2);
    CHECK_EQUAL(kept[2], 0);
}

SELFTEST(ke_no_dpc_runs_at_dispatch_level)
{
    KDPC dpc;
    KSPIN_LOCK lock;

    ke_test_begin();
    KeInitializeSpinLock(&lock);
    KeInitializeDpc(&dpc, say, "a");
    KeInsertQueueDpc(&dpc, NULL, NULL);
    KIRQL last = KfAcquireSpinLock(&lock);

    CHECK_EQUAL(last, PASSIVE_LEVEL);
    ke_run_pending();
    CHECK_TEXT(ke_test_order, "");
    KfReleaseSpinLock(&lock, last);
    ke_run_pending();
    CHECK_TEXT(ke_test_order, "a");
}

SELFTEST(ke_tick_count_and_times_move_together)
{
    LARGE_INTEGER ticks, later;

    KeQueryTickCount(&ticks);
    CHECK_EQUAL(KeTickCount.LowPart, ticks.LowPart);
    CHECK(KeQueryInterruptTime() == (ULONGLONG)ticks.QuadPart * KE_TICK);
    sleep(20);
    KeQueryTickCount(&later);
    CHECK(later.QuadPart >= ticks.QuadPart + 2);
    CHECK(ke_system_time() > ke_interrupt_time());
}

/* What the counter says of a stall of 2 ms that begins just behind a tick. */
static LONGLONG measure_stall(void)
{
    sleep(10);
    LARGE_INTEGER first = KeQueryPerformanceCounter(NULL);

    KeStallExecutionProcessor(2000);
    return KeQueryPerformanceCounter(NULL).QuadPart - first.QuadPart;
}

/* Ticks are lost while a host does not let the machine run: it may need more than one attempt. */
SELFTEST(ke_performance_counter_sees_a_stall)
{
    LARGE_INTEGER frequency;
    BOOLEAN seen = FALSE;

    KeQueryPerformanceCounter(&frequency);
    CHECK_EQUAL(frequency.LowPart, 1193182);
    for (int i = 0; i < 10 && !seen; i++)
        seen = measure_stall() >= 2 * 1193;
    CHECK(seen);
}

SELFTEST(ke_performance_counter_never_goes_back)
{
    LARGE_INTEGER last = KeQueryPerformanceCounter(NULL);

    for (int i = 0; i < 1000; i++) {
        LARGE_INTEGER next = KeQueryPerformanceCounter(NULL);

        CHECK(next.QuadPart >= last.QuadPart);
        last = next;
    }
}

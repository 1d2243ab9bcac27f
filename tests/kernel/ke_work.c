/* Work items, fast mutexes, device queues, interlocked lists, and the FPU's registers. */
#include "ke/devicequeue.h"
#include "ke/event.h"
#include "ke/fastmutex.h"
#include "ke/work.h"
#include "ps/process.h"
#include "rtl/rtl.h"
#include "tests/kernel/ke_support.h"
#include "x86/hal.h"

struct job {
    WORK_QUEUE_ITEM item;
    char letter;
    KEVENT done;
};

static VOID NTAPI do_job(PVOID parameter)
{
    struct job *job = parameter;

    CHECK_EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    CHECK(ps_current() == &ps_system_process);
    ke_test_say(job->letter);
    KeSetEvent(&job->done, 0, FALSE);
}

static void queue_job(struct job *job, char letter, WORK_QUEUE_TYPE type)
{
    job->letter = letter;
    KeInitializeEvent(&job->done, NotificationEvent, FALSE);
    ExInitializeWorkItem(&job->item, do_job, job);
    ExQueueWorkItem(&job->item, type);
}

SELFTEST(ke_work_is_done_by_system_threads_the_critical_first)
{
    struct job jobs[4];

    ke_test_begin();
    queue_job(&jobs[0], 'a', DelayedWorkQueue);
    queue_job(&jobs[1], 'b', DelayedWorkQueue);
    queue_job(&jobs[2], 'c', CriticalWorkQueue);
    queue_job(&jobs[3], 'd', CriticalWorkQueue);
    CHECK_TEXT(ke_test_order, "");
    for (ULONG i = 0; i < ARRAY_SIZE(jobs); i++)
        ke_test_wait(&jobs[i].done);
    CHECK_TEXT(ke_test_order, "cdab");
}

static FAST_MUTEX mutex;

static void hold_mutex(void *argument)
{
    ExAcquireFastMutex(&mutex);
    CHECK_EQUAL(KeGetCurrentIrql(), APC_LEVEL);
    ke_test_say(*(const char *)argument);
    ke_yield();
    CHECK_EQUAL(KeGetCurrentIrql(), APC_LEVEL);
    ke_test_say(*(const char *)argument);
    ExReleaseFastMutex(&mutex);
    CHECK_EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

SELFTEST(ke_a_fast_mutex_has_one_owner_at_a_time)
{
    ke_test_begin();
    ExInitializeFastMutex(&mutex);
    for (ULONG i = 0; i < 3; i++)
        ke_test_start(i, 8, hold_mutex, (void *)&"abc"[i]);
    ke_test_join(3);
    CHECK_TEXT(ke_test_order, "aabbcc");
    CHECK_EQUAL(mutex.Contention, 2);
    CHECK(ExTryToAcquireFastMutex(&mutex));
    CHECK(!ExTryToAcquireFastMutex(&mutex));
    ExReleaseFastMutex(&mutex);
    CHECK_EQUAL(mutex.Count, 1);
}

SELFTEST(ke_a_device_queue_is_busy_while_it_gives_work)
{
    KDEVICE_QUEUE queue;
    KDEVICE_QUEUE_ENTRY entries[4] = {{.SortKey = 0}};

    KeInitializeDeviceQueue(&queue);
    CHECK(!KeInsertDeviceQueue(&queue, &entries[0]));
    CHECK(KeInsertDeviceQueue(&queue, &entries[1]));
    CHECK(KeInsertByKeyDeviceQueue(&queue, &entries[2], 5));
    CHECK(KeInsertByKeyDeviceQueue(&queue, &entries[3], 3));
    CHECK(KeRemoveDeviceQueue(&queue) == &entries[1]);
    CHECK(KeRemoveDeviceQueue(&queue) == &entries[3]);
    CHECK(KeRemoveEntryDeviceQueue(&queue, &entries[2]));
    CHECK(!KeRemoveEntryDeviceQueue(&queue, &entries[2]));
    CHECK(KeRemoveDeviceQueue(&queue) == NULL);
    CHECK(!KeInsertDeviceQueue(&queue, &entries[0]));
}

/* Leaves a value in the FPU, lets others use it, and finds it again. */
static void keep_a_number(void *argument)
{
    LONG number = *(const LONG *)argument, found = 0;

    __asm__ volatile("fninit; fildl %0" : : "m"(number));
    for (int i = 0; i < 3; i++)
        ke_yield();
    __asm__ volatile("fistpl %0" : "=m"(found));
    CHECK_EQUAL(found, number);
    ke_test_say('f');
}

SELFTEST(ke_each_thread_has_the_fpu_to_itself)
{
    static const LONG numbers[] = {1000, -5, 77777, 3};

    ke_test_begin();
    for (ULONG i = 0; i < ARRAY_SIZE(numbers); i++)
        ke_test_start(i, 8, keep_a_number, (void *)&numbers[i]);
    ke_test_join(ARRAY_SIZE(numbers));
    CHECK_TEXT(ke_test_order, "ffff");
}

#include "tests/kernel/ke_support.h"

#include "ke/wait.h"
#include "mm/frame.h"
#include "ps/process.h"
#include "rtl/rtl.h"

struct ke_thread ke_test_threads[KE_TEST_THREADS];
char ke_test_order[64];

static ULONG said, reaped;

void ke_test_say(char letter)
{
    if (said < sizeof ke_test_order - 1)
        ke_test_order[said++] = letter;
}

void ke_test_begin(void)
{
    said = reaped = 0;
    memset(ke_test_order, 0, sizeof ke_test_order);
}

static void count_reaped(struct ke_thread *thread)
{
    (void)thread;
    reaped++;
}

static struct ke_thread *start_thread(struct ke_process *process, ULONG index, UCHAR priority,
                                      void (*start)(void *), void *argument)
{
    struct ke_thread *thread = &ke_test_threads[index];
    NTSTATUS status = ke_thread_create(thread, process, priority, start, argument);

    CHECK_STATUS(status, STATUS_SUCCESS);
    thread->reaped = count_reaped;
    ke_thread_start(thread);
    return thread;
}

struct ke_thread *ke_test_start(ULONG index, UCHAR priority, void (*start)(void *), void *argument)
{
    return start_thread(&ps_system_process.ke, index, priority, start, argument);
}

struct ke_thread *ke_test_start_in(struct ke_process *process, ULONG index, UCHAR priority,
                                   void (*start)(void *))
{
    return start_thread(process, index, priority, start, NULL);
}

void ke_test_wait(PVOID object)
{
    LARGE_INTEGER timeout = ke_test_in(5000);

    CHECK_STATUS(KeWaitForSingleObject(object, Executive, KernelMode, FALSE, &timeout),
                 STATUS_SUCCESS);
}

void ke_test_join(ULONG count)
{
    LARGE_INTEGER soon = ke_test_in(10);

    for (ULONG i = 0; i < count; i++)
        ke_test_wait(&ke_test_threads[i]);
    for (ULONG i = 0; i < 100 && reaped < count; i++)
        KeDelayExecutionThread(KernelMode, FALSE, &soon);
    CHECK_EQUAL(reaped, count);
}

struct ke_test_usage ke_test_usage(void)
{
    return (struct ke_test_usage){test_mark(), frame_counts().free};
}

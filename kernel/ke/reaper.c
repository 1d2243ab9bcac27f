#include "ke/event.h"
#include "ke/kep.h"

static struct ke_thread reaper;
static LIST_ENTRY dead = {&dead, &dead};
static KEVENT somebody_died;

static void bury(struct ke_thread *thread)
{
    ke_stack_destroy(thread->stack);
    if (thread->reaped)
        thread->reaped(thread);
}

static void reap_for_ever(void *argument)
{
    (void)argument;
    for (;;) {
        KeWaitForSingleObject(&somebody_died, Executive, KernelMode, FALSE, NULL);
        while (!IsListEmpty(&dead))
            bury(CONTAINING_RECORD(RemoveHeadList(&dead), struct ke_thread, ready_link));
    }
}

void ke_reap(struct ke_thread *thread)
{
    InsertTailList(&dead, &thread->ready_link);
    KeSetEvent(&somebody_died, 0, FALSE);
}

void ke_reaper_init(struct ke_process *system)
{
    KeInitializeEvent(&somebody_died, SynchronizationEvent, FALSE);
    NTSTATUS status =
        ke_thread_create(&reaper, system, LOW_REALTIME_PRIORITY + 1, reap_for_ever, NULL);

    ASSERT(NT_SUCCESS(status));
    ke_thread_start(&reaper);
}

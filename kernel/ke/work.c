#include "ke/work.h"

#include "export.h"
#include "ke/kep.h"
#include "ke/semaphore.h"

struct queue {
    LIST_ENTRY items;
    KSEMAPHORE count;
};

static struct queue queues[DelayedWorkQueue + 1];

static struct {
    WORK_QUEUE_TYPE type;
    UCHAR priority;
    struct ke_thread thread;
} workers[] = {
    {.type = CriticalWorkQueue, .priority = 13},
    {.type = DelayedWorkQueue, .priority = 12},
    {.type = DelayedWorkQueue, .priority = 12},
};

static void serve(void *argument)
{
    struct queue *queue = argument;

    for (;;) {
        KeWaitForSingleObject(&queue->count, Executive, KernelMode, FALSE, NULL);
        PWORK_QUEUE_ITEM item =
            CONTAINING_RECORD(RemoveHeadList(&queue->items), WORK_QUEUE_ITEM, List);

        item->WorkerRoutine(item->Parameter);
    }
}

/* A queue that is not served here (HyperCriticalWorkQueue) counts as the critical one. */
VOID NTAPI ExQueueWorkItem(PWORK_QUEUE_ITEM item, WORK_QUEUE_TYPE type)
{
    struct queue *queue = &queues[type == DelayedWorkQueue ? DelayedWorkQueue : CriticalWorkQueue];

    InsertTailList(&queue->items, &item->List);
    ke_release_semaphore(&queue->count, 1, NULL);
}
EXPORT_NTOSKRNL(ExQueueWorkItem);

void ke_work_init(struct ke_process *system)
{
    for (ULONG i = 0; i < ARRAY_SIZE(queues); i++) {
        InitializeListHead(&queues[i].items);
        KeInitializeSemaphore(&queues[i].count, 0, INT32_MAX);
    }
    for (ULONG i = 0; i < ARRAY_SIZE(workers); i++) {
        NTSTATUS status = ke_thread_create(&workers[i].thread, system, workers[i].priority, serve,
                                           &queues[workers[i].type]);

        ASSERT(NT_SUCCESS(status));
        ke_thread_start(&workers[i].thread);
    }
}

#include "ke/dpc.h"

#include "export.h"
#include "ke/kep.h"
#include "x86/hal.h"

enum { DPC_OBJECT = 19 }; /* KDPC.Type, as in NT */

static LIST_ENTRY queue = {&queue, &queue};

VOID NTAPI KeInitializeDpc(PKDPC dpc, PKDEFERRED_ROUTINE routine, PVOID context)
{
    *dpc = (KDPC){.Type = DPC_OBJECT,
                  .Importance = MediumImportance,
                  .DeferredRoutine = routine,
                  .DeferredContext = context};
}
EXPORT_NTOSKRNL(KeInitializeDpc);

VOID NTAPI KeSetImportanceDpc(PKDPC dpc, KDPC_IMPORTANCE importance)
{
    dpc->Importance = (UCHAR)importance;
}
EXPORT_NTOSKRNL(KeSetImportanceDpc);

BOOLEAN NTAPI KeInsertQueueDpc(PKDPC dpc, PVOID argument1, PVOID argument2)
{
    if (dpc->DpcData)
        return FALSE;
    dpc->DpcData = &queue;
    dpc->SystemArgument1 = argument1;
    dpc->SystemArgument2 = argument2;
    if (dpc->Importance == HighImportance)
        InsertHeadList(&queue, &dpc->DpcListEntry);
    else
        InsertTailList(&queue, &dpc->DpcListEntry);
    ke_exit_work = 1;
    return TRUE;
}
EXPORT_NTOSKRNL(KeInsertQueueDpc);

BOOLEAN NTAPI KeRemoveQueueDpc(PKDPC dpc)
{
    if (!dpc->DpcData)
        return FALSE;
    RemoveEntryList(&dpc->DpcListEntry);
    dpc->DpcData = NULL;
    return TRUE;
}
EXPORT_NTOSKRNL(KeRemoveQueueDpc);

/* A DPC may free its record or queue itself again: it is out of the queue when it is called. */
static void run(PKDPC dpc)
{
    PVOID argument1 = dpc->SystemArgument1, argument2 = dpc->SystemArgument2;

    KeRemoveQueueDpc(dpc);
    dpc->DeferredRoutine(dpc, dpc->DeferredContext, argument1, argument2);
}

void ke_run_dpcs(void)
{
    KIRQL last = KfRaiseIrql(DISPATCH_LEVEL);

    while (!IsListEmpty(&queue))
        run(CONTAINING_RECORD(queue.Flink, KDPC, DpcListEntry));
    KfLowerIrql(last);
}

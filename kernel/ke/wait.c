#include "ke/wait.h"

#include "export.h"
#include "ke/clock.h"
#include "ke/kep.h"
#include "ke/mutant.h"
#include "ke/timer.h"
#include "x86/hal.h"

void ke_header_init(PDISPATCHER_HEADER header, enum ke_object_type type, ULONG bytes, LONG state)
{
    header->Type = (UCHAR)type;
    header->Absolute = header->Inserted = 0;
    header->Size = (UCHAR)(bytes / sizeof(ULONG));
    header->SignalState = state;
    InitializeListHead(&header->WaitListHead);
}

/* Would a wait of this thread for this object be over? */
static BOOLEAN is_signalled(PDISPATCHER_HEADER header, const struct ke_thread *thread)
{
    return header->SignalState > 0 ||
           (header->Type == KE_MUTANT && ((PKMUTANT)header)->OwnerThread == thread);
}

/* Takes what the wait takes: STATUS_SUCCESS, or STATUS_ABANDONED. */
static NTSTATUS take(PDISPATCHER_HEADER header, struct ke_thread *thread)
{
    switch (header->Type) {
    case KE_SYNCHRONIZATION_EVENT:
    case KE_SYNCHRONIZATION_TIMER:
        header->SignalState = 0;
        break;
    case KE_SEMAPHORE:
        header->SignalState--;
        break;
    case KE_MUTANT:
        return ke_own_mutant((PKMUTANT)header, thread) ? STATUS_ABANDONED : STATUS_SUCCESS;
    }
    return STATUS_SUCCESS;
}

void ke_unwait(struct ke_thread *thread, NTSTATUS status)
{
    PKWAIT_BLOCK block = thread->wait_list;

    if (block)
        do
            RemoveEntryList(&block->WaitListEntry);
        while ((block = block->NextWaitBlock) != thread->wait_list);
    KeCancelTimer(&thread->timer);
    thread->wait_status = status;
    if (thread->base_priority % LOW_REALTIME_PRIORITY != LOW_REALTIME_PRIORITY - 1)
        thread->priority = thread->base_priority + (thread->base_priority < LOW_REALTIME_PRIORITY);
    ke_make_ready(thread);
}

/* For a thread that waits for all: takes all if all are there. */
static BOOLEAN take_all(PKWAIT_BLOCK first, NTSTATUS *status)
{
    PKWAIT_BLOCK block = first;

    do
        if (!is_signalled(block->Object, block->Thread))
            return FALSE;
    while ((block = block->NextWaitBlock) != first);
    *status = STATUS_SUCCESS;
    do
        *status |= take(block->Object, block->Thread);
    while ((block = block->NextWaitBlock) != first);
    return TRUE;
}

/* Ends the wait that a block belongs to, if the block's object allows it. */
static BOOLEAN satisfy(PKWAIT_BLOCK block)
{
    NTSTATUS status;

    if (block->WaitType == WaitAny)
        status = take(block->Object, block->Thread) + block->WaitKey;
    else if (!take_all(block, &status))
        return FALSE;
    ke_unwait(block->Thread, status);
    return TRUE;
}

/* A wait that ends takes its blocks out of the list: begin again from the front. */
void ke_wait_test(PDISPATCHER_HEADER header)
{
    PLIST_ENTRY entry = header->WaitListHead.Flink;

    while (header->SignalState > 0 && entry != &header->WaitListHead) {
        BOOLEAN satisfied = satisfy(CONTAINING_RECORD(entry, KWAIT_BLOCK, WaitListEntry));

        entry = satisfied ? header->WaitListHead.Flink : entry->Flink;
    }
}

void ke_signal(PDISPATCHER_HEADER header)
{
    header->SignalState = 1;
    ke_wait_test(header);
}

/* Describes the wait in a ring of blocks, not yet in the objects' lists. */
static void describe(PKWAIT_BLOCK blocks, ULONG count, PVOID objects[], WAIT_TYPE type)
{
    for (ULONG i = 0; i < count; i++)
        blocks[i] = (KWAIT_BLOCK){.Thread = ke_current,
                                  .Object = objects[i],
                                  .NextWaitBlock = &blocks[i + 1 < count ? i + 1 : 0],
                                  .WaitKey = (USHORT)(type == WaitAny ? i : 0),
                                  .WaitType = (UCHAR)type};
}

/* Is the wait over before it begins? */
static BOOLEAN try_now(PKWAIT_BLOCK blocks, ULONG count, NTSTATUS *status)
{
    if (count && blocks->WaitType == WaitAll)
        return take_all(blocks, status);
    for (ULONG i = 0; i < count; i++) {
        if (is_signalled(blocks[i].Object, ke_current)) {
            *status = take(blocks[i].Object, ke_current) + (NTSTATUS)i;
            return TRUE;
        }
    }
    return FALSE;
}

static BOOLEAN has_full_mutant(ULONG count, PVOID objects[])
{
    for (ULONG i = 0; i < count; i++) {
        PKMUTANT mutant = objects[i];

        if (mutant->Header.Type == KE_MUTANT && mutant->OwnerThread == ke_current &&
            mutant->Header.SignalState == INT32_MIN)
            return TRUE;
    }
    return FALSE;
}

static NTSTATUS sleep(PKWAIT_BLOCK blocks, ULONG count, KPROCESSOR_MODE mode, LONGLONG due)
{
    struct ke_thread *thread = ke_current;

    for (ULONG i = 0; i < count; i++)
        InsertTailList(&((PDISPATCHER_HEADER)blocks[i].Object)->WaitListHead,
                       &blocks[i].WaitListEntry);
    thread->wait_list = count ? blocks : NULL;
    thread->wait_mode = mode;
    thread->state = KE_WAITING;
    if (due != KE_NEVER)
        ke_timer_start(&thread->timer, due);
    ke_block();
    return thread->wait_status;
}

static void check_irql(PVOID object)
{
    KIRQL irql = KeGetCurrentIrql();

    if (irql >= DISPATCH_LEVEL)
        bugcheck(IRQL_NOT_LESS_OR_EQUAL, (ULONG)object, irql, 0, (ULONG)__builtin_return_address(0),
                 "a wait at DISPATCH_LEVEL or above");
}

/* The wait itself, for `blocks` that are large enough. */
static NTSTATUS wait(ULONG count, PVOID objects[], WAIT_TYPE type, KPROCESSOR_MODE mode,
                     PLARGE_INTEGER timeout, PKWAIT_BLOCK blocks)
{
    NTSTATUS status;

    if (!timeout || timeout->QuadPart)
        check_irql(count ? objects[0] : NULL);
    ke_run_pending();
    if (has_full_mutant(count, objects))
        return STATUS_MUTANT_LIMIT_EXCEEDED;
    describe(blocks, count, objects, type);
    if (try_now(blocks, count, &status))
        return status;
    LONGLONG due = ke_due_time(timeout);

    if (due <= ke_interrupt_time())
        return STATUS_TIMEOUT;
    if (mode == UserMode && ke_current->terminating)
        return STATUS_THREAD_IS_TERMINATING;
    return sleep(blocks, count, mode, due);
}

NTSTATUS NTAPI KeWaitForMultipleObjects(ULONG count, PVOID objects[], WAIT_TYPE type,
                                        KWAIT_REASON reason, KPROCESSOR_MODE mode,
                                        BOOLEAN alertable, PLARGE_INTEGER timeout,
                                        PKWAIT_BLOCK blocks)
{
    (void)reason;
    ke_current->alertable = alertable;
    if (count > (blocks ? MAXIMUM_WAIT_OBJECTS : THREAD_WAIT_OBJECTS))
        bugcheck(MAXIMUM_WAIT_OBJECTS_EXCEEDED, count, (ULONG)blocks, 0, 0,
                 "a wait for more objects than there are wait blocks");
    return wait(count, objects, type, mode, timeout, blocks ? blocks : ke_current->wait_blocks);
}
EXPORT_NTOSKRNL(KeWaitForMultipleObjects);

NTSTATUS NTAPI KeWaitForSingleObject(PVOID object, KWAIT_REASON reason, KPROCESSOR_MODE mode,
                                     BOOLEAN alertable, PLARGE_INTEGER timeout)
{
    (void)reason;
    ke_current->alertable = alertable;
    return wait(1, &object, WaitAny, mode, timeout, ke_current->wait_blocks);
}
EXPORT_NTOSKRNL(KeWaitForSingleObject);

NTSTATUS NTAPI KeDelayExecutionThread(KPROCESSOR_MODE mode, BOOLEAN alertable,
                                      PLARGE_INTEGER interval)
{
    NTSTATUS status;

    ke_current->alertable = alertable;
    if (!interval->QuadPart) {
        ke_run_pending();
        ke_yield();
        return STATUS_SUCCESS;
    }
    status = wait(0, NULL, WaitAny, mode, interval, NULL);
    return status == STATUS_TIMEOUT ? STATUS_SUCCESS : status;
}
EXPORT_NTOSKRNL(KeDelayExecutionThread);

/*
 * Waiting for dispatcher objects (WDK: KeWaitForSingleObject and its sisters). An object begins
 * with a DISPATCHER_HEADER:
 *
 *     SignalState > 0: signalled      WaitListHead --> KWAIT_BLOCK --> KWAIT_BLOCK ...
 *                                                       one for each thread that waits for it
 *
 * Whoever signals an object satisfies the waits on behalf of the waiters, in the order in which
 * they came: a synchronisation event is unsignalled again, a semaphore counts down, a mutant gets
 * its owner, before the waiter runs.
 */
#pragma once

#include "nt/ke.h"
#include "nt/ntstatus.h"

/* DISPATCHER_HEADER.Type, as NT numbers them. */
enum ke_object_type {
    KE_NOTIFICATION_EVENT = 0,
    KE_SYNCHRONIZATION_EVENT = 1,
    KE_MUTANT = 2,
    KE_PROCESS = 3,
    KE_SEMAPHORE = 5,
    KE_THREAD = 6,
    KE_NOTIFICATION_TIMER = 8,
    KE_SYNCHRONIZATION_TIMER = 9,
    KE_WAIT_TIMER = 0x80, /* ours: a wait's timeout */
};

struct ke_thread;

/* An object of `bytes` bytes that nobody waits for. */
void ke_header_init(PDISPATCHER_HEADER header, enum ke_object_type type, ULONG bytes, LONG state);

/* To be called when an object has become signalled: wakes those whose waits it satisfies. */
void ke_wait_test(PDISPATCHER_HEADER header);

/* Signals for good: a process or thread that has ended. */
void ke_signal(PDISPATCHER_HEADER header);

/* Ends a thread's wait with a status. The thread must be waiting. */
void ke_unwait(struct ke_thread *thread, NTSTATUS status);

/*
 * Waits until an object is signalled. `timeout` in 100 ns: NULL for ever, 0 only looks, negative
 * from now, positive until that system time. `reason` is for debuggers; nothing is alertable here.
 * STATUS_SUCCESS, STATUS_TIMEOUT
 * STATUS_ABANDONED: a mutant is the caller's now whose owner ended without releasing it
 * STATUS_MUTANT_LIMIT_EXCEEDED: the mutant cannot be owned once more
 * STATUS_THREAD_IS_TERMINATING: only with UserMode
 * Waiting (other than looking) at DISPATCH_LEVEL or above is bugcheck 0Ah, IRQL_NOT_LESS_OR_EQUAL.
 */
NTSTATUS NTAPI KeWaitForSingleObject(PVOID object, KWAIT_REASON reason, KPROCESSOR_MODE mode,
                                     BOOLEAN alertable, PLARGE_INTEGER timeout);

/*
 * Waits for one of `count` objects, or for all of them at once (then none is taken before all are
 * there). With WaitAny the status is STATUS_WAIT_0 or STATUS_ABANDONED_WAIT_0 plus the index of the
 * first object that was signalled. More than THREAD_WAIT_OBJECTS objects need `blocks`, as many;
 * they must live until the wait is over. Bugcheck 0Ch, MAXIMUM_WAIT_OBJECTS_EXCEEDED, otherwise.
 */
NTSTATUS NTAPI KeWaitForMultipleObjects(ULONG count, PVOID objects[], WAIT_TYPE type,
                                        KWAIT_REASON reason, KPROCESSOR_MODE mode,
                                        BOOLEAN alertable, PLARGE_INTEGER timeout,
                                        PKWAIT_BLOCK blocks);

/*
 * Sleeps; an interval of 0 lets others run. STATUS_SUCCESS, or STATUS_THREAD_IS_TERMINATING with
 * UserMode.
 */
NTSTATUS NTAPI KeDelayExecutionThread(KPROCESSOR_MODE mode, BOOLEAN alertable,
                                      PLARGE_INTEGER interval);

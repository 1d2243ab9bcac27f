/*
 * Executive objects: the dispatcher's events, mutants, semaphores and timers with names and handles,
 * waiting for handles, and time (ntifs.h and the documentation of the Zw routines).
 *
 * Statuses of all that take a handle: STATUS_INVALID_HANDLE, STATUS_OBJECT_TYPE_MISMATCH, and from
 * ring 3 STATUS_ACCESS_DENIED without the right that is named with the service. All that create:
 * ob_insert_object's statuses (STATUS_OBJECT_NAME_EXISTS with OBJ_OPENIF among them); all that open:
 * ObOpenObjectByName's. Pointers are the kernel's own copies, but for those of
 * NtWaitForMultipleObjects.
 */
#pragma once

#include "ob/ob.h"
#include "nt/ex.h"

/* Creates the types Event, Mutant, Semaphore, Timer. After ob_init. */
void ex_init(void);

/* As drivers know them (WDK). */
extern POBJECT_TYPE ExEventObjectType, ExSemaphoreObjectType;

/* ---- Events. STATUS_INVALID_PARAMETER: no EVENT_TYPE. ---- */
NTSTATUS NTAPI NtCreateEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                             EVENT_TYPE type, BOOLEAN state);
NTSTATUS NTAPI NtOpenEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);

/* EVENT_MODIFY_STATE. *previous (optional): the state before. */
NTSTATUS NTAPI NtSetEvent(HANDLE handle, PLONG previous);
NTSTATUS NTAPI NtResetEvent(HANDLE handle, PLONG previous);
NTSTATUS NTAPI NtPulseEvent(HANDLE handle, PLONG previous);
NTSTATUS NTAPI NtClearEvent(HANDLE handle);

/*
 * EVENT_QUERY_STATE. The queries want the record's size (STATUS_INFO_LENGTH_MISMATCH) and class 0
 * (STATUS_INVALID_INFO_CLASS); *returned (optional): the size.
 */
NTSTATUS NTAPI NtQueryEvent(HANDLE handle, ULONG class, PVOID information, ULONG length,
                            PULONG returned);

/* ---- Mutants ---- */
NTSTATUS NTAPI NtCreateMutant(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                              BOOLEAN owned);
NTSTATUS NTAPI NtOpenMutant(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);

/* No right is needed. STATUS_MUTANT_NOT_OWNED: not by the caller. */
NTSTATUS NTAPI NtReleaseMutant(HANDLE handle, PLONG previous);

/* MUTANT_QUERY_STATE. */
NTSTATUS NTAPI NtQueryMutant(HANDLE handle, ULONG class, PVOID information, ULONG length,
                             PULONG returned);

/* ---- Semaphores. STATUS_INVALID_PARAMETER unless 0 <= count <= limit and limit > 0. ---- */
NTSTATUS NTAPI NtCreateSemaphore(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                                 LONG count, LONG limit);
NTSTATUS NTAPI NtOpenSemaphore(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);

/*
 * SEMAPHORE_MODIFY_STATE. STATUS_INVALID_PARAMETER: count below 1;
 * STATUS_SEMAPHORE_LIMIT_EXCEEDED: nothing was changed.
 */
NTSTATUS NTAPI NtReleaseSemaphore(HANDLE handle, LONG count, PLONG previous);

/* SEMAPHORE_QUERY_STATE. */
NTSTATUS NTAPI NtQuerySemaphore(HANDLE handle, ULONG class, PVOID information, ULONG length,
                                PULONG returned);

/* ---- Timers. STATUS_INVALID_PARAMETER: no TIMER_TYPE. ---- */
NTSTATUS NTAPI NtCreateTimer(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                             TIMER_TYPE type);
NTSTATUS NTAPI NtOpenTimer(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);

/*
 * TIMER_MODIFY_STATE. `due` as for KeSetTimerEx; `period` in milliseconds. *previous (optional):
 * whether it was signalled. STATUS_INVALID_PARAMETER_6: a negative period. STATUS_NOT_SUPPORTED: an
 * APC routine. STATUS_TIMER_RESUME_IGNORED (success severity): `resume`, for nothing sleeps here.
 */
NTSTATUS NTAPI NtSetTimer(HANDLE handle, PLARGE_INTEGER due, PVOID apc, PVOID apc_context,
                          BOOLEAN resume, LONG period, PBOOLEAN previous);

/* TIMER_MODIFY_STATE. *state (optional): whether it is signalled. */
NTSTATUS NTAPI NtCancelTimer(HANDLE handle, PBOOLEAN state);

/* TIMER_QUERY_STATE. */
NTSTATUS NTAPI NtQueryTimer(HANDLE handle, ULONG class, PVOID information, ULONG length,
                            PULONG returned);

/*
 * ---- Waiting. SYNCHRONIZE. ----
 * For objects whose type is waitable (ob.h); STATUS_OBJECT_TYPE_MISMATCH for others. Statuses of
 * KeWaitForSingleObject; a wait from ring 3 ends with STATUS_THREAD_IS_TERMINATING.
 */
NTSTATUS NTAPI NtWaitForSingleObject(HANDLE handle, BOOLEAN alertable, PLARGE_INTEGER timeout);

/*
 * `handles` is the caller's own memory. Also STATUS_INVALID_PARAMETER_1 (count not in
 * 1..MAXIMUM_WAIT_OBJECTS), STATUS_INVALID_PARAMETER_3 (no WAIT_TYPE), STATUS_INVALID_PARAMETER_MIX
 * (WaitAll with an object twice), STATUS_ACCESS_VIOLATION, STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS NTAPI NtWaitForMultipleObjects(ULONG count, PHANDLE handles, WAIT_TYPE type,
                                        BOOLEAN alertable, PLARGE_INTEGER timeout);

/* ---- Time ---- */
NTSTATUS NTAPI NtDelayExecution(BOOLEAN alertable, PLARGE_INTEGER interval);

/* STATUS_SUCCESS, or STATUS_NO_YIELD_PERFORMED: nobody else can run. */
NTSTATUS NTAPI NtYieldExecution(VOID);

/*
 * Whether the calling thread was alerted since it was last asked. Nothing alerts threads here (there is
 * no NtAlertThread, and there are no APCs): STATUS_SUCCESS.
 */
NTSTATUS NTAPI NtTestAlert(VOID);
NTSTATUS NTAPI NtQuerySystemTime(PLARGE_INTEGER time);
NTSTATUS NTAPI NtQueryPerformanceCounter(PLARGE_INTEGER counter, PLARGE_INTEGER frequency);

/* Milliseconds since boot; not a status. */
ULONG NTAPI NtGetTickCount(VOID);

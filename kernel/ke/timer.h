/*
 * Timers (WDK: KeInitializeTimerEx, KeSetTimerEx). They expire at the first tick (10 ms) that is
 * not before their due time, and are worked off at a safe point (ke/dpc.h).
 */
#pragma once

#include "nt/ke.h"

VOID NTAPI KeInitializeTimer(PKTIMER timer);
VOID NTAPI KeInitializeTimerEx(PKTIMER timer, TIMER_TYPE type);

/*
 * Starts a timer, unsignalled: `due` in 100 ns, negative from now, positive a system time. When it
 * expires it is signalled and `dpc` (optional) queued; then again each `period` milliseconds
 * (0: never). TRUE if it was running, and now runs for this time only.
 */
BOOLEAN NTAPI KeSetTimerEx(PKTIMER timer, LARGE_INTEGER due, LONG period, PKDPC dpc);
BOOLEAN NTAPI KeSetTimer(PKTIMER timer, LARGE_INTEGER due, PKDPC dpc);

/* Stops a timer. FALSE if it was not running. */
BOOLEAN NTAPI KeCancelTimer(PKTIMER timer);
BOOLEAN NTAPI KeReadStateTimer(PKTIMER timer);

#define KE_NEVER INT64_MAX

/*
 * A time as waits and timers give it, on the scale of ke_interrupt_time: NULL is KE_NEVER; one that
 * has passed is not after now.
 */
LONGLONG ke_due_time(const LARGE_INTEGER *time);

/* Starts a stopped timer once, without DPC. */
void ke_timer_start(PKTIMER timer, LONGLONG due);

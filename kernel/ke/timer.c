#include "ke/timer.h"

#include "export.h"
#include "ke/clock.h"
#include "ke/dpc.h"
#include "ke/kep.h"

/* Running timers, the next to expire first; those of one time in the order they were set. */
static LIST_ENTRY timers = {&timers, &timers};

VOID NTAPI KeInitializeTimerEx(PKTIMER timer, TIMER_TYPE type)
{
    memset(timer, 0, sizeof *timer);
    ke_header_init(&timer->Header,
                   type == NotificationTimer ? KE_NOTIFICATION_TIMER : KE_SYNCHRONIZATION_TIMER,
                   sizeof *timer, 0);
}
EXPORT_NTOSKRNL(KeInitializeTimerEx);

VOID NTAPI KeInitializeTimer(PKTIMER timer)
{
    KeInitializeTimerEx(timer, NotificationTimer);
}
EXPORT_NTOSKRNL(KeInitializeTimer);

LONGLONG ke_due_time(const LARGE_INTEGER *time)
{
    LONGLONG now = ke_interrupt_time();

    if (!time)
        return KE_NEVER;
    if (time->QuadPart >= 0)
        return time->QuadPart - (ke_system_time() - now);
    return time->QuadPart > now - KE_NEVER ? now - time->QuadPart : KE_NEVER;
}

static void insert(PKTIMER timer)
{
    PLIST_ENTRY before = timers.Flink;

    while (before != &timers &&
           CONTAINING_RECORD(before, KTIMER, TimerListEntry)->DueTime.QuadPart <=
               timer->DueTime.QuadPart)
        before = before->Flink;
    InsertTailList(before, &timer->TimerListEntry);
    timer->Header.Inserted = TRUE;
}

void ke_timer_start(PKTIMER timer, LONGLONG due)
{
    timer->DueTime.QuadPart = due;
    timer->Header.SignalState = 0;
    insert(timer);
}

BOOLEAN NTAPI KeCancelTimer(PKTIMER timer)
{
    if (!timer->Header.Inserted)
        return FALSE;
    RemoveEntryList(&timer->TimerListEntry);
    timer->Header.Inserted = FALSE;
    return TRUE;
}
EXPORT_NTOSKRNL(KeCancelTimer);

BOOLEAN NTAPI KeSetTimerEx(PKTIMER timer, LARGE_INTEGER due, LONG period, PKDPC dpc)
{
    BOOLEAN running = KeCancelTimer(timer);

    timer->Dpc = dpc;
    timer->Period = (ULONG)period;
    ke_timer_start(timer, ke_due_time(&due));
    return running;
}
EXPORT_NTOSKRNL(KeSetTimerEx);

BOOLEAN NTAPI KeSetTimer(PKTIMER timer, LARGE_INTEGER due, PKDPC dpc)
{
    return KeSetTimerEx(timer, due, 0, dpc);
}
EXPORT_NTOSKRNL(KeSetTimer);

BOOLEAN NTAPI KeReadStateTimer(PKTIMER timer)
{
    return timer->Header.SignalState > 0;
}
EXPORT_NTOSKRNL(KeReadStateTimer);

/* The next time of a periodic timer is after now: times that were missed are left out. */
static void restart(PKTIMER timer, LONGLONG now)
{
    LONGLONG period = (LONGLONG)timer->Period * KE_MILLISECOND;

    timer->DueTime.QuadPart += period;
    if (timer->DueTime.QuadPart <= now)
        timer->DueTime.QuadPart = now + period;
    insert(timer);
}

static void expire(PKTIMER timer, LONGLONG now)
{
    KeCancelTimer(timer);
    if (timer->Header.Type == KE_WAIT_TIMER) {
        ke_unwait(CONTAINING_RECORD(timer, struct ke_thread, timer), STATUS_TIMEOUT);
        return;
    }
    if (timer->Period)
        restart(timer, now);
    if (timer->Dpc)
        KeInsertQueueDpc(timer->Dpc, NULL, NULL);
    ke_signal(&timer->Header);
}

void ke_expire_timers(void)
{
    LONGLONG now = ke_interrupt_time();
    PKTIMER first;

    while (!IsListEmpty(&timers)) {
        first = CONTAINING_RECORD(timers.Flink, KTIMER, TimerListEntry);
        if (first->DueTime.QuadPart > now)
            return;
        expire(first, now);
    }
}

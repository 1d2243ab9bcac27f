#include "io/event.h"

#include "export.h"
#include "rtl/list.h"

VOID NTAPI KeInitializeEvent(PKEVENT event, EVENT_TYPE type, BOOLEAN state)
{
    event->Header.Type = (UCHAR)type;
    event->Header.Absolute = event->Header.Inserted = 0;
    event->Header.Size = sizeof *event / sizeof(ULONG);
    event->Header.SignalState = state;
    InitializeListHead(&event->Header.WaitListHead);
}
EXPORT_NTOSKRNL(KeInitializeEvent);

LONG NTAPI KeSetEvent(PKEVENT event, LONG increment, BOOLEAN wait)
{
    LONG last = event->Header.SignalState;

    (void)increment;
    (void)wait;
    event->Header.SignalState = 1;
    return last;
}
EXPORT_NTOSKRNL(KeSetEvent);

VOID NTAPI KeClearEvent(PKEVENT event)
{
    event->Header.SignalState = 0;
}
EXPORT_NTOSKRNL(KeClearEvent);

LONG NTAPI KeReadStateEvent(PKEVENT event)
{
    return event->Header.SignalState;
}
EXPORT_NTOSKRNL(KeReadStateEvent);

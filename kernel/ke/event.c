#include "ke/event.h"

#include "export.h"
#include "ke/kep.h"

VOID NTAPI KeInitializeEvent(PKEVENT event, EVENT_TYPE type, BOOLEAN state)
{
    ke_header_init(&event->Header, (enum ke_object_type)type, sizeof *event, state);
}
EXPORT_NTOSKRNL(KeInitializeEvent);

LONG NTAPI KeSetEvent(PKEVENT event, LONG increment, BOOLEAN wait)
{
    LONG last = event->Header.SignalState;

    (void)increment;
    (void)wait;
    event->Header.SignalState = 1;
    ke_wait_test(&event->Header);
    return last;
}
EXPORT_NTOSKRNL(KeSetEvent);

LONG NTAPI KePulseEvent(PKEVENT event, LONG increment, BOOLEAN wait)
{
    LONG last = KeSetEvent(event, increment, wait);

    event->Header.SignalState = 0;
    return last;
}
EXPORT_NTOSKRNL(KePulseEvent);

LONG NTAPI KeResetEvent(PKEVENT event)
{
    LONG last = event->Header.SignalState;

    event->Header.SignalState = 0;
    return last;
}
EXPORT_NTOSKRNL(KeResetEvent);

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

/* Events (WDK: KeInitializeEvent and its sisters). Any IRQL up to DISPATCH_LEVEL, and interrupts. */
#pragma once

#include "nt/ke.h"

VOID NTAPI KeInitializeEvent(PKEVENT event, EVENT_TYPE type, BOOLEAN state);

/*
 * Sets the event: all waiters of a notification event go on, one of a synchronisation event.
 * Returns the state it had. `increment` and `wait` have no meaning here.
 */
LONG NTAPI KeSetEvent(PKEVENT event, LONG increment, BOOLEAN wait);

/* Lets those go on who wait now, and leaves the event unset. Returns the state it had. */
LONG NTAPI KePulseEvent(PKEVENT event, LONG increment, BOOLEAN wait);

LONG NTAPI KeResetEvent(PKEVENT event); /* returns the state it had */
VOID NTAPI KeClearEvent(PKEVENT event);
LONG NTAPI KeReadStateEvent(PKEVENT event);

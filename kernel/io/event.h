/*
 * Events (WDK: KeInitializeEvent and its sisters) for a system with one thread: whoever waits
 * sleeps until an interrupt's work sets the event.
 */
#pragma once

#include "nt/ke.h"

VOID NTAPI KeInitializeEvent(PKEVENT event, EVENT_TYPE type, BOOLEAN state);

/* Sets the event; returns the state it had. `increment` and `wait` have no meaning here. */
LONG NTAPI KeSetEvent(PKEVENT event, LONG increment, BOOLEAN wait);
VOID NTAPI KeClearEvent(PKEVENT event);
LONG NTAPI KeReadStateEvent(PKEVENT event);

/* TRUE if the event was set; a synchronization event is then clear again. Does not wait. */
BOOLEAN event_consume(PKEVENT event);

/*
 * Events (WDK: KeInitializeEvent and its sisters). There is one thread and nobody to wait: an event
 * keeps the mark that somebody set it.
 */
#pragma once

#include "nt/ke.h"

VOID NTAPI KeInitializeEvent(PKEVENT event, EVENT_TYPE type, BOOLEAN state);

/* Sets the event; returns the state it had. `increment` and `wait` have no meaning here. */
LONG NTAPI KeSetEvent(PKEVENT event, LONG increment, BOOLEAN wait);
VOID NTAPI KeClearEvent(PKEVENT event);
LONG NTAPI KeReadStateEvent(PKEVENT event);

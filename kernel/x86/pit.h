/* Channel 0 of the 8254 timer: the clock interrupt (Intel 8254 data sheet), interrupt line 0. */
#pragma once

#include "nt/ntdef.h"

#define PIT_HZ      1193182u /* its input clock */
#define PIT_DIVISOR 11932u   /* 100.0 interrupts a second */

/* Starts the timer; `tick` is called at each interrupt, with interrupts off. */
void pit_init(void (*tick)(void));

/*
 * Input clocks since the last tick that was called. From 0 to 2 * PIT_DIVISOR - 1: an interrupt
 * that waits to be taken is counted.
 */
ULONG pit_elapsed(void);

/* Waits that many microseconds; at once where the timer does not count. */
void pit_stall(ULONG microseconds);

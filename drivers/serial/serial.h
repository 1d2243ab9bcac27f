/* The UART on COM1: a 16550A at port 3F8h (National Semiconductor PC16550D data sheet). */
#pragma once

#include "nt/ntdef.h"

/*
 * Sets 115 200 baud, 8N1, FIFOs on, after a loopback test. Returns FALSE where no UART answers;
 * serial_put then does nothing.
 */
BOOLEAN serial_init(void);

/* Sends one byte as it is; waits for room, but never for ever. */
void serial_put(char c);

/*
 * From now on each byte that comes is given to `sink`, in the interrupt (line 4), as long as
 * `has_room` is TRUE. Without room the bytes stay in the UART, and RTS asks the other side to
 * wait, until serial_resume. Interrupts are off in both.
 */
void serial_receive(BOOLEAN (*has_room)(void), void (*sink)(UCHAR byte));

/* There is room again: what waits in the UART interrupts. Nothing if nothing waits. */
void serial_resume(void);

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

/* From now on each byte that comes is given to `sink`, in the interrupt (line 4). */
void serial_receive(void (*sink)(UCHAR byte));

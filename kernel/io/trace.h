/*
 * The trace of IRPs (`trace=irp`): a line in the log for each driver that an IRP goes down to, and
 * for each stack location that is completed on the way up.
 */
#pragma once

#include "nt/io.h"

/* On or off; FALSE at boot. The I/O manager looks at it before it calls the routines below. */
extern BOOLEAN trace_irps;

/* The IRP, at its last driver's location still, goes down to `device`. */
void trace_call(const DEVICE_OBJECT *device, const IRP *irp);

/* The driver at the current location is done with the IRP; the topmost one's turn is the end. */
void trace_complete(const IRP *irp);

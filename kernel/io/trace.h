/*
 * The trace of IRPs (`trace=irp`): a line in the log for each driver that an IRP goes down to, for
 * each location that is completed, and for its end.
 */
#pragma once

#include "nt/io.h"

/* On or off; FALSE at boot. The I/O manager looks at it before it calls the routines below. */
extern BOOLEAN trace_irps;

/* The IRP goes down to its current location's device. */
void trace_call(const IRP *irp);

/* A driver has completed the IRP, whose current location is still that driver's. */
void trace_complete(const IRP *irp);

/* The IRP's last completion: its requestor gets the results. */
void trace_end(const IRP *irp);

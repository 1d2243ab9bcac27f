/*
 * The trace of IRPs (`trace=irp`): a line in the log for each driver that an IRP goes down to, and
 * for each stack location that is completed on the way up.
 */
#pragma once

#include "nt/io.h"

/* On or off; FALSE at boot. The I/O manager looks at it before it calls the routines below. */
extern BOOLEAN trace_irps;

/* What a process is called in the log. */
struct io_process {
    ULONG id;
    const char *name;
};

/* Processes are described by ps, which sets this; until then all are System. */
struct ke_process;
extern struct io_process (*io_describe_process)(struct ke_process *process);

/* The IRP, at its last driver's location still, goes down to `device`. */
void trace_call(const DEVICE_OBJECT *device, const IRP *irp);

/* The driver at the current location is done with the IRP; the topmost one's turn is the end. */
void trace_complete(const IRP *irp);

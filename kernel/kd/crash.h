/*
 * Ends the system with a fault on purpose, to see the report (`crash=` on the command line):
 * divide, breakpoint, opcode, gp, read, write, fetch, null, stack, overflow, assert, pool; irql (a wait at
 * DISPATCH_LEVEL), blocks (a wait for too many objects), mutex, semaphore (released wrongly), lock
 * (pages that are not there), location (an IRP without one); or a vector's number 0..31, which is
 * raised as the CPU would, with error code 0 where it has one.
 */
#pragma once

#include "nt/ntdef.h"

/* Does not return unless `what` is not known, which it logs. */
void crash(const char *what);

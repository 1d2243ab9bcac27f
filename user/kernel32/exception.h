/* What becomes of an exception that the program does not handle. */
#pragma once

#include "base.h"

/*
 * The handler of the frame that lies below all others of a thread: asks UnhandledExceptionFilter, and
 * ends the process with the exception's code if that says so.
 */
EXCEPTION_DISPOSITION exception_last_resort(EXCEPTION_RECORD *record, PVOID frame, CONTEXT *context,
                                            PVOID dispatcher) __asm__("_exception_last_resort");

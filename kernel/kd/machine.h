/* How a run ends. */
#pragma once

#include "nt/ntdef.h"

/* Whether machine_end leaves the emulator (`exit` on the command line). FALSE at boot. */
void machine_leave_at_end(BOOLEAN leave);

/*
 * Logs the result and leaves QEMU through its isa-debug-exit device if asked for (10h is success,
 * 11h failure: QEMU's exit status is twice that and one). Stops the CPU otherwise.
 */
__attribute__((noreturn)) void machine_end(BOOLEAN success);

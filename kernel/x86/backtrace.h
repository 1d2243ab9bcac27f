/* Who called whom, by the chain of saved EBPs (-fno-omit-frame-pointer). */
#pragma once

#include "nt/ntdef.h"

#define BACKTRACE_DEPTH 24

/*
 * Follows the frames from `ebp` upwards and stores each return address, innermost first. Stops at
 * a frame that is 0, misaligned, not above the last one, or where `readable` says no.
 * Returns the number of addresses stored, BACKTRACE_DEPTH at most.
 */
ULONG backtrace_walk(ULONG ebp, BOOLEAN (*readable)(ULONG address),
                     ULONG return_addresses[BACKTRACE_DEPTH]);

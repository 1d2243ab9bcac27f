/* What the self-tests of memory share: touching an address with the CPU, and running out of it. */
#pragma once

#include "kd/selftest.h"
#include "mm/frame.h"
#include "mm/layout.h"
#include "mm/physical.h"
#include "mm/pool.h"
#include "mm/space.h"
#include "paging.h"
#include "rtl/rtl.h"

/* What the CPU said: no page fault, or one with this error code (SDM vol. 3A, 4.7). */
#define NO_FAULT 0xFFFFFFFFu

/* Reads a byte, or reads it and writes it back; NO_FAULT or the error code. */
ULONG probe_read(ULONG address);
ULONG probe_write(ULONG address);

/*
 * Takes all memory but `frames` frames: also what pool has left in pages it holds, unless
 * `pool_too` is FALSE. Undone by memory_give_back; not to be nested.
 */
void memory_take_all(ULONG frames, BOOLEAN pool_too);
void memory_give_back(void);

/* Pseudo-random numbers, the same in each run. */
static inline ULONG next_random(ULONG *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* A page for a test; the memory is there or the check fails. */
frame_number test_frame(void);

/* A frame as memory. */
static inline ULONG *frame_words(frame_number frame)
{
    return direct_map(frame_address(frame));
}

/*
 * Page frames: the 4 KiB pieces of physical memory below 512 MiB (as far as the direct map
 * reaches). A frame is named by its number, physical address / 4096.
 *
 * At boot everything counts as absent; usable ranges are added from the multiboot memory map and
 * what is in use is reserved again. From then on frames are taken and given back one by one.
 */
#pragma once

#include "nt/ntdef.h"

#define FRAME_COUNT 0x20000u /* 512 MiB */
#define FRAME_NONE  0u       /* frame 0 is never given away */

typedef ULONG frame_number;

static inline ULONG frame_address(frame_number frame)
{
    return frame << 12;
}

static inline frame_number frame_of(ULONG physical)
{
    return physical >> 12;
}

/* The first byte behind a range, or the last byte there is where that goes beyond 64 bits. */
static inline ULONGLONG frame_range_end(ULONGLONG base, ULONGLONG length)
{
    return base + length < base ? ~0ull : base + length;
}

/* Forgets everything: no frame is usable. */
void frame_init(void);

/*
 * Makes the whole frames inside [base, base + length) usable; lengths in bytes, any 64-bit values.
 * Parts beyond FRAME_COUNT are ignored.
 */
void frame_add_range(ULONGLONG base, ULONGLONG length);

/* Makes each frame that [base, base + length) touches unusable. Before the first allocation. */
void frame_reserve_range(ULONGLONG base, ULONGLONG length);

/* What is usable now is the machine's RAM, whatever is reserved from now on. */
void frame_keep_ram(void);

/* TRUE if the frame is RAM, in use or not; FALSE for frame 0, which firmware keeps. */
BOOLEAN frame_is_ram(frame_number frame);

/*
 * From now on frames are taken in an order that looks random and depends on `seed` alone.
 * Without it the lowest free frame after the last one taken comes next.
 */
void frame_shuffle(ULONG seed);

/* Takes a frame; its contents are undefined. FRAME_NONE if there is none. */
frame_number frame_alloc(void);

/* Takes `count` frames that follow each other; returns the first, or FRAME_NONE. */
frame_number frame_alloc_run(ULONG count);

/*
 * One more owner of a frame in use: a second mapping, a locked MDL. It stays in use until each owner
 * has called frame_free. FALSE, and nothing added, if there are FRAME_OWNERS_MAX already.
 */
#define FRAME_OWNERS_MAX 0x10000u
BOOLEAN frame_share(frame_number frame);

/* Owners of a frame in use. */
ULONG frame_owners(frame_number frame);

/*
 * Gives back what frame_alloc, frame_alloc_run (piece by piece or whole), frame_take or frame_share
 * gave; the last owner's call frees the frame.
 */
void frame_free(frame_number frame);
void frame_free_run(frame_number first, ULONG count);

#define FRAME_HELD_LIMIT 8u

/*
 * Keeps a frame for frame_take: frame_alloc does not give it away, and freeing it keeps it again.
 * FALSE if the frame is not usable memory, in use, or FRAME_HELD_LIMIT frames are held.
 */
BOOLEAN frame_hold(frame_number frame);

/* Lets the frame that was held last, and is not taken, go again. */
void frame_unhold(frame_number frame);

/* Takes a held frame. FALSE if it is not held or taken already. */
BOOLEAN frame_take(frame_number frame);

struct frame_counts {
    ULONG usable; /* all frames of usable memory that were free when boot ended */
    ULONG free;
};

struct frame_counts frame_counts(void);

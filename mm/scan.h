/*
 * A whole address space as ranges: pages with the same rights whose frames follow each other are
 * one. Absent tables are skipped, so a sparse space costs little. Nothing is allocated; each scan is
 * a small record of the caller's.
 */
#pragma once

#include "mm/walk.h"

/* Pages that are mapped alike, or that cannot be walked for the same reason. */
struct scan_range {
    ULONG first, last;                       /* linear addresses, both included */
    enum walk_stop stop;                     /* never WALK_NOT_PRESENT */
    ULONG page_size;                         /* bytes; of a broken range 0 */
    ULONGLONG physical;                      /* of `first`; of a broken range 0 */
    BOOLEAN user, write, no_execute, global; /* as in struct walk */
    UCHAR can[WALK_ASKERS];
};

struct scan {
    const struct walk_registers *registers; /* whose cr3 is the space */
    const struct walk_memory *memory;
    ULONGLONG next;          /* where the walk goes on; 2^32 at the end */
    struct scan_range ahead; /* found, and not yet given: it may grow */
    BOOLEAN has_ahead;
};

/*
 * Scans from the page that holds `from` to the end; a range that began before it is given from that
 * page on. Registers and memory are the caller's and stay until the scan is over.
 */
void scan_begin(struct scan *scan, const struct walk_registers *registers,
                const struct walk_memory *memory, ULONG from);

/* The next range, in order of addresses; FALSE when there is none. */
BOOLEAN scan_next(struct scan *scan, struct scan_range *range);

/* The next address that maps the byte at `physical`; FALSE when there is none. Each page that maps
 * it is found once. */
BOOLEAN scan_find(struct scan *scan, ULONGLONG physical, ULONG *address);

/* A stretch over which two spaces differ: each side is whole, or absent (`mapped` FALSE). */
struct scan_difference {
    ULONG first, last;
    struct scan_range sides[2]; /* cut to first..last */
    BOOLEAN mapped[2];
};

struct scan_comparison {
    struct scan scans[2];
    struct scan_range ranges[2];
    BOOLEAN has[2];
};

/* Compares two spaces from the page that holds `from` to the end. */
void scan_compare_begin(struct scan_comparison *comparison, const struct walk_registers *one,
                        const struct walk_registers *other, const struct walk_memory *memory,
                        ULONG from);

/* The next difference (frames or rights), in order; FALSE when there is none. */
BOOLEAN scan_compare_next(struct scan_comparison *comparison, struct scan_difference *difference);

/*
 * The walk: from CR3 and a linear address to a record of what the tables say. The same source runs
 * in the kernel and on the host; it reads physical memory through an accessor.
 *
 * The record tells what the tables hold, not what the TLB does (Intel SDM vol. 3A, 4.10).
 */
#pragma once

#include "nt/ntdef.h"
#include "paging.h"

/* Intel SDM vol. 3A, 4.3: CR4.PSE decides whether bit 7 of a PDE means a 4 MiB page. */
enum walk_format { WALK_32BIT, WALK_32BIT_PSE };

enum walk_stop {
    WALK_MAPPED,       /* the last level was reached: `physical` is the answer */
    WALK_NOT_PRESENT,  /* the last level's entry has P=0 */
    WALK_RESERVED_BIT, /* the last level's entry has a reserved bit set */
    WALK_UNREADABLE,   /* the accessor has no memory at the last level's entry */
};

#define WALK_LEVELS 2

struct walk_level {
    ULONGLONG entry_address; /* physical */
    ULONG entry;             /* raw */
};

struct walk {
    ULONG address;
    enum walk_stop stop;
    ULONG level_count;                     /* levels looked at; the last one is where it stopped */
    struct walk_level levels[WALK_LEVELS]; /* PDE, PTE */
    ULONG page_size;                       /* bytes; 0 unless mapped */
    ULONGLONG physical;                    /* of `address` itself; 0 unless mapped */
    BOOLEAN user, write;                   /* the AND over the levels; FALSE unless mapped */
};

struct walk_memory {
    /* Reads the 32-bit word at a physical address; FALSE if there is none. */
    BOOLEAN (*read)(const void *context, ULONGLONG physical, ULONG *value);
    const void *context;
};

/* Walks one linear address. `cr3` is the register's value; its flag bits are ignored. */
struct walk walk_address(enum walk_format format, ULONG cr3, ULONG address,
                         const struct walk_memory *memory);

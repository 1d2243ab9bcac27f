/*
 * The walk: from the control registers and a linear address to a record of what the tables say, in
 * every format of 32-bit processors. The same source runs in the kernel and on the host; it reads
 * physical memory through an accessor.
 *
 * The record tells what the tables hold, not what the TLB does (Intel SDM vol. 3A, 4.10). CPUs
 * without PAT are not modelled: PAT bits count as usable.
 */
#pragma once

#include "nt/ntdef.h"
#include "paging.h"

/*
 * What decides a translation, as the CPU has it. Bits that do not matter are ignored.
 *   cr0: PG, WP   cr4: PSE, PAE, PGE, SMEP, SMAP   efer: NXE   eflags: AC
 */
struct walk_registers {
    ULONG cr0, cr3, cr4, efer, eflags;
    ULONG maxphyaddr; /* bits of a physical address: 32 to 52 */
};

/* Chosen by CR0.PG, CR4.PAE and CR4.PSE (SDM vol. 3A, 4.1.1). PSE-36 is WALK_32BIT_PSE with a
 * maxphyaddr above 32; NX is WALK_PAE with EFER.NXE. */
enum walk_format { WALK_UNPAGED, WALK_32BIT, WALK_32BIT_PSE, WALK_PAE };

enum walk_stop {
    WALK_MAPPED,       /* the last level was reached: `physical` is the answer */
    WALK_NOT_PRESENT,  /* the last level's entry has P=0 */
    WALK_RESERVED_BIT, /* the last level's entry has reserved bits set: `reserved` */
    WALK_UNREADABLE,   /* the accessor has no memory at the last level's entry */
};

enum walk_kind { WALK_READ, WALK_WRITE, WALK_FETCH, WALK_KINDS };

/* A set of kinds. */
#define WALK_CAN(kind) (1u << (kind))

/* Who asks: CPL 0 to 2 or CPL 3 (SDM vol. 3A, 4.6). */
enum { WALK_SUPERVISOR, WALK_USER, WALK_ASKERS };

#define WALK_LEVELS 3

struct walk_level {
    ULONGLONG entry_address; /* physical */
    ULONGLONG entry;         /* raw; 0 if it could not be read */
};

struct walk {
    ULONG address;
    enum walk_format format;
    enum walk_stop stop;
    ULONG level_count;                     /* levels looked at; the last one is where it stopped */
    struct walk_level levels[WALK_LEVELS]; /* (PDPTE,) PDE, PTE; only level_count of them are set */
    ULONGLONG reserved;                    /* the offending bits; 0 unless WALK_RESERVED_BIT */
    ULONGLONG physical;                    /* of `address` itself; 0 unless mapped */
    ULONG page_size;                       /* bytes; 0 unless mapped */
    BOOLEAN user, write, no_execute;       /* AND, AND, OR over the levels; FALSE unless mapped */
    BOOLEAN global;                        /* of the last level, under CR4.PGE */
    UCHAR can[WALK_ASKERS];   /* sets of kinds under WP, SMEP, SMAP and AC; empty unless mapped */
    UCHAR errors[WALK_KINDS]; /* of a refusal at CPL 0; at CPL 3 it has U/S besides */
};

struct walk_memory {
    /* Physical memory from 0 on, where it lies, a multiple of 8 bytes; NULL and 0 if all goes
     * through `read`. */
    const void *direct;
    ULONGLONG direct_bytes;
    /* For what is above. Reads a little-endian entry of 4 or 8 bytes, naturally aligned; FALSE if
     * there is none. May be NULL. */
    BOOLEAN (*read)(const void *context, ULONGLONG physical, ULONG bytes, ULONGLONG *entry);
    const void *context;
};

/* Reads an entry as the walk does; FALSE if there is none. */
BOOLEAN walk_read_entry(const struct walk_memory *memory, ULONGLONG at, ULONG bytes,
                        ULONGLONG *entry);

enum walk_format walk_format(const struct walk_registers *registers);

/* Walks one linear address. A PDPTE is taken from memory and checked there, as AMD's CPUs do;
 * Intel's load all four with CR3, where a bad one raises #GP (SDM vol. 3A, 4.4.1). */
void walk_into(struct walk *walk, const struct walk_registers *registers, ULONG address,
               const struct walk_memory *memory);

/* The same as a value. */
static inline struct walk walk_address(const struct walk_registers *registers, ULONG address,
                                       const struct walk_memory *memory)
{
    struct walk walk;

    walk_into(&walk, registers, address, memory);
    return walk;
}

#define WALK_ALLOWED (-1)

/*
 * What an access would meet, from the tables alone: WALK_ALLOWED, or the error code that the CPU
 * would push with #PF (SDM vol. 3A, 4.7): P, W/R, U/S, RSVD, I/D are bits 0 to 4. For WALK_UNREADABLE
 * it is the code of an entry that is not present.
 */
static inline LONG walk_access(const struct walk *walk, ULONG cpl, enum walk_kind kind)
{
    ULONG asker = cpl == 3 ? WALK_USER : WALK_SUPERVISOR;

    return walk->can[asker] & WALK_CAN(kind) ? WALK_ALLOWED
                                             : (LONG)(walk->errors[kind] | asker << 2);
}

enum walk_reason {
    WALK_GRANTED,
    WALK_ABSENT,       /* P=0, or the entry is unreadable */
    WALK_BROKEN,       /* reserved bits */
    WALK_NOT_USER,     /* U/S=0 and CPL 3 asks */
    WALK_READ_ONLY,    /* R/W=0 */
    WALK_NOT_EXECUTE,  /* XD=1 */
    WALK_SMEP_FORBIDS, /* a user page, fetched by CPL 0 */
    WALK_SMAP_FORBIDS, /* a user page, read or written by CPL 0 */
};

/* Why, and the first level that denies it; for SMEP and SMAP, the last level. */
struct walk_denial {
    ULONG reason; /* enum walk_reason */
    ULONG level;  /* index into levels; 0 if granted */
};

struct walk_denial walk_denial(const struct walk *walk, ULONG cpl, enum walk_kind kind);

/* A reason in words: "not present", "R/W=0". */
const char *walk_reason_words(ULONG reason);

/* "PDPTE", "PDE" or "PTE". */
const char *walk_level_name(enum walk_format format, ULONG level);

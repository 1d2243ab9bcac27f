/*
 * What pagewalk.sys answers, as the kernel, the driver and programs agree on it. \Device\PageWalk,
 * with the link \??\PageWalk; \\.\PageWalk in a program.
 *
 * Each code takes one pagewalk_question; members that it does not name below must be 0, except that
 * `reserved` always is. A process is an id, and 0 is the caller's.
 *
 *   code     looks at                  answers with
 *   ADDRESS  process address           pagewalk_record: the walk of that address
 *   RANGES   process address           pagewalk_head, pagewalk_range[]: what is mapped, from there on
 *   FRAME    physical process address  pagewalk_head, pagewalk_mapping[]: who maps that byte, from
 *                                      that process (0: the first one) and that address on
 *   COMPARE  process other address     pagewalk_head, pagewalk_difference[]: from there on
 *   BYTES    physical                  as many bytes of RAM as the output has room for
 *
 * An answer with a head has as many records as the output has room for, and tells where to go on.
 *
 *   STATUS_INVALID_BUFFER_SIZE      the input is no question
 *   STATUS_BUFFER_TOO_SMALL         the output has no room for one record (or one byte)
 *   STATUS_INVALID_PARAMETER        a member that must be 0 is not; a physical address above 52 bits;
 *                                   BYTES: not all of it is RAM or the VGA's text page
 *   STATUS_INVALID_CID              there is no such process
 *   STATUS_PROCESS_IS_TERMINATING   it has ended, and has no address space any more
 *
 * Addresses here are linear ones of the process and physical ones, as its tables have them. Layouts
 * are the same for every compiler: members lie at multiples of their size.
 *
 * Whoever includes this brings CTL_CODE and the types along: winioctl.h in a program, ntddk.h in a
 * driver, nt/io.h in the kernel.
 */
#pragma once

#define PAGEWALK_CODE(number, method, access)                                                      \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x860 + (number), (method), (access))

#define IOCTL_PAGEWALK_ADDRESS PAGEWALK_CODE(0, METHOD_BUFFERED, FILE_ANY_ACCESS)    /* 00222180 */
#define IOCTL_PAGEWALK_RANGES  PAGEWALK_CODE(1, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)  /* 00222186 */
#define IOCTL_PAGEWALK_FRAME   PAGEWALK_CODE(2, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)  /* 0022218A */
#define IOCTL_PAGEWALK_COMPARE PAGEWALK_CODE(3, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)  /* 0022218E */
#define IOCTL_PAGEWALK_BYTES   PAGEWALK_CODE(4, METHOD_OUT_DIRECT, FILE_READ_ACCESS) /* 00226192 */

struct pagewalk_question {
    ULONGLONG physical;
    ULONG process, other;
    ULONG address;
    ULONG reserved;
};

#define PAGEWALK_PHYSICAL_BITS 52

enum pagewalk_format {
    PAGEWALK_UNPAGED,
    PAGEWALK_32BIT,     /* without 4 MiB pages */
    PAGEWALK_32BIT_PSE, /* with them */
    PAGEWALK_PAE,
};

/* Where a walk stopped. */
enum pagewalk_stop {
    PAGEWALK_MAPPED,
    PAGEWALK_NOT_PRESENT,  /* the last level's entry has P=0 */
    PAGEWALK_RESERVED_BIT, /* it has reserved bits set */
    PAGEWALK_UNREADABLE,   /* it lies where the kernel has no memory */
};

enum pagewalk_reason {
    PAGEWALK_GRANTED,
    PAGEWALK_ABSENT,
    PAGEWALK_BROKEN,       /* a reserved bit */
    PAGEWALK_NOT_USER,     /* U/S=0 */
    PAGEWALK_READ_ONLY,    /* R/W=0 */
    PAGEWALK_NOT_EXECUTE,  /* XD=1 */
    PAGEWALK_SMEP_FORBIDS, /* the kernel fetches from a user page */
    PAGEWALK_SMAP_FORBIDS, /* it reads or writes one with EFLAGS.AC clear */
};

/* Who asks, and for what: the indices of verdicts and the bits of `can`. */
enum { PAGEWALK_CPL0, PAGEWALK_CPL3, PAGEWALK_ASKERS };
enum { PAGEWALK_READ, PAGEWALK_WRITE, PAGEWALK_FETCH, PAGEWALK_KINDS };

#define PAGEWALK_ALLOWED (-1)

/* What an access would meet by the tables; the TLB may know otherwise. */
struct pagewalk_verdict {
    LONG error;    /* PAGEWALK_ALLOWED, or the error code of the #PF */
    USHORT reason; /* enum pagewalk_reason */
    USHORT level;  /* the first level that denies it, counted from 0; 0 if granted */
};

#define PAGEWALK_LEVELS 3

struct pagewalk_level {
    ULONGLONG address; /* the entry's, physical */
    ULONGLONG entry;   /* raw; 0 if it could not be read */
};

struct pagewalk_record {
    ULONG process, address; /* as asked for, with the caller's id for 0 */
    ULONG cr3;
    ULONG format;       /* enum pagewalk_format */
    ULONG stop;         /* enum pagewalk_stop */
    ULONG level_count;  /* levels looked at, the last is where it stopped; the others are 0 */
    ULONGLONG physical; /* of `address` itself; 0 unless mapped */
    ULONGLONG broken;   /* the reserved bits that are set */
    struct pagewalk_level levels[PAGEWALK_LEVELS]; /* (PDPTE,) PDE, PTE */
    struct pagewalk_verdict verdicts[PAGEWALK_ASKERS][PAGEWALK_KINDS];
    ULONG page_size;                          /* bytes; 0 unless mapped */
    UCHAR user, write, no_execute, is_global; /* AND, AND, OR over the levels; of the last level */
};

/* In front of the records. */
struct pagewalk_head {
    ULONG count; /* records */
    ULONG more;  /* 1: there are others; the question for them has these two */
    ULONG process, address;
};

/* Pages that are mapped alike and whose frames follow each other, or that are broken alike. */
struct pagewalk_range {
    ULONG first, last;  /* linear addresses, both included */
    ULONGLONG physical; /* of `first`; 0 if broken */
    ULONG page_size;    /* bytes; 0 if broken */
    UCHAR stop;         /* enum pagewalk_stop */
    UCHAR user, write, no_execute, is_global;
    UCHAR can[PAGEWALK_ASKERS]; /* a bit (1 << kind) for each access that is allowed */
    UCHAR is_there;             /* 0 in a difference: this side has nothing */
    ULONG reserved;
};

struct pagewalk_mapping {
    ULONG process, address;
};

/* A stretch over which two spaces differ; each side is whole, or not there. */
struct pagewalk_difference {
    struct pagewalk_range sides[2];
};

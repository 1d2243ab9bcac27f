/*
 * Virtual address descriptors: the ranges of a process that are in use, and what each of their
 * pages may do. The page tables hold only pages that have been touched; what a fault may bring is
 * decided here.
 *
 *     mm_space.vads --> [start..last] --> [start..last] --> ...      ascending, disjoint
 *                        pages[]: a byte each
 *
 *     page state   7  6 | 5       4     | 3..0
 *                   0   | NOCACHE GUARD | 1 + log2 of the base protection; 0: reserved only
 *
 * Cost: finding a range is linear in the ranges before it (a process has some dozens), a page's
 * state is one access; a range takes a byte per page, so a process at most 512 KiB.
 *
 * All addresses are linear, of the process half up to VAD_LAST; ranges are whole pages. `space`
 * need not be the current one. Protections are PAGE_ values (nt/mm.h).
 */
#pragma once

#include "mm/layout.h"
#include "mm/space.h"
#include "nt/mm.h"
#include "nt/ntstatus.h"

struct mm_backing;

#define VAD_GRANULARITY 0x10000u    /* where a range that is chosen for the caller begins */
#define VAD_LAST        0x7FFDFFFFu /* behind it only shared user data, which is no range */

struct mm_vad {
    LIST_ENTRY link;
    ULONG start, last;          /* bytes, both included */
    ULONG type;                 /* MEM_PRIVATE, MEM_IMAGE, MEM_MAPPED */
    ULONG protect;              /* when it was allocated */
    BOOLEAN secured;            /* ring 3 may neither free nor protect it: PEB and TEBs */
    BOOLEAN unmap_in_child;     /* a view made with ViewUnmap */
    struct mm_backing *backing; /* of a view, which holds a reference; else NULL */
    ULONG backing_page;         /* the one that the view begins with */
    UCHAR *pages;               /* pool: their states */
};

/* ---- Protections (vad_protect.c) ---- */

/* TRUE for one base protection with at most one of PAGE_GUARD and PAGE_NOCACHE, and not with
 * PAGE_NOACCESS. */
BOOLEAN vad_is_protection(ULONG protect);

/* TRUE if memory allocated or mapped with `outer` may have `inner` (base protections). */
BOOLEAN vad_is_compatible(ULONG inner, ULONG outer);

UCHAR vad_page_state(ULONG protect);
ULONG vad_page_protect(UCHAR state); /* 0 if it is only reserved */

/* TRUE if instructions may be fetched under this protection. */
BOOLEAN vad_is_executable(ULONG protect);

/* What the MMU is told: rights for mm_map. Without NX whatever can be read can be executed. */
ULONG vad_page_rights(ULONG protect);

/* PAGE_READWRITE for PAGE_WRITECOPY, its execute form and modifiers alike; others unchanged. */
ULONG vad_written(ULONG protect);
/* And back. */
ULONG vad_unwritten(ULONG protect);

/* ---- Ranges (vad.c) ---- */

/* The range that holds an address, or NULL. */
struct mm_vad *mm_vad_find(const struct mm_space *space, ULONG address);

/* TRUE if no range touches [start, last], which lies inside USER_START..VAD_LAST. */
BOOLEAN mm_vad_is_free(const struct mm_space *space, ULONG start, ULONG last);

/*
 * The lowest (`top_down`: the highest) place for `bytes` on a multiple of VAD_GRANULARITY, below
 * VAD_LAST >> zero_bits; 0 if there is none.
 */
ULONG mm_vad_gap(const struct mm_space *space, ULONG bytes, ULONG zero_bits, BOOLEAN top_down);

/* Enters a range with all pages reserved; the place is free. NULL if memory is short. */
struct mm_vad *vad_insert(struct mm_space *space, ULONG start, ULONG last, ULONG type,
                          ULONG protect);
void vad_remove(struct mm_vad *vad);

/*
 * Takes [start, last] out of a range, whose pages there are gone: it becomes shorter, two, or none.
 * STATUS_SUCCESS or STATUS_NO_MEMORY (nothing changed). Not for views.
 */
NTSTATUS vad_cut(struct mm_vad *vad, ULONG start, ULONG last);

static inline ULONG vad_index(const struct mm_vad *vad, ULONG address)
{
    return (address - vad->start) >> PAGE_SHIFT;
}

/* ---- What is done to them (virtual.c) ---- */

/* Where, in bytes: whole pages, in a caller's variables. */
struct mm_range {
    ULONG base, bytes;
};

/*
 * Reserves range->bytes (rounded up to pages, not 0) at range->base, or where there is room if that
 * is 0; MEM_TOP_DOWN in `type` looks from above, MEM_COMMIT commits too. *range becomes what was
 * taken. STATUS_SUCCESS; STATUS_CONFLICTING_ADDRESSES (taken, or outside the process's half);
 * STATUS_NO_MEMORY (no room, or the kernel's memory is short); STATUS_COMMITMENT_LIMIT.
 */
NTSTATUS mm_vad_reserve(struct mm_space *space, struct mm_range *range, ULONG zero_bits, ULONG type,
                        ULONG protect);

/*
 * Commits the pages that the range touches; those that are already get the protection.
 * STATUS_SUCCESS; STATUS_CONFLICTING_ADDRESSES (not inside one range); STATUS_ALREADY_COMMITTED (a
 * view); STATUS_COMMITMENT_LIMIT.
 */
NTSTATUS mm_vad_commit(struct mm_space *space, struct mm_range *range, ULONG protect);

/*
 * `type` MEM_DECOMMIT: the pages are reserved only again; MEM_RELEASE: they are free. bytes 0 means
 * all of a range, whose first page base must be in. *range becomes what was meant.
 * STATUS_SUCCESS; STATUS_MEMORY_NOT_ALLOCATED; STATUS_FREE_VM_NOT_AT_BASE (bytes 0);
 * STATUS_UNABLE_TO_FREE_VM (more than one range); STATUS_UNABLE_TO_DELETE_SECTION (a view);
 * STATUS_NO_MEMORY (a range became two).
 */
NTSTATUS mm_vad_free(struct mm_space *space, struct mm_range *range, ULONG type);

/*
 * Gives the pages that the range touches a new protection; *old (of the first page).
 * STATUS_SUCCESS; STATUS_CONFLICTING_ADDRESSES; STATUS_NOT_COMMITTED (one of them is not);
 * STATUS_INVALID_PARAMETER_4 (write-copy for private memory); STATUS_SECTION_PROTECTION (more than
 * the view was mapped for).
 */
NTSTATUS mm_vad_protect(struct mm_space *space, struct mm_range *range, ULONG protect, ULONG *old);

/* What NtQueryVirtualMemory says about an address below USER_END. */
void mm_vad_query(const struct mm_space *space, ULONG address, MEMORY_BASIC_INFORMATION *info);

/*
 * Maps `pages` of a backing from `first` on, at range->base or, if that is 0, where there is room.
 * The view takes a reference of its own. MEM_IMAGE takes each page's protection from the backing
 * and maps at once what it has; MEM_MAPPED gives all `protect` and maps at the first touch;
 * MEM_TOP_DOWN added looks for room from above.
 * STATUS_SUCCESS; STATUS_CONFLICTING_ADDRESSES; STATUS_NO_MEMORY.
 */
NTSTATUS mm_vad_map(struct mm_space *space, struct mm_range *range, struct mm_backing *backing,
                    ULONG first, ULONG zero_bits, ULONG type, ULONG protect);

/* Unmaps the view that holds the address: STATUS_SUCCESS or STATUS_NOT_MAPPED_VIEW. */
NTSTATUS mm_vad_unmap(struct mm_space *space, ULONG address);

/* Frees all ranges. */
void mm_vad_release_all(struct mm_space *space);

/* A page of a range gets its frame: what mm_fault does once it is allowed. STATUS_NO_MEMORY. */
NTSTATUS mm_vad_bring(struct mm_space *space, struct mm_vad *vad, ULONG page);

/* A write-copy page becomes the process's own. STATUS_NO_MEMORY. */
NTSTATUS mm_vad_copy_on_write(struct mm_space *space, struct mm_vad *vad, ULONG page);

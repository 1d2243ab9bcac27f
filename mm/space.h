/*
 * Address spaces: a page directory each; the kernel half (KERNEL_BASE and up) is shared, except
 * for the self-map entry, which is each directory's own.
 */
#pragma once

#include "mm/frame.h"
#include "nt/ntstatus.h"
#include "paging.h"

struct mm_space {
    ULONG cr3; /* physical address of the page directory, of the PDPTEs under PAE; bytes */
    LIST_ENTRY link;
    LIST_ENTRY vads; /* the process half's ranges, ascending (mm/vad.h) */
};

/* The System process's space: the boot page directory. */
extern struct mm_space mm_system_space;

/*
 * Takes over the boot page directory: the identity map of the boot code and the page below the
 * stack go, global pages come where the CPU has them, and SMEP: the kernel executes no page of
 * ring 3. Call once, after frame_init and its ranges.
 */
void mm_space_init(void);

/* Makes a space with an empty process half, or returns NULL if memory is short. */
struct mm_space *mm_space_create(void);

/*
 * Frees the process half (ranges, pages and tables; each page gives back one owner of its frame) and
 * the directory. The space must not be current.
 */
void mm_space_destroy(struct mm_space *space);

/* Makes a space current (CR3); returns the one that was. */
struct mm_space *mm_space_switch(struct mm_space *space);
struct mm_space *mm_space_current(void);

/* Takes a frame and zeroes it; FRAME_NONE if there is none. */
frame_number mm_zeroed_frame(void);

/* Makes the copy of one frame's bytes in another. */
void mm_copy_frame(frame_number to, frame_number from);

/*
 * Maps one page at `address` (page-aligned, not mapped yet) to a frame; `rights` out of PAGE_WRITE,
 * PAGE_USER, PAGE_CACHE_DISABLE, PAGE_CODE, or PAGE_HELD alone: the page keeps its frame and is not present.
 * STATUS_NO_MEMORY if there is no frame for a page table.
 */
NTSTATUS mm_map(struct mm_space *space, ULONG address, frame_number frame, ULONG rights);

/*
 * Takes a 4 KiB page away, held ones too; returns its frame (still the caller's), FRAME_NONE if not
 * mapped.
 */
frame_number mm_unmap(struct mm_space *space, ULONG address);

/* The frame of a 4 KiB page, held ones too; FRAME_NONE if not mapped. */
frame_number mm_frame_at(const struct mm_space *space, ULONG address);

/* Gives a mapped 4 KiB page new rights, as for mm_map. */
void mm_protect(struct mm_space *space, ULONG address, ULONG rights);

/* How many page tables of the kernel's half have been made; none of them goes again. */
ULONG mm_kernel_tables(void);

/* TRUE if [address, address + bytes) has no page in the space. */
BOOLEAN mm_is_range_free(const struct mm_space *space, ULONG address, ULONG bytes);

/* One access of the CPU, in ring 0 or ring 3, and what came of it. */
#pragma once

#include "mm/space.h"
#include "mm/walk.h"

/* Where ring 3's instructions lie; the page must be free in the space. */
#define MMU_CODE 0x00400000u

struct mmu_outcome {
    LONG error;   /* the #PF's code, or WALK_ALLOWED */
    ULONG value;  /* that was read */
    BOOLEAN sane; /* FALSE: another trap, or at another place, or for another address */
};

/* Takes over #PF and #UD, which ends each access; maps ring 3's instructions. Undone by mmu_end. */
void mmu_begin(struct mm_space *space);
void mmu_end(struct mm_space *space);

/*
 * Reads or writes (`value`) four bytes at `address`, or jumps there; `eflags` holds AC or 0. The space
 * is current. A fetch that is allowed must find ud2 there.
 */
struct mmu_outcome mmu_access(ULONG cpl, enum walk_kind kind, ULONG address, ULONG value,
                              ULONG eflags);

/*
 * System PTEs: linear addresses from SYSTEM_PTES_START for driver images and for physical memory
 * outside the direct map. A reservation is whole pages, first fit, lowest first.
 */
#pragma once

#include "nt/ntstatus.h"

/* Reserves linear addresses for `pages` pages, nothing mapped. 0 if no gap is large enough. */
ULONG system_pte_reserve(ULONG pages);

/* Gives the reservation at `address` back; its pages must be unmapped already. */
void system_pte_release(ULONG address);

/*
 * Makes [physical, physical + bytes) readable and writable: through the direct map where it lies
 * inside, else through system PTEs. NULL if there is no room. Mapped for good.
 */
void *mm_map_physical(ULONG physical, ULONG bytes);

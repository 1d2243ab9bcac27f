/* What the current tables say about an address, through the walk. */
#pragma once

#include "mm/walk.h"

/* Learns the paging format from CR4. Before all other calls here. */
void mm_walk_init(void);

/* Walks an address in the current space under the CPU's present format. */
struct walk mm_walk(ULONG address);

/* The physical address of a linear one, 0 if none (WDK: MmGetPhysicalAddress). Any IRQL. */
PHYSICAL_ADDRESS NTAPI MmGetPhysicalAddress(PVOID address);

/* TRUE if touching the address would not fault (WDK: MmIsAddressValid). Any IRQL. */
BOOLEAN NTAPI MmIsAddressValid(PVOID address);

/* As MmIsAddressValid, as a ULONG for backtrace_walk. */
BOOLEAN mm_is_readable(ULONG address);

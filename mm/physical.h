/* What the current tables say about an address, through the walk. */
#pragma once

#include "mm/walk.h"

/* Learns what the CPU has. Before all other calls here, and again when EFER has changed. */
void mm_walk_init(void);

/* How the walk reads page tables: through the direct map. */
extern const struct walk_memory mm_walk_memory;

/* The CPU's present registers with a space's cr3, to walk or scan it (EFLAGS.AC as clear). */
struct walk_registers mm_walk_registers(ULONG cr3);

/* Walks an address in the current space under the CPU's present registers (EFLAGS.AC as clear). */
struct walk mm_walk(ULONG address);

/* The physical address of a linear one, 0 if none (WDK: MmGetPhysicalAddress). Any IRQL. */
PHYSICAL_ADDRESS NTAPI MmGetPhysicalAddress(PVOID address);

/* TRUE if touching the address would not fault (WDK: MmIsAddressValid). Any IRQL. */
BOOLEAN NTAPI MmIsAddressValid(PVOID address);

/* As MmIsAddressValid, as a ULONG for backtrace_walk. */
BOOLEAN mm_is_readable(ULONG address);

/*
 * Memory descriptor lists: a buffer as the frames it lies in, so that a driver can reach it in any
 * address space (WDK: Using MDLs).
 *
 *   MDL | frame number of page 0 | page 1 | ...      StartVa (page-aligned) + ByteOffset: the
 * buffer
 *
 * Locking makes the pages of a process present and becomes an owner of their frames: what the
 * process unmaps meanwhile, or dies with, stays until it is unlocked. The kernel's pages stay anyway.
 */
#pragma once

#include "nt/io.h"
#include "nt/ntstatus.h"

/* An MDL for `length` bytes (at least 1) at `address`, nothing locked. NULL if memory is
 * short or the buffer is above 31 MiB. */
PMDL mdl_create(PVOID address, ULONG length);

/* Unlocks and frees it. */
void mdl_destroy(PMDL mdl);

/*
 * Writes down the frames of the buffer in the current space. Pages of the process come if they were
 * not touched yet; others must be present, and with `write` writable. UserMode: the process's only.
 * STATUS_SUCCESS, or with nothing locked: STATUS_ACCESS_VIOLATION, STATUS_GUARD_PAGE_VIOLATION,
 * STATUS_IN_PAGE_ERROR; STATUS_INSUFFICIENT_RESOURCES (a page locked too often).
 */
NTSTATUS mdl_lock(PMDL mdl, KPROCESSOR_MODE mode, BOOLEAN write);

/* mdl_lock for drivers; `operation` 0 is IoReadAccess. A failure is raised: bugcheck 1E. */
VOID NTAPI MmProbeAndLockPages(PMDL mdl, KPROCESSOR_MODE mode, ULONG operation);

/* A buffer that is in nonpaged pool, or another place where the kernel always reaches it. */
VOID NTAPI MmBuildMdlForNonPagedPool(PMDL mdl);

/*
 * Maps the locked pages into system space. The buffer's address there, until MmUnmapLockedPages or
 * MmUnlockPages; NULL if there is no room. Only KernelMode; `cache`, `base`, `bugcheck` and
 * `priority` have no meaning here.
 */
PVOID NTAPI MmMapLockedPagesSpecifyCache(PMDL mdl, KPROCESSOR_MODE mode, ULONG cache, PVOID base,
                                         ULONG bugcheck, ULONG priority);

/* The same for drivers of NT 4 and 2000; without room bugcheck 3F. */
PVOID NTAPI MmMapLockedPages(PMDL mdl, KPROCESSOR_MODE mode);
VOID NTAPI MmUnmapLockedPages(PVOID address, PMDL mdl);

/* Takes the mapping, if there is one, and the lock away. */
VOID NTAPI MmUnlockPages(PMDL mdl);

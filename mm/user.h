/*
 * Memory of ring 3, touched by the kernel: nothing that a program passes or does meanwhile can hurt.
 * Everything is about the current space (mm_space_current).
 *
 * The copies run in mm/user_copy.S. A fault there is first offered to mm_fault, like every other;
 * what stays a fault goes on at the copy's failure exit (mm_recover).
 */
#pragma once

#include "mm/layout.h"
#include "nt/ntstatus.h"

struct trap_frame;

/* TRUE if the range ends below USER_END, without wrapping round. */
static inline BOOLEAN mm_is_user_range(const void *address, ULONG bytes)
{
    return bytes <= USER_END && (ULONG)address <= USER_END - bytes;
}

/*
 * Copies `bytes` (0 is no access at all). STATUS_SUCCESS. STATUS_ACCESS_VIOLATION if the user range
 * does not end below USER_END, or a page of it may not be touched so; STATUS_GUARD_PAGE_VIOLATION if
 * one was a guard page (it is none any more); STATUS_IN_PAGE_ERROR without memory. After a failure
 * the bytes in front of the fault may be copied, none behind it.
 */
NTSTATUS FASTCALL mm_copy_from_user(void *to, const void *from, ULONG bytes);
NTSTATUS FASTCALL mm_copy_to_user(void *to, const void *from, ULONG bytes);

/*
 * Judges the range alone, touching nothing, as ProbeForRead (WDK); `alignment` is a power of two.
 * STATUS_SUCCESS, also for 0 bytes anywhere; STATUS_DATATYPE_MISALIGNMENT; STATUS_ACCESS_VIOLATION
 * if it wraps round or ends above USER_END.
 */
static inline NTSTATUS mm_probe_read(const void *address, ULONG bytes, ULONG alignment)
{
    if (!bytes)
        return STATUS_SUCCESS;
    if ((ULONG)address & (alignment - 1))
        return STATUS_DATATYPE_MISALIGNMENT;
    return mm_is_user_range(address, bytes) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

/*
 * As mm_probe_read, and makes every page of the range present and writable, or fails as
 * mm_copy_to_user does. That lasts until the caller waits.
 */
NTSTATUS FASTCALL mm_probe_write(void *address, ULONG bytes, ULONG alignment);

/*
 * For the page-fault handler, when mm_fault could not help: if the frame is that of a guarded copy,
 * it is made to go on at the failure exit with mm_fault's last status. FALSE if it is not.
 */
BOOLEAN mm_recover(struct trap_frame *frame);

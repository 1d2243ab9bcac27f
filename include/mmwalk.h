/*
 * The kernel's walk for drivers: exports of ntoskrnl.exe that are this system's own. NT has none of
 * them. Records: ioctl/pagewalk.h, which whoever includes this has included.
 *
 * A process is an id, 0 the current one. Statuses: STATUS_SUCCESS, STATUS_INVALID_CID,
 * STATUS_PROCESS_IS_TERMINATING, and what is named below. Nothing is allocated or touched but what
 * is answered. The tables are read in one go: kernel code is not preempted.
 */
#pragma once

/* Walks one linear address. */
NTSTATUS NTAPI MmWalkAddress(ULONG process, ULONG address, struct pagewalk_record *record);

/*
 * The ranges that are mapped from the page of `address` on: head->count of them, at most `room`. A
 * range that begins before is given from that page on.
 */
NTSTATUS NTAPI MmScanRanges(ULONG process, ULONG address, ULONG room, struct pagewalk_head *head,
                            struct pagewalk_range *ranges);

/*
 * The pages that map the byte at `physical`, from a process (0: the first one) and there from the
 * page of `address` on: processes in the order of their ids, those that have ended left out. Always
 * STATUS_SUCCESS.
 */
NTSTATUS NTAPI MmFindMappings(ULONGLONG physical, ULONG process, ULONG address, ULONG room,
                              struct pagewalk_head *head, struct pagewalk_mapping *mappings);

/* The stretches over which two processes' spaces differ, from the page of `address` on. */
NTSTATUS NTAPI MmCompareSpaces(ULONG process, ULONG other, ULONG address, ULONG room,
                               struct pagewalk_head *head, struct pagewalk_difference *differences);

/*
 * Copies physical memory: RAM, whoever it belongs to, and the VGA's text page. Nothing that may be a
 * device's is ever touched: then STATUS_INVALID_PARAMETER, and nothing is copied; so too for frame 0
 * and for RAM that the kernel has taken out of its map (the guard below a stack of boot).
 */
NTSTATUS NTAPI MmReadPhysicalMemory(ULONGLONG physical, PVOID to, ULONG bytes);

/*
 * Virtual memory services (WDK and Win32: VirtualAlloc and its sisters). Base and size are in bytes
 * and become what was meant after rounding; on failure they are as they were. For
 * NtCurrentProcess() they act on the current space.
 *
 * Common statuses: those of ps_reference_process for the handle (PROCESS_VM_OPERATION; READ, WRITE,
 * QUERY_INFORMATION where the name says so).
 */
#pragma once

#include "nt/mm.h"
#include "nt/ntstatus.h"
#include "nt/ob.h"

struct mm_space;

struct process;

/* The space that a process handle means. */
struct vm_target {
    struct mm_space *space;
    struct process *process; /* with a pointer, until vm_close */
};

/* STATUS_PROCESS_IS_TERMINATING: its space is gone; STATUS_ACCESS_DENIED: ring 3 means the System
 * process; the statuses of ps_reference_process. */
NTSTATUS vm_open(HANDLE process, ACCESS_MASK access, struct vm_target *target);
void vm_close(const struct vm_target *target);

/*
 * Reserves (rounded down to 64 KiB, or anywhere if *base is 0) and commits. `type` of MEM_RESERVE,
 * MEM_COMMIT (with base 0 it reserves too), MEM_TOP_DOWN; MEM_RESET alone changes nothing.
 * STATUS_INVALID_PARAMETER_2 (base above the process), _3 (zero bits), _4 (size 0, or beyond the
 * process), _5 (type); STATUS_INVALID_PAGE_PROTECTION (and for the PEB and TEBs); statuses of
 * mm_vad_reserve, mm_vad_commit.
 */
NTSTATUS NTAPI NtAllocateVirtualMemory(HANDLE process, PVOID *base, ULONG zero_bits, SIZE_T *size,
                                       ULONG type, ULONG protect);

/*
 * `type` is MEM_DECOMMIT or MEM_RELEASE; a part of a range can be released too.
 * STATUS_INVALID_PARAMETER_2, _3, _4 (type); STATUS_INVALID_PAGE_PROTECTION (PEB, TEB); statuses of
 * mm_vad_free.
 */
NTSTATUS NTAPI NtFreeVirtualMemory(HANDLE process, PVOID *base, SIZE_T *size, ULONG type);

/*
 * STATUS_INVALID_PAGE_PROTECTION; STATUS_INVALID_PARAMETER_2, _3 (size 0 or beyond); statuses of
 * mm_vad_protect.
 */
NTSTATUS NTAPI NtProtectVirtualMemory(HANDLE process, PVOID *base, SIZE_T *size, ULONG protect,
                                      PULONG old);

/*
 * MemoryBasicInformation and MemorySectionName (UNICODE_STRING of the image's file, text behind it).
 * STATUS_INVALID_INFO_CLASS, STATUS_INFO_LENGTH_MISMATCH, STATUS_INVALID_PARAMETER (no user address);
 * for the name STATUS_INVALID_ADDRESS (no view of a file), STATUS_BUFFER_OVERFLOW.
 */
NTSTATUS NTAPI NtQueryVirtualMemory(HANDLE process, PVOID address, ULONG class, PVOID buffer,
                                    SIZE_T length, SIZE_T *returned);

/*
 * Copies between a process and the caller; *done (optional) is how much. STATUS_PARTIAL_COPY if a
 * page on the other side could not be touched so; STATUS_ACCESS_VIOLATION if one of the caller's.
 */
NTSTATUS NTAPI NtReadVirtualMemory(HANDLE process, PVOID address, PVOID buffer, SIZE_T bytes,
                                   SIZE_T *done);
NTSTATUS NTAPI NtWriteVirtualMemory(HANDLE process, PVOID address, PVOID buffer, SIZE_T bytes,
                                    SIZE_T *done);

/* An x86 sees what it wrote: only the handle is looked at. */
NTSTATUS NTAPI NtFlushInstructionCache(HANDLE process, PVOID address, SIZE_T bytes);

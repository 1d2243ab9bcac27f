/*
 * What NtQuerySystemInformation, NtQueryInformationProcess and NtQueryInformationThread report, and
 * NtSetSystemInformation and NtShutdownSystem take (winternl.h; Windows 2000's layouts). Classes of
 * our own have numbers from 8000h on.
 */
#pragma once

#include "nt/ntdef.h"

/* ---- NtQuerySystemInformation ---- */

#define SystemBasicInformation          0u
#define SystemProcessInformation        5u
#define SystemExtendedHandleInformation 64u

/* Ours: struct vtp_counts; a ULONG that switches the trace of IRPs (also set). */
#define SystemCountInformation 0x8000u
#define SystemIrpTrace         0x8001u

#ifndef _WINTERNL_ /* a program has these from there */
typedef struct _SYSTEM_BASIC_INFORMATION {
    ULONG Reserved;
    ULONG TimerResolution;
    ULONG PageSize;
    ULONG NumberOfPhysicalPages;
    ULONG LowestPhysicalPageNumber;
    ULONG HighestPhysicalPageNumber;
    ULONG AllocationGranularity;
    ULONG_PTR MinimumUserModeAddress;
    ULONG_PTR MaximumUserModeAddress;
    ULONG_PTR ActiveProcessorsAffinityMask;
    CCHAR NumberOfProcessors;
} SYSTEM_BASIC_INFORMATION, *PSYSTEM_BASIC_INFORMATION;

/* One for each process; NextEntryOffset (bytes, 0 in the last) leads on; names lie behind. */
typedef struct _SYSTEM_PROCESS_INFORMATION {
    ULONG NextEntryOffset;
    ULONG NumberOfThreads;
    LARGE_INTEGER Reserved[3];
    LARGE_INTEGER CreateTime;
    LARGE_INTEGER UserTime;
    LARGE_INTEGER KernelTime;
    UNICODE_STRING ImageName;
    LONG BasePriority;
    HANDLE UniqueProcessId;
    HANDLE InheritedFromUniqueProcessId;
    ULONG HandleCount;
    ULONG SessionId;
    ULONG PageDirectoryBase; /* Windows 2000: reserved; here the process's CR3 */
} SYSTEM_PROCESS_INFORMATION, *PSYSTEM_PROCESS_INFORMATION;
#endif

/* As Windows XP's: the older record has no room for a handle of more than 16 bits. */
typedef struct _SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX {
    PVOID Object;
    ULONG_PTR UniqueProcessId;
    ULONG_PTR HandleValue;
    ACCESS_MASK GrantedAccess;
    USHORT CreatorBackTraceIndex;
    USHORT ObjectTypeIndex; /* 0: NtQueryObject tells the type */
    ULONG HandleAttributes;
    ULONG Reserved;
} SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX, *PSYSTEM_HANDLE_TABLE_ENTRY_INFO_EX;

typedef struct _SYSTEM_HANDLE_INFORMATION_EX {
    ULONG_PTR NumberOfHandles;
    ULONG_PTR Reserved;
    SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX Handles[1];
} SYSTEM_HANDLE_INFORMATION_EX, *PSYSTEM_HANDLE_INFORMATION_EX;

/* What is alive at this moment. */
struct vtp_counts {
    ULONG objects, handles, types;
    ULONG pool_blocks, pool_bytes, pool_pages;
    ULONG frames_usable, frames_free;
    ULONG kernel_tables; /* page tables of the kernel's half: they stay, once they are made */
    ULONG context_switches;
};

/* ---- NtQueryInformationProcess, NtQueryInformationThread ---- */

#define ProcessBasicInformation 0u
#define ThreadBasicInformation  0u
#define ThreadBasePriority      3u
#define ThreadZeroTlsCell       10u /* set: ULONG, a TLS slot that all threads lose the value of */
#define ThreadAmILastThread     12u /* query: ULONG, TRUE if the current process has no other */

#ifndef _WINTERNL_
typedef struct _PROCESS_BASIC_INFORMATION {
    NTSTATUS ExitStatus;
    PVOID PebBaseAddress;
    ULONG_PTR AffinityMask;
    LONG BasePriority;
    ULONG_PTR UniqueProcessId;
    ULONG_PTR InheritedFromUniqueProcessId;
} PROCESS_BASIC_INFORMATION, *PPROCESS_BASIC_INFORMATION;
#endif

typedef struct _THREAD_BASIC_INFORMATION {
    NTSTATUS ExitStatus;
    PVOID TebBaseAddress;
    HANDLE UniqueProcess, UniqueThread;
    ULONG_PTR AffinityMask;
    LONG Priority;
    LONG BasePriority;
} THREAD_BASIC_INFORMATION, *PTHREAD_BASIC_INFORMATION;

/* ---- NtShutdownSystem ---- */

#define ShutdownNoReboot 0u
#define ShutdownReboot   1u
#define ShutdownPowerOff 2u
/* Ours: the same as ShutdownNoReboot, but an emulator is told that the run has failed. */
#define ShutdownFailed 0x8000u

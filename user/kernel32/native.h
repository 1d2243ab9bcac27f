/*
 * The native calls under kernel32: ntdll's header, and what of Windows 2000's native interface only
 * kernel32 uses.
 */
#pragma once

#include "ntdll/ntdll.h"

#include <stddef.h>

#include "nt/ntdef.h"

/* ---- Handles and objects ---- */

NTSTATUS NTAPI NtDuplicateObject(HANDLE source_process, HANDLE source, HANDLE target_process,
                                 PHANDLE target, ACCESS_MASK access, ULONG attributes,
                                 ULONG options);
NTSTATUS NTAPI NtSetInformationObject(HANDLE handle, OBJECT_INFORMATION_CLASS class, PVOID data,
                                      ULONG bytes);
NTSTATUS NTAPI NtOpenDirectoryObject(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where);
NTSTATUS NTAPI NtQueryDirectoryObject(HANDLE directory, PVOID buffer, ULONG bytes,
                                      BOOLEAN single_entry, BOOLEAN restart, PULONG context,
                                      PULONG returned);
NTSTATUS NTAPI NtCreateSymbolicLinkObject(PHANDLE handle, ACCESS_MASK access,
                                          POBJECT_ATTRIBUTES where, PUNICODE_STRING target);
NTSTATUS NTAPI NtOpenSymbolicLinkObject(PHANDLE handle, ACCESS_MASK access,
                                        POBJECT_ATTRIBUTES where);
NTSTATUS NTAPI NtQuerySymbolicLinkObject(HANDLE link, PUNICODE_STRING target, PULONG returned);
NTSTATUS NTAPI NtMakeTemporaryObject(HANDLE handle);

/* NtSetInformationObject's handle flags; winternl.h has the record, OBJECT_DATA_INFORMATION. */
#define OBJECT_HANDLE_FLAGS ((OBJECT_INFORMATION_CLASS)4)

#define DIRECTORY_QUERY          0x0001
#define DIRECTORY_TRAVERSE       0x0002
#define DIRECTORY_ALL_ACCESS     0x000F000F
#define SYMBOLIC_LINK_QUERY      0x0001
#define SYMBOLIC_LINK_ALL_ACCESS 0x000F0001

/* An entry of NtQueryDirectoryObject; the last has no name. */
struct nt_directory_entry {
    UNICODE_STRING name, type;
};

/* ---- Files ---- */

NTSTATUS NTAPI NtReadFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc, PVOID context,
                          PIO_STATUS_BLOCK io, PVOID buffer, ULONG bytes, PLARGE_INTEGER offset,
                          PULONG key);
NTSTATUS NTAPI NtWriteFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc, PVOID context,
                           PIO_STATUS_BLOCK io, PVOID buffer, ULONG bytes, PLARGE_INTEGER offset,
                           PULONG key);
NTSTATUS NTAPI NtCancelIoFile(HANDLE file, PIO_STATUS_BLOCK io);
NTSTATUS NTAPI NtQueryAttributesFile(POBJECT_ATTRIBUTES where, PFILE_BASIC_INFORMATION data);
NTSTATUS NTAPI NtQueryDirectoryFile(HANDLE directory, HANDLE event, PIO_APC_ROUTINE apc,
                                    PVOID context, PIO_STATUS_BLOCK io, PVOID buffer, ULONG bytes,
                                    FILE_INFORMATION_CLASS class, BOOLEAN single_entry,
                                    PUNICODE_STRING pattern, BOOLEAN restart);

/* ---- Memory ---- */

typedef enum { NT_VIEW_SHARE = 1, NT_VIEW_UNMAP = 2 } SECTION_INHERIT;

NTSTATUS NTAPI NtAllocateVirtualMemory(HANDLE process, PVOID *base, ULONG zero_bits, PSIZE_T bytes,
                                       ULONG type, ULONG protection);
NTSTATUS NTAPI NtFreeVirtualMemory(HANDLE process, PVOID *base, PSIZE_T bytes, ULONG type);
NTSTATUS NTAPI NtProtectVirtualMemory(HANDLE process, PVOID *base, PSIZE_T bytes, ULONG protection,
                                      PULONG old);
/* Fills a MEMORY_BASIC_INFORMATION. */
#define MEMORY_BASIC 0

NTSTATUS NTAPI NtQueryVirtualMemory(HANDLE process, const VOID *address, ULONG class, PVOID data,
                                    SIZE_T bytes, PSIZE_T returned);
NTSTATUS NTAPI NtReadVirtualMemory(HANDLE process, const VOID *address, PVOID buffer, SIZE_T bytes,
                                   PSIZE_T done);
NTSTATUS NTAPI NtWriteVirtualMemory(HANDLE process, PVOID address, const VOID *buffer, SIZE_T bytes,
                                    PSIZE_T done);
NTSTATUS NTAPI NtFlushInstructionCache(HANDLE process, const VOID *address, SIZE_T bytes);
NTSTATUS NTAPI NtCreateSection(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where,
                               PLARGE_INTEGER size, ULONG protection, ULONG attributes,
                               HANDLE file);
NTSTATUS NTAPI NtOpenSection(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where);
NTSTATUS NTAPI NtMapViewOfSection(HANDLE section, HANDLE process, PVOID *base, ULONG zero_bits,
                                  SIZE_T commit, PLARGE_INTEGER offset, PSIZE_T bytes,
                                  SECTION_INHERIT inherit, ULONG type, ULONG protection);
NTSTATUS NTAPI NtUnmapViewOfSection(HANDLE process, const VOID *base);

/* ---- Processes and threads ---- */

/* Classes and records of NtQueryInformationThread and NtSetInformationThread. */
#define THREAD_BASIC         ((THREADINFOCLASS)0)  /* struct nt_thread_basic */
#define THREAD_BASE_PRIORITY ((THREADINFOCLASS)3)  /* LONG, relative to the process's */
#define THREAD_ZERO_TLS_CELL ((THREADINFOCLASS)10) /* ULONG: a slot, emptied in all threads */
#define THREAD_AM_I_LAST     ((THREADINFOCLASS)12) /* ULONG */

struct nt_thread_basic {
    NTSTATUS exit_status;
    PVOID teb;
    CLIENT_ID id;
    ULONG_PTR affinity;
    LONG priority, base_priority;
};

#define PROCESS_BASIC ((PROCESSINFOCLASS)0) /* struct nt_process_basic */

struct nt_process_basic {
    NTSTATUS exit_status; /* STATUS_PENDING while it runs */
    struct nt_peb *peb;
    ULONG_PTR affinity;
    LONG base_priority;
    ULONG_PTR id, parent_id;
};

/* Where the kernel writes a new thread's stack into its TEB. */
struct nt_initial_teb {
    PVOID previous_base, previous_limit;
    PVOID stack_base, stack_limit, stack_allocation;
};

NTSTATUS NTAPI NtCreateProcess(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                               HANDLE parent, BOOLEAN inherit_handles, HANDLE section,
                               HANDLE debug_port, HANDLE exception_port);
NTSTATUS NTAPI NtOpenProcess(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                             CLIENT_ID *id);
NTSTATUS NTAPI NtTerminateProcess(HANDLE process, NTSTATUS status);
NTSTATUS NTAPI NtCreateThread(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                              HANDLE process, CLIENT_ID *id, PCONTEXT context,
                              struct nt_initial_teb *teb, BOOLEAN suspended);
NTSTATUS NTAPI NtOpenThread(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                            CLIENT_ID *id);
NTSTATUS NTAPI NtTerminateThread(HANDLE thread, NTSTATUS status);
NTSTATUS NTAPI NtSuspendThread(HANDLE thread, PULONG previous);
NTSTATUS NTAPI NtResumeThread(HANDLE thread, PULONG previous);
NTSTATUS NTAPI NtGetContextThread(HANDLE thread, PCONTEXT context);
NTSTATUS NTAPI NtSetContextThread(HANDLE thread, const CONTEXT *context);
NTSTATUS NTAPI NtSetInformationThread(HANDLE thread, THREADINFOCLASS class, PVOID data,
                                      ULONG bytes);
NTSTATUS NTAPI NtYieldExecution(VOID);
NTSTATUS NTAPI NtDelayExecution(BOOLEAN alertable, PLARGE_INTEGER interval);

/* The loader's part of an end: DLLs are told with DLL_PROCESS_DETACH or DLL_THREAD_DETACH. */
NTSTATUS NTAPI LdrShutdownProcess(VOID);
NTSTATUS NTAPI LdrShutdownThread(VOID);

/* ---- Dispatcher objects ---- */

/* Who a signal wakes: all who wait, until it is reset; one of them, and that resets it. */
enum { NT_NOTIFICATION, NT_SYNCHRONIZATION };

enum { NT_WAIT_ALL, NT_WAIT_ANY };

NTSTATUS NTAPI NtWaitForMultipleObjects(ULONG count, const HANDLE *handles, ULONG any,
                                        BOOLEAN alertable, PLARGE_INTEGER timeout);
NTSTATUS NTAPI NtCreateEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where,
                             ULONG synchronization, BOOLEAN signaled);
NTSTATUS NTAPI NtOpenEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where);
NTSTATUS NTAPI NtSetEvent(HANDLE event, PLONG previous);
NTSTATUS NTAPI NtResetEvent(HANDLE event, PLONG previous);
NTSTATUS NTAPI NtPulseEvent(HANDLE event, PLONG previous);
NTSTATUS NTAPI NtCreateMutant(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where,
                              BOOLEAN owned);
NTSTATUS NTAPI NtOpenMutant(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where);
NTSTATUS NTAPI NtReleaseMutant(HANDLE mutant, PLONG previous);
NTSTATUS NTAPI NtCreateSemaphore(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where,
                                 LONG count, LONG limit);
NTSTATUS NTAPI NtOpenSemaphore(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where);
NTSTATUS NTAPI NtReleaseSemaphore(HANDLE semaphore, LONG count, PLONG previous);
NTSTATUS NTAPI NtCreateTimer(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where,
                             ULONG synchronization);
NTSTATUS NTAPI NtOpenTimer(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where);
NTSTATUS NTAPI NtSetTimer(HANDLE timer, const LARGE_INTEGER *due, PVOID apc, PVOID context,
                          BOOLEAN resume, LONG period, PBOOLEAN previous);
NTSTATUS NTAPI NtCancelTimer(HANDLE timer, PBOOLEAN state);
NTSTATUS NTAPI NtQueryPerformanceCounter(PLARGE_INTEGER counter, PLARGE_INTEGER frequency);

/* ---- The system ---- */

/* NtQuerySystemInformation's SystemBasicInformation. */
struct nt_system_basic {
    ULONG reserved, timer_resolution, page_size;
    ULONG physical_pages, lowest_physical_page, highest_physical_page;
    ULONG allocation_granularity;
    PVOID lowest_address, highest_address;
    ULONG_PTR processor_mask;
    CCHAR processors;
};

/* ---- The run-time library ---- */

NTSTATUS NTAPI RtlEnterCriticalSection(PRTL_CRITICAL_SECTION section);
NTSTATUS NTAPI RtlLeaveCriticalSection(PRTL_CRITICAL_SECTION section);
WCHAR NTAPI RtlUpcaseUnicodeChar(WCHAR c);
BOOLEAN NTAPI RtlEqualUnicodeString(const UNICODE_STRING *a, const UNICODE_STRING *b,
                                    BOOLEAN ignore_case);

PVOID NTAPI RtlReAllocateHeap(PVOID heap, ULONG flags, PVOID block, SIZE_T bytes);
SIZE_T NTAPI RtlSizeHeap(PVOID heap, ULONG flags, const VOID *block);
BOOLEAN NTAPI RtlValidateHeap(PVOID heap, ULONG flags, const VOID *block);
VOID NTAPI RtlRaiseException(PEXCEPTION_RECORD record);

NTSTATUS NTAPI LdrLoadDll(PWSTR path, PULONG flags, PUNICODE_STRING name, PVOID *base);
NTSTATUS NTAPI LdrUnloadDll(PVOID base);
NTSTATUS NTAPI LdrGetDllHandle(PWSTR path, PULONG flags, PUNICODE_STRING name, PVOID *base);
NTSTATUS NTAPI LdrGetProcedureAddress(PVOID base, PANSI_STRING name, ULONG ordinal, PVOID *address);
NTSTATUS NTAPI LdrDisableThreadCalloutsForDll(PVOID base);

/*
 * What programs and DLLs below Win32 include: <windows.h>, <winternl.h>, every NTSTATUS, the
 * process's own space (nt/peb.h), and the calls of ntdll.dll that mingw-w64's headers leave out.
 * Windows documents those in the WDK (Nt... as Zw...) or not at all; the layouts are Windows 2000's.
 */
#pragma once

#define WIN32_NO_STATUS
#include <windows.h>
#undef WIN32_NO_STATUS
#include <ntstatus.h>
#include <winternl.h>

#include "nt/peb.h"

/* ---- This process ---- */

#define NtCurrentProcess() ((HANDLE)(LONG_PTR)-1)
#define NtCurrentThread()  ((HANDLE)(LONG_PTR)-2)

static inline struct nt_teb *nt_teb(void)
{
    struct nt_teb *teb;

    __asm__("movl %%fs:0x18, %0" : "=r"(teb));
    return teb;
}

static inline struct nt_peb *nt_peb(void)
{
    return nt_teb()->peb;
}

/* ---- System services ---- */

NTSTATUS NTAPI NtAllocateVirtualMemory(HANDLE process, PVOID *base, ULONG zero_bits, PSIZE_T bytes,
                                       ULONG type, ULONG protection);
NTSTATUS NTAPI NtContinue(PCONTEXT context, BOOLEAN alert);
NTSTATUS NTAPI NtCreateEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where,
                             ULONG synchronization, BOOLEAN signaled);
NTSTATUS NTAPI NtCreateSection(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where,
                               PLARGE_INTEGER size, ULONG protection, ULONG attributes,
                               HANDLE file);
NTSTATUS NTAPI NtDisplayString(PUNICODE_STRING text);
NTSTATUS NTAPI NtFreeVirtualMemory(HANDLE process, PVOID *base, PSIZE_T bytes, ULONG type);
NTSTATUS NTAPI NtProtectVirtualMemory(HANDLE process, PVOID *base, PSIZE_T bytes, ULONG protection,
                                      PULONG old);
NTSTATUS NTAPI NtRaiseException(PEXCEPTION_RECORD record, PCONTEXT context, BOOLEAN first_chance);
NTSTATUS NTAPI NtRaiseHardError(NTSTATUS status, ULONG count, ULONG string_mask,
                                PULONG_PTR parameters, ULONG options, PULONG response);
NTSTATUS NTAPI NtSetEvent(HANDLE event, PLONG previous);
NTSTATUS NTAPI NtTerminateProcess(HANDLE process, NTSTATUS status);
NTSTATUS NTAPI NtTerminateThread(HANDLE thread, NTSTATUS status);
NTSTATUS NTAPI NtUnmapViewOfSection(HANDLE process, const VOID *base);
NTSTATUS NTAPI NtWriteVirtualMemory(HANDLE process, PVOID address, const VOID *buffer, SIZE_T bytes,
                                    PSIZE_T done);

/* ---- The loader ---- */

/*
 * Where a new thread begins, called by the kernel: sets the process up (the first thread) or the
 * thread, and goes on at `context`.
 */
VOID NTAPI LdrInitializeThunk(PCONTEXT context, PVOID ntdll_base, PVOID unused);

/*
 * Loads a library once more: "name", "name.dll" or a path, of which the last component counts, since
 * all images lie in C:\. `path` and `flags` are not used.
 * STATUS_SUCCESS and its *base; STATUS_DLL_NOT_FOUND, STATUS_ENTRYPOINT_NOT_FOUND,
 * STATUS_ORDINAL_NOT_FOUND (of it or of what it needs), STATUS_INVALID_IMAGE_FORMAT,
 * STATUS_DLL_INIT_FAILED, STATUS_NO_MEMORY, or what NtOpenFile, NtCreateSection and
 * NtMapViewOfSection say. On failure nothing is left loaded.
 */
NTSTATUS NTAPI LdrLoadDll(PWSTR path, PULONG flags, PUNICODE_STRING name, PVOID *base);

/* Takes one load back. STATUS_SUCCESS; STATUS_DLL_NOT_FOUND if there is no module at `base`. */
NTSTATUS NTAPI LdrUnloadDll(PVOID base);

/* The base of a library that is loaded, named as for LdrLoadDll. STATUS_DLL_NOT_FOUND. */
NTSTATUS NTAPI LdrGetDllHandle(PWSTR path, PULONG flags, PUNICODE_STRING name, PVOID *base);

/*
 * The address of an export, by name, or by ordinal if `name` is NULL. STATUS_ENTRYPOINT_NOT_FOUND,
 * STATUS_ORDINAL_NOT_FOUND; STATUS_DLL_NOT_FOUND if there is no module at `base`; as LdrLoadDll
 * where a forwarder leads to another library.
 */
NTSTATUS NTAPI LdrGetProcedureAddress(PVOID base, PANSI_STRING name, ULONG ordinal, PVOID *address);

/* The library hears no more of threads (unless it has a TLS directory). STATUS_DLL_NOT_FOUND. */
NTSTATUS NTAPI LdrDisableThreadCalloutsForDll(PVOID base);

/*
 * The end, for those who are going to call NtTerminateThread, or NtTerminateProcess when all other
 * threads have ended: libraries hear DLL_THREAD_DETACH or DLL_PROCESS_DETACH, last loaded first.
 */
NTSTATUS NTAPI LdrShutdownThread(VOID);
NTSTATUS NTAPI LdrShutdownProcess(VOID);

/* ---- Heaps: as kernel32's HeapAlloc and its sisters (winnt.h: HEAP_...) ---- */

PVOID NTAPI RtlReAllocateHeap(PVOID heap, ULONG flags, PVOID block, SIZE_T bytes);
SIZE_T NTAPI RtlSizeHeap(PVOID heap, ULONG flags, const VOID *block);
BOOLEAN NTAPI RtlValidateHeap(PVOID heap, ULONG flags, const VOID *block);
BOOLEAN NTAPI RtlLockHeap(PVOID heap);
BOOLEAN NTAPI RtlUnlockHeap(PVOID heap);

/* ---- Critical sections: the statuses are STATUS_SUCCESS ---- */

NTSTATUS NTAPI RtlInitializeCriticalSection(PRTL_CRITICAL_SECTION section);
NTSTATUS NTAPI RtlInitializeCriticalSectionAndSpinCount(PRTL_CRITICAL_SECTION section, ULONG spins);
NTSTATUS NTAPI RtlDeleteCriticalSection(PRTL_CRITICAL_SECTION section);
NTSTATUS NTAPI RtlEnterCriticalSection(PRTL_CRITICAL_SECTION section);
BOOL NTAPI RtlTryEnterCriticalSection(PRTL_CRITICAL_SECTION section);
NTSTATUS NTAPI RtlLeaveCriticalSection(PRTL_CRITICAL_SECTION section);

/* ---- Exceptions ---- */

/* Tells the thread's handlers, newest first; TRUE: one of them says to go on at *context. */
BOOLEAN NTAPI RtlDispatchException(PEXCEPTION_RECORD record, PCONTEXT context);

/* Raises it here; returns if a handler says to go on. Unhandled, it ends the process. */
VOID NTAPI RtlRaiseException(PEXCEPTION_RECORD record);

/* Raises a status as an exception that nobody can go on from. */
VOID NTAPI RtlRaiseStatus(NTSTATUS status) __attribute__((noreturn));

/* ---- Threads ---- */

/*
 * A thread that runs start(parameter), stdcall; when that returns, the thread ends with
 * STATUS_SUCCESS (in this process, and in others where ntdll lies at the same place: in all).
 * Sizes of the stack in bytes, 0: 1 MiB, one page. `security` and `zero_bits` are not used; the last
 * two may be NULL. The statuses of NtAllocateVirtualMemory and NtCreateThread.
 */
NTSTATUS NTAPI RtlCreateUserThread(HANDLE process, PVOID security, BOOLEAN suspended,
                                   ULONG zero_bits, SIZE_T reserve, SIZE_T committed, PVOID start,
                                   PVOID parameter, PHANDLE thread, CLIENT_ID *client_id);

/* Ends this thread as it should: libraries are told. */
VOID NTAPI RtlExitUserThread(NTSTATUS status);

/* ---- Strings ---- */

WCHAR NTAPI RtlUpcaseUnicodeChar(WCHAR c);
BOOLEAN NTAPI RtlEqualUnicodeString(PCUNICODE_STRING a, PCUNICODE_STRING b, BOOLEAN ignore_case);
LONG NTAPI RtlCompareUnicodeString(PCUNICODE_STRING a, PCUNICODE_STRING b, BOOLEAN ignore_case);
VOID NTAPI RtlCopyUnicodeString(PUNICODE_STRING to, PCUNICODE_STRING from);
NTSTATUS NTAPI RtlAppendUnicodeStringToString(PUNICODE_STRING to, PCUNICODE_STRING from);
NTSTATUS NTAPI RtlAppendUnicodeToString(PUNICODE_STRING to, PCWSTR text);
BOOLEAN NTAPI RtlCreateUnicodeString(PUNICODE_STRING string, PCWSTR text);
NTSTATUS NTAPI RtlUpcaseUnicodeString(PUNICODE_STRING to, PCUNICODE_STRING from, BOOLEAN allocated);
NTSTATUS NTAPI RtlIntegerToUnicodeString(ULONG value, ULONG base, PUNICODE_STRING to);
NTSTATUS NTAPI RtlUnicodeStringToInteger(PCUNICODE_STRING string, ULONG base, PULONG value);

/* ---- Errors ---- */

ULONG NTAPI RtlGetLastWin32Error(VOID);
VOID NTAPI RtlSetLastWin32Error(ULONG error);

/* ---- Debugging ---- */

/* Prints on the debugger's log, at most 511 characters. */
ULONG __cdecl DbgPrint(const char *format, ...) __attribute__((format(__printf__, 1, 2)));
VOID NTAPI DbgBreakPoint(VOID);

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

NTSTATUS NTAPI NtContinue(PCONTEXT context, BOOLEAN alert);
NTSTATUS NTAPI NtDisplayString(PUNICODE_STRING text);
NTSTATUS NTAPI NtTerminateProcess(HANDLE process, NTSTATUS status);
NTSTATUS NTAPI NtRaiseException(PEXCEPTION_RECORD record, PCONTEXT context, BOOLEAN first_chance);

/* ---- The loader ---- */

/* Where a new thread begins, called by the kernel: sets the process or the thread up, goes on at `context`. */
VOID NTAPI LdrInitializeThunk(PCONTEXT context, PVOID ntdll_base, PVOID unused);

/* ---- Debugging ---- */

/* Prints on the debugger's log, at most 511 characters. */
ULONG __cdecl DbgPrint(const char *format, ...) __attribute__((format(__printf__, 1, 2)));
VOID NTAPI DbgBreakPoint(VOID);

/* What ntdll's own files share and the DLL does not export. */
#pragma once

#include "ntdll/ntdll.h"
#include "rtl/string.h"

enum { VIEW_SHARE = 1, SYNCHRONIZATION_EVENT = 1 };

/* The selectors and flags that a thread of ring 3 begins with. */
#define NT_USER_CS      0x1B
#define NT_USER_DS      0x23
#define NT_USER_TEB     0x3B
#define NT_FIRST_EFLAGS 0x200

/* Where a thread's stack lies (NtCreateThread's INITIAL_TEB). */
struct nt_initial_teb {
    PVOID previous_base, previous_limit;
    PVOID stack_base, stack_limit, stack_allocation;
};

/* Two services whose parameters have types of their own. */
NTSTATUS NTAPI NtMapViewOfSection(HANDLE section, HANDLE process, PVOID *base, ULONG zero_bits,
                                  SIZE_T commit, PLARGE_INTEGER offset, PSIZE_T bytes,
                                  ULONG inherit, ULONG type, ULONG protection);
NTSTATUS NTAPI NtCreateThread(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                              HANDLE process, CLIENT_ID *id, PCONTEXT context,
                              struct nt_initial_teb *stack, BOOLEAN suspended);

/* C functions of which mingw-w64's headers need not be asked (crt.c). */
size_t __cdecl wcslen(const WCHAR *text);

/* Hands text to the kernel's log (ki.S). */
void debug_print(const char *text, ULONG bytes);

/* Delivers an exception to the thread's handlers; goes on where one says, or ends the process. */
void NTAPI exception_arrived(PEXCEPTION_RECORD record, PCONTEXT context) __attribute__((noreturn));

/* RtlRaiseException and RtlUnwind, with the context of their caller (exception.c, from seh.S). */
void NTAPI exception_raise(PEXCEPTION_RECORD record, PCONTEXT context) __attribute__((noreturn));
void NTAPI exception_unwind(PVOID target, PEXCEPTION_RECORD record, PVOID value, PCONTEXT context)
    __attribute__((noreturn));

/* The lock of a heap. */
PRTL_CRITICAL_SECTION heap_lock(PVOID heap);

/*
 * Reserves a stack in a process, commits its top and puts a guard page below: sizes in bytes, 0 for
 * 1 MiB and one page. The statuses of NtAllocateVirtualMemory and NtProtectVirtualMemory; on
 * failure nothing is left.
 */
NTSTATUS stack_create(HANDLE process, SIZE_T reserve, SIZE_T committed,
                      struct nt_initial_teb *stack);

/* What ntdll's own files share and the DLL does not export. */
#pragma once

#include "ntdll/ntdll.h"

/* Hands text to the kernel's log (ki.S). */
void debug_print(const char *text, ULONG bytes);

/* Delivers an exception to the thread's handlers; goes on where one says, or ends the process. */
void NTAPI exception_arrived(PEXCEPTION_RECORD record, PCONTEXT context) __attribute__((noreturn));

/* Ends by an exception that nobody handles: its exit status is the exception's. */
#include "ntdll/ntdll.h"

static volatile ULONG *volatile nowhere = (ULONG *)0x10;

VOID NTAPI NtProcessStartup(struct nt_peb *peb)
{
    (void)peb;
    *nowhere = 1;
    NtTerminateProcess(NtCurrentProcess(), STATUS_SUCCESS);
}

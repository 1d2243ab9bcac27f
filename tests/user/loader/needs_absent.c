/* A program that cannot be started: alpha.dll has no such function. */
#include "ntdll/ntdll.h"

__declspec(dllimport) int alpha_absent(void);

VOID NTAPI NtProcessStartup(struct nt_peb *peb)
{
    (void)peb;
    NtTerminateProcess(NtCurrentProcess(), alpha_absent());
}

/* A program that cannot be started: refuse.dll does not want to. */
#include "ntdll/ntdll.h"

__declspec(dllimport) int refuse_value(void);

VOID NTAPI NtProcessStartup(struct nt_peb *peb)
{
    (void)peb;
    NtTerminateProcess(NtCurrentProcess(), refuse_value());
}

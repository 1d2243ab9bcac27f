/* A program that cannot be started: there is no nobody.dll. */
#include "ntdll/ntdll.h"

__declspec(dllimport) int nobody_value(void);

VOID NTAPI NtProcessStartup(struct nt_peb *peb)
{
    (void)peb;
    NtTerminateProcess(NtCurrentProcess(), nobody_value());
}

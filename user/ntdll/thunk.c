/* The first steps of every thread in ring 3. */
#include "ntdll/private.h"

VOID NTAPI LdrInitializeThunk(PCONTEXT context, PVOID ntdll_base, PVOID unused)
{
    (void)ntdll_base, (void)unused;
    NtTerminateProcess(NtCurrentProcess(), NtContinue(context, FALSE));
}

/* Exceptions as they come from the kernel. */
#include "ntdll/private.h"

void NTAPI exception_arrived(PEXCEPTION_RECORD record, PCONTEXT context)
{
    NTSTATUS status = NtRaiseException(record, context, FALSE);

    NtTerminateProcess(NtCurrentProcess(), status);
    __builtin_trap();
}

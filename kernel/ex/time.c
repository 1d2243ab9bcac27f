/* The services that tell the time or let it pass. */
#include "ex/exp.h"
#include "export.h"
#include "ke/clock.h"
#include "ke/scheduler.h"
#include "ke/wait.h"

NTSTATUS NTAPI NtDelayExecution(BOOLEAN alertable, PLARGE_INTEGER interval)
{
    return KeDelayExecutionThread(ob_previous_mode(), alertable, interval);
}

NTSTATUS NTAPI NtYieldExecution(VOID)
{
    return ke_yield() ? STATUS_SUCCESS : STATUS_NO_YIELD_PERFORMED;
}
ZW_ALIAS(ZwYieldExecution, NtYieldExecution);
EXPORT_NTOSKRNL(ZwYieldExecution);

NTSTATUS NTAPI NtTestAlert(VOID)
{
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtQuerySystemTime(PLARGE_INTEGER time)
{
    KeQuerySystemTime(time);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtQueryPerformanceCounter(PLARGE_INTEGER counter, PLARGE_INTEGER frequency)
{
    *counter = KeQueryPerformanceCounter(frequency);
    return STATUS_SUCCESS;
}

ULONG NTAPI NtGetTickCount(VOID)
{
    return KeTickCount.LowPart * (KE_TICK / KE_MILLISECOND);
}

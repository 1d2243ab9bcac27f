/*
 * What drivers import from HAL.dll. The kernel runs drivers at PASSIVE_LEVEL on one CPU and is not
 * preempted, so an IRQL is a number that is kept, and a lock is an assertion that nobody has it.
 */
#include "x86/hal.h"

#include "export.h"
#include "x86/cpu.h"
#include "x86/pit.h"

static KIRQL irql = PASSIVE_LEVEL;

UCHAR NTAPI READ_PORT_UCHAR(PUCHAR port);
VOID NTAPI WRITE_PORT_UCHAR(PUCHAR port, UCHAR value);

KIRQL NTAPI KeGetCurrentIrql(VOID)
{
    return irql;
}
EXPORT_HAL(KeGetCurrentIrql);

KIRQL FASTCALL KfRaiseIrql(KIRQL new_irql)
{
    KIRQL last = irql;

    irql = new_irql;
    return last;
}
EXPORT_HAL(KfRaiseIrql);

VOID FASTCALL KfLowerIrql(KIRQL new_irql)
{
    irql = new_irql;
}
EXPORT_HAL(KfLowerIrql);

VOID NTAPI KeRaiseIrql(KIRQL new_irql, PKIRQL last)
{
    *last = KfRaiseIrql(new_irql);
}
EXPORT_HAL(KeRaiseIrql);

VOID NTAPI KeLowerIrql(KIRQL new_irql)
{
    KfLowerIrql(new_irql);
}
EXPORT_HAL(KeLowerIrql);

KIRQL NTAPI KeRaiseIrqlToDpcLevel(VOID)
{
    return KfRaiseIrql(DISPATCH_LEVEL);
}
EXPORT_HAL(KeRaiseIrqlToDpcLevel);

VOID NTAPI KeInitializeSpinLock(PKSPIN_LOCK lock)
{
    *lock = 0;
}
EXPORT_NTOSKRNL(KeInitializeSpinLock);

VOID FASTCALL KefAcquireSpinLockAtDpcLevel(PKSPIN_LOCK lock)
{
    *lock = 1;
}
EXPORT_NTOSKRNL(KefAcquireSpinLockAtDpcLevel);

VOID FASTCALL KefReleaseSpinLockFromDpcLevel(PKSPIN_LOCK lock)
{
    *lock = 0;
}
EXPORT_NTOSKRNL(KefReleaseSpinLockFromDpcLevel);

VOID NTAPI KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK lock)
{
    KefAcquireSpinLockAtDpcLevel(lock);
}
EXPORT_NTOSKRNL(KeAcquireSpinLockAtDpcLevel);

VOID NTAPI KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK lock)
{
    KefReleaseSpinLockFromDpcLevel(lock);
}
EXPORT_NTOSKRNL(KeReleaseSpinLockFromDpcLevel);

VOID NTAPI KeAcquireSpinLock(PKSPIN_LOCK lock, PKIRQL last)
{
    *last = KfAcquireSpinLock(lock);
}
EXPORT_HAL(KeAcquireSpinLock);

VOID NTAPI KeReleaseSpinLock(PKSPIN_LOCK lock, KIRQL new_irql)
{
    KfReleaseSpinLock(lock, new_irql);
}
EXPORT_HAL(KeReleaseSpinLock);

KIRQL FASTCALL KfAcquireSpinLock(PKSPIN_LOCK lock)
{
    KefAcquireSpinLockAtDpcLevel(lock);
    return KfRaiseIrql(DISPATCH_LEVEL);
}
EXPORT_HAL(KfAcquireSpinLock);

VOID FASTCALL KfReleaseSpinLock(PKSPIN_LOCK lock, KIRQL new_irql)
{
    KefReleaseSpinLockFromDpcLevel(lock);
    KfLowerIrql(new_irql);
}
EXPORT_HAL(KfReleaseSpinLock);

VOID NTAPI KeStallExecutionProcessor(ULONG microseconds)
{
    pit_stall(microseconds);
}
EXPORT_HAL(KeStallExecutionProcessor);

UCHAR NTAPI READ_PORT_UCHAR(PUCHAR port)
{
    return port_in8((uint16_t)(ULONG_PTR)port);
}
EXPORT_HAL(READ_PORT_UCHAR);

VOID NTAPI WRITE_PORT_UCHAR(PUCHAR port, UCHAR value)
{
    port_out8((uint16_t)(ULONG_PTR)port, value);
}
EXPORT_HAL(WRITE_PORT_UCHAR);

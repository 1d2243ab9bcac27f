/* Interrupts that nobody asked for. */
#include "kd/selftest.h"
#include "x86/trap.h"

/*
 * Line 7 and 15 come up spuriously on real machines, lines of devices that firmware left running
 * too: none of them may stop the kernel. `int` enters the same gates without the line in service.
 */
SELFTEST(x86_interrupts_nobody_handles_are_ignored)
{
    ULONG survived = 0;

    __asm__ volatile("int %0" : : "i"(TRAP_IRQ_BASE + 0) : "memory");
    survived++;
    __asm__ volatile("int %0" : : "i"(TRAP_IRQ_BASE + 7) : "memory");
    survived++;
    __asm__ volatile("int %0" : : "i"(TRAP_IRQ_BASE + 15) : "memory");
    survived++;
    CHECK_EQUAL(survived, 3);
}

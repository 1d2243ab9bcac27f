/*
 * The end of a system that cannot go on. Declared down here, because every room may have to say so;
 * kernel/kd shows what happened.
 */
#pragma once

#include "nt/ntdef.h"

/* Codes with Microsoft's meaning (WDK, Bug Check Code Reference); the last two are our own. */
enum bugcheck_code {
    IRQL_NOT_LESS_OR_EQUAL = 0x0A,
    MAXIMUM_WAIT_OBJECTS_EXCEEDED = 0x0C,
    KMODE_EXCEPTION_NOT_HANDLED = 0x1E,
    NO_MORE_IRP_STACK_LOCATIONS = 0x35,
    NO_MORE_SYSTEM_PTES = 0x3F,
    MULTIPLE_IRP_COMPLETE_REQUESTS = 0x44,
    BAD_POOL_CALLER = 0xC2,
    INVALID_BOOT_INFORMATION = 0xE0000001,
    ASSERTION_FAILED = 0xE0000002,
};

/*
 * Reports the code, its four parameters and `why` in words, with a backtrace of the caller; then
 * leaves QEMU with failure if the run was asked to end, or stops for good. Any context.
 */
__attribute__((noreturn)) void bugcheck(ULONG code, ULONG p1, ULONG p2, ULONG p3, ULONG p4,
                                        const char *why);

#include "kd/exception.h"

#include "rtl/rtl.h"
#include "x86/trap.h"

static const char *const names[TRAP_EXCEPTIONS] = {
    "divide error",
    "debug exception",
    "non-maskable interrupt",
    "breakpoint",
    "overflow",
    "BOUND range exceeded",
    "invalid opcode",
    "device not available",
    "double fault",
    "coprocessor segment overrun",
    "invalid TSS",
    "segment not present",
    "stack-segment fault",
    "general protection",
    "page fault",
    "reserved vector 15",
    "x87 floating-point error",
    "alignment check",
    "machine check",
    "SIMD floating-point exception",
    "virtualization exception",
    "control protection",
    "reserved vector 22",
    "reserved vector 23",
    "reserved vector 24",
    "reserved vector 25",
    "reserved vector 26",
    "reserved vector 27",
    "hypervisor injection",
    "VMM communication",
    "security exception",
    "reserved vector 31",
};

/* SDM vol. 3A, 4.7: the page fault's error code. */
enum { PF_PROTECTION = 1, PF_WRITE = 2, PF_USER = 4, PF_RESERVED = 8, PF_FETCH = 16 };

/* SDM vol. 3A, 6.13: external, in the IDT, in the LDT, then the entry's index. */
enum { SELECTOR_EXTERNAL = 1, SELECTOR_IDT = 2, SELECTOR_LDT = 4, SELECTOR_INDEX_SHIFT = 3 };

const char *exception_name(ULONG vector)
{
    return vector < TRAP_EXCEPTIONS ? names[vector] : "interrupt";
}

static void describe_page_fault(ULONG error, char *to, ULONG size)
{
    rtl_snprintf(to, size, "%s, %s, %s%s", error & PF_PROTECTION ? "protection" : "not present",
                 error & PF_FETCH   ? "fetch"
                 : error & PF_WRITE ? "write"
                                    : "read",
                 error & PF_USER ? "user" : "kernel", error & PF_RESERVED ? ", reserved bit" : "");
}

static void describe_selector(ULONG error, char *to, ULONG size)
{
    const char *table = error & SELECTOR_IDT ? "IDT" : error & SELECTOR_LDT ? "LDT" : "GDT";

    if (error)
        rtl_snprintf(to, size, "%s entry 0x%x%s", table, (error & 0xFFFF) >> SELECTOR_INDEX_SHIFT,
                     error & SELECTOR_EXTERNAL ? ", external" : "");
    else
        rtl_copy_text(to, "no selector", size);
}

void exception_describe_error(ULONG vector, ULONG error, char *to, ULONG size)
{
    to[0] = 0;
    if (vector == TRAP_PAGE_FAULT)
        describe_page_fault(error, to, size);
    else if (vector >= 10 && vector <= 13)
        describe_selector(error, to, size);
}

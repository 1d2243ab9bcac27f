/*
 * Exceptions: what an instruction raises, what a filter may do about it, and how a process ends by
 * one. SDM vol. 3A, 6.15 for the exception; docs: EXCEPTION_RECORD for its code and parameters.
 */
#include "conform.h"

static void privileged(void *unused UNUSED)
{
    __asm__ volatile("cli");
}

static void halts(void *unused UNUSED)
{
    __asm__ volatile("hlt");
}

static void reads_port(void *unused UNUSED)
{
    __asm__ volatile("inb $0x60, %%al" ::: "eax");
}

static void invalid(void *unused UNUSED)
{
    __asm__ volatile("ud2");
}

static void breakpoint(void *unused UNUSED)
{
    __asm__ volatile("int3");
}

static void divides_by_zero(void *unused UNUSED)
{
    __asm__ volatile("xorl %%ecx, %%ecx; movl $1, %%eax; cltd; divl %%ecx" ::: "eax", "ecx", "edx");
}

static void divides_too_large(void *unused UNUSED)
{
    __asm__ volatile("movl $1, %%ecx; xorl %%eax, %%eax; movl $1, %%edx; divl %%ecx" ::
                         : "eax", "ecx", "edx");
}

static void steps(void *unused UNUSED)
{
#ifdef __i386__
    __asm__ volatile("pushfl; orl $0x100, (%%esp); popfl; nop; nop" ::: "memory");
#else
    __asm__ volatile("pushfq; orl $0x100, (%%rsp); popfq; nop; nop" ::: "memory");
#endif
}

static void interrupts(void *unused UNUSED)
{
    __asm__ volatile("int $0x79");
}

#ifdef __i386__
static void overflows(void *unused UNUSED)
{
    __asm__ volatile("movl $0x7FFFFFFF, %%eax; addl $1, %%eax; into" ::: "eax");
}

static void out_of_bounds(void *unused UNUSED)
{
    static const LONG bounds[2] = {1, 2};

    __asm__ volatile("movl $3, %%eax; boundl %%eax, %0" : : "m"(bounds) : "eax");
}

static void loads_selector(void *unused UNUSED)
{
    __asm__ volatile("pushl %%ds; movl $0x73, %%eax; movw %%ax, %%ds; popl %%ds" ::
                         : "eax", "memory");
}

static void reads_kernel(void *unused UNUSED)
{
    (void)*(volatile char *)0x80100000;
}
#endif

static const struct {
    void (*function)(void *);
    DWORD code;
    const char *name;
} instructions[] = {
    {privileged, EXCEPTION_PRIV_INSTRUCTION, "cli is a privileged instruction"},
    {halts, EXCEPTION_PRIV_INSTRUCTION, "so is hlt"},
    {reads_port, EXCEPTION_PRIV_INSTRUCTION, "so is in"},
    {invalid, EXCEPTION_ILLEGAL_INSTRUCTION, "ud2 is an illegal instruction"},
    {breakpoint, EXCEPTION_BREAKPOINT, "int3 is a breakpoint"},
    {steps, EXCEPTION_SINGLE_STEP, "TF steps"},
    {divides_by_zero, EXCEPTION_INT_DIVIDE_BY_ZERO, "dividing by zero"},
    {divides_too_large, EXCEPTION_INT_DIVIDE_BY_ZERO, "a quotient that is too large is the same"},
    {interrupts, EXCEPTION_ACCESS_VIOLATION,
     "an interrupt that is not for us is an access violation"},
#ifdef __i386__
    {overflows, EXCEPTION_INT_OVERFLOW, "into overflows"},
    {out_of_bounds, EXCEPTION_ARRAY_BOUNDS_EXCEEDED, "bound exceeds"},
    {loads_selector, EXCEPTION_ACCESS_VIOLATION, "a wrong selector is an access violation"},
    {reads_kernel, EXCEPTION_ACCESS_VIOLATION, "the kernel's memory is an access violation"},
#endif
};

static void check_instructions(void)
{
    unsigned i;

    for (i = 0; i < COUNT(instructions); i++) {
        struct caught caught = guarded(instructions[i].function, NULL);

        expect_value(caught.raised ? caught.record.ExceptionCode : 0, instructions[i].code,
                     instructions[i].name);
    }
}

static void reads(void *address)
{
    (void)*(volatile char *)address;
}

static void writes(void *address)
{
    *(volatile char *)address = 1;
}

static void jumps(void *address)
{
    ((void (*)(void))address)();
}

/* docs: EXCEPTION_RECORD: parameter 0 is 0 to read, 1 to write; parameter 1 is the address */
static void check_access_violations(void)
{
    struct caught caught = guarded(reads, (void *)0x1234);

    expect_value(caught.record.ExceptionCode, EXCEPTION_ACCESS_VIOLATION,
                 "reading what is not there");
    expect_value(caught.record.NumberParameters, 2, "has two parameters");
    expect_value(caught.record.ExceptionInformation[0], 0, "it was to be read");
    expect_value(caught.record.ExceptionInformation[1], 0x1234, "at this address");
    expect_value(caught.record.ExceptionFlags, 0, "and can be continued");
    caught = guarded(writes, (void *)0x2345);
    expect(caught.record.ExceptionInformation[0] == 1 &&
               caught.record.ExceptionInformation[1] == 0x2345,
           "writing says so");
    caught = guarded(jumps, (void *)0x3456);
    expect_value(caught.record.ExceptionCode, EXCEPTION_ACCESS_VIOLATION,
                 "jumping where nothing is");
    expect_value((DWORD_PTR)caught.record.ExceptionAddress, 0x3456, "is an exception there");
    caught = guarded(writes, (void *)check_access_violations);
    expect_value(caught.record.ExceptionInformation[1], (DWORD_PTR)check_access_violations,
                 "code is not written to");
}

static DWORD_PTR breakpoint_address;

/* The breakpoint's address is that of the int3, and the context's instruction pointer too (docs: CONTEXT). */
static NOINLINE void marked_breakpoint(void *unused UNUSED)
{
#ifdef __i386__
    __asm__ volatile("movl $1f, %0; 1: int3" : "=m"(breakpoint_address));
#else
    __asm__ volatile("leaq 1f(%%rip), %%rax; movq %%rax, %0; 1: int3"
                     : "=m"(breakpoint_address)
                     :
                     : "rax");
#endif
}

static void check_addresses(void)
{
    struct caught caught = guarded(marked_breakpoint, NULL);

    expect_value((DWORD_PTR)caught.record.ExceptionAddress, breakpoint_address,
                 "a breakpoint's address is its own");
#ifdef __i386__
    expect_value(caught.context.Eip, breakpoint_address, "the context stands there too");
    expect_value(caught.context.SegCs & 3, 3, "in ring 3");
#else
    expect_value(caught.context.Rip, breakpoint_address, "the context stands there too");
    expect_value(caught.context.SegCs & 3, 3, "in ring 3");
#endif
}

static void raises(void *arguments)
{
    RaiseException(0xE1234567, 0, 3, arguments);
}

/* docs: RaiseException */
static void check_raise(void)
{
    ULONG_PTR arguments[3] = {1, 22, 333};
    struct caught caught = guarded(raises, arguments);

    expect_value(caught.record.ExceptionCode, 0xE1234567, "RaiseException raises a code");
    expect_value(caught.record.ExceptionFlags, 0, "with its flags");
    expect_value(caught.record.NumberParameters, 3, "as many parameters");
    expect(caught.record.ExceptionInformation[0] == 1 &&
               caught.record.ExceptionInformation[2] == 333,
           "as they were given");
}

static LONG WINAPI skip_breakpoint(EXCEPTION_POINTERS *exception)
{
    if (exception->ExceptionRecord->ExceptionCode != (DWORD)EXCEPTION_BREAKPOINT)
        return EXCEPTION_CONTINUE_SEARCH;
#ifdef __i386__
    exception->ContextRecord->Eip++;
    exception->ContextRecord->Ebx = 0x600D;
#else
    exception->ContextRecord->Rip++;
    exception->ContextRecord->Rbx = 0x600D;
#endif
    return EXCEPTION_CONTINUE_EXECUTION;
}

/* docs: UnhandledExceptionFilter, EXCEPTION_CONTINUE_EXECUTION: goes on with the context as it is now */
static void check_continue(void)
{
    LPTOP_LEVEL_EXCEPTION_FILTER before = SetUnhandledExceptionFilter(skip_breakpoint);
    DWORD_PTR value = 1, kept = 0x5EED;

    __asm__ volatile("int3" : "+b"(value), "+S"(kept));
    expect_value(value, 0x600D, "a filter may change a register and go on");
    expect_value(kept, 0x5EED, "the others stay");
    expect_value((DWORD_PTR)SetUnhandledExceptionFilter(before), (DWORD_PTR)skip_breakpoint,
                 "the former filter is returned");
}

/* docs: ExitProcess, GetExitCodeProcess: unhandled, the exception's code is the exit code */
static void check_unhandled(void)
{
    expect_value(child_run("fault 4660"), (DWORD)EXCEPTION_ACCESS_VIOLATION,
                 "a process ends by an access violation");
    expect_value(child_run("raise 3758096385"), 0xE0000001, "or by its own exception");
}

void check_exceptions(void)
{
    check_instructions();
    check_access_violations();
    check_addresses();
    check_raise();
    check_continue();
    check_unhandled();
}

/*
 * init of a Linux that does nothing but measure its null call (tests/bench/linux.py): getppid by int 80h
 * and by the way that the kernel recommends, first between labels for whoever counts instructions, then
 * often and by the clock. Static, without a library; the machine ends with it.
 *
 *     [linux] name=int80 times=200000 us=123456
 */
enum { COUNTED = 64, TIMED = 200000 };
enum { NR_WRITE = 4, NR_GETPPID = 64, NR_IOPL = 110, NR_CLOCK_GETTIME = 265 };
enum { CLOCK_MONOTONIC = 1, AT_SYSINFO = 32, STDOUT = 1 };
enum { EXIT_PORT = 0xF4, EXIT_SUCCESS = 0x10 };

struct timespec {
    long seconds, nanoseconds;
};

unsigned long sysinfo; /* the vDSO's __kernel_vsyscall */

/* The stubs, as a C library has them for a call without arguments. */
__asm__("call_int80: movl $64, %eax\n"
        "    int $0x80\n"
        "    ret\n"
        "call_sysenter: movl $64, %eax\n"
        "    call *sysinfo\n"
        "    ret\n");

#define NULL_CALL(name)                                                                            \
    __asm__ volatile(".globl " name "_begin, " name "_end\n" name "_begin: call call_" name        \
                     "\n" name "_end:" ::                                                          \
                         : "eax", "ecx", "edx", "cc", "memory")

__attribute__((noinline, noclone)) static void int80(int times)
{
    while (times--)
        NULL_CALL("int80");
}

__attribute__((noinline, noclone)) static void by_sysenter(int times)
{
    while (times--)
        NULL_CALL("sysenter");
}

static long call(long number, long first, const void *second, long third)
{
    long result;

    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "a"(number), "b"(first), "c"(second), "d"(third)
                     : "memory");
    return result;
}

static unsigned long microseconds(void)
{
    struct timespec now;

    call(NR_CLOCK_GETTIME, CLOCK_MONOTONIC, &now, 0);
    return (unsigned long)now.seconds * 1000000 + (unsigned long)now.nanoseconds / 1000;
}

static void say(const char *text)
{
    long length = 0;

    while (text[length])
        length++;
    call(NR_WRITE, STDOUT, text, length);
}

static void say_number(unsigned long number)
{
    char digits[12], *at = digits + sizeof digits - 1;

    *at = 0;
    do
        *--at = (char)('0' + number % 10);
    while (number /= 10);
    say(at);
}

static void take_time(const char *name, void (*perform)(int times))
{
    unsigned long before = microseconds(), after;

    perform(TIMED);
    after = microseconds();
    say("\n[linux] name=");
    say(name);
    say(" times=");
    say_number(TIMED);
    say(" us=");
    say_number(after - before);
    say("\n");
}

/* Behind the arguments and the environment lie pairs of a number and a value. */
static void find_sysinfo(const unsigned long *stack)
{
    const unsigned long *at = stack + 1 + stack[0] + 1;

    while (*at++)
        ;
    for (; at[0]; at += 2)
        if (at[0] == AT_SYSINFO)
            sysinfo = at[1];
}

__attribute__((noreturn, used)) static void measure(const unsigned long *stack)
{
    find_sysinfo(stack);
    int80(COUNTED);
    take_time("int80", int80);
    if (sysinfo) {
        by_sysenter(COUNTED);
        take_time("sysenter", by_sysenter);
    }
    call(NR_IOPL, 3, (const void *)0, 0);
    for (;;)
        __asm__ volatile("outb %0, %1" : : "a"((char)EXIT_SUCCESS), "Nd"((short)EXIT_PORT));
}

__asm__(".globl _start\n_start: movl %esp, %eax\n    pushl %eax\n    call measure\n");

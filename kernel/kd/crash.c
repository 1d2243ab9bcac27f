#include "kd/crash.h"

#include "console/console.h"
#include "console/log.h"
#include "boot/boot.h"
#include "io/io.h"
#include "ke/event.h"
#include "ke/mutant.h"
#include "ke/semaphore.h"
#include "ke/wait.h"
#include "mm/mdl.h"
#include "mm/pool.h"
#include "paging.h"
#include "rtl/rtl.h"
#include "x86/fpu.h"
#include "x86/hal.h"
#include "x86/trap.h"

static void crash_divide(void)
{
    __asm__ volatile("xorl %%edx, %%edx; xorl %%ecx, %%ecx; divl %%ecx" : : : "eax", "ecx", "edx");
}

static void crash_breakpoint(void)
{
    __asm__ volatile("int3");
}

static void crash_opcode(void)
{
    __asm__ volatile("ud2");
}

/* A selector beyond the GDT's end. */
static void crash_gp(void)
{
    __asm__ volatile("movw %w0, %%fs" : : "r"(0x7F8));
}

/* The self-map's own gap: never mapped. */
static void crash_read(void)
{
    (void)*(volatile ULONG *)0xD0000000;
}

static void crash_null(void)
{
    volatile ULONG *null = NULL;

    *null = 1; /* cppcheck-suppress nullPointer */
}

/* The kernel's own text is read-only for the kernel too (CR0.WP). */
static void crash_write(void)
{
    *(volatile ULONG *)kernel_text_start = 0;
}

/* Data of the kernel: no code where the CPU has NX and the format is PAE; else int 3 lies there. */
static void crash_fetch(void)
{
    static UCHAR data[1];

    data[0] = 0xCC;
    __asm__ volatile("jmp *%0" : : "r"(data) : "memory");
}

/* Without a stack the page fault cannot be delivered: a double fault. */
static void crash_stack(void)
{
    __asm__ volatile("movl $0xD0000000, %esp; pushl $0");
}

/* Runs the stack over into its guard page. */
static ULONG crash_overflow_level(ULONG level)
{
    volatile ULONG here = level;

    return here == ~0u ? 0 : crash_overflow_level(here + 1) + here;
}

static void crash_overflow(void)
{
    log_printf("%u\n", crash_overflow_level(0));
}

static void crash_assert(void)
{
    ASSERT(!"crash=assert was asked for");
}

static void crash_pool(void)
{
    void *block = ExAllocatePool(NonPagedPool, 8);

    ExFreePool(block);
    ExFreePool(block);
}

/* ---- What drivers do wrong: bugchecks with NT's codes ---- */

static void crash_irql(void)
{
    KEVENT event;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    KfRaiseIrql(DISPATCH_LEVEL);
    KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
}

/* One object more than a thread has wait blocks of its own for. */
static void crash_blocks(void)
{
    PVOID objects[THREAD_WAIT_OBJECTS + 1] = {0};

    KeWaitForMultipleObjects(ARRAY_SIZE(objects), objects, WaitAny, Executive, KernelMode, FALSE,
                             NULL, NULL);
}

static void crash_mutex(void)
{
    KMUTEX mutex;

    KeInitializeMutex(&mutex, 0);
    KeReleaseMutex(&mutex, FALSE);
}

static void crash_semaphore(void)
{
    KSEMAPHORE semaphore;

    KeInitializeSemaphore(&semaphore, 0, 1);
    KeReleaseSemaphore(&semaphore, 0, 2, FALSE);
}

static void crash_lock(void)
{
    MmProbeAndLockPages(IoAllocateMdl((PVOID)0xD0000000, 4, FALSE, FALSE, NULL), KernelMode, 0);
}

static void crash_location(void)
{
    IoCallDriver(NULL, IoAllocateIrp(0, FALSE));
}

static const struct {
    const char *name;
    void (*run)(void);
} kinds[] = {
    {"divide", crash_divide}, {"breakpoint", crash_breakpoint},
    {"opcode", crash_opcode}, {"gp", crash_gp},
    {"read", crash_read},     {"write", crash_write},
    {"fetch", crash_fetch},   {"null", crash_null},
    {"stack", crash_stack},   {"overflow", crash_overflow},
    {"assert", crash_assert}, {"pool", crash_pool},
    {"irql", crash_irql},     {"blocks", crash_blocks},
    {"mutex", crash_mutex},   {"semaphore", crash_semaphore},
    {"lock", crash_lock},     {"location", crash_location},
};

/* SDM vol. 3A, table 6-1. */
static BOOLEAN has_error_code(ULONG vector)
{
    return vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 ||
           vector == 29 || vector == 30;
}

/* Builds what the CPU pushes and enters the vector's stub. */
static void raise_vector(ULONG vector)
{
    if (vector == TRAP_DOUBLE_FAULT)
        crash_stack();
    fpu_enable(); /* or #NM would only be a request for the FPU */
    if (has_error_code(vector))
        __asm__ volatile("pushfl; pushl %%cs; pushl $1f; pushl $0; jmp *%0; 1:"
                         :
                         : "r"(trap_stubs[vector])
                         : "memory");
    else
        __asm__ volatile("pushfl; pushl %%cs; pushl $1f; jmp *%0; 1:"
                         :
                         : "r"(trap_stubs[vector])
                         : "memory");
}

void crash(const char *what)
{
    ULONG vector;

    for (ULONG i = 0; i < ARRAY_SIZE(kinds); i++)
        if (strcmp(kinds[i].name, what) == 0)
            kinds[i].run();
    if (rtl_parse_number(what, &vector) && vector < TRAP_EXCEPTIONS)
        raise_vector(vector);
    log_printf("[option] unknown=\"crash=%s\"\n", what);
    console_printf("The kernel command line has a word that is not known: crash=%s (ignored)\n",
                   what);
}

/* What ends a child: things that no thread comes back from, or no process. */
#include "hostile/hostile.h"

static void no_handler(void)
{
    nt_teb()->exception_list = (PVOID)(LONG_PTR)-1;
}

static void end_process(void)
{
    NtTerminateProcess(NtCurrentProcess(), (NTSTATUS)any());
}

static void end_threads(void)
{
    NtTerminateProcess(NULL, STATUS_SUCCESS);
    NtTerminateThread(NtCurrentThread(), STATUS_SUCCESS);
}

/* An exception that nobody can be told of. */
static void lose_stack(void)
{
    __asm__ volatile("movl %0, %%esp; pushl %%eax" : : "r"(value_boundary()) : "memory");
}

static void lose_stack_quietly(void)
{
    __asm__ volatile("movl %0, %%esp; 1: jmp 1b" : : "r"(any()) : "memory");
}

static void jump_away(void)
{
    no_handler();
    __asm__ volatile("jmp *%0" : : "r"(0x80000000 | any()));
}

static void __attribute__((noinline)) use_stack(ULONG levels)
{
    volatile char page[0xF00];

    page[0] = (char)levels;
    if (levels)
        use_stack(levels - 1);
    page[1] = page[0];
}

static void overflow(void)
{
    no_handler();
    use_stack(0x10000);
}

static void free_stack(void)
{
    PVOID base = nt_teb()->deallocation_stack;
    SIZE_T bytes = 0;

    NtFreeVirtualMemory(NtCurrentProcess(), &base, &bytes, MEM_RELEASE);
    end_process();
}

static void unmap_ntdll(void)
{
    const ULONG arguments[] = {(ULONG)NtCurrentProcess(), (ULONG)&NtClose};

    enter_by_int(SERVICE_NtUnmapViewOfSection, arguments);
    enter_by_int(SERVICE_NtClose, arguments);
    __asm__ volatile("ud2");
}

static void unmap_program(void)
{
    NtUnmapViewOfSection(NtCurrentProcess(), (PVOID)(ULONG_PTR)&last_act);
}

static void continue_anywhere(void)
{
    CONTEXT context;
    ULONG *word = (ULONG *)&context;

    for (ULONG i = 0; i < sizeof context / sizeof *word; i++)
        word[i] = any();
    context.ContextFlags = 0x1003F;
    NtContinue(&context, FALSE);
}

static void second_chance(void)
{
    EXCEPTION_RECORD record = {.ExceptionCode = any(), .NumberParameters = below(16)};
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};

    NtRaiseException(&record, &context, FALSE);
    end_process();
}

static void sysenter_anywhere(void)
{
    __asm__ volatile("sysenter" : : "a"(any()), "d"(value_boundary()), "c"(any()));
}

static void chain_of_anything(void)
{
    nt_teb()->exception_list = (PVOID)any();
    __asm__ volatile("ud2");
}

static void no_teb(void)
{
    memset(nt_teb(), 0xFF, 0x1000);
    __asm__ volatile("ud2");
}

static void no_peb(void)
{
    memset(nt_peb(), 0xFF, 0x1000);
    RtlExitUserThread(STATUS_SUCCESS);
}

/* iret with VM and any CS: on a processor a jump to nowhere, in QEMU into virtual-8086 mode. */
static void virtual_8086(void)
{
    __asm__ volatile("pushl $0x23; pushl %0; pushl $0x20202; pushl %1; pushl %2; iret"
                     :
                     : "r"(nt_teb()->stack_base), "r"(below(0x10000)), "r"(0x80000000));
}

static void endless(void)
{
    __asm__ volatile("1: jmp 1b");
}

static void wait_for_ever(void)
{
    NtWaitForSingleObject(NtCurrentProcess(), FALSE, NULL);
}

static void suspend(void)
{
    static const ULONG arguments[] = {(ULONG)-2, 0};

    enter_by_int(SERVICE_NtSuspendThread, arguments);
}

void last_act(void)
{
    static void (*const acts[])(void) = {
        end_process,   end_threads,       lose_stack,  lose_stack_quietly, jump_away,
        overflow,      free_stack,        unmap_ntdll, unmap_program,      continue_anywhere,
        second_chance, sysenter_anywhere, no_teb,      chain_of_anything,  no_peb,
        endless,       wait_for_ever,     suspend,     virtual_8086,
    };

    tried(CATEGORY_last);
    board->done = 1;
    PICK(acts)();
}

#include "start.h"

#include "base.h"

#include "exception.h"

/*
 * Pushes an exception frame, the last one to be asked, and goes on in C with EAX and EBX as arguments.
 * EBP is 0: no frame lies above.
 */
#define BEGIN(next)                                                                                \
    __asm__("xorl %ebp, %ebp\n\t"                                                                  \
            "pushl $_exception_last_resort\n\t"                                                    \
            "pushl %fs:0\n\t"                                                                      \
            "movl %esp, %fs:0\n\t"                                                                 \
            "pushl %ebx\n\t"                                                                       \
            "pushl %eax\n\t"                                                                       \
            "pushl $0\n\t"                                                                         \
            "jmp " next)

typedef DWORD(WINAPI *process_routine)(void);

__attribute__((used, noreturn)) static void WINAPI
run_process(process_routine routine, LPVOID parameter) __asm__("_run_process");
__attribute__((used, noreturn)) static void WINAPI
run_thread(LPTHREAD_START_ROUTINE routine, LPVOID parameter) __asm__("_run_thread");

static void WINAPI run_process(process_routine routine, LPVOID parameter)
{
    UNREFERENCED_PARAMETER(parameter);
    ExitThread(routine());
}

static void WINAPI run_thread(LPTHREAD_START_ROUTINE routine, LPVOID parameter)
{
    ExitThread(routine(parameter));
}

__attribute__((naked)) void base_process_start(void)
{
    BEGIN("_run_process");
}

__attribute__((naked)) void base_thread_start(void)
{
    BEGIN("_run_thread");
}

/* ---- A process that was made without CreateProcess ---- */

static DWORD program_entry(void)
{
    const char *base = nt_peb()->image_base;
    const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)base;
    const IMAGE_NT_HEADERS *headers = (const IMAGE_NT_HEADERS *)(base + dos->e_lfanew);

    return (DWORD)base + headers->OptionalHeader.AddressOfEntryPoint;
}

/*
 * Who starts a process natively lets it begin at the program's entry point. The loader tells where
 * with its first call (`reserved` of a DLL that a program imports), and goes there afterwards: by way
 * of base_process_start here, so that such a program, too, has its last exception frame.
 */
static void begin_as_win32(PCONTEXT context)
{
    if (context->Eip != program_entry())
        return;
    context->Eax = context->Eip;
    context->Ebx = (DWORD)nt_peb();
    context->Eip = (DWORD)base_process_start;
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved)
{
    UNREFERENCED_PARAMETER(instance);
    if (reason == DLL_PROCESS_ATTACH && reserved != NULL)
        begin_as_win32(reserved);
    return TRUE;
}

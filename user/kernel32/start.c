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

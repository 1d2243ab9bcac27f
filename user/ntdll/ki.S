/*
 * What the kernel finds in ntdll by name: the two ways in, the place that sysexit returns to, and
 * the place that exceptions arrive at.
 */
    .text

/* sysenter leaves no return address: the kernel goes to KiFastSystemCallRet with ESP = EDX. */
    .globl _KiFastSystemCall@0
_KiFastSystemCall@0:
    movl %esp, %edx
    sysenter

    .globl _KiFastSystemCallRet@0
_KiFastSystemCallRet@0:
    ret

/* Above the arguments lie the stub's return address and the stub's caller's. */
    .globl _KiIntSystemCall@0
_KiIntSystemCall@0:
    leal 8(%esp), %edx
    int $0x2E
    ret

/*
 *   ESP     EXCEPTION_RECORD *
 *   ESP+4   CONTEXT *           both records lie above, pushed by the kernel
 * No return address: the C code does not return.
 */
    .globl _KiUserExceptionDispatcher@8
_KiUserExceptionDispatcher@8:
    cld
    call _exception_arrived@8
    ud2

/* void debug_print(const char *text, ULONG bytes): NT's DebugService, number 1. */
    .globl _debug_print
_debug_print:
    movl 4(%esp), %ecx
    movl 8(%esp), %edx
    movl $1, %eax
    int $0x2D
    ret

    .globl _DbgBreakPoint@0
_DbgBreakPoint@0:
    int3
    ret

/* BOOLEAN ldr_call(routine, base, reason, reserved): ESP is put back, whatever the routine takes off. */
    .globl _ldr_call
_ldr_call:
    pushl %ebp
    movl %esp, %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    pushl 20(%ebp)
    pushl 16(%ebp)
    pushl 12(%ebp)
    call *8(%ebp)
    leal -12(%ebp), %esp
    testl %eax, %eax
    setne %al
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret

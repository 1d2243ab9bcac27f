/* Ways into the kernel, and where an exception goes on (hostile.h). */

        .text

/*
 * A service may give the thread other registers (NtContinue, NtSetContextThread): what the compiler
 * wants kept comes from memory.
 */
        .macro  ENTER
        pushl   %ebp
        pushl   %ebx
        pushl   %esi
        pushl   %edi
        movl    %esp, _enter_esp
        .endm

        .macro  LEAVE
        movl    _enter_esp, %esp
        pushl   $0x202
        popf
        popl    %edi
        popl    %esi
        popl    %ebx
        popl    %ebp
        ret
        .endm

/* Where the arguments of a routine lie behind ENTER. */
#define FIRST  20(%esp)
#define SECOND 24(%esp)
#define THIRD  28(%esp)
#define FOURTH 32(%esp)

/* NTSTATUS enter_by_int(ULONG number, const ULONG *arguments) */
        .globl  _enter_by_int
_enter_by_int:
        ENTER
        movl    FIRST, %eax
        movl    SECOND, %edx
        int     $0x2E
        LEAVE

/* NTSTATUS enter_fast(ULONG number, const ULONG arguments[11]): as a stub of ntdll's. */
        .globl  _enter_fast
_enter_fast:
        ENTER
        movl    FIRST, %eax
        movl    SECOND, %esi
        subl    $44, %esp
        movl    %esp, %edi
        movl    $11, %ecx
        rep movsl
        pushl   $0                      /* the return address to the stub's caller */
        movl    $0x7FFE0300, %edx
        call    *(%edx)
        LEAVE

/* NTSTATUS enter_with(ULONG number, const ULONG *arguments, ULONG flags, ULONG esp) */
        .globl  _enter_with
_enter_with:
        ENTER
        movl    FIRST, %eax
        movl    SECOND, %edx
        movl    FOURTH, %ecx
        pushl   THIRD
        popf
        movl    %ecx, %esp
        int     $0x2E
        LEAVE

/* NTSTATUS enter_sysenter(ULONG number, ULONG *stack): EDX and, behind it, ESP are `stack`. */
        .globl  _enter_sysenter
_enter_sysenter:
        ENTER
        movl    FIRST, %eax
        movl    SECOND, %edx
        movl    $1f, (%edx)
        sysenter
1:      LEAVE

/* What ring 3 may have made of the flags and the segments. */
        .macro  CLEAN
        pushl   $0x3B
        popl    %fs
        pushl   $0x23
        popl    %ds
        pushl   $0x23
        popl    %es
        pushl   $0x202
        popf
        .endm

/* void guarded(void (*routine)(void)) */
        .globl  _guarded, _guarded_again, _guarded_esp
_guarded:
        pushl   %ebp
        movl    %esp, %ebp
        pushl   %ebx
        pushl   %esi
        pushl   %edi
        pushl   8(%ebp)
        pushl   $_guarded_handler
        pushl   %fs:0
        movl    %esp, _guarded_esp
_guarded_again:
        movl    _guarded_esp, %esp
        CLEAN
        movl    %esp, %fs:0
        movl    8(%esp), %eax
        call    *%eax
        popl    %fs:0
        addl    $8, %esp
        popl    %edi
        popl    %esi
        popl    %ebx
        popl    %ebp
        ret

/* ULONG attempt(const void *code, ULONG eax, ULONG ecx, ULONG edx) */
        .globl  _attempt, _attempt_failed, _attempt_esp
_attempt:
        pusha
        movl    %esp, _attempt_esp
        movl    36(%esp), %ebx
        movl    40(%esp), %eax
        movl    44(%esp), %ecx
        movl    48(%esp), %edx
        call    *%ebx
        jmp     1f
_attempt_failed:
        movl    _last_exception, %eax
1:      movl    _attempt_esp, %esp
        CLEAN
        movl    $0, _attempt_esp
        movl    %eax, 28(%esp)          /* popa's EAX */
        popa
        ret

/* void stray_thread(void): NtTerminateThread(NtCurrentThread(), 0) */
        .globl  _stray_thread
_stray_thread:
        pushl   $0
        pushl   $-2
        movl    $0xE1, %eax
        movl    %esp, %edx
        int     $0x2E
        jmp     _stray_thread

        .bss
_enter_esp:
        .long   0
_guarded_esp:
        .long   0
_attempt_esp:
        .long   0

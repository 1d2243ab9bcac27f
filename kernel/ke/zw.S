/*
 * A Zw-name is its Nt-routine called by the kernel, whoever the thread's system service was called
 * by: ZW_ALIAS (include/export.h) pushes the routine and comes here, above the return address and the
 * arguments. As many words as a service can have are passed on; how many the routine (stdcall) took
 * tells how many this call takes.
 */
#include "ke/offsets.h"

#define WORDS 11 /* NtCreateFile's */

        .text
        .globl  ke_call_as_kernel
ke_call_as_kernel:
        pushl   %ebp
        movl    %esp, %ebp
        pushl   %ebx
        pushl   %esi
        pushl   %edi
        movl    ke_current, %ebx
        pushl   THREAD_PREVIOUS_MODE(%ebx)
        movb    $0, THREAD_PREVIOUS_MODE(%ebx)
        leal    12(%ebp), %esi
        subl    $WORDS * 4, %esp
        movl    %esp, %edi
        movl    $WORDS, %ecx
        rep movsl
        call    *4(%ebp)
        leal    WORDS * 4 + 16(%esp), %ecx
        subl    %ebp, %ecx              /* bytes taken */
        movb    -16(%ebp), %dl
        movb    %dl, THREAD_PREVIOUS_MODE(%ebx)
        leal    -12(%ebp), %esp
        popl    %edi
        popl    %esi
        popl    %ebx
        popl    %ebp
        movl    4(%esp), %edx
        leal    8(%esp, %ecx), %esp
        jmp     *%edx

        .section .note.GNU-stack, "", @progbits

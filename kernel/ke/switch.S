/*
 * void ke_switch_stack(ULONG *save, ULONG load): leaves this thread's stack, with what C expects
 * to be kept, and returns on the other's.
 */
        .text
        .globl  ke_switch_stack
ke_switch_stack:
        movl    4(%esp), %eax
        movl    8(%esp), %edx
        pushl   %ebp
        pushl   %ebx
        pushl   %esi
        pushl   %edi
        movl    %esp, (%eax)
        movl    %edx, %esp
        popl    %edi
        popl    %esi
        popl    %ebx
        popl    %ebp
        ret

        .section .note.GNU-stack, "", @progbits

/*
 * NTSTATUS FASTCALL user_copy(void *to, const void *from, ULONG bytes): a memcpy that may fault between
 * user_copy_faults and user_copy_faults_end. mm_recover then puts the status into EAX and goes on at
 * user_copy_failed.
 */
        .text
        .globl  user_copy, user_copy_faults, user_copy_faults_end, user_copy_failed
        .globl  user_touch, user_touch_fault, user_touch_failed
user_copy:
        pushl   %esi
        pushl   %edi
        movl    %ecx, %edi
        movl    %edx, %esi
        movl    12(%esp), %ecx
        movl    %ecx, %edx
        shrl    $2, %ecx
        andl    $3, %edx
        xorl    %eax, %eax              /* STATUS_SUCCESS */
user_copy_faults:
        rep movsl
        movl    %edx, %ecx
        rep movsb
user_copy_faults_end:
user_copy_failed:
        popl    %edi
        popl    %esi
        ret     $4

/*
 * NTSTATUS FASTCALL user_touch(void *address): writes the byte that is there. It may fault in one
 * instruction; mm_recover then goes on behind it.
 */
user_touch:
        xorl    %eax, %eax              /* STATUS_SUCCESS */
user_touch_fault:
        orb     $0, (%ecx)
user_touch_failed:
        ret

        .section .note.GNU-stack, "", @progbits

/*
 * init of a Linux whose tables are looked at (test_vtop_linux.py): it writes to a page of its own,
 * says so on the console, and sleeps. Static, without a library.
 */
#define NR_WRITE 4
#define NR_PAUSE 29
#define STDOUT   1

    .text
    .globl _start
_start:
    movl $NR_WRITE, %eax
    movl $STDOUT, %ebx
    movl %eax, written
    movl $line, %ecx
    movl $(line_end - line), %edx
    int $0x80
sleep:
    movl $NR_PAUSE, %eax
    int $0x80
    jmp sleep

    .section .rodata
line:
    .ascii "\n[linux] asleep\n"
line_end:

    .bss
written:
    .long 0
    .section .note.GNU-stack, "", @progbits

/*
 * A kernel that sends its first boot module over the serial line, but for the last byte, which it
 * writes to the exit device: any log that a test wants, with any end.
 */
    .section .text
    .align 4
    .long 0x1BADB002, 0, -0x1BADB002 /* multiboot: magic, flags, checksum */

    .globl _start
_start:
    mov 24(%ebx), %eax /* multiboot information: mods_addr */
    mov (%eax), %esi   /* the module's start and end */
    mov 4(%eax), %edi
    dec %edi
    mov $0x3F8, %edx
1:  cmp %edi, %esi
    je 3f
2:  add $5, %edx       /* line status: can the transmitter take a byte? */
    in %dx, %al
    sub $5, %edx
    test $0x20, %al
    jz 2b
    lodsb
    out %al, %dx
    jmp 1b
3:  mov (%edi), %al
    mov $0xF4, %edx
    out %al, %dx
    cli
4:  hlt
    jmp 4b

    .section .note.GNU-stack, "", %progbits

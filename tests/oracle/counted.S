/*
 * A kernel of a known number of instructions, to hold count.so against. It stores what the time
 * stamp counter says of the same stretch (under -icount shift=0 that counts instructions too),
 * sends a line, and halts.
 */
    .section .text
    .align 4
    .long 0x1BADB002, 0, -0x1BADB002 /* multiboot: magic, flags, checksum */

    .globl _start, stretch, stretch_end, nested, ticks
_start:
    mov $stack, %esp
    cld
    call nested
    call nested
    rdtsc
    mov %eax, %ebx
/* 1 + 1 + 3 * 100 + 1 + 1 + 1 + repetitions + 4 */
stretch:
    mov $100, %ecx
    mov $0x80, %edx
1:  nop
    dec %ecx
    jnz 1b
    mov $0xB8000, %edi          /* VGA: memory that is a device */
    mov $16, %ecx
    xor %eax, %eax
    rep stosl                   /* 16 repetitions */
    movl $0x07410741, 0xB8000
    out %al, %dx                /* a port */
    mov 0xB8000, %eax
    mov %eax, scratch
stretch_end:
    rdtsc
    sub %ebx, %eax
    mov %eax, ticks
    mov $0x3F8, %edx
    mov $done, %esi
2:  lodsb
    out %al, %dx
    cmp $'\n', %al
    jne 2b
    cli
3:  hlt
    jmp 3b

/* 20 instructions: 6 here, and twice 7 (3 and their 4) below */
nested:
    push $1
    call inner
    call inner
    nop
    pop %eax
    ret
inner:
    push $2
    call leaf
    pop %eax
    nop
    ret $0
leaf:
    nop
    ret

    .section .data
done:
    .ascii "[counted] done=1\r\n"
    .align 4
ticks:
    .long 0
scratch:
    .long 0
    .skip 1024
stack:

    .section .note.GNU-stack, "", %progbits

/*
 * A kernel that runs under page tables made by a test: the page directory lies at 00200000, and
 * 00300000 holds a count and the virtual addresses that it reads, one byte each. The test sees to
 * it that these are mapped, and that the first 4 MiB are mapped to themselves.
 */
#define DIRECTORY 0x200000
#define ADDRESSES 0x300000
#define CR0_PG    0x80000000
#define CR4_PSE   0x10

    .section .text
    .align 4
    .long 0x1BADB002, 0, -0x1BADB002 /* multiboot: magic, flags, checksum */

    .globl _start
_start:
    mov %cr4, %eax
    or $CR4_PSE, %eax
    mov %eax, %cr4
    mov $DIRECTORY, %eax
    mov %eax, %cr3
    mov %cr0, %eax
    or $CR0_PG, %eax
    mov %eax, %cr0

    mov $ADDRESSES, %esi
    mov (%esi), %ecx
1:  add $4, %esi
    mov (%esi), %ebx
    mov (%ebx), %al
    dec %ecx
    jnz 1b

    mov $0x3F8, %edx
    mov $done, %esi
2:  mov (%esi), %al
    out %al, %dx
    inc %esi
    cmp $'\n', %al
    jne 2b
    cli
3:  hlt
    jmp 3b

    .section .rodata
done:
    .ascii "[mapped] done=1\r\n"

    .section .note.GNU-stack, "", %progbits

/* From the loader to C: a stack, first page tables, and the jump to the higher half. */
#include "boot/multiboot.h"

        .section .multiboot, "a"
        .align  4
        .long   MULTIBOOT_HEADER_MAGIC
        .long   MULTIBOOT_HEADER_FLAGS
        .long   -(MULTIBOOT_HEADER_MAGIC + MULTIBOOT_HEADER_FLAGS)
        .long   0, 0, 0, 0, 0           /* load addresses: the ELF headers say them */
        .long   MULTIBOOT_MODE_EGA_TEXT, 80, 25, 0

        .section .boot.text, "ax"
        .globl  _start
_start: cli
        cld
        movl    $(boot_stack_top - 0x80000000), %esp
        pushl   %ebx                    /* multiboot information, physical */
        pushl   %eax                    /* loader's magic */
        call    boot_enable_paging
        popl    %eax
        popl    %ebx
        movl    $boot_stack_top, %esp
        xorl    %ebp, %ebp              /* the backtrace ends here */
        pushl   %ebx
        pushl   %eax
        movl    $kernel_main, %ecx
        call    *%ecx                   /* never returns */
        hlt

        .bss
        .align  4096
        .globl  boot_stack_guard, boot_stack_top
boot_stack_guard:
        .skip   4096                    /* unmapped once the kernel has its page tables */
        .skip   16384
boot_stack_top:

        .section .note.GNU-stack, "", @progbits

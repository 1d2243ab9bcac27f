/* The vectors' entry points and the road to trap_dispatch (trap.h draws the stack). */
#include "x86/segments.h"
#include "x86/vectors.h"

/* SDM vol. 3A, table 6-1: the exceptions that push an error code. */
#define HAS_ERROR_CODE(v) \
        ((v) == 8 || ((v) >= 10 && (v) <= 14) || (v) == 17 || (v) == 21 || (v) == 29 || (v) == 30)

        .text
        .altmacro
        .macro  STUB vector
trap_stub_\vector:
        .if     !HAS_ERROR_CODE(\vector)
        pushl   $0
        .endif
        pushl   $\vector
        jmp     trap_common
        .endm

        .macro  STUB_ADDRESS vector
        .long   trap_stub_\vector
        .endm

        .set    v, 0
        .rept   TRAP_VECTORS
        STUB    %v
        .set    v, v + 1
        .endr

trap_common:
        pusha
        pushl   %ds
        pushl   %es
        pushl   %fs
        pushl   %gs
        cld
        movl    $KGDT_R0_DATA, %eax
        movl    %eax, %ds
        movl    %eax, %es
        movl    $KGDT_R0_PCR, %eax
        movl    %eax, %fs
        pushl   %esp
        call    trap_dispatch
        addl    $4, %esp
        popl    %gs
        popl    %fs
        popl    %es
        popl    %ds
        popa
        addl    $8, %esp                /* vector and error code */
        iret

/* A task of its own: the broken context lies in gdt_main_tss. */
        .globl  trap_double_fault
trap_double_fault:
        call    trap_double_fault_report
        hlt
        jmp     trap_double_fault

        .section .rodata
        .globl  trap_stubs
        .align  4
trap_stubs:
        .set    v, 0
        .rept   TRAP_VECTORS
        STUB_ADDRESS %v
        .set    v, v + 1
        .endr

        .section .note.GNU-stack, "", @progbits

/*
 * Segment selectors, as Windows numbers them, and the GDT, IDT and TSS behind them
 * (Intel SDM vol. 3A, chapters 3, 6 and 7).
 */
#pragma once

#define KGDT_R0_CODE 0x08
#define KGDT_R0_DATA 0x10
#define KGDT_R3_CODE 0x18
#define KGDT_R3_DATA 0x20
#define KGDT_TSS     0x28
#define KGDT_DF_TSS  0x50
#define GDT_BYTES    0x58

#ifndef __ASSEMBLER__
#include <stdint.h>

/* The 32-bit task state segment, SDM vol. 3A, figure 7-2. */
struct x86_tss {
    uint32_t previous;
    uint32_t esp0, ss0;
    uint32_t esp1, ss1, esp2, ss2;
    uint32_t cr3, eip, eflags;
    uint32_t eax, ecx, edx, ebx, esp, ebp, esi, edi;
    uint32_t es, cs, ss, ds, fs, gs;
    uint32_t ldt;
    uint16_t trap, io_map_base;
};

/*
 * Loads the GDT with flat segments and the two TSS: the one that carries the ring-0 stack, and the
 * double fault's, which has its own stack so that a broken kernel stack can be reported.
 */
void gdt_init(void);

/* The registers at the moment of a double fault: the CPU saved them here. */
extern struct x86_tss gdt_main_tss;

/* Loads the IDT: 32 exceptions and 16 interrupt lines, all from ring 0 but #BP and #OF. */
void idt_init(void);
#endif

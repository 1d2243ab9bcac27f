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
#define KGDT_R0_PCR  0x30 /* FS in ring 0: the processor control region */
#define KGDT_R3_TEB  0x38 /* FS in ring 3: the thread's TEB */
#define KGDT_DF_TSS  0x50
#define RPL_3        3 /* in a selector that ring 3 uses */
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

/* The main TSS; below it there is room for a debug trap at sysenter's first instruction. */
struct main_tss {
    uint32_t below[16];
    struct x86_tss tss;
};

extern struct main_tss gdt_tss;

/* The registers at the moment of a double fault: the CPU saved them here. */
#define gdt_main_tss gdt_tss.tss

/* Where FS points in ring 3 from now on; the thread that returns there next reloads FS. */
void gdt_set_teb(uint32_t base);

/* The stack that the CPU takes at the next trap from ring 3: its first byte above. */
void gdt_set_kernel_stack(uint32_t top);

/* Where FS points in ring 0 (linear address of a page that is mapped in every space). */
void gdt_set_pcr(uint32_t base);

/* Loads the IDT: exceptions and interrupt lines, all from ring 0 but #BP and #OF. */
void idt_init(void);

/* Gives a vector another entry point, for ring 0 and the CPU alone, or open to ring 3 as well. */
void idt_set_exception(unsigned vector, void (*entry)(void));
void idt_set_service(unsigned vector, void (*entry)(void));
#endif

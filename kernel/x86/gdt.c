#include "x86/segments.h"

#include "boot/boot.h"
#include "x86/cpu.h"

/*
 * A segment descriptor, SDM vol. 3A, figure 3-8:
 *   high  31..24 base 31:24 | G D/B L AVL | limit 19:16 | P DPL S | type | base 23:16
 *   low   31..16 base 15:0  | limit 15:0
 */
struct descriptor {
    uint32_t low, high;
};

enum { /* bits 23:8 of the high word */
       FLAT_CODE = 0x00CF9A00,
       FLAT_DATA = 0x00CF9200,
       BYTE_DATA = 0x00409200, /* the limit in bytes */
       AVAILABLE_TSS = 0x00008900,
       FOR_RING_3 = 3 << 13,
};

/*
 * sysenter begins on the stack at &esp0 and moves to the one that esp0 names with its first
 * instruction; a debug trap before that pushes its three words below.
 */
struct main_tss gdt_tss;
static struct x86_tss double_fault_tss;
static uint8_t double_fault_stack[4096] __attribute__((aligned(16)));

static struct descriptor gdt[GDT_BYTES / 8];

void trap_double_fault(void); /* trap_entry.S */

static void set_descriptor(unsigned selector, uint32_t base, uint32_t limit, uint32_t type)
{
    gdt[selector / 8].low = base << 16 | (limit & 0xFFFF);
    gdt[selector / 8].high = (base & 0xFF000000) | type | (limit & 0xF0000) | (base >> 16 & 0xFF);
}

static void set_tss(unsigned selector, struct x86_tss *tss)
{
    tss->ss0 = KGDT_R0_DATA;
    tss->io_map_base = sizeof *tss; /* none */
    set_descriptor(selector, (uint32_t)tss, sizeof *tss - 1, AVAILABLE_TSS);
}

void gdt_set_teb(uint32_t base)
{
    set_descriptor(KGDT_R3_TEB, base, 0xFFF, BYTE_DATA | FOR_RING_3);
}

void gdt_set_pcr(uint32_t base)
{
    set_descriptor(KGDT_R0_PCR, base, 0xFFF, BYTE_DATA);
    __asm__ volatile("mov %0, %%fs" : : "r"(KGDT_R0_PCR));
    double_fault_tss.fs = KGDT_R0_PCR;
}

void gdt_set_kernel_stack(uint32_t top)
{
    gdt_main_tss.esp0 = top;
}

static void set_double_fault_task(void)
{
    struct x86_tss *tss = &double_fault_tss;

    tss->cr3 = read_cr3();
    tss->eip = (uint32_t)trap_double_fault;
    tss->eflags = 2; /* bit 1 is always one, interrupts are off */
    tss->esp = tss->esp0 = (uint32_t)(double_fault_stack + sizeof double_fault_stack);
    tss->cs = KGDT_R0_CODE;
    tss->ss = tss->ds = tss->es = tss->fs = tss->gs = KGDT_R0_DATA;
    set_tss(KGDT_DF_TSS, tss);
}

static void load_gdt(void)
{
    struct {
        uint16_t limit;
        uint32_t base;
    } __attribute__((packed)) pointer = {sizeof gdt - 1, (uint32_t)gdt};

    __asm__ volatile("lgdt %0\n\t"
                     "ljmp %1, $1f\n"
                     "1:\tmov %2, %%ds; mov %2, %%es; mov %2, %%ss; mov %2, %%gs\n\t"
                     "mov %3, %%fs"
                     :
                     : "m"(pointer), "i"(KGDT_R0_CODE), "r"(KGDT_R0_DATA), "r"(KGDT_R0_PCR)
                     : "memory");
}

void gdt_init(void)
{
    set_descriptor(KGDT_R0_CODE, 0, 0xFFFFFFFF, FLAT_CODE);
    set_descriptor(KGDT_R0_DATA, 0, 0xFFFFFFFF, FLAT_DATA);
    set_descriptor(KGDT_R3_CODE, 0, 0xFFFFFFFF, FLAT_CODE | FOR_RING_3);
    set_descriptor(KGDT_R3_DATA, 0, 0xFFFFFFFF, FLAT_DATA | FOR_RING_3);
    set_descriptor(KGDT_R0_PCR, 0, 0xFFFFFFFF, FLAT_DATA);
    gdt_set_teb(0);
    gdt_set_kernel_stack((uint32_t)boot_stack_top);
    set_tss(KGDT_TSS, &gdt_main_tss);
    set_double_fault_task();
    load_gdt();
    __asm__ volatile("ltr %w0" : : "r"(KGDT_TSS));
}

#include "x86/segments.h"

#include "x86/trap.h"

/*
 * A gate, SDM vol. 3A, figure 6-2:
 *   high  31..16 offset 31:16 | P DPL 0 type | 0
 *   low   31..16 selector     | offset 15:0
 */
struct gate {
    uint32_t low, high;
};

enum { INTERRUPT_GATE = 0x8E00, TASK_GATE = 0x8500, FROM_RING_3 = 3 << 13 };
enum { VECTOR_BREAKPOINT = 3, VECTOR_OVERFLOW = 4 };

static struct gate idt[TRAP_VECTORS];

static void set_gate(unsigned vector, unsigned selector, uint32_t offset, uint32_t type)
{
    idt[vector].low = selector << 16 | (offset & 0xFFFF);
    idt[vector].high = (offset & 0xFFFF0000) | type;
}

void idt_init(void)
{
    struct {
        uint16_t limit;
        uint32_t base;
    } __attribute__((packed)) pointer = {sizeof idt - 1, (uint32_t)idt};

    for (unsigned vector = 0; vector < TRAP_VECTORS; vector++)
        set_gate(vector, KGDT_R0_CODE, trap_stubs[vector], INTERRUPT_GATE);
    idt[VECTOR_BREAKPOINT].high |= FROM_RING_3;
    idt[VECTOR_OVERFLOW].high |= FROM_RING_3;
    set_gate(TRAP_DOUBLE_FAULT, KGDT_DF_TSS, 0, TASK_GATE);
    __asm__ volatile("lidt %0" : : "m"(pointer));
}

void idt_set_exception(unsigned vector, void (*entry)(void))
{
    set_gate(vector, KGDT_R0_CODE, (uint32_t)entry, INTERRUPT_GATE);
}

void idt_set_service(unsigned vector, void (*entry)(void))
{
    set_gate(vector, KGDT_R0_CODE, (uint32_t)entry, INTERRUPT_GATE | FROM_RING_3);
}

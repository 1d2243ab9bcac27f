#include "x86/pic.h"

#include "x86/cpu.h"
#include "x86/trap.h"

enum { MASTER = 0x20, SLAVE = 0xA0, CASCADE_IRQ = 2 };
enum { ICW1_EDGE_CASCADE_ICW4 = 0x11, ICW4_8086 = 0x01, OCW2_EOI = 0x20, ALL_LINES = 0xFF };
enum { OCW3_READ_REQUESTS = 0x0A, OCW3_READ_IN_SERVICE = 0x0B, IRQ_LINES = 16 };

static void init_one(uint16_t port, uint8_t vector, uint8_t cascade)
{
    port_out8(port, ICW1_EDGE_CASCADE_ICW4);
    port_out8(port + 1, vector);
    port_out8(port + 1, cascade);
    port_out8(port + 1, ICW4_8086);
    port_out8(port + 1, ALL_LINES);
    port_out8(port, OCW2_EOI);
}

static BOOLEAN read_line(unsigned irq, uint8_t command)
{
    uint16_t port = irq < 8 ? MASTER : SLAVE;

    port_out8(port, command);
    return port_in8(port) >> irq % 8 & 1;
}

/* 8259A data sheet: a line that went away is reported as line 7 and is not in service. */
static BOOLEAN is_in_service(unsigned irq)
{
    return read_line(irq, OCW3_READ_IN_SERVICE);
}

BOOLEAN pic_is_requested(unsigned irq)
{
    return read_line(irq, OCW3_READ_REQUESTS);
}

/* A line that nobody drives: firmware's leftovers, or a spurious 7 or 15. */
static void ignore(struct trap_frame *frame)
{
    unsigned irq = frame->vector - TRAP_IRQ_BASE;

    if (is_in_service(irq))
        pic_end_of_interrupt(irq);
    else if (irq >= 8)
        pic_end_of_interrupt(CASCADE_IRQ); /* the master saw a real interrupt */
}

void pic_init(void)
{
    for (unsigned irq = 0; irq < IRQ_LINES; irq++)
        trap_set_handler(TRAP_IRQ_BASE + irq, ignore);
    init_one(MASTER, TRAP_IRQ_BASE, 1 << CASCADE_IRQ);
    init_one(SLAVE, TRAP_IRQ_BASE + 8, CASCADE_IRQ);
    pic_unmask(CASCADE_IRQ);
}

void pic_unmask(unsigned irq)
{
    uint16_t port = irq < 8 ? MASTER + 1 : SLAVE + 1;

    port_out8(port, port_in8(port) & (uint8_t) ~(1 << irq % 8));
}

void pic_end_of_interrupt(unsigned irq)
{
    if (irq >= 8)
        port_out8(SLAVE, OCW2_EOI);
    port_out8(MASTER, OCW2_EOI);
}

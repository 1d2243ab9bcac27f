#include "drivers/serial/serial.h"

#include "x86/cpu.h"
#include "x86/pic.h"
#include "x86/trap.h"

enum { COM1 = 0x3F8, DATA = COM1, INTERRUPTS = COM1 + 1, FIFO = COM1 + 2, LINE = COM1 + 3 };
enum { MODEM = COM1 + 4, LINE_STATUS = COM1 + 5 };

enum { BAUD_BASE = 115200, BAUD = 115200 };
enum { LCR_8N1 = 0x03, LCR_DIVISOR = 0x80 };
enum { FCR_ENABLE_AND_CLEAR = 0xC7 };
enum { MCR_RTS = 0x02, MCR_DTR_RTS_OUT2 = 0x0B, MCR_LOOPBACK = 0x1E };
enum { LSR_DATA_READY = 0x01, LSR_TRANSMITTER_EMPTY = 0x20 };
enum { IER_RECEIVED = 0x01 };
enum { PROBE = 0xAE, PATIENCE = 100000 };

static BOOLEAN present;
static BOOLEAN (*receiver_has_room)(void);
static void (*receiver)(UCHAR byte);
static BOOLEAN held; /* bytes may wait in the UART: the receiver had no room */

/* Waits for a bit of the line status, but never for ever: a byte takes 87 microseconds. */
static void wait_for(uint8_t bit)
{
    for (int i = 0; i < PATIENCE && !(port_in8(LINE_STATUS) & bit); i++)
        ;
}

static BOOLEAN answers_in_loopback(void)
{
    port_out8(MODEM, MCR_LOOPBACK);
    port_out8(DATA, PROBE);
    wait_for(LSR_DATA_READY);
    return port_in8(DATA) == PROBE;
}

BOOLEAN serial_init(void)
{
    port_out8(INTERRUPTS, 0);
    port_out8(LINE, LCR_DIVISOR);
    port_out8(DATA, BAUD_BASE / BAUD);
    port_out8(INTERRUPTS, 0);
    port_out8(LINE, LCR_8N1);
    port_out8(FIFO, FCR_ENABLE_AND_CLEAR);
    present = answers_in_loopback();
    port_out8(MODEM, MCR_DTR_RTS_OUT2);
    return present;
}

void serial_put(char c)
{
    if (!present)
        return;
    wait_for(LSR_TRANSMITTER_EMPTY);
    port_out8(DATA, (uint8_t)c);
}

/*
 * The PIC sees edges only: the UART's line is let down by switching its interrupts off, and a FIFO
 * that was filled meanwhile raises it anew.
 */
static void interrupt_for_what_is_left(void)
{
    port_out8(INTERRUPTS, 0);
    port_out8(INTERRUPTS, IER_RECEIVED);
}

static void hold(void)
{
    held = TRUE;
    port_out8(INTERRUPTS, 0);
    port_out8(MODEM, MCR_DTR_RTS_OUT2 & ~MCR_RTS);
}

static void interrupt(struct trap_frame *frame)
{
    BOOLEAN room;

    (void)frame;
    while ((room = receiver_has_room()) && port_in8(LINE_STATUS) & LSR_DATA_READY)
        receiver(port_in8(DATA));
    pic_end_of_interrupt(IRQ_SERIAL);
    if (room)
        interrupt_for_what_is_left();
    else
        hold();
}

void serial_resume(void)
{
    if (!held)
        return;
    held = FALSE;
    port_out8(MODEM, MCR_DTR_RTS_OUT2);
    interrupt_for_what_is_left();
}

void serial_receive(BOOLEAN (*has_room)(void), void (*sink)(UCHAR byte))
{
    if (!present)
        return;
    receiver_has_room = has_room;
    receiver = sink;
    trap_set_handler(TRAP_IRQ_BASE + IRQ_SERIAL, interrupt);
    pic_unmask(IRQ_SERIAL);
    port_out8(INTERRUPTS, IER_RECEIVED);
}

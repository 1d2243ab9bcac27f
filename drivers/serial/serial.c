#include "drivers/serial/serial.h"

#include "x86/cpu.h"
#include "x86/pic.h"
#include "x86/trap.h"

enum { COM1 = 0x3F8, DATA = COM1, INTERRUPTS = COM1 + 1, FIFO = COM1 + 2, LINE = COM1 + 3 };
enum { MODEM = COM1 + 4, LINE_STATUS = COM1 + 5 };

enum { BAUD_BASE = 115200, BAUD = 115200 };
enum { LCR_8N1 = 0x03, LCR_DIVISOR = 0x80 };
enum { FCR_ENABLE_AND_CLEAR = 0xC7 };
enum { MCR_DTR_RTS_OUT2 = 0x0B, MCR_LOOPBACK = 0x1E };
enum { LSR_DATA_READY = 0x01, LSR_TRANSMITTER_EMPTY = 0x20 };
enum { IER_RECEIVED = 0x01, FIFO_BYTES = 16 };
enum { PROBE = 0xAE, PATIENCE = 100000 };

static BOOLEAN present;
static void (*receiver)(UCHAR byte);

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

/* Empties the FIFO; what fills it meanwhile interrupts again. */
static void interrupt(struct trap_frame *frame)
{
    (void)frame;
    for (int i = 0; i < FIFO_BYTES && port_in8(LINE_STATUS) & LSR_DATA_READY; i++)
        receiver(port_in8(DATA));
    pic_end_of_interrupt(IRQ_SERIAL);
}

void serial_receive(void (*sink)(UCHAR byte))
{
    if (!present)
        return;
    receiver = sink;
    trap_set_handler(TRAP_IRQ_BASE + IRQ_SERIAL, interrupt);
    pic_unmask(IRQ_SERIAL);
    port_out8(INTERRUPTS, IER_RECEIVED);
}

/* The two 8259A interrupt controllers (Intel 8259A data sheet). */
#pragma once

#include "nt/ntdef.h"

#define IRQ_KEYBOARD 1
#define IRQ_SERIAL   4

/* Moves the 16 lines to vectors TRAP_IRQ_BASE and up, all masked, each ignored until it has a
 * handler. */
void pic_init(void);

/* Lets a line interrupt. */
void pic_unmask(unsigned irq);

/* TRUE if the line has asked for an interrupt that the CPU has not taken. */
BOOLEAN pic_is_requested(unsigned irq);

/* Tells the controllers that the line's handler has done its work (non-specific EOI). */
void pic_end_of_interrupt(unsigned irq);

/* The vectors of the IDT; assembly includes this too. */
#pragma once

#define TRAP_EXCEPTIONS   32
#define TRAP_IRQ_BASE     0x30 /* above Windows' software interrupts 2Ah to 2Eh */
#define TRAP_VECTORS      (TRAP_IRQ_BASE + 16)
#define TRAP_DEBUG        1
#define TRAP_DOUBLE_FAULT 8
#define TRAP_PAGE_FAULT   14

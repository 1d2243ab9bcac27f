/*
 * Traps: exceptions and interrupts, from the CPU to a C handler (Intel SDM vol. 3A, chapter 6).
 *
 * The stack as trap_entry.S leaves it, growing down; struct trap_frame from the bottom up:
 *
 *     SS, ESP          pushed by the CPU only when it came from ring 3
 *     EFLAGS, CS, EIP  pushed by the CPU
 *     error code       pushed by the CPU or, where the vector has none, a 0 by the stub
 *     vector           pushed by the stub
 *     EAX .. EDI       pusha
 *     DS, ES, FS, GS
 */
#pragma once

#include "nt/ntdef.h"
#include "x86/vectors.h"

struct trap_frame {
    ULONG gs, fs, es, ds;
    ULONG edi, esi, ebp, esp_at_pusha, ebx, edx, ecx, eax;
    ULONG vector, error;
    ULONG eip, cs, eflags;
    ULONG user_esp, user_ss; /* only if (cs & 3) == 3 */
};

/* The vectors' entry points (trap_entry.S). */
extern const ULONG trap_stubs[TRAP_VECTORS];

typedef void (*trap_handler)(struct trap_frame *frame);

/*
 * Installs the handler of a vector; it runs with interrupts off. A vector without one goes to the
 * default handler, which must not return from an exception. Returns the handler before, or NULL.
 */
trap_handler trap_set_handler(unsigned vector, trap_handler handler);
void trap_set_default_handler(trap_handler handler);

/* Gives a trap to the default handler; does not return from an exception. */
void trap_unhandled(struct trap_frame *frame);

/*
 * The routine that each trap from ring 3 calls last, with interrupts off; it may switch threads and
 * change the frame. NULL at boot: none.
 */
void trap_set_user_exit(trap_handler routine);

/*
 * The routine for traps from virtual-8086 mode, which nobody is meant to be in: ring 3 cannot enter it
 * by the SDM, but QEMU 7.2 lets its iret set VM. Such a frame carries real-mode selectors and lies four
 * words lower than others, so the routine must not return. Interrupts were served before.
 */
void trap_set_virtual_8086(trap_handler routine);

static inline BOOLEAN trap_from_user(const struct trap_frame *frame)
{
    return (frame->cs & 3) == 3;
}

/* The stack pointer at the time of the trap. (A double fault's frame always carries it.) */
ULONG trap_stack_pointer(const struct trap_frame *frame);

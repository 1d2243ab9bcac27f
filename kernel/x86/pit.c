#include "x86/pit.h"

#include "x86/cpu.h"
#include "x86/pic.h"
#include "x86/trap.h"

enum { CHANNEL_0 = 0x40, CONTROL = 0x43 };
enum { RATE_GENERATOR = 0x34, LATCH_COUNT = 0x00 }; /* channel 0, both bytes, mode 2, binary */
enum { CLOCKS_A_MS = PIT_HZ / 1000 + 1 };
enum { IRQ_TIMER = 0, STANDSTILL = 1000 }; /* readings without a change */

static void (*tick_handler)(void);

static void interrupt(struct trap_frame *frame)
{
    (void)frame;
    pic_end_of_interrupt(IRQ_TIMER);
    tick_handler();
}

void pit_init(void (*tick)(void))
{
    tick_handler = tick;
    port_out8(CONTROL, RATE_GENERATOR);
    port_out8(CHANNEL_0, PIT_DIVISOR & 0xFF);
    port_out8(CHANNEL_0, PIT_DIVISOR >> 8);
    trap_set_handler(TRAP_IRQ_BASE + IRQ_TIMER, interrupt);
    pic_unmask(IRQ_TIMER);
}

/* Counts down from PIT_DIVISOR to 1. */
static ULONG read_count(void)
{
    port_out8(CONTROL, LATCH_COUNT);
    ULONG low = port_in8(CHANNEL_0);

    return low | (ULONG)port_in8(CHANNEL_0) << 8;
}

/* Between the two looks at the request the period may have ended: a small count tells. */
ULONG pit_elapsed(void)
{
    BOOLEAN requested = pic_is_requested(IRQ_TIMER);
    ULONG elapsed = PIT_DIVISOR - read_count();

    if (!requested && elapsed < PIT_DIVISOR / 2)
        requested = pic_is_requested(IRQ_TIMER);
    return requested ? elapsed + PIT_DIVISOR : elapsed;
}

void pit_stall(ULONG microseconds)
{
    ULONG clocks = microseconds / 1000 * CLOCKS_A_MS + microseconds % 1000 * CLOCKS_A_MS / 1000 + 1;
    ULONG last = read_count(), still = 0;

    while (still < STANDSTILL) {
        ULONG now = read_count();
        ULONG passed = last >= now ? last - now : last + PIT_DIVISOR - now;

        if (passed >= clocks)
            return;
        still = passed ? 0 : still + 1;
        clocks -= passed;
        last = now;
    }
}

#include "x86/backtrace.h"

struct frame {
    ULONG caller_ebp;
    ULONG return_address;
};

static BOOLEAN frame_is_plausible(ULONG ebp, ULONG below, BOOLEAN (*readable)(ULONG))
{
    return ebp > below && ebp % 4 == 0 && readable(ebp) && readable(ebp + sizeof(struct frame) - 1);
}

ULONG backtrace_walk(ULONG ebp, BOOLEAN (*readable)(ULONG address),
                     ULONG return_addresses[BACKTRACE_DEPTH])
{
    ULONG count = 0, below = 0;

    while (count < BACKTRACE_DEPTH && frame_is_plausible(ebp, below, readable)) {
        const struct frame *frame = (const struct frame *)ebp;

        if (!frame->return_address)
            break;
        return_addresses[count++] = frame->return_address;
        below = ebp;
        ebp = frame->caller_ebp;
    }
    return count;
}

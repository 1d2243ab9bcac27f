/*
 * The FPU belongs to one thread at a time. A switch to another only sets CR0.TS; if that thread
 * uses the FPU, #NM brings us here to exchange the registers (Intel SDM vol. 3A, 13.4).
 */
#include "ke/kep.h"
#include "x86/fpu.h"
#include "x86/trap.h"

enum { DEVICE_NOT_AVAILABLE = 7 };

static struct ke_thread *owner;

static void not_available(struct trap_frame *frame)
{
    if (fpu_is_enabled()) { /* then it was not the CPU that raised it */
        trap_unhandled(frame);
        return;
    }
    fpu_enable();
    if (owner == ke_current)
        return;
    if (owner)
        fpu_save(owner->fpu);
    owner = ke_current;
    if (owner->fpu_used)
        fpu_restore(owner->fpu);
    else
        fpu_reset();
    owner->fpu_used = TRUE;
}

/* Without an FPU #NM stays an exception that nobody takes. */
void ke_fpu_init(void)
{
    if (fpu_init())
        trap_set_handler(DEVICE_NOT_AVAILABLE, not_available);
}

void ke_fpu_switch(const struct ke_thread *next)
{
    if (owner == next)
        fpu_enable();
    else
        fpu_disable();
}

void ke_fpu_forget(const struct ke_thread *thread)
{
    if (owner == thread)
        owner = NULL;
}

#include "x86/trap.h"

#include "x86/cpu.h"
#include "x86/segments.h"

static trap_handler handlers[TRAP_VECTORS];
static trap_handler default_handler, user_exit, virtual_8086;

void trap_dispatch(struct trap_frame *frame);
void trap_double_fault_report(void);

trap_handler trap_set_handler(unsigned vector, trap_handler handler)
{
    trap_handler last = handlers[vector];

    handlers[vector] = handler;
    return last;
}

void trap_set_default_handler(trap_handler handler)
{
    default_handler = handler;
}

void trap_unhandled(struct trap_frame *frame)
{
    default_handler(frame);
}

void trap_set_user_exit(trap_handler routine)
{
    user_exit = routine;
}

void trap_set_virtual_8086(trap_handler routine)
{
    virtual_8086 = routine;
}

ULONG trap_stack_pointer(const struct trap_frame *frame)
{
    /* From ring 0 the CPU pushes no ESP: the stack was where the frame ends. */
    BOOLEAN carried = frame->cs & 3 || frame->vector == TRAP_DOUBLE_FAULT;

    return carried ? frame->user_esp : (ULONG)&frame->user_esp;
}

/* Called by trap_entry.S for every vector but the double fault. */
void trap_dispatch(struct trap_frame *frame)
{
    trap_handler handler = handlers[frame->vector];
    BOOLEAN real_mode = !!(frame->eflags & EFLAGS_VM);

    if (!real_mode || frame->vector >= TRAP_EXCEPTIONS)
        (handler ? handler : default_handler)(frame);
    if (real_mode)
        virtual_8086(frame);
    if (user_exit && trap_from_user(frame))
        user_exit(frame);
}

/* Called by trap_entry.S in the double fault's task. */
void trap_double_fault_report(void)
{
    const struct x86_tss *tss = &gdt_main_tss;
    struct trap_frame frame = {
        .gs = tss->gs,
        .fs = tss->fs,
        .es = tss->es,
        .ds = tss->ds,
        .edi = tss->edi,
        .esi = tss->esi,
        .ebp = tss->ebp,
        .ebx = tss->ebx,
        .edx = tss->edx,
        .ecx = tss->ecx,
        .eax = tss->eax,
        .vector = TRAP_DOUBLE_FAULT,
        .error = 0,
        .eip = tss->eip,
        .cs = tss->cs,
        .eflags = tss->eflags,
        .user_esp = tss->esp,
        .user_ss = tss->ss,
    };

    default_handler(&frame);
}

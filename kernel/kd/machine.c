#include "kd/machine.h"

#include "console/console.h"
#include "console/log.h"
#include "x86/cpu.h"

enum { DEBUG_EXIT_PORT = 0xF4, EXIT_SUCCESS = 0x10, EXIT_FAILURE = 0x11 };

static BOOLEAN leave_at_end;

void machine_leave_at_end(BOOLEAN leave)
{
    leave_at_end = leave;
}

void machine_end(BOOLEAN success)
{
    cpu_disable_interrupts();
    log_printf("[exit] status=%s\n", success ? "success" : "failure");
    if (leave_at_end)
        port_out8(DEBUG_EXIT_PORT, success ? EXIT_SUCCESS : EXIT_FAILURE);
    console_printf("\nIt is now safe to switch off the computer.\n");
    for (;;)
        __asm__ volatile("hlt");
}

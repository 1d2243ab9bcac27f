/*
 * The control program's work (the tutorial's VirtToPhys.asm), done by the kernel in the program's
 * address space until the program itself runs in ring 3. It knows the driver by names, handles and
 * an I/O control code only.
 */
#pragma once

#include "ps/process.h"

/*
 * Registers, starts and opens the driver, asks it for the physical addresses of the process's four
 * modules, shows the table, and undoes everything in the reverse order. A step that fails shows the
 * tutorial's message; what was done before it is undone. Each step's status goes to the log.
 * The process must be attached. TRUE if the table was shown and
 * everything was undone.
 */
BOOLEAN control_run(const struct process *process);

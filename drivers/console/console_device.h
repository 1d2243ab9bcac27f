/*
 * The console device, \Device\Console: screens, keys and lines for programs (ioctl/console.h). A
 * driver like any other, but linked into the kernel.
 */
#pragma once

#include "nt/io.h"

/*
 * DriverEntry: the first console takes over the kernel's screen, and the keyboard's and the serial
 * line's keys go to the console on the screen from now on. STATUS_SUCCESS, or the statuses of
 * IoCreateDevice and IoCreateSymbolicLink with nothing left.
 */
NTSTATUS NTAPI console_entry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path);

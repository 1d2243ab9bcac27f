/*
 * The boot volume: \Device\HarddiskVolume1, whose files are the boot modules, and \??\C: for it.
 * A driver like any other, but linked into the kernel. It is a flat, read-only volume: one
 * directory, "\", and the modules in it.
 */
#pragma once

#include "nt/io.h"

/*
 * DriverEntry, over the boot modules of bootinfo.h. STATUS_SUCCESS, or the statuses of IoCreateDevice
 * and IoCreateSymbolicLink with nothing left.
 */
NTSTATUS NTAPI bootvol_entry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path);

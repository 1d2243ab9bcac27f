/* Names for code addresses: the kernel's own functions and the loaded drivers. */
#pragma once

#include "nt/ntdef.h"

/*
 * Writes "function+0x12" (kernel), "VirtToPhys.sys+0x1034" (a driver's RVA) or "?" into `to` of
 * `size` bytes.
 */
void symbols_describe(ULONG address, char *to, ULONG size);

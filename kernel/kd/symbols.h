/* Names for code addresses: the kernel's own functions and the loaded drivers. */
#pragma once

#include "nt/ntdef.h"

/*
 * How an address came about. A call may be a function's last instruction: then its return address
 * lies behind the function that made the call.
 */
enum symbols_kind { SYMBOLS_INSTRUCTION, SYMBOLS_RETURN_ADDRESS };

/*
 * Writes "function+0x12" (kernel), "VirtToPhys.sys+0x1034" (a driver's RVA) or "?" into `to` of
 * `size` bytes.
 */
void symbols_describe(ULONG address, enum symbols_kind kind, char *to, ULONG size);

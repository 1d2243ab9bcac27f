/* The x87 FPU and, where the CPU has them, the SSE registers (Intel SDM vol. 3A, chapter 13). */
#pragma once

#include "nt/ntdef.h"

#define FPU_STATE_BYTES 512 /* aligned to 16 */

/* Finds out what there is, and disables it. FALSE: this CPU has no FPU. */
BOOLEAN fpu_init(void);

/* CR0.TS: with it set, every FPU or SSE instruction raises #NM. */
void fpu_enable(void);
void fpu_disable(void);
BOOLEAN fpu_is_enabled(void);

/* The registers to memory (which may reset them), from memory, and to what
 * a thread begins with: 53 bits of precision, as NT has it, and all exceptions masked. */
void fpu_save(PVOID state);
void fpu_restore(const void *state);
void fpu_reset(void);

#include "x86/fpu.h"

#include "x86/cpu.h"

/* All exceptions masked; the x87's precision is 53 bits (vol. 1, 8.1.5 and 10.2.3). */
#define CONTROL_DEFAULT 0x027Fu
#define MXCSR_DEFAULT   0x1F80u

static BOOLEAN has_fxsave, has_sse;

/* An FPU answers FNINIT with a status word of 0; without one nothing is written (vol. 1, 8.1.3). */
static BOOLEAN is_there(void)
{
    volatile uint16_t status = 0x5A5A;

    __asm__ volatile("fninit; fnstsw %0" : "+m"(status));
    return !(status & 0xFF);
}

BOOLEAN fpu_init(void)
{
    uint32_t features = cpu_features();

    write_cr0((read_cr0() & ~(CR0_EM | CR0_TS)) | CR0_MP | CR0_NE);
    if (!is_there()) {
        write_cr0(read_cr0() | CR0_EM);
        return FALSE;
    }
    has_fxsave = !!(features & CPUID_FXSR);
    has_sse = has_fxsave && features & CPUID_SSE;
    if (has_fxsave)
        write_cr4(read_cr4() | CR4_OSFXSR | (has_sse ? CR4_OSXMMEXCPT : 0));
    fpu_disable();
    return TRUE;
}

void fpu_enable(void)
{
    __asm__ volatile("clts");
}

void fpu_disable(void)
{
    write_cr0(read_cr0() | CR0_TS);
}

BOOLEAN fpu_is_enabled(void)
{
    return !(read_cr0() & CR0_TS);
}

void fpu_save(PVOID state)
{
    if (has_fxsave)
        __asm__ volatile("fxsave (%0)" : : "r"(state) : "memory");
    else
        __asm__ volatile("fnsave (%0)" : : "r"(state) : "memory");
}

void fpu_restore(const void *state)
{
    if (has_fxsave)
        __asm__ volatile("fxrstor (%0)" : : "r"(state) : "memory");
    else
        __asm__ volatile("frstor (%0)" : : "r"(state) : "memory");
}

void fpu_reset(void)
{
    uint16_t control = CONTROL_DEFAULT;
    uint32_t mxcsr = MXCSR_DEFAULT;

    __asm__ volatile("fninit; fldcw %0" : : "m"(control));
    if (has_sse)
        __asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
}

/* The CPU's instructions and registers that C has no words for (Intel SDM vol. 2 and 3A). */
#pragma once

#include "control.h"

#include <stdint.h>

/* EFLAGS, SDM vol. 1, 3.4.3 */
#define EFLAGS_VM 0x00020000u
#define EFLAGS_ID 0x00200000u

#define CPU_READ_REGISTER(name)                                                                    \
    static inline uint32_t read_##name(void)                                                       \
    {                                                                                              \
        uint32_t value;                                                                            \
        __asm__ volatile("mov %%" #name ", %0" : "=r"(value));                                     \
        return value;                                                                              \
    }
#define CPU_WRITE_REGISTER(name)                                                                   \
    static inline void write_##name(uint32_t value)                                                \
    {                                                                                              \
        __asm__ volatile("mov %0, %%" #name : : "r"(value) : "memory");                            \
    }

CPU_READ_REGISTER(cr0)
CPU_READ_REGISTER(cr2)
CPU_READ_REGISTER(cr3)
CPU_READ_REGISTER(cr4)
CPU_WRITE_REGISTER(cr0)
CPU_WRITE_REGISTER(cr3)
CPU_WRITE_REGISTER(cr4)

/* Drops the TLB's entry of one linear address, global ones included (SDM vol. 3A, 4.10.4.1). */
static inline void invlpg(uint32_t address)
{
    __asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
}

static inline uint32_t read_eflags(void)
{
    uint32_t value;
    __asm__ volatile("pushf; pop %0" : "=r"(value));
    return value;
}

static inline void write_eflags(uint32_t value)
{
    __asm__ volatile("push %0; popf" : : "r"(value) : "memory", "cc");
}

static inline void cpu_disable_interrupts(void)
{
    __asm__ volatile("cli" : : : "memory");
}

static inline void cpu_enable_interrupts(void)
{
    __asm__ volatile("sti" : : : "memory");
}

/*
 * Sleeps until an interrupt, with interrupts enabled on the way: sti takes effect after the next
 * instruction, so no interrupt is lost between the two. Interrupts are disabled again on return.
 */
static inline void cpu_wait_for_interrupt(void)
{
    __asm__ volatile("sti; hlt; cli" : : : "memory");
}

/* Model-specific registers, SDM vol. 4 */
static inline void write_msr(uint32_t number, uint64_t value)
{
    __asm__ volatile("wrmsr" : : "c"(number), "A"(value));
}

static inline uint64_t read_msr(uint32_t number)
{
    uint64_t value;
    __asm__ volatile("rdmsr" : "=A"(value) : "c"(number));
    return value;
}

#define MSR_EFER 0xC0000080u

static inline uint8_t port_in8(uint16_t port)
{
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void port_out8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void cpuid(uint32_t leaf, uint32_t registers[4])
{
    __asm__ volatile("cpuid"
                     : "=a"(registers[0]), "=b"(registers[1]), "=c"(registers[2]),
                       "=d"(registers[3])
                     : "a"(leaf), "c"(0));
}

/* A CPU has CPUID if software can change EFLAGS.ID (SDM vol. 1, 20.1.1). */
static inline int cpu_has_cpuid(void)
{
    uint32_t before = read_eflags();

    write_eflags(before ^ EFLAGS_ID);
    uint32_t changed = read_eflags() ^ before;
    write_eflags(before);
    return !!(changed & EFLAGS_ID);
}

/* CPUID.01H:EDX, SDM vol. 2A, table 3-11. */
#define CPUID_PSE   0x00000008u
#define CPUID_TSC   0x00000010u
#define CPUID_PAE   0x00000040u
#define CPUID_CX8   0x00000100u
#define CPUID_SEP   0x00000800u
#define CPUID_PGE   0x00002000u
#define CPUID_PSE36 0x00020000u
#define CPUID_MMX   0x00800000u
#define CPUID_FXSR  0x01000000u
#define CPUID_SSE   0x02000000u
#define CPUID_SSE2  0x04000000u

/* CPUID.01H:EDX, or 0 on a CPU without CPUID. */
static inline uint32_t cpu_features(void)
{
    uint32_t registers[4];

    if (!cpu_has_cpuid())
        return 0;
    cpuid(1, registers);
    return registers[3];
}

/* CR4, or 0 on a CPU without any of its features: an i486 may not have the register. */
static inline uint32_t cpu_read_cr4(void)
{
    return cpu_features() ? read_cr4() : 0;
}

/* Which of CR4_SMEP and CR4_SMAP the CPU has: CPUID.07H:EBX, SDM vol. 2A. */
static inline uint32_t cpu_supervisor_protections(void)
{
    enum { LEAF = 7, SMEP = 1u << 7, SMAP = 1u << 20 };
    uint32_t registers[4] = {0};

    if (cpu_features())
        cpuid(0, registers);
    if (registers[0] < LEAF)
        return 0;
    cpuid(LEAF, registers);
    return (registers[1] & SMEP ? CR4_SMEP : 0) | (registers[1] & SMAP ? CR4_SMAP : 0);
}

/* CPUID.80000001H:EDX: EFER has NXE. */
#define CPUID_NX 0x00100000u

/* One register of an extended leaf (80000001h and up); 0 on a CPU without it. */
static inline uint32_t cpu_extended(uint32_t leaf, uint32_t number)
{
    uint32_t registers[4];

    if (!cpu_features())
        return 0;
    cpuid(0x80000000u, registers);
    if (registers[0] < leaf || registers[0] > 0x8000FFFFu)
        return 0;
    cpuid(leaf, registers);
    return registers[number];
}

/* MAXPHYADDR (SDM vol. 3A, 4.1.4). */
static inline uint32_t cpu_physical_bits(void)
{
    uint32_t bits = cpu_extended(0x80000008u, 0) & 0xFF;

    if (bits)
        return bits;
    return cpu_features() & (CPUID_PAE | CPUID_PSE36) ? 36 : 32;
}

/* EFER's low half, or 0 on a CPU where nothing of it matters to 32-bit paging. */
static inline uint32_t cpu_read_efer(void)
{
    return cpu_extended(0x80000001u, 3) & CPUID_NX ? (uint32_t)read_msr(MSR_EFER) : 0;
}

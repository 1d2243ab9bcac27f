/*
 * Time: the timer interrupt, 100 times a second, moves it on by 10 ms (WDK: KeQueryTickCount,
 * KeQuerySystemTime). The system time begins with the CMOS clock's at boot. Kernel code runs with
 * interrupts off, so time stands still in it; ticks beyond one that come meanwhile are lost.
 */
#pragma once

#include "nt/ke.h"

#define KE_MILLISECOND 10000 /* in 100 ns */
#define KE_TICK        (10 * KE_MILLISECOND)

/* Starts the clock: CMOS time, the timer at 100 Hz. */
void ke_clock_init(void);

LONGLONG ke_interrupt_time(void); /* 100 ns since boot */
LONGLONG ke_system_time(void);    /* 100 ns since 1601, UTC */

/*
 * The page that ring 3 sees at 7FFE0000, by its address in the kernel: from now on its times move
 * too. The first call fills its tick multiplier.
 */
struct nt_shared_data;
void ke_set_shared_data(struct nt_shared_data *data);

/* Ticks since boot. Drivers read the variable itself. */
extern volatile KSYSTEM_TIME KeTickCount;

VOID NTAPI KeQueryTickCount(PLARGE_INTEGER count);
VOID NTAPI KeQuerySystemTime(PLARGE_INTEGER time);
ULONGLONG NTAPI KeQueryInterruptTime(VOID);
ULONG NTAPI KeQueryTimeIncrement(VOID); /* 100 ns in a tick */

/* The timer's own count, 1 193 182 a second, which never goes back. `frequency` may be NULL. */
LARGE_INTEGER NTAPI KeQueryPerformanceCounter(PLARGE_INTEGER frequency);

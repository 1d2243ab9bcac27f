/*
 * The interrupt request level and spin locks (WDK: KeRaiseIrql, KeAcquireSpinLock). Kernel code on
 * one CPU is not preempted, so the level is a number that is kept, and a lock a mark that it is
 * held. It belongs to the thread that runs: a switch saves and restores it.
 */
#pragma once

#include "nt/ke.h"

KIRQL NTAPI KeGetCurrentIrql(VOID);

/* Sets the level; returns the one it was. */
KIRQL FASTCALL KfRaiseIrql(KIRQL new_irql);
VOID FASTCALL KfLowerIrql(KIRQL new_irql);
KIRQL FASTCALL KfAcquireSpinLock(PKSPIN_LOCK lock);
VOID FASTCALL KfReleaseSpinLock(PKSPIN_LOCK lock, KIRQL new_irql);

/* Holds the CPU for so many microseconds. */
VOID NTAPI KeStallExecutionProcessor(ULONG microseconds);

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

/* The older names of the same. */
VOID NTAPI KeRaiseIrql(KIRQL new_irql, PKIRQL last);
VOID NTAPI KeLowerIrql(KIRQL new_irql);
KIRQL NTAPI KeRaiseIrqlToDpcLevel(VOID);
VOID NTAPI KeAcquireSpinLock(PKSPIN_LOCK lock, PKIRQL last);
VOID NTAPI KeReleaseSpinLock(PKSPIN_LOCK lock, KIRQL new_irql);

/* Without a change of level, for who is at DISPATCH_LEVEL: a DPC. */
VOID NTAPI KeInitializeSpinLock(PKSPIN_LOCK lock);
VOID NTAPI KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK lock);
VOID NTAPI KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK lock);
VOID FASTCALL KefAcquireSpinLockAtDpcLevel(PKSPIN_LOCK lock);
VOID FASTCALL KefReleaseSpinLockFromDpcLevel(PKSPIN_LOCK lock);

/* Holds the CPU for so many microseconds. */
VOID NTAPI KeStallExecutionProcessor(ULONG microseconds);

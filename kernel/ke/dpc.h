/*
 * Deferred procedure calls (WDK: KeInitializeDpc). They run at DISPATCH_LEVEL, in any thread's
 * context, at the next safe point: on the way to ring 3, at a wait, or while the CPU is idle.
 */
#pragma once

#include "nt/ke.h"

VOID NTAPI KeInitializeDpc(PKDPC dpc, PKDEFERRED_ROUTINE routine, PVOID context);

/* Queues a DPC, HighImportance in front. FALSE if it stands in the queue already. */
BOOLEAN NTAPI KeInsertQueueDpc(PKDPC dpc, PVOID argument1, PVOID argument2);

/* Takes a DPC out of the queue. FALSE if it is not in it. */
BOOLEAN NTAPI KeRemoveQueueDpc(PKDPC dpc);

VOID NTAPI KeSetImportanceDpc(PKDPC dpc, KDPC_IMPORTANCE importance);

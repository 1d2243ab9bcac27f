/*
 * Device queues (WDK: KeInitializeDeviceQueue): the requests of a device that is busy with another.
 * The device is busy from an insertion that was refused until a removal finds the queue empty.
 */
#pragma once

#include "nt/ke.h"

VOID NTAPI KeInitializeDeviceQueue(PKDEVICE_QUEUE queue);

/* FALSE: the device was idle and is busy now, and the entry is not queued: begin with it. */
BOOLEAN NTAPI KeInsertDeviceQueue(PKDEVICE_QUEUE queue, PKDEVICE_QUEUE_ENTRY entry);
BOOLEAN NTAPI KeInsertByKeyDeviceQueue(PKDEVICE_QUEUE queue, PKDEVICE_QUEUE_ENTRY entry, ULONG key);

/* The next entry, or NULL: the device is idle now. */
PKDEVICE_QUEUE_ENTRY NTAPI KeRemoveDeviceQueue(PKDEVICE_QUEUE queue);

/* Takes an entry out. FALSE if it is not in the queue. */
BOOLEAN NTAPI KeRemoveEntryDeviceQueue(PKDEVICE_QUEUE queue, PKDEVICE_QUEUE_ENTRY entry);

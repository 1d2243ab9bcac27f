#include "ke/devicequeue.h"

#include "export.h"
#include "rtl/rtl.h"

enum { DEVICE_QUEUE_OBJECT = 20 }; /* KDEVICE_QUEUE.Type, as in NT */

VOID NTAPI KeInitializeDeviceQueue(PKDEVICE_QUEUE queue)
{
    *queue = (KDEVICE_QUEUE){.Type = DEVICE_QUEUE_OBJECT, .Size = sizeof *queue};
    InitializeListHead(&queue->DeviceListHead);
}
EXPORT_NTOSKRNL(KeInitializeDeviceQueue);

/* Queues in front of `before`, or makes an idle device busy. */
static BOOLEAN insert(PKDEVICE_QUEUE queue, PKDEVICE_QUEUE_ENTRY entry, PLIST_ENTRY before)
{
    entry->Inserted = queue->Busy;
    if (queue->Busy)
        InsertTailList(before, &entry->DeviceListEntry);
    queue->Busy = TRUE;
    return entry->Inserted;
}

BOOLEAN NTAPI KeInsertDeviceQueue(PKDEVICE_QUEUE queue, PKDEVICE_QUEUE_ENTRY entry)
{
    return insert(queue, entry, &queue->DeviceListHead);
}
EXPORT_NTOSKRNL(KeInsertDeviceQueue);

BOOLEAN NTAPI KeInsertByKeyDeviceQueue(PKDEVICE_QUEUE queue, PKDEVICE_QUEUE_ENTRY entry, ULONG key)
{
    PLIST_ENTRY before = queue->DeviceListHead.Flink;

    while (before != &queue->DeviceListHead &&
           CONTAINING_RECORD(before, KDEVICE_QUEUE_ENTRY, DeviceListEntry)->SortKey <= key)
        before = before->Flink;
    entry->SortKey = key;
    return insert(queue, entry, before);
}
EXPORT_NTOSKRNL(KeInsertByKeyDeviceQueue);

BOOLEAN NTAPI KeRemoveEntryDeviceQueue(PKDEVICE_QUEUE queue, PKDEVICE_QUEUE_ENTRY entry)
{
    BOOLEAN inserted = entry->Inserted;

    (void)queue;
    if (inserted)
        RemoveEntryList(&entry->DeviceListEntry);
    entry->Inserted = FALSE;
    return inserted;
}
EXPORT_NTOSKRNL(KeRemoveEntryDeviceQueue);

PKDEVICE_QUEUE_ENTRY NTAPI KeRemoveDeviceQueue(PKDEVICE_QUEUE queue)
{
    PKDEVICE_QUEUE_ENTRY entry;

    queue->Busy = !IsListEmpty(&queue->DeviceListHead);
    if (!queue->Busy)
        return NULL;
    entry = CONTAINING_RECORD(queue->DeviceListHead.Flink, KDEVICE_QUEUE_ENTRY, DeviceListEntry);
    KeRemoveEntryDeviceQueue(queue, entry);
    return entry;
}
EXPORT_NTOSKRNL(KeRemoveDeviceQueue);

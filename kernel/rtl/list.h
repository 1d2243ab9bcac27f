/* Doubly linked lists with a head (WDK: LIST_ENTRY). Entries belong to their callers. */
#pragma once

#include "nt/ntdef.h"

static inline void InitializeListHead(PLIST_ENTRY head)
{
    head->Flink = head->Blink = head;
}

static inline BOOLEAN IsListEmpty(const LIST_ENTRY *head)
{
    return head->Flink == head;
}

static inline void InsertHeadList(PLIST_ENTRY head, PLIST_ENTRY entry)
{
    entry->Flink = head->Flink;
    entry->Blink = head;
    head->Flink->Blink = entry;
    head->Flink = entry;
}

static inline void InsertTailList(PLIST_ENTRY head, PLIST_ENTRY entry)
{
    InsertHeadList(head->Blink, entry);
}

static inline void RemoveEntryList(PLIST_ENTRY entry)
{
    entry->Blink->Flink = entry->Flink;
    entry->Flink->Blink = entry->Blink;
}

/* Removes and returns the first entry; the list must not be empty. */
static inline PLIST_ENTRY RemoveHeadList(PLIST_ENTRY head)
{
    PLIST_ENTRY first = head->Flink;

    RemoveEntryList(first);
    return first;
}

/* Loops over the entries as pointers to their containing type; the body must not remove `item`. */
#define LIST_FOR_EACH(item, head, type, field)                                                     \
    for (type *item = CONTAINING_RECORD((head)->Flink, type, field); &item->field != (head);       \
         item = CONTAINING_RECORD(item->field.Flink, type, field))

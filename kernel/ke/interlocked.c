/*
 * What drivers use to change a variable or a list in one step (WDK: InterlockedIncrement,
 * ExInterlockedInsertHeadList). Kernel code on one CPU is not preempted, and an interrupt comes
 * only while it sleeps: plain instructions are one step, and the locks need not be taken.
 */
#include "export.h"
#include "nt/ke.h"
#include "rtl/list.h"

LONG FASTCALL InterlockedIncrement(volatile LONG *value);
LONG FASTCALL InterlockedDecrement(volatile LONG *value);
LONG FASTCALL InterlockedExchange(volatile LONG *value, LONG new);
LONG FASTCALL InterlockedExchangeAdd(volatile LONG *value, LONG increment);
LONG FASTCALL InterlockedCompareExchange(volatile LONG *value, LONG new, LONG comparand);
ULONG FASTCALL ExfInterlockedAddUlong(PULONG value, ULONG increment, PKSPIN_LOCK lock);
PLIST_ENTRY FASTCALL ExfInterlockedInsertHeadList(PLIST_ENTRY head, PLIST_ENTRY entry,
                                                  PKSPIN_LOCK lock);
PLIST_ENTRY FASTCALL ExfInterlockedInsertTailList(PLIST_ENTRY head, PLIST_ENTRY entry,
                                                  PKSPIN_LOCK lock);
PLIST_ENTRY FASTCALL ExfInterlockedRemoveHeadList(PLIST_ENTRY head, PKSPIN_LOCK lock);
PLIST_ENTRY NTAPI ExInterlockedInsertHeadList(PLIST_ENTRY head, PLIST_ENTRY entry,
                                              PKSPIN_LOCK lock);
PLIST_ENTRY NTAPI ExInterlockedInsertTailList(PLIST_ENTRY head, PLIST_ENTRY entry,
                                              PKSPIN_LOCK lock);
PLIST_ENTRY NTAPI ExInterlockedRemoveHeadList(PLIST_ENTRY head, PKSPIN_LOCK lock);

LONG FASTCALL InterlockedIncrement(volatile LONG *value)
{
    return ++*value;
}
EXPORT_NTOSKRNL(InterlockedIncrement);

LONG FASTCALL InterlockedDecrement(volatile LONG *value)
{
    return --*value;
}
EXPORT_NTOSKRNL(InterlockedDecrement);

LONG FASTCALL InterlockedExchange(volatile LONG *value, LONG new)
{
    LONG last = *value;

    *value = new;
    return last;
}
EXPORT_NTOSKRNL(InterlockedExchange);

LONG FASTCALL InterlockedExchangeAdd(volatile LONG *value, LONG increment)
{
    return InterlockedExchange(value, *value + increment);
}
EXPORT_NTOSKRNL(InterlockedExchangeAdd);

LONG FASTCALL InterlockedCompareExchange(volatile LONG *value, LONG new, LONG comparand)
{
    return *value == comparand ? InterlockedExchange(value, new) : *value;
}
EXPORT_NTOSKRNL(InterlockedCompareExchange);

ULONG FASTCALL ExfInterlockedAddUlong(PULONG value, ULONG increment, PKSPIN_LOCK lock)
{
    (void)lock;
    return (ULONG)InterlockedExchangeAdd((volatile LONG *)value, (LONG)increment);
}
EXPORT_NTOSKRNL(ExfInterlockedAddUlong);

/* The list routines return the entry that was first, or last, before; NULL if the list was empty. */
static PLIST_ENTRY or_null(PLIST_ENTRY head, PLIST_ENTRY entry)
{
    return entry == head ? NULL : entry;
}

PLIST_ENTRY NTAPI ExInterlockedInsertHeadList(PLIST_ENTRY head, PLIST_ENTRY entry, PKSPIN_LOCK lock)
{
    PLIST_ENTRY last = or_null(head, head->Flink);

    (void)lock;
    InsertHeadList(head, entry);
    return last;
}
EXPORT_NTOSKRNL(ExInterlockedInsertHeadList);

PLIST_ENTRY NTAPI ExInterlockedInsertTailList(PLIST_ENTRY head, PLIST_ENTRY entry, PKSPIN_LOCK lock)
{
    PLIST_ENTRY last = or_null(head, head->Blink);

    (void)lock;
    InsertTailList(head, entry);
    return last;
}
EXPORT_NTOSKRNL(ExInterlockedInsertTailList);

PLIST_ENTRY NTAPI ExInterlockedRemoveHeadList(PLIST_ENTRY head, PKSPIN_LOCK lock)
{
    (void)lock;
    return IsListEmpty(head) ? NULL : RemoveHeadList(head);
}
EXPORT_NTOSKRNL(ExInterlockedRemoveHeadList);

/* The names that the DDK's headers put in place of the above for x86. */
PLIST_ENTRY FASTCALL ExfInterlockedInsertHeadList(PLIST_ENTRY head, PLIST_ENTRY entry,
                                                  PKSPIN_LOCK lock)
{
    return ExInterlockedInsertHeadList(head, entry, lock);
}
EXPORT_NTOSKRNL(ExfInterlockedInsertHeadList);

PLIST_ENTRY FASTCALL ExfInterlockedInsertTailList(PLIST_ENTRY head, PLIST_ENTRY entry,
                                                  PKSPIN_LOCK lock)
{
    return ExInterlockedInsertTailList(head, entry, lock);
}
EXPORT_NTOSKRNL(ExfInterlockedInsertTailList);

PLIST_ENTRY FASTCALL ExfInterlockedRemoveHeadList(PLIST_ENTRY head, PKSPIN_LOCK lock)
{
    return ExInterlockedRemoveHeadList(head, lock);
}
EXPORT_NTOSKRNL(ExfInterlockedRemoveHeadList);

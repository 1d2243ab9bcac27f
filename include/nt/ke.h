/*
 * Dispatcher objects and what lies embedded in I/O structures (WDK: wdm.h).
 */
#pragma once

#include "nt/ntdef.h"

#define PASSIVE_LEVEL  0
#define APC_LEVEL      1
#define DISPATCH_LEVEL 2
#define HIGH_LEVEL     31

#define MAXIMUM_WAIT_OBJECTS 64
#define THREAD_WAIT_OBJECTS  3

#define LOW_PRIORITY          0
#define LOW_REALTIME_PRIORITY 16
#define HIGH_PRIORITY         31
#define MAXIMUM_PRIORITY      32

struct ke_thread; /* ke/thread.h */

typedef enum _EVENT_TYPE { NotificationEvent, SynchronizationEvent } EVENT_TYPE;
typedef enum _TIMER_TYPE { NotificationTimer, SynchronizationTimer } TIMER_TYPE;
typedef enum _WAIT_TYPE { WaitAll, WaitAny } WAIT_TYPE;
typedef enum _KWAIT_REASON { Executive, DelayExecution = 4, Suspended, UserRequest } KWAIT_REASON;
typedef enum _KDPC_IMPORTANCE { LowImportance, MediumImportance, HighImportance } KDPC_IMPORTANCE;
typedef enum _WORK_QUEUE_TYPE { CriticalWorkQueue, DelayedWorkQueue } WORK_QUEUE_TYPE;

typedef struct _DISPATCHER_HEADER {
    UCHAR Type; /* enum ke_object_type (ke/wait.h) */
    UCHAR Absolute;
    UCHAR Size; /* in ULONGs */
    UCHAR Inserted;
    LONG SignalState;
    LIST_ENTRY WaitListHead; /* of KWAIT_BLOCK */
} DISPATCHER_HEADER, *PDISPATCHER_HEADER;

/* One object that one thread waits for. */
typedef struct _KWAIT_BLOCK {
    LIST_ENTRY WaitListEntry; /* in the object's list */
    struct ke_thread *Thread;
    PVOID Object;
    struct _KWAIT_BLOCK *NextWaitBlock; /* of the same wait; the last points to the first */
    USHORT WaitKey;                     /* the wait's status if this object ends it */
    UCHAR WaitType;
    volatile UCHAR BlockState;
} KWAIT_BLOCK, *PKWAIT_BLOCK;

typedef struct _KEVENT {
    DISPATCHER_HEADER Header;
} KEVENT, *PKEVENT;

typedef struct _KSEMAPHORE {
    DISPATCHER_HEADER Header;
    LONG Limit;
} KSEMAPHORE, *PKSEMAPHORE;

typedef struct _KMUTANT {
    DISPATCHER_HEADER Header;   /* SignalState: 1 free, 0 owned once, less: owned again */
    LIST_ENTRY MutantListEntry; /* in its owner's list */
    struct ke_thread *OwnerThread;
    BOOLEAN Abandoned;
    UCHAR ApcDisable;
} KMUTANT, *PKMUTANT, KMUTEX, *PKMUTEX;

typedef struct _FAST_MUTEX {
    volatile LONG Count; /* 1 free, 0 owned, less: the number that wait */
    struct ke_thread *Owner;
    ULONG Contention;
    KEVENT Event;
    ULONG OldIrql;
} FAST_MUTEX, *PFAST_MUTEX;

typedef VOID(NTAPI *PWORKER_THREAD_ROUTINE)(PVOID Parameter);

typedef struct _WORK_QUEUE_ITEM {
    LIST_ENTRY List;
    PWORKER_THREAD_ROUTINE WorkerRoutine;
    volatile PVOID Parameter;
} WORK_QUEUE_ITEM, *PWORK_QUEUE_ITEM;

/* 64 bits that a reader without a lock takes: High1Time, LowPart, High2Time until both are equal. */
typedef struct _KSYSTEM_TIME {
    ULONG LowPart;
    LONG High1Time;
    LONG High2Time;
} KSYSTEM_TIME, *PKSYSTEM_TIME;

typedef struct _KDEVICE_QUEUE {
    CSHORT Type;
    CSHORT Size;
    LIST_ENTRY DeviceListHead;
    KSPIN_LOCK Lock;
    BOOLEAN Busy;
} KDEVICE_QUEUE, *PKDEVICE_QUEUE;

typedef struct _KDEVICE_QUEUE_ENTRY {
    LIST_ENTRY DeviceListEntry;
    ULONG SortKey;
    BOOLEAN Inserted;
} KDEVICE_QUEUE_ENTRY, *PKDEVICE_QUEUE_ENTRY;

typedef struct _KDPC KDPC, *PKDPC;
typedef VOID(NTAPI *PKDEFERRED_ROUTINE)(PKDPC, PVOID Context, PVOID Argument1, PVOID Argument2);

struct _KDPC {
    UCHAR Type;
    UCHAR Importance;
    volatile USHORT Number;
    LIST_ENTRY DpcListEntry;
    PKDEFERRED_ROUTINE DeferredRoutine;
    PVOID DeferredContext;
    PVOID SystemArgument1;
    PVOID SystemArgument2;
    volatile PVOID DpcData; /* not NULL while it stands in the queue */
};

typedef struct _KTIMER {
    DISPATCHER_HEADER Header; /* Inserted while it runs */
    LARGE_INTEGER DueTime;    /* on the scale of KeQueryInterruptTime */
    LIST_ENTRY TimerListEntry;
    PKDPC Dpc;
    ULONG Period; /* milliseconds; 0: once */
} KTIMER, *PKTIMER;

typedef struct _KAPC {
    UCHAR Type;
    UCHAR SpareByte0;
    UCHAR Size;
    UCHAR SpareByte1;
    ULONG SpareLong0;
    PVOID Thread;
    LIST_ENTRY ApcListEntry;
    PVOID KernelRoutine;
    PVOID RundownRoutine;
    PVOID NormalRoutine;
    PVOID NormalContext;
    PVOID SystemArgument1;
    PVOID SystemArgument2;
    CCHAR ApcStateIndex;
    KPROCESSOR_MODE ApcMode;
    BOOLEAN Inserted;
} KAPC;

/*
 * What the query services of executive objects answer: NT's layouts, under tags that begin with nt_
 * because no stock header has them. Kernel code includes nt/ntdef.h first, programs <windows.h>.
 */
#pragma once

/* Class 0, the only one, of NtQueryEvent, -Mutant, -Semaphore and -Timer. */
struct nt_event_information {
    ULONG type; /* NotificationEvent 0, SynchronizationEvent 1 */
    LONG state;
};

struct nt_mutant_information {
    LONG count; /* 1 free, 0 owned once, less: owned again */
    BOOLEAN owned_by_caller, abandoned;
};

struct nt_semaphore_information {
    LONG count, limit;
};

struct nt_timer_information {
    LARGE_INTEGER remaining; /* 100 ns; negative: since when it has expired */
    BOOLEAN state;
};

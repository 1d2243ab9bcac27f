/* Values that each thread has of its own: 64 slots in its TEB, whose use the PEB's bits tell. */
#include "base.h"

#define SLOTS (sizeof(((struct nt_teb *)0)->tls_slots) / sizeof(PVOID))

/* Where a slot's bit is. */
static ULONG *bits_of(DWORD slot, ULONG *mask)
{
    *mask = 1u << slot % 32;
    return &nt_peb()->tls_bitmap_bits[slot / 32];
}

/* The lowest free slot, now taken; TLS_OUT_OF_INDEXES: there is none. Under base_lock. */
static DWORD take_slot(void)
{
    for (DWORD slot = 0; slot < SLOTS; slot++) {
        ULONG mask, *bits = bits_of(slot, &mask);

        if (!(*bits & mask)) {
            *bits |= mask;
            return slot;
        }
    }
    return TLS_OUT_OF_INDEXES;
}

DWORD WINAPI TlsAlloc(void)
{
    DWORD slot;

    RtlEnterCriticalSection(&base_lock);
    slot = take_slot();
    if (slot != TLS_OUT_OF_INDEXES)
        nt_teb()->tls_slots[slot] = NULL;
    RtlLeaveCriticalSection(&base_lock);
    if (slot == TLS_OUT_OF_INDEXES)
        base_fail_with(ERROR_NO_MORE_ITEMS);
    return slot;
}

/* The slot is emptied in all threads, so that the next who gets it finds it so. */
BOOL WINAPI TlsFree(DWORD slot)
{
    NTSTATUS status = STATUS_INVALID_PARAMETER;

    RtlEnterCriticalSection(&base_lock);
    if (slot < SLOTS) {
        ULONG mask, *bits = bits_of(slot, &mask);

        if (*bits & mask)
            status = NtSetInformationThread(NtCurrentThread(), THREAD_ZERO_TLS_CELL, &slot,
                                            sizeof(slot));
        if (NT_SUCCESS(status))
            *bits &= ~mask;
    }
    RtlLeaveCriticalSection(&base_lock);
    return base_result(status);
}

/* NULL may be the value: the last error tells. */
LPVOID WINAPI TlsGetValue(DWORD slot)
{
    struct nt_teb *teb = nt_teb();

    teb->last_error = slot < SLOTS ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
    return slot < SLOTS ? teb->tls_slots[slot] : NULL;
}

BOOL WINAPI TlsSetValue(DWORD slot, LPVOID value)
{
    if (slot >= SLOTS)
        return base_fail_with(ERROR_INVALID_PARAMETER);
    nt_teb()->tls_slots[slot] = value;
    return TRUE;
}

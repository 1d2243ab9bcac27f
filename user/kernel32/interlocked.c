/*
 * The Interlocked functions. In <windows.h> their names are the compiler's own, so here they have
 * others; kernel32.def gives them theirs.
 */
#include "base.h"

LONG WINAPI base_interlocked_increment(volatile LONG *value)
{
    return __atomic_add_fetch(value, 1, __ATOMIC_SEQ_CST);
}

LONG WINAPI base_interlocked_decrement(volatile LONG *value)
{
    return __atomic_sub_fetch(value, 1, __ATOMIC_SEQ_CST);
}

LONG WINAPI base_interlocked_exchange(volatile LONG *value, LONG new_value)
{
    return __atomic_exchange_n(value, new_value, __ATOMIC_SEQ_CST);
}

LONG WINAPI base_interlocked_exchange_add(volatile LONG *value, LONG addend)
{
    return __atomic_fetch_add(value, addend, __ATOMIC_SEQ_CST);
}

/* What was there is returned, and stays unless it was `comparand`. */
LONG WINAPI base_interlocked_compare_exchange(volatile LONG *value, LONG new_value, LONG comparand)
{
    __atomic_compare_exchange_n(value, &comparand, new_value, 0, __ATOMIC_SEQ_CST,
                                __ATOMIC_SEQ_CST);
    return comparand;
}

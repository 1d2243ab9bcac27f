/*
 * Stacks of ring 3 grow by their guard page:
 *
 *     deallocation_stack    reserved ... reserved | guard page | committed ... | stack_base
 *                                                              ^ stack_limit
 *
 * The first touch of the guard page makes it an ordinary page and the one below it the guard page.
 * The last two pages of the reservation are never given: there the stack has overflowed.
 */
#pragma once

#include "nt/ntstatus.h"

/*
 * A guard page of the current process was touched at `address` (mm_fault has taken the guard off).
 * STATUS_SUCCESS: it was the current thread's stack, which has grown. STATUS_STACK_OVERFLOW: it was,
 * and has no room. STATUS_GUARD_PAGE_VIOLATION: another page.
 */
NTSTATUS stack_grow(ULONG address);

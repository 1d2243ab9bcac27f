#include "ps/stack.h"

#include "ke/caller.h"
#include "mm/vad.h"
#include "nt/peb.h"
#include "paging.h"
#include "ps/thread.h"

/* The words that ring 3's TEB says of its stack. They are hints: what is done is the process's own. */
struct bounds {
    ULONG limit, reserved_from;
};

static BOOLEAN read_bounds(const struct nt_teb *teb, struct bounds *bounds)
{
    return teb &&
           NT_SUCCESS(mm_copy_from_user(&bounds->limit, &teb->stack_limit, sizeof bounds->limit)) &&
           NT_SUCCESS(mm_copy_from_user(&bounds->reserved_from, &teb->deallocation_stack,
                                        sizeof bounds->reserved_from));
}

/* Makes the page below the new lowest one the guard page. */
static NTSTATUS move_guard(struct nt_teb *teb, ULONG page)
{
    struct mm_range guard = {page - PAGE_SIZE, PAGE_SIZE};
    NTSTATUS status = mm_vad_commit(mm_space_current(), &guard, PAGE_READWRITE | PAGE_GUARD);

    if (NT_SUCCESS(status))
        status = mm_copy_to_user(&teb->stack_limit, &page, sizeof page);
    return NT_SUCCESS(status) ? STATUS_SUCCESS : STATUS_STACK_OVERFLOW;
}

NTSTATUS stack_grow(ULONG address)
{
    struct nt_teb *teb = (struct nt_teb *)ke_current_thread()->teb;
    ULONG page = page_round_down(address);
    struct bounds bounds;

    if (!read_bounds(teb, &bounds) || page + PAGE_SIZE != page_round_down(bounds.limit))
        return STATUS_GUARD_PAGE_VIOLATION;
    if (page - 2 * PAGE_SIZE <= bounds.reserved_from)
        return STATUS_STACK_OVERFLOW;
    return move_guard(teb, page);
}

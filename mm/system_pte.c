#include "mm/system_pte.h"

#include "mm/layout.h"
#include "mm/pool.h"
#include "mm/space.h"
#include "rtl/rtl.h"

struct reservation {
    LIST_ENTRY link; /* in the order of addresses */
    ULONG start, end;
};

static LIST_ENTRY reservations = {&reservations, &reservations};

/* Where the first gap of `bytes` begins, and the entry in front of which it lies. */
static ULONG find_gap(ULONG bytes, PLIST_ENTRY *before)
{
    ULONG start = SYSTEM_PTES_START;

    *before = &reservations;
    LIST_FOR_EACH(each, &reservations, struct reservation, link)
    {
        if (each->start - start >= bytes) {
            *before = &each->link;
            break;
        }
        start = each->end;
    }
    return SYSTEM_PTES_END - start >= bytes ? start : 0;
}

ULONG system_pte_reserve(ULONG pages)
{
    PLIST_ENTRY before;
    ULONG bytes = pages * PAGE_SIZE;
    ULONG start =
        pages <= page_count(SYSTEM_PTES_END - SYSTEM_PTES_START) ? find_gap(bytes, &before) : 0;
    struct reservation *new;

    if (!start || !(new = pool_allocate_zeroed(sizeof *new, POOL_TAG('M', 'm', 'P', 't'))))
        return 0;
    new->start = start;
    new->end = start + bytes;
    InsertTailList(before, &new->link);
    return start;
}

void system_pte_release(ULONG address)
{
    LIST_FOR_EACH(each, &reservations, struct reservation, link)
    {
        if (each->start == address) {
            RemoveEntryList(&each->link);
            ExFreePool(each);
            return;
        }
    }
    ASSERT(!"no system PTEs are reserved here");
}

/* Maps frames that follow each other; FALSE, with nothing mapped, if there is no page table. */
static BOOLEAN map_run(ULONG address, frame_number first, ULONG pages)
{
    for (ULONG i = 0; i < pages; i++) {
        if (NT_SUCCESS(mm_map(&mm_system_space, address + i * PAGE_SIZE, first + i, PAGE_WRITE)))
            continue;
        while (i--)
            mm_unmap(&mm_system_space, address + i * PAGE_SIZE);
        return FALSE;
    }
    return TRUE;
}

void *mm_map_physical(ULONG physical, ULONG bytes)
{
    ULONG first = page_round_down(physical), offset = physical - first;
    ULONG pages = page_count(offset + bytes);

    ASSERT(bytes && offset + bytes >= bytes);
    if (physical < DIRECT_MAP_BYTES && bytes <= DIRECT_MAP_BYTES - physical &&
        !mm_is_range_free(&mm_system_space, KERNEL_BASE + physical + bytes - 1, 1))
        return direct_map(physical);
    ULONG address = system_pte_reserve(pages);

    if (!address)
        return NULL;
    if (!map_run(address, frame_of(first), pages)) {
        system_pte_release(address);
        return NULL;
    }
    return (char *)address + offset;
}

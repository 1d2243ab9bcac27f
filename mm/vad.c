/* The list of ranges: find, make room, enter, cut. */
#include "mm/vad.h"

#include "mm/pool.h"
#include "rtl/rtl.h"

#define VAD_TAG POOL_TAG('V', 'a', 'd', ' ')

struct mm_vad *mm_vad_find(const struct mm_space *space, ULONG address)
{
    LIST_FOR_EACH(vad, &space->vads, struct mm_vad, link)
    {
        if (address <= vad->last)
            return address >= vad->start ? vad : NULL;
    }
    return NULL;
}

BOOLEAN mm_vad_is_free(const struct mm_space *space, ULONG start, ULONG last)
{
    LIST_FOR_EACH(vad, &space->vads, struct mm_vad, link)
    {
        if (start <= vad->last)
            return last < vad->start;
    }
    return TRUE;
}

static ULONG round_up(ULONG address)
{
    return (address + VAD_GRANULARITY - 1) & ~(VAD_GRANULARITY - 1);
}

/* The place in [from, end) for `bytes`, or 0. */
static ULONG place_in(ULONG from, ULONG end, ULONG bytes, BOOLEAN top_down)
{
    ULONG lowest = round_up(from);

    if (lowest >= end || bytes > end - lowest)
        return 0;
    return top_down ? (end - bytes) & ~(VAD_GRANULARITY - 1) : lowest;
}

ULONG mm_vad_gap(const struct mm_space *space, ULONG bytes, ULONG zero_bits, BOOLEAN top_down)
{
    ULONG from = USER_START, end, found = 0, place;
    ULONG limit = zero_bits ? (1u << (32 - zero_bits)) : VAD_LAST + 1;

    if (limit > VAD_LAST + 1)
        limit = VAD_LAST + 1;
    LIST_FOR_EACH(vad, &space->vads, struct mm_vad, link)
    {
        end = vad->start < limit ? vad->start : limit;
        place = place_in(from, end, bytes, top_down);
        if (place && !top_down)
            return place;
        found = place ? place : found;
        from = vad->last + 1;
    }
    place = place_in(from, limit, bytes, top_down);
    return place ? place : found;
}

struct mm_vad *vad_insert(struct mm_space *space, ULONG start, ULONG last, ULONG type,
                          ULONG protect)
{
    struct mm_vad *vad = pool_allocate_zeroed(sizeof *vad, VAD_TAG);
    PLIST_ENTRY before = &space->vads;

    if (vad)
        vad->pages = pool_allocate_zeroed((last - start + 1) >> PAGE_SHIFT, VAD_TAG);
    if (!vad || !vad->pages) {
        if (vad)
            ExFreePool(vad);
        return NULL;
    }
    vad->start = start;
    vad->last = last;
    vad->type = type;
    vad->protect = protect;
    LIST_FOR_EACH(each, &space->vads, struct mm_vad, link)
    {
        if (each->start > last) {
            before = &each->link;
            break;
        }
    }
    InsertTailList(before, &vad->link);
    return vad;
}

void vad_remove(struct mm_vad *vad)
{
    RemoveEntryList(&vad->link);
    ExFreePool(vad->pages);
    ExFreePool(vad);
}

/* The part of a range from `start` on, as a record behind its own; NULL if memory is short. */
static struct mm_vad *copy_tail(const struct mm_vad *vad, ULONG start)
{
    struct mm_vad *tail = pool_allocate_zeroed(sizeof *tail, VAD_TAG);
    ULONG pages = (vad->last - start + 1) >> PAGE_SHIFT;

    if (!tail)
        return NULL;
    *tail = *vad;
    tail->start = start;
    tail->pages = ExAllocatePoolWithTag(PagedPool, pages, VAD_TAG);
    if (!tail->pages) {
        ExFreePool(tail);
        return NULL;
    }
    memcpy(tail->pages, vad->pages + vad_index(vad, start), pages);
    InsertHeadList((PLIST_ENTRY)&vad->link, &tail->link);
    return tail;
}

NTSTATUS vad_cut(struct mm_vad *vad, ULONG start, ULONG last)
{
    ASSERT(!vad->backing && start >= vad->start && last <= vad->last);
    if (last < vad->last && !copy_tail(vad, last + 1))
        return STATUS_NO_MEMORY;
    if (start > vad->start)
        vad->last = start - 1; /* its bytes behind that stay, unused */
    else
        vad_remove(vad);
    return STATUS_SUCCESS;
}

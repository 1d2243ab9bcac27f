/* What is done to the ranges of a space: reserve, commit, free, protect, map, ask. */
#include "mm/vad.h"

#include "mm/backing.h"
#include "mm/commit.h"
#include "mm/pool.h"
#include "rtl/rtl.h"

static ULONG page_address(const struct mm_vad *vad, ULONG page)
{
    return vad->start + (page << PAGE_SHIFT);
}

static ULONG page_limit(const struct mm_vad *vad)
{
    return (vad->last - vad->start + 1) >> PAGE_SHIFT;
}

/* ---- Single pages ---- */

/* Puts a frame, of which the page becomes an owner, under a page by its state. */
static NTSTATUS put_frame(struct mm_space *space, struct mm_vad *vad, ULONG page,
                          frame_number frame)
{
    NTSTATUS status = mm_map(space, page_address(vad, page), frame,
                             vad_page_rights(vad_page_protect(vad->pages[page])));

    if (!NT_SUCCESS(status))
        frame_free(frame);
    return status;
}

static NTSTATUS bring_private(struct mm_space *space, struct mm_vad *vad, ULONG page)
{
    frame_number frame = mm_zeroed_frame();
    NTSTATUS status = frame ? put_frame(space, vad, page, frame) : STATUS_NO_MEMORY;

    if (NT_SUCCESS(status))
        commit_settle(1);
    return status;
}

NTSTATUS mm_vad_bring(struct mm_space *space, struct mm_vad *vad, ULONG page)
{
    if (!vad->backing)
        return bring_private(space, vad, page);
    frame_number frame = backing_frame(vad->backing, vad->backing_page + page);

    return frame && frame_share(frame) ? put_frame(space, vad, page, frame) : STATUS_NO_MEMORY;
}

NTSTATUS mm_vad_copy_on_write(struct mm_space *space, struct mm_vad *vad, ULONG page)
{
    ULONG address = page_address(vad, page);
    frame_number shared = vad->backing->frames[vad->backing_page + page];
    frame_number own = mm_zeroed_frame();

    if (!own)
        return STATUS_NO_MEMORY;
    if (shared)
        mm_copy_frame(own, shared);
    if (mm_unmap(space, address)) /* no other than `shared`, where this view had it already */
        frame_free(shared);
    vad->pages[page] = vad_page_state(vad_written(vad_page_protect(vad->pages[page])));
    return put_frame(space, vad, page, own);
}

/* TRUE if the page of a view was copied for the process. */
static BOOLEAN is_own_copy(const struct mm_space *space, const struct mm_vad *vad, ULONG page)
{
    frame_number frame = mm_frame_at(space, page_address(vad, page));

    return frame && frame != vad->backing->frames[vad->backing_page + page];
}

/* The page is reserved only, without frame. */
static void drop_page(struct mm_space *space, struct mm_vad *vad, ULONG page)
{
    frame_number frame = vad->pages[page] ? mm_unmap(space, page_address(vad, page)) : FRAME_NONE;

    if (frame)
        frame_free(frame);
    else if (vad->pages[page] && !vad->backing)
        commit_settle(1);
    vad->pages[page] = 0;
}

static void set_state(struct mm_space *space, struct mm_vad *vad, ULONG page, ULONG protect)
{
    ULONG address = page_address(vad, page);

    vad->pages[page] = vad_page_state(protect);
    if (mm_frame_at(space, address))
        mm_protect(space, address, vad_page_rights(protect));
}

/* ---- Ranges ---- */

/* Rounds to whole pages; FALSE if the range is empty or leaves the process's half. */
static BOOLEAN round_range(struct mm_range *range)
{
    ULONG start = page_round_down(range->base);

    if (start > VAD_LAST || !range->bytes || range->bytes - 1 > VAD_LAST - range->base)
        return FALSE;
    range->bytes = page_round_up(range->base + range->bytes - start);
    range->base = start;
    return TRUE;
}

/* The range's VAD, with the first and the number of its pages; NULL if it is not inside one. */
static struct mm_vad *find_pages(struct mm_space *space, struct mm_range *range, ULONG *first,
                                 ULONG *count)
{
    struct mm_vad *vad = round_range(range) ? mm_vad_find(space, range->base) : NULL;

    if (!vad || range->bytes - 1 > vad->last - range->base)
        return NULL;
    *first = vad_index(vad, range->base);
    *count = range->bytes >> PAGE_SHIFT;
    return vad;
}

static NTSTATUS commit_pages(struct mm_space *space, struct mm_vad *vad, ULONG first, ULONG count,
                             ULONG protect)
{
    ULONG fresh = 0;

    for (ULONG i = first; i < first + count; i++)
        fresh += !vad->pages[i];
    NTSTATUS status = commit_promise(fresh);

    for (ULONG i = first; NT_SUCCESS(status) && i < first + count; i++)
        set_state(space, vad, i, protect);
    return status;
}

/* Finds the place of a new range and enters it. */
static NTSTATUS insert_range(struct mm_space *space, struct mm_range *range, ULONG zero_bits,
                             BOOLEAN top_down, ULONG type, ULONG protect, struct mm_vad **vad)
{
    if (!range->base) {
        if (range->bytes - 1 > VAD_LAST)
            return STATUS_NO_MEMORY;
        range->bytes = page_round_up(range->bytes);
        range->base = mm_vad_gap(space, range->bytes, zero_bits, top_down);
        if (!range->base)
            return STATUS_NO_MEMORY;
    } else if (range->base < USER_START || !round_range(range) ||
               !mm_vad_is_free(space, range->base, range->base + range->bytes - 1)) {
        return STATUS_CONFLICTING_ADDRESSES;
    }
    *vad = vad_insert(space, range->base, range->base + range->bytes - 1, type, protect);
    return *vad ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

NTSTATUS mm_vad_reserve(struct mm_space *space, struct mm_range *range, ULONG zero_bits, ULONG type,
                        ULONG protect)
{
    struct mm_vad *vad;
    NTSTATUS status =
        insert_range(space, range, zero_bits, !!(type & MEM_TOP_DOWN), MEM_PRIVATE, protect, &vad);

    if (NT_SUCCESS(status) && type & MEM_COMMIT) {
        status = commit_pages(space, vad, 0, page_limit(vad), protect);
        if (!NT_SUCCESS(status))
            vad_remove(vad);
    }
    return status;
}

NTSTATUS mm_vad_commit(struct mm_space *space, struct mm_range *range, ULONG protect)
{
    ULONG first, count;
    struct mm_vad *vad = find_pages(space, range, &first, &count);

    if (!vad)
        return STATUS_CONFLICTING_ADDRESSES;
    if (vad->backing)
        return STATUS_ALREADY_COMMITTED;
    return commit_pages(space, vad, first, count, protect);
}

static NTSTATUS free_pages(struct mm_space *space, struct mm_vad *vad, struct mm_range *range,
                           ULONG type)
{
    ULONG first, count;

    if (vad->backing)
        return STATUS_UNABLE_TO_DELETE_SECTION;
    if (!find_pages(space, range, &first, &count))
        return STATUS_UNABLE_TO_FREE_VM;
    for (ULONG i = first; i < first + count; i++)
        drop_page(space, vad, i);
    return type == MEM_RELEASE ? vad_cut(vad, range->base, range->base + range->bytes - 1)
                               : STATUS_SUCCESS;
}

NTSTATUS mm_vad_free(struct mm_space *space, struct mm_range *range, ULONG type)
{
    struct mm_vad *vad = mm_vad_find(space, range->base);

    if (!vad)
        return STATUS_MEMORY_NOT_ALLOCATED;
    if (!range->bytes) {
        if (page_round_down(range->base) != vad->start)
            return STATUS_FREE_VM_NOT_AT_BASE;
        range->base = vad->start;
        range->bytes = vad->last - vad->start + 1;
    }
    return free_pages(space, vad, range, type);
}

static NTSTATUS check_protect(const struct mm_vad *vad, ULONG first, ULONG count, ULONG protect)
{
    if (!vad->backing && protect & (PAGE_WRITECOPY | PAGE_EXECUTE_WRITECOPY))
        return STATUS_INVALID_PARAMETER_4;
    if (vad->type == MEM_MAPPED && !vad_is_compatible(protect, vad->protect))
        return STATUS_SECTION_PROTECTION;
    for (ULONG i = first; i < first + count; i++)
        if (!vad->pages[i])
            return STATUS_NOT_COMMITTED;
    return STATUS_SUCCESS;
}

/* Writing to a view of an image, or to one that was mapped write-copy, makes a copy of the page. */
static BOOLEAN is_copied_on_write(const struct mm_vad *vad)
{
    return vad->type == MEM_IMAGE || vad->protect & (PAGE_WRITECOPY | PAGE_EXECUTE_WRITECOPY);
}

NTSTATUS mm_vad_protect(struct mm_space *space, struct mm_range *range, ULONG protect, ULONG *old)
{
    ULONG first, count;
    struct mm_vad *vad = find_pages(space, range, &first, &count);
    NTSTATUS status =
        vad ? check_protect(vad, first, count, protect) : STATUS_CONFLICTING_ADDRESSES;

    if (!NT_SUCCESS(status))
        return status;
    *old = vad_page_protect(vad->pages[first]);
    for (ULONG i = first; i < first + count; i++) {
        ULONG wanted = protect;

        if (vad->backing && is_own_copy(space, vad, i))
            wanted = vad_written(protect);
        else if (vad->backing && is_copied_on_write(vad))
            wanted = vad_unwritten(protect);
        set_state(space, vad, i, wanted);
    }
    return STATUS_SUCCESS;
}

/* ---- Views ---- */

static NTSTATUS fill_image(struct mm_space *space, struct mm_vad *vad)
{
    NTSTATUS status = STATUS_SUCCESS;

    for (ULONG i = 0; NT_SUCCESS(status) && i < page_limit(vad); i++) {
        vad->pages[i] = vad->backing->rights[vad->backing_page + i];
        if (vad->backing->frames[vad->backing_page + i])
            status = mm_vad_bring(space, vad, i);
    }
    return status;
}

static void remove_view(struct mm_space *space, struct mm_vad *vad)
{
    for (ULONG i = 0; i < page_limit(vad); i++)
        drop_page(space, vad, i);
    if (vad->backing)
        backing_release(vad->backing);
    vad_remove(vad);
}

NTSTATUS mm_vad_map(struct mm_space *space, struct mm_range *range, struct mm_backing *backing,
                    ULONG first, ULONG zero_bits, ULONG type, ULONG protect)
{
    struct mm_vad *vad;
    NTSTATUS status = insert_range(space, range, zero_bits, !!(type & MEM_TOP_DOWN),
                                   type & ~(ULONG)MEM_TOP_DOWN, protect, &vad);

    if (!NT_SUCCESS(status))
        return status;
    ASSERT(first + page_limit(vad) <= backing->pages);
    backing_reference(backing);
    vad->backing = backing;
    vad->backing_page = first;
    if (vad->type == MEM_IMAGE)
        status = fill_image(space, vad);
    else
        memset(vad->pages, vad_page_state(protect), page_limit(vad));
    if (!NT_SUCCESS(status))
        remove_view(space, vad);
    return status;
}

NTSTATUS mm_vad_unmap(struct mm_space *space, ULONG address)
{
    struct mm_vad *vad = mm_vad_find(space, address);

    if (!vad || !vad->backing)
        return STATUS_NOT_MAPPED_VIEW;
    remove_view(space, vad);
    return STATUS_SUCCESS;
}

void mm_vad_release_all(struct mm_space *space)
{
    while (!IsListEmpty(&space->vads))
        remove_view(space, CONTAINING_RECORD(space->vads.Flink, struct mm_vad, link));
}

/* ---- Asking ---- */

/* Where the run of free addresses or, in `vad`, of pages like this one ends. */
static ULONG run_end(const struct mm_vad *vad, ULONG address)
{
    ULONG page = vad_index(vad, address), end = page;

    while (end < page_limit(vad) && vad->pages[end] == vad->pages[page])
        end++;
    return page_address(vad, end);
}

static ULONG free_end(const struct mm_space *space, ULONG address)
{
    LIST_FOR_EACH(vad, &space->vads, struct mm_vad, link)
    {
        if (vad->start > address)
            return vad->start;
    }
    return VAD_LAST + 1;
}

/* Shared user data is a page that no range holds; the rest of its 64 KiB is never used. */
static void query_shared_data(ULONG address, MEMORY_BASIC_INFORMATION *info)
{
    ULONG start = VAD_LAST + 1;
    BOOLEAN data = address == start;

    info->AllocationBase = (PVOID)(uintptr_t)start;
    info->AllocationProtect = PAGE_READONLY;
    info->RegionSize = data ? PAGE_SIZE : USER_END - address;
    info->State = data ? MEM_COMMIT : MEM_RESERVE;
    info->Protect = data ? PAGE_READONLY : PAGE_NOACCESS;
    info->Type = MEM_PRIVATE;
}

static void query_range(const struct mm_vad *vad, ULONG address, MEMORY_BASIC_INFORMATION *info)
{
    UCHAR state = vad->pages[vad_index(vad, address)];

    info->AllocationBase = (PVOID)(uintptr_t)vad->start;
    info->AllocationProtect = vad->protect;
    info->RegionSize = run_end(vad, address) - address;
    info->State = state ? MEM_COMMIT : MEM_RESERVE;
    info->Protect = vad_page_protect(state);
    info->Type = vad->type;
}

void mm_vad_query(const struct mm_space *space, ULONG address, MEMORY_BASIC_INFORMATION *info)
{
    const struct mm_vad *vad = mm_vad_find(space, address);

    address = page_round_down(address);
    *info = (MEMORY_BASIC_INFORMATION){.BaseAddress = (PVOID)(uintptr_t)address};
    if (address > VAD_LAST) {
        query_shared_data(address, info);
    } else if (vad) {
        query_range(vad, address, info);
    } else {
        info->RegionSize = free_end(space, address) - address;
        info->State = MEM_FREE;
        info->Protect = PAGE_NOACCESS;
    }
}

#include "mm/backing.h"

#include "mm/commit.h"
#include "mm/layout.h"
#include "mm/pool.h"
#include "mm/space.h"
#include "paging.h"
#include "rtl/rtl.h"

NTSTATUS backing_init(struct mm_backing *backing, ULONG pages, void (*destroy)(struct mm_backing *))
{
    NTSTATUS status = commit_promise(pages);

    if (!NT_SUCCESS(status))
        return status;
    backing->frames =
        pool_allocate_zeroed(pages * sizeof *backing->frames, POOL_TAG('M', 'm', 'B', 'k'));
    if (!backing->frames) {
        commit_settle(pages);
        return STATUS_NO_MEMORY;
    }
    backing->references = 1;
    backing->pages = pages;
    backing->rights = NULL;
    backing->destroy = destroy;
    return STATUS_SUCCESS;
}

void backing_reference(struct mm_backing *backing)
{
    backing->references++;
}

void backing_release(struct mm_backing *backing)
{
    if (--backing->references)
        return;
    for (ULONG i = 0; i < backing->pages; i++) {
        if (backing->frames[i])
            frame_free(backing->frames[i]);
        else
            commit_settle(1);
    }
    ExFreePool(backing->frames);
    backing->destroy(backing);
}

void backing_put_frame(struct mm_backing *backing, ULONG page, frame_number frame)
{
    ASSERT(page < backing->pages && !backing->frames[page]);
    backing->frames[page] = frame;
    commit_settle(1);
}

frame_number backing_frame(struct mm_backing *backing, ULONG page)
{
    ASSERT(page < backing->pages);
    if (!backing->frames[page]) {
        frame_number frame = mm_zeroed_frame();

        if (frame)
            backing_put_frame(backing, page, frame);
    }
    return backing->frames[page];
}

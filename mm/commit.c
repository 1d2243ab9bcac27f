#include "mm/commit.h"

#include "mm/frame.h"
#include "rtl/rtl.h"

static ULONG promised;

NTSTATUS commit_promise(ULONG pages)
{
    ULONG free = frame_counts().free;
    ULONG bound = promised + COMMIT_MARGIN;

    if (bound > free || pages > free - bound)
        return STATUS_COMMITMENT_LIMIT;
    promised += pages;
    return STATUS_SUCCESS;
}

void commit_settle(ULONG pages)
{
    ASSERT(pages <= promised);
    promised -= pages;
}

ULONG commit_promised(void)
{
    return promised;
}

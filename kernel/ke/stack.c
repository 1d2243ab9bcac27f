/* Kernel stacks in system PTEs (thread.h draws one). */
#include "ke/kep.h"
#include "mm/frame.h"
#include "mm/space.h"
#include "mm/system_pte.h"

static void unmap(ULONG stack, ULONG pages)
{
    while (pages--)
        frame_free(mm_unmap(&mm_system_space, stack + pages * PAGE_SIZE));
    system_pte_release(stack - PAGE_SIZE);
}

static BOOLEAN map_page(ULONG address)
{
    frame_number frame = frame_alloc();

    if (!frame)
        return FALSE;
    if (NT_SUCCESS(mm_map(&mm_system_space, address, frame, PAGE_WRITE)))
        return TRUE;
    frame_free(frame);
    return FALSE;
}

ULONG ke_stack_create(void)
{
    ULONG guard = system_pte_reserve(KE_STACK_PAGES + 1), stack = guard + PAGE_SIZE;

    if (!guard)
        return 0;
    for (ULONG i = 0; i < KE_STACK_PAGES; i++) {
        if (!map_page(stack + i * PAGE_SIZE)) {
            unmap(stack, i);
            return 0;
        }
    }
    return stack;
}

void ke_stack_destroy(ULONG stack)
{
    unmap(stack, KE_STACK_PAGES);
}

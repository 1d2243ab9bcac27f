#include "ke/pcr.h"

#include "ke/thread.h"
#include "mm/layout.h"
#include "rtl/rtl.h"
#include "x86/segments.h"

_Static_assert(offsetof(struct ke_pcr, self) == 0x1C, "NT's layout");
_Static_assert(offsetof(struct ke_pcr, current_thread) == 0x124, "NT's layout");

static struct ke_pcr *const pcr = (struct ke_pcr *)KPCR_ADDRESS;

void ke_pcr_init(struct ke_thread *first)
{
    frame_number frame = frame_alloc();
    NTSTATUS status =
        frame ? mm_map(&mm_system_space, KPCR_ADDRESS, frame, PAGE_WRITE) : STATUS_NO_MEMORY;

    ASSERT(NT_SUCCESS(status));
    memset(pcr, 0, PAGE_SIZE);
    pcr->exception_list = KE_END_OF_EXCEPTION_FRAMES;
    pcr->self = pcr;
    pcr->processor = (char *)pcr + 0x120;
    pcr->current_thread = first;
    gdt_set_pcr(KPCR_ADDRESS);
}

void ke_pcr_switch(struct ke_thread *last, struct ke_thread *next)
{
    last->exception_list = pcr->exception_list;
    pcr->exception_list = next->exception_list;
    pcr->current_thread = next;
}

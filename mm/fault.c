#include "mm/fault.h"

#include "mm/table.h"
#include "mm/vad.h"

static NTSTATUS last_status;

/* The protection that the access needs. Without NX whatever can be read is code. */
static BOOLEAN is_permitted(ULONG protect, BOOLEAN write, BOOLEAN fetch)
{
    enum {
        WRITABLE = PAGE_READWRITE | PAGE_WRITECOPY | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY
    };

    if (fetch && table_has_no_execute)
        return vad_is_executable(protect);
    return write ? !!(protect & WRITABLE) : !(protect & PAGE_NOACCESS);
}

static NTSTATUS take_guard_off(struct mm_space *space, struct mm_vad *vad, ULONG page)
{
    ULONG address = vad->start + (page << PAGE_SHIFT);
    ULONG protect = vad_page_protect(vad->pages[page]) & ~PAGE_GUARD;

    vad->pages[page] = vad_page_state(protect);
    if (mm_frame_at(space, address))
        mm_protect(space, address, vad_page_rights(protect));
    return STATUS_GUARD_PAGE_VIOLATION;
}

static NTSTATUS resolve(struct mm_space *space, ULONG address, BOOLEAN write, BOOLEAN fetch)
{
    struct mm_vad *vad = mm_vad_find(space, address);
    ULONG page = vad ? vad_index(vad, address) : 0;
    ULONG protect = vad ? vad_page_protect(vad->pages[page]) : 0;
    NTSTATUS status = STATUS_SUCCESS;

    if (!protect || !is_permitted(protect, write, fetch))
        return STATUS_ACCESS_VIOLATION;
    if (protect & PAGE_GUARD)
        return take_guard_off(space, vad, page);
    if (write && vad_written(protect) != protect)
        status = mm_vad_copy_on_write(space, vad, page);
    else if (!mm_frame_at(space, address))
        status = mm_vad_bring(space, vad, page);
    return NT_SUCCESS(status) ? STATUS_SUCCESS : STATUS_IN_PAGE_ERROR;
}

NTSTATUS mm_fault(ULONG address, ULONG error)
{
    last_status = STATUS_ACCESS_VIOLATION;
    if (address < USER_END)
        last_status = resolve(mm_space_current(), address, !!(error & MM_FAULT_WRITE),
                              !!(error & MM_FAULT_FETCH));
    return last_status;
}

NTSTATUS mm_fault_status(void)
{
    return last_status;
}

#include "mm/user.h"

#include "mm/fault.h"
#include "mm/layout.h"
#include "paging.h"
#include "x86/cpu.h"
#include "x86/trap.h"

/* mm/user_copy.S */
NTSTATUS FASTCALL user_copy(void *to, const void *from, ULONG bytes);
NTSTATUS FASTCALL user_touch(void *address);
extern const char user_copy_faults[], user_copy_faults_end[], user_copy_failed[];
extern const char user_touch_fault[], user_touch_failed[];

NTSTATUS FASTCALL mm_copy_from_user(void *to, const void *from, ULONG bytes)
{
    if (!bytes)
        return STATUS_SUCCESS;
    return mm_is_user_range(from, bytes) ? user_copy(to, from, bytes) : STATUS_ACCESS_VIOLATION;
}

NTSTATUS FASTCALL mm_copy_to_user(void *to, const void *from, ULONG bytes)
{
    if (!bytes)
        return STATUS_SUCCESS;
    return mm_is_user_range(to, bytes) ? user_copy(to, from, bytes) : STATUS_ACCESS_VIOLATION;
}

static __attribute__((noinline)) NTSTATUS touch_pages(char *at, const char *last)
{
    NTSTATUS status = user_touch(at);

    while (NT_SUCCESS(status) && page_round_down((ULONG)at) != page_round_down((ULONG)last)) {
        at = (char *)page_round_down((ULONG)at) + PAGE_SIZE;
        status = user_touch(at);
    }
    return status;
}

/* Most ranges lie in one page. */
NTSTATUS FASTCALL mm_probe_write(void *address, ULONG bytes, ULONG alignment)
{
    NTSTATUS status = mm_probe_read(address, bytes, alignment);
    char *at = address, *last = at + bytes - 1;

    if (!NT_SUCCESS(status) || !bytes)
        return status;
    return ((ULONG)at ^ (ULONG)last) < PAGE_SIZE ? user_touch(at) : touch_pages(at, last);
}

/* Where a guarded access goes on that faults at `eip`; 0 if none does there. */
static ULONG failure_exit(ULONG eip)
{
    if (eip == (ULONG)user_touch_fault)
        return (ULONG)user_touch_failed;
    return eip >= (ULONG)user_copy_faults && eip < (ULONG)user_copy_faults_end
               ? (ULONG)user_copy_failed
               : 0;
}

BOOLEAN mm_recover(struct trap_frame *frame)
{
    ULONG failed = failure_exit(frame->eip);

    if (!failed || read_cr2() >= USER_END) /* the kernel's side of a copy: our own mistake */
        return FALSE;
    NTSTATUS status = mm_fault_status();

    frame->eip = failed;
    frame->eax = (ULONG)(NT_SUCCESS(status) ? STATUS_ACCESS_VIOLATION : status);
    return TRUE;
}

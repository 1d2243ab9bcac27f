#include "mm/user.h"

#include "mm/fault.h"
#include "mm/layout.h"
#include "paging.h"
#include "x86/cpu.h"
#include "x86/trap.h"

/* mm/user_copy.S */
NTSTATUS user_copy(void *to, const void *from, ULONG bytes);
extern const char user_copy_faults[], user_copy_faults_end[], user_copy_failed[];

static BOOLEAN is_user_range(const void *address, ULONG bytes)
{
    return bytes <= USER_END && (ULONG)address <= USER_END - bytes;
}

NTSTATUS mm_copy_from_user(void *to, const void *from, ULONG bytes)
{
    if (!bytes)
        return STATUS_SUCCESS;
    return is_user_range(from, bytes) ? user_copy(to, from, bytes) : STATUS_ACCESS_VIOLATION;
}

NTSTATUS mm_copy_to_user(void *to, const void *from, ULONG bytes)
{
    if (!bytes)
        return STATUS_SUCCESS;
    return is_user_range(to, bytes) ? user_copy(to, from, bytes) : STATUS_ACCESS_VIOLATION;
}

NTSTATUS mm_probe_read(const void *address, ULONG bytes, ULONG alignment)
{
    if (!bytes)
        return STATUS_SUCCESS;
    if ((ULONG)address & (alignment - 1))
        return STATUS_DATATYPE_MISALIGNMENT;
    return is_user_range(address, bytes) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

NTSTATUS mm_probe_write(void *address, ULONG bytes, ULONG alignment)
{
    NTSTATUS status = mm_probe_read(address, bytes, alignment);
    char *at = address, *end = at + bytes;

    while (NT_SUCCESS(status) && at < end) {
        status = user_copy(at, at, 1);
        at = (char *)page_round_down((ULONG)at) + PAGE_SIZE;
    }
    return status;
}

BOOLEAN mm_recover(struct trap_frame *frame)
{
    if (frame->eip < (ULONG)user_copy_faults || frame->eip >= (ULONG)user_copy_faults_end ||
        read_cr2() >= USER_END) /* the kernel's side of a copy: our own mistake */
        return FALSE;
    NTSTATUS status = mm_fault_status();

    frame->eip = (ULONG)user_copy_failed;
    frame->eax = (ULONG)(NT_SUCCESS(status) ? STATUS_ACCESS_VIOLATION : status);
    return TRUE;
}

#include "mm/mdl.h"

#include "export.h"
#include "mm/layout.h"
#include "mm/physical.h"
#include "mm/pool.h"
#include "mm/space.h"
#include "mm/system_pte.h"
#include "mm/user.h"
#include "rtl/bugcheck.h"
#include "rtl/rtl.h"

/* MDL.Size is a short: buffers up to some 32 MiB can be described. */
#define SIZE_LIMIT 0x7FFFu

static ULONG *mdl_frames(PMDL mdl)
{
    return (ULONG *)(mdl + 1);
}

static ULONG mdl_pages(const MDL *mdl)
{
    return page_count(mdl->ByteOffset + mdl->ByteCount);
}

PMDL mdl_create(PVOID address, ULONG length)
{
    ULONG start = page_round_down((ULONG)address), offset = (ULONG)address - start;
    ULONG pages = page_count(length) + !!offset; /* one too many at times, never too few */
    ULONG bytes = sizeof(MDL) + pages * sizeof(ULONG);
    PMDL mdl =
        bytes > SIZE_LIMIT ? NULL : pool_allocate_zeroed(bytes, POOL_TAG('M', 'd', 'l', ' '));

    if (!mdl)
        return NULL;
    mdl->Size = (CSHORT)bytes;
    mdl->StartVa = (PVOID)start;
    mdl->ByteOffset = offset;
    mdl->ByteCount = length;
    return mdl;
}

void mdl_destroy(PMDL mdl)
{
    MmUnlockPages(mdl);
    ExFreePool(mdl);
}

/* TRUE if the buffer begins in a process's half: its frames have owners. */
static BOOLEAN is_user(const MDL *mdl)
{
    return (ULONG)mdl->StartVa < USER_END;
}

/* Lets the page be touched as wanted. */
static NTSTATUS touch(ULONG address, BOOLEAN write)
{
    UCHAR byte;

    if (address < USER_END)
        return write ? mm_probe_write((PVOID)address, 1, 1)
                     : mm_copy_from_user(&byte, (PVOID)address, 1);
    struct walk walk = mm_walk(address);

    return walk.stop == WALK_MAPPED && (walk.write || !write) ? STATUS_SUCCESS
                                                              : STATUS_ACCESS_VIOLATION;
}

static NTSTATUS lock_page(PMDL mdl, ULONG page, BOOLEAN write)
{
    ULONG address = (ULONG)mdl->StartVa + page * PAGE_SIZE;
    NTSTATUS status = touch(address, write);

    if (!NT_SUCCESS(status))
        return status;
    mdl_frames(mdl)[page] = frame_of((ULONG)mm_walk(address).physical);
    return !is_user(mdl) || frame_share(mdl_frames(mdl)[page]) ? STATUS_SUCCESS
                                                               : STATUS_INSUFFICIENT_RESOURCES;
}

static void unlock_pages(PMDL mdl, ULONG pages)
{
    for (ULONG i = 0; is_user(mdl) && i < pages; i++)
        frame_free(mdl_frames(mdl)[i]);
}

/* The buffer is in one half of the space, and one that the mode may touch. */
static BOOLEAN is_allowed(const MDL *mdl, KPROCESSOR_MODE mode)
{
    ULONG start = (ULONG)mdl->StartVa, bytes = mdl->ByteOffset + mdl->ByteCount;

    if (start < USER_END)
        return bytes <= USER_END - start;
    return mode == KernelMode && start + bytes >= start;
}

NTSTATUS mdl_lock(PMDL mdl, KPROCESSOR_MODE mode, BOOLEAN write)
{
    ULONG pages = mdl_pages(mdl);

    if (!is_allowed(mdl, mode))
        return STATUS_ACCESS_VIOLATION;
    for (ULONG i = 0; i < pages; i++) {
        NTSTATUS status = lock_page(mdl, i, write);

        if (!NT_SUCCESS(status)) {
            unlock_pages(mdl, i);
            return status;
        }
    }
    mdl->MdlFlags |= MDL_PAGES_LOCKED | (write ? MDL_WRITE_OPERATION : 0);
    return STATUS_SUCCESS;
}

VOID NTAPI MmProbeAndLockPages(PMDL mdl, KPROCESSOR_MODE mode, ULONG operation)
{
    NTSTATUS status = mdl_lock(mdl, mode, operation != 0);

    if (!NT_SUCCESS(status))
        bugcheck(KMODE_EXCEPTION_NOT_HANDLED, (ULONG)status, (ULONG)__builtin_return_address(0),
                 (ULONG)mdl->StartVa, 0, "MmProbeAndLockPages raised a status that nobody handles");
}
EXPORT_NTOSKRNL(MmProbeAndLockPages);

VOID NTAPI MmBuildMdlForNonPagedPool(PMDL mdl)
{
    NTSTATUS status = mdl_lock(mdl, KernelMode, FALSE);

    ASSERT(NT_SUCCESS(status));
    mdl->MdlFlags &= ~MDL_PAGES_LOCKED;
    mdl->MdlFlags |= MDL_SOURCE_IS_NONPAGED_POOL;
    mdl->MappedSystemVa = (char *)mdl->StartVa + mdl->ByteOffset;
}
EXPORT_NTOSKRNL(MmBuildMdlForNonPagedPool);

static void unmap(ULONG address, ULONG pages)
{
    for (ULONG i = 0; i < pages; i++)
        mm_unmap(&mm_system_space, address + i * PAGE_SIZE);
    system_pte_release(address);
}

PVOID NTAPI MmMapLockedPagesSpecifyCache(PMDL mdl, KPROCESSOR_MODE mode, ULONG cache, PVOID base,
                                         ULONG bugcheck, ULONG priority)
{
    ULONG pages = mdl_pages(mdl), address = mode == KernelMode ? system_pte_reserve(pages) : 0;

    (void)cache, (void)base, (void)bugcheck, (void)priority;
    if (!address)
        return NULL;
    for (ULONG i = 0; i < pages; i++) {
        if (!NT_SUCCESS(mm_map(&mm_system_space, address + i * PAGE_SIZE, mdl_frames(mdl)[i],
                               PAGE_WRITE))) {
            unmap(address, i);
            return NULL;
        }
    }
    mdl->MdlFlags |= MDL_MAPPED_TO_SYSTEM_VA;
    return mdl->MappedSystemVa = (char *)address + mdl->ByteOffset;
}
EXPORT_NTOSKRNL(MmMapLockedPagesSpecifyCache);

PVOID NTAPI MmMapLockedPages(PMDL mdl, KPROCESSOR_MODE mode)
{
    PVOID address = MmMapLockedPagesSpecifyCache(mdl, mode, 0, NULL, TRUE, 0);

    if (!address)
        bugcheck(NO_MORE_SYSTEM_PTES, 0, mdl_pages(mdl), 0, 0,
                 "MmMapLockedPages found no room in system space");
    return address;
}
EXPORT_NTOSKRNL(MmMapLockedPages);

VOID NTAPI MmUnmapLockedPages(PVOID address, PMDL mdl)
{
    unmap(page_round_down((ULONG)address), mdl_pages(mdl));
    mdl->MdlFlags &= ~MDL_MAPPED_TO_SYSTEM_VA;
    mdl->MappedSystemVa = NULL;
}
EXPORT_NTOSKRNL(MmUnmapLockedPages);

VOID NTAPI MmUnlockPages(PMDL mdl)
{
    if (mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA)
        MmUnmapLockedPages(mdl->MappedSystemVa, mdl);
    if (mdl->MdlFlags & MDL_PAGES_LOCKED)
        unlock_pages(mdl, mdl_pages(mdl));
    mdl->MdlFlags &= ~(MDL_PAGES_LOCKED | MDL_WRITE_OPERATION);
}
EXPORT_NTOSKRNL(MmUnlockPages);

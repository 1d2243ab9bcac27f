#include "mm/mdl.h"

#include "export.h"
#include "mm/layout.h"
#include "mm/physical.h"
#include "mm/pool.h"
#include "mm/space.h"
#include "mm/system_pte.h"
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

/* A page that the mode may touch as wanted. */
static BOOLEAN is_allowed(const struct walk *walk, KPROCESSOR_MODE mode, BOOLEAN write)
{
    if (walk->stop != WALK_MAPPED || (write && !walk->write))
        return FALSE;
    return mode == KernelMode || (walk->user && walk->address < USER_END);
}

NTSTATUS mdl_lock(PMDL mdl, KPROCESSOR_MODE mode, BOOLEAN write)
{
    ULONG first = (ULONG)mdl->StartVa, pages = mdl_pages(mdl);

    if ((ULONG)mdl->StartVa + mdl->ByteOffset + mdl->ByteCount < first)
        return STATUS_ACCESS_VIOLATION;
    for (ULONG i = 0; i < pages; i++) {
        struct walk walk = mm_walk(first + i * PAGE_SIZE);

        if (!is_allowed(&walk, mode, write))
            return STATUS_ACCESS_VIOLATION;
        mdl_frames(mdl)[i] = frame_of((ULONG)walk.physical);
    }
    mdl->MdlFlags |= MDL_PAGES_LOCKED | (write ? MDL_WRITE_OPERATION : 0);
    return STATUS_SUCCESS;
}

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
    mdl->MdlFlags &= ~(MDL_PAGES_LOCKED | MDL_WRITE_OPERATION);
}
EXPORT_NTOSKRNL(MmUnlockPages);

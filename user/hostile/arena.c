/* The arena: memory of every kind at known places, made again when the calls have spoilt it. */
#include "hostile/hostile.h"

#include <stddef.h>

enum { VIEW_UNMAP = 2, PAGE = 0x1000 };

static const struct {
    ULONG bytes, type, protection;
} regions[REGION_HOLE] = {
    [REGION_RW] = {ARENA_RW_BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE},
    [REGION_READ_ONLY] = {PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY},
    [REGION_NO_ACCESS] = {PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_NOACCESS},
    [REGION_GUARD] = {PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD},
    [REGION_RESERVED] = {PAGE, MEM_RESERVE, PAGE_READWRITE},
    [REGION_VIEW] = {PAGE, 0, PAGE_READWRITE},
    [REGION_COPIED] = {PAGE, 0, PAGE_WRITECOPY},
    [REGION_CODE] = {PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_EXECUTE_READWRITE},
};

static HANDLE create_section(void)
{
    LARGE_INTEGER size = {.QuadPart = PAGE};
    HANDLE section = NULL;

    NtCreateSection(&section, SECTION_ALL_ACCESS, NULL, &size, PAGE_READWRITE, SEC_COMMIT, NULL);
    return section;
}

static NTSTATUS map_view(enum region region)
{
    PVOID base = (PVOID)region_address(region);
    HANDLE section = create_section();
    SIZE_T bytes = 0;
    NTSTATUS status = NtMapViewOfSection(section, NtCurrentProcess(), &base, 0, 0, NULL, &bytes,
                                         VIEW_UNMAP, 0, regions[region].protection);

    NtClose(section);
    return status;
}

/* Whatever lies in a region's 64 KiB goes. */
static void clear(enum region region)
{
    for (ULONG at = region_address(region); at < region_address(region) + ARENA_STEP; at += PAGE) {
        PVOID base = (PVOID)at;
        SIZE_T bytes = 0;

        if (NtFreeVirtualMemory(NtCurrentProcess(), &base, &bytes, MEM_RELEASE) ==
            STATUS_UNABLE_TO_DELETE_SECTION)
            NtUnmapViewOfSection(NtCurrentProcess(), (PVOID)at);
        else if (bytes)
            at += bytes - PAGE;
    }
}

static NTSTATUS make(enum region region)
{
    PVOID base = (PVOID)region_address(region);
    SIZE_T bytes = regions[region].bytes;

    if (!regions[region].type)
        return map_view(region);
    return NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &bytes, regions[region].type,
                                   regions[region].protection);
}

static void fill(void)
{
    ULONG *word = (ULONG *)region_address(REGION_RW);

    for (ULONG i = 0; i < ARENA_RW_BYTES / sizeof *word; i += 1 + below(4))
        word[i] = one_in(2) ? any() : below(64);
}

BOOLEAN arena_heal(void)
{
    NTSTATUS status = STATUS_SUCCESS;

    for (enum region region = 0; region < REGION_HOLE && NT_SUCCESS(status); region++) {
        clear(region);
        status = make(region);
    }
    clear(REGION_HOLE);
    if (NT_SUCCESS(status))
        fill();
    return NT_SUCCESS(status);
}

PVOID arena_slot(ULONG bytes)
{
    return (PVOID)(region_address(REGION_RW) + (below(ARENA_RW_BYTES - bytes) & ~7u));
}

/* ---- Spoiling ---- */

static void spoil_protection(struct random *random, PVOID base)
{
    static const ULONG protections[] = {PAGE_NOACCESS,  PAGE_READONLY,
                                        PAGE_READWRITE, PAGE_READWRITE | PAGE_GUARD,
                                        PAGE_EXECUTE,   PAGE_EXECUTE_READWRITE};
    SIZE_T bytes = PAGE;
    ULONG old;

    NtProtectVirtualMemory(NtCurrentProcess(), &base, &bytes,
                           protections[random_below(random, COUNT_OF(protections))], &old);
}

static void spoil_pages(PVOID base, ULONG type)
{
    SIZE_T bytes = PAGE;

    if (NtFreeVirtualMemory(NtCurrentProcess(), &base, &bytes, type) ==
        STATUS_UNABLE_TO_DELETE_SECTION)
        NtUnmapViewOfSection(NtCurrentProcess(), base);
}

static void spoil_again(PVOID base)
{
    SIZE_T bytes = PAGE;

    NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &bytes, MEM_COMMIT, PAGE_READWRITE);
}

void arena_spoil(struct random *random, ULONG address)
{
    ULONG last = region_address(REGIONS) - 1;

    if (address < ARENA || address > last)
        address = ARENA + random_below(random, last - ARENA);
    PVOID base = (PVOID)(address & ~(ULONG)(PAGE - 1));

    switch (random_below(random, 6)) {
    case 0:
        spoil_pages(base, MEM_RELEASE);
        break;
    case 1:
    case 2:
        spoil_pages(base, MEM_DECOMMIT);
        break;
    case 3:
        spoil_again(base);
        break;
    default:
        spoil_protection(random, base);
    }
}

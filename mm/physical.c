#include "mm/physical.h"

#include "export.h"
#include "mm/layout.h"
#include "x86/cpu.h"

static enum walk_format format;

/* Tables lie in frames, and frames in the direct map. */
static BOOLEAN read_direct(const void *context, ULONGLONG physical, ULONG *value)
{
    (void)context;
    if (physical > DIRECT_MAP_BYTES - sizeof *value)
        return FALSE;
    *value = *(const volatile ULONG *)direct_map((ULONG)physical);
    return TRUE;
}

void mm_walk_init(void)
{
    format = cpu_read_cr4() & CR4_PSE ? WALK_32BIT_PSE : WALK_32BIT;
}

struct walk mm_walk(ULONG address)
{
    static const struct walk_memory memory = {.read = read_direct};

    return walk_address(format, read_cr3(), address, &memory);
}

PHYSICAL_ADDRESS NTAPI MmGetPhysicalAddress(PVOID address)
{
    return (PHYSICAL_ADDRESS){.QuadPart = (LONGLONG)mm_walk((ULONG)address).physical};
}
EXPORT_NTOSKRNL(MmGetPhysicalAddress);

BOOLEAN NTAPI MmIsAddressValid(PVOID address)
{
    return mm_is_readable((ULONG)address);
}
EXPORT_NTOSKRNL(MmIsAddressValid);

BOOLEAN mm_is_readable(ULONG address)
{
    return mm_walk(address).stop == WALK_MAPPED;
}

#include "mm/physical.h"

#include "export.h"
#include "mm/layout.h"
#include "x86/cpu.h"

/* Tables lie in frames, and frames in the direct map. */
const struct walk_memory mm_walk_memory = {.direct = (const void *)KERNEL_BASE,
                                           .direct_bytes = DIRECT_MAP_BYTES};

static struct walk_registers registers;
static BOOLEAN has_cr4;

void mm_walk_init(void)
{
    has_cr4 = !!cpu_features();
    registers.maxphyaddr = cpu_physical_bits();
    registers.efer = cpu_read_efer();
}

struct walk_registers mm_walk_registers(ULONG cr3)
{
    registers.cr0 = read_cr0();
    registers.cr3 = cr3;
    registers.cr4 = has_cr4 ? read_cr4() : 0;
    return registers;
}

struct walk mm_walk(ULONG address)
{
    mm_walk_registers(read_cr3());
    return walk_address(&registers, address, &mm_walk_memory);
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

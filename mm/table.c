#include "mm/table.h"

#include "mm/layout.h"
#include "paging_pae.h"
#include "rtl/rtl.h"
#include "x86/cpu.h"

#define KERNEL_PDE (KERNEL_BASE >> LARGE_PAGE_SHIFT)

enum { POINTERS = 4, SHARED = 2, LAST = 3 }; /* PDPTEs; the directory that all spaces share */

/* What may stand in a 32-bit entry; PAGE_CODE is a right alone. */
#define RIGHTS (PAGE_WRITE | PAGE_USER | PAGE_CACHE_DISABLE)

BOOLEAN table_is_pae, table_has_no_execute;

void table_init(void)
{
    table_is_pae = !!(cpu_read_cr4() & CR4_PAE);
    table_has_no_execute = table_is_pae && cpu_read_efer() & EFER_NXE;
}

ULONGLONG table_read(struct table_slot slot)
{
    return table_is_pae ? ((const pae_entry *)slot.table)[slot.index]
                        : ((const paging_entry *)slot.table)[slot.index];
}

/* The half with P goes first when an entry is taken away, and last when it comes. */
static void write_halves(volatile ULONG *halves, ULONGLONG entry)
{
    halves[0] = 0;
    halves[1] = (ULONG)(entry >> 32);
    halves[0] = (ULONG)entry;
}

void table_write(struct table_slot slot, ULONGLONG entry)
{
    if (table_is_pae)
        write_halves((volatile ULONG *)slot.table + slot.index * 2, entry);
    else
        ((volatile paging_entry *)slot.table)[slot.index] = (paging_entry)entry;
}

static void *directory_of(ULONG cr3, ULONG pointer)
{
    const pae_entry *pointers = direct_map(pae_pointers_address(cr3));

    return direct_map((ULONG)pae_frame_address(pointers[pointer]));
}

struct table_slot table_pde(ULONG cr3, ULONG address)
{
    if (table_is_pae)
        return (struct table_slot){directory_of(cr3, pae_pointer_index(address)),
                                   pae_pde_index(address)};
    return (struct table_slot){direct_map(cr3), pde_index(address)};
}

struct table_slot table_pte(ULONGLONG pde, ULONG address)
{
    return (struct table_slot){direct_map(table_physical(pde)),
                               table_is_pae ? pae_pte_index(address) : pte_index(address)};
}

ULONG table_span(void)
{
    return table_is_pae ? PAE_LARGE_PAGE_SIZE : LARGE_PAGE_SIZE;
}

ULONGLONG table_entry(ULONG physical, ULONG rights)
{
    ULONGLONG entry = make_entry(physical, rights & RIGHTS);

    return table_has_no_execute && !(rights & PAGE_CODE) ? entry | PAE_NO_EXECUTE : entry;
}

ULONG table_physical(ULONGLONG entry)
{
    return entry_frame_address((ULONG)entry);
}

/* ---- What CR3 points to ---- */

static void fill_directory(ULONG cr3, ULONG model)
{
    paging_entry *directory = direct_map(cr3);
    const paging_entry *from = direct_map(model);

    memset(directory, 0, KERNEL_PDE * sizeof *directory);
    memcpy(directory + KERNEL_PDE, from + KERNEL_PDE,
           (PAGE_ENTRIES - KERNEL_PDE) * sizeof *directory);
    directory[SELF_MAP_INDEX] = make_entry(cr3, PAGE_WRITE);
}

/* Takes `count` frames, or none and FALSE. */
static BOOLEAN take_frames(frame_number *frames, ULONG count)
{
    for (ULONG i = 0; i < count; i++) {
        frames[i] = frame_alloc();
        if (frames[i])
            continue;
        while (i--)
            frame_free(frames[i]);
        return FALSE;
    }
    return TRUE;
}

/* The pointers in frames[SHARED], which no directory needs, and the directories in the others. */
static void fill_pointers(const frame_number *frames, ULONG model)
{
    pae_entry *pointers = direct_map(frame_address(frames[SHARED]));
    const pae_entry *from = direct_map(pae_pointers_address(model));
    pae_entry *last = direct_map(frame_address(frames[LAST]));

    memset(pointers, 0, PAGE_SIZE);
    memset(direct_map(frame_address(frames[0])), 0, PAGE_SIZE);
    memset(direct_map(frame_address(frames[1])), 0, PAGE_SIZE);
    memcpy(last, directory_of(model, LAST), PAGE_SIZE);
    for (ULONG i = 0; i < POINTERS; i++) {
        pointers[i] = i == SHARED ? from[i] : pae_pointer(frame_address(frames[i]));
        last[i] = table_entry(table_physical(pointers[i]), PAGE_WRITE);
    }
}

ULONG table_create(ULONG model)
{
    frame_number frames[POINTERS];

    if (!take_frames(frames, table_is_pae ? POINTERS : 1))
        return 0;
    if (!table_is_pae) {
        fill_directory(frame_address(frames[0]), model);
        return frame_address(frames[0]);
    }
    fill_pointers(frames, model);
    return frame_address(frames[SHARED]);
}

void table_destroy(ULONG cr3)
{
    const pae_entry *pointers = direct_map(cr3);

    for (ULONG i = 0; table_is_pae && i < POINTERS; i++)
        if (i != SHARED)
            frame_free(frame_of(table_physical(pointers[i])));
    frame_free(frame_of(cr3));
}

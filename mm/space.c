#include "mm/space.h"

#include "boot/boot.h"
#include "mm/layout.h"
#include "mm/pool.h"
#include "mm/vad.h"
#include "rtl/rtl.h"
#include "x86/cpu.h"

#define KERNEL_PDE (KERNEL_BASE >> LARGE_PAGE_SHIFT)

struct mm_space mm_system_space;

static LIST_ENTRY spaces; /* all of them: a new kernel page table goes into each directory */
static struct mm_space *current;
static ULONG kernel_tables; /* made since boot */

static paging_entry *directory_of(const struct mm_space *space)
{
    return direct_map(space->cr3);
}

static BOOLEAN has_frame(paging_entry pte)
{
    return !!(pte & (PAGE_PRESENT | PAGE_HELD));
}

static paging_entry make_pte(ULONG physical, ULONG rights)
{
    return rights & PAGE_HELD ? entry_frame_address(physical) | PAGE_HELD
                              : make_entry(physical, rights);
}

static void flush_page(const struct mm_space *space, ULONG address)
{
    if (space == current || address >= KERNEL_BASE)
        invlpg(address);
}

void mm_space_init(void)
{
    InitializeListHead(&spaces);
    InitializeListHead(&mm_system_space.vads);
    mm_system_space.cr3 = direct_physical(boot_page_directory);
    InsertTailList(&spaces, &mm_system_space.link);
    current = &mm_system_space;
    boot_page_directory[0] = 0;
    write_cr3(mm_system_space.cr3);
    if (cpu_features() & CPUID_PGE)
        write_cr4(read_cr4() | CR4_PGE);
    mm_unmap(&mm_system_space, (ULONG)boot_stack_guard);
}

/* An empty process half, the kernel half as it is now, and the directory's own self-map. */
static void fill_directory(paging_entry *directory, ULONG cr3)
{
    memset(directory, 0, KERNEL_PDE * sizeof *directory);
    memcpy(directory + KERNEL_PDE, boot_page_directory + KERNEL_PDE,
           (PAGE_ENTRIES - KERNEL_PDE) * sizeof *directory);
    directory[SELF_MAP_INDEX] = make_entry(cr3, PAGE_WRITE);
}

struct mm_space *mm_space_create(void)
{
    struct mm_space *space = pool_allocate_zeroed(sizeof *space, POOL_TAG('M', 'm', 'S', 'p'));
    frame_number frame = space ? frame_alloc() : FRAME_NONE;

    if (!frame) {
        if (space)
            ExFreePool(space);
        return NULL;
    }
    space->cr3 = frame_address(frame);
    InitializeListHead(&space->vads);
    fill_directory(directory_of(space), space->cr3);
    InsertTailList(&spaces, &space->link);
    return space;
}

static void free_table(paging_entry pde)
{
    const paging_entry *table = direct_map(entry_frame_address(pde));

    for (ULONG i = 0; i < PAGE_ENTRIES; i++)
        if (has_frame(table[i]))
            frame_free(frame_of(table[i]));
    frame_free(frame_of(pde));
}

void mm_space_destroy(struct mm_space *space)
{
    paging_entry *directory = directory_of(space);

    ASSERT(space != current && space != &mm_system_space);
    mm_vad_release_all(space);
    for (ULONG i = 0; i < KERNEL_PDE; i++)
        if (directory[i] & PAGE_PRESENT)
            free_table(directory[i]);
    RemoveEntryList(&space->link);
    frame_free(frame_of(space->cr3));
    ExFreePool(space);
}

struct mm_space *mm_space_switch(struct mm_space *space)
{
    struct mm_space *last = current;

    if (space != current) {
        current = space;
        write_cr3(space->cr3);
    }
    return last;
}

struct mm_space *mm_space_current(void)
{
    return current;
}

/* Enters a new page table into the space's directory, or into all for a kernel address. */
static void set_pde(struct mm_space *space, ULONG index, paging_entry pde)
{
    if (index < KERNEL_PDE) {
        directory_of(space)[index] = pde;
        return;
    }
    kernel_tables++;
    LIST_FOR_EACH(each, &spaces, struct mm_space, link)
    directory_of(each)[index] = pde;
}

ULONG mm_kernel_tables(void)
{
    return kernel_tables;
}

frame_number mm_zeroed_frame(void)
{
    frame_number frame = frame_alloc();

    if (frame)
        memset(direct_map(frame_address(frame)), 0, PAGE_SIZE);
    return frame;
}

void mm_copy_frame(frame_number to, frame_number from)
{
    memcpy(direct_map(frame_address(to)), direct_map(frame_address(from)), PAGE_SIZE);
}

/* The PTE's place; a missing table is made if `create`. NULL if there is none. */
static paging_entry *find_pte(struct mm_space *space, ULONG address, BOOLEAN create)
{
    ULONG index = pde_index(address);
    paging_entry pde = directory_of(space)[index];

    if (!(pde & PAGE_PRESENT)) {
        frame_number frame = create ? mm_zeroed_frame() : FRAME_NONE;

        if (!frame)
            return NULL;
        /* The page table's rights are the widest; the PTE narrows them. */
        pde = make_entry(frame_address(frame), PAGE_WRITE | (index < KERNEL_PDE ? PAGE_USER : 0));
        set_pde(space, index, pde);
    }
    ASSERT(!(pde & PAGE_LARGE));
    paging_entry *table = direct_map(entry_frame_address(pde));

    return &table[pte_index(address)];
}

NTSTATUS mm_map(struct mm_space *space, ULONG address, frame_number frame, ULONG rights)
{
    paging_entry *pte = find_pte(space, address, TRUE);

    if (!pte)
        return STATUS_NO_MEMORY;
    ASSERT(!has_frame(*pte));
    *pte = make_pte(frame_address(frame), rights); /* P=0 to P=1 needs no flush */
    return STATUS_SUCCESS;
}

frame_number mm_unmap(struct mm_space *space, ULONG address)
{
    paging_entry *pte = find_pte(space, address, FALSE);

    if (!pte || !has_frame(*pte))
        return FRAME_NONE;
    frame_number frame = frame_of(*pte);

    *pte = 0;
    flush_page(space, address);
    return frame;
}

frame_number mm_frame_at(const struct mm_space *space, ULONG address)
{
    const paging_entry *pte = find_pte((struct mm_space *)space, address, FALSE);

    return pte && has_frame(*pte) ? frame_of(*pte) : FRAME_NONE;
}

void mm_protect(struct mm_space *space, ULONG address, ULONG rights)
{
    paging_entry *pte = find_pte(space, address, FALSE);

    ASSERT(pte && has_frame(*pte));
    *pte = make_pte(*pte, rights);
    flush_page(space, address);
}

BOOLEAN mm_is_range_free(const struct mm_space *space, ULONG address, ULONG bytes)
{
    for (ULONG at = page_round_down(address); at < address + bytes; at += PAGE_SIZE) {
        paging_entry pde = directory_of(space)[pde_index(at)];
        const paging_entry *table = direct_map(entry_frame_address(pde));

        if (pde & PAGE_PRESENT && (pde & PAGE_LARGE || table[pte_index(at)] & PAGE_PRESENT))
            return FALSE;
    }
    return TRUE;
}

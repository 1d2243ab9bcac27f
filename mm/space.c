#include "mm/space.h"

#include "boot/boot.h"
#include "mm/layout.h"
#include "mm/pool.h"
#include "mm/table.h"
#include "mm/vad.h"
#include "rtl/rtl.h"
#include "x86/cpu.h"

struct mm_space mm_system_space;

static LIST_ENTRY spaces; /* all of them: a new kernel page table goes into each directory */
static struct mm_space *current;
static ULONG kernel_tables; /* made since boot */

static BOOLEAN has_frame(ULONGLONG pte)
{
    return !!(pte & (PAGE_PRESENT | PAGE_HELD));
}

static ULONGLONG make_pte(ULONG physical, ULONG rights)
{
    return rights & PAGE_HELD ? physical | PAGE_HELD : table_entry(physical, rights);
}

/* The frame of a table or page that an entry points to. */
static frame_number frame_in(ULONGLONG entry)
{
    return frame_of(table_physical(entry));
}

static void flush_page(const struct mm_space *space, ULONG address)
{
    if (space == current || address >= KERNEL_BASE)
        invlpg(address);
}

void mm_space_init(void)
{
    table_init();
    InitializeListHead(&spaces);
    InitializeListHead(&mm_system_space.vads);
    mm_system_space.cr3 = direct_physical(&boot_top_table);
    InsertTailList(&spaces, &mm_system_space.link);
    current = &mm_system_space;
    for (ULONG at = 0; at < LARGE_PAGE_SIZE; at += table_span())
        table_write(table_pde(mm_system_space.cr3, at), 0);
    write_cr3(mm_system_space.cr3);
    if (cpu_features() & CPUID_PGE)
        write_cr4(read_cr4() | CR4_PGE);
    if (cpu_supervisor_protections() & CR4_SMEP)
        write_cr4(read_cr4() | CR4_SMEP);
    mm_unmap(&mm_system_space, (ULONG)boot_stack_guard);
}

struct mm_space *mm_space_create(void)
{
    struct mm_space *space = pool_allocate_zeroed(sizeof *space, POOL_TAG('M', 'm', 'S', 'p'));

    if (!space)
        return NULL;
    space->cr3 = table_create(mm_system_space.cr3);
    if (!space->cr3) {
        ExFreePool(space);
        return NULL;
    }
    InitializeListHead(&space->vads);
    InsertTailList(&spaces, &space->link);
    return space;
}

static void free_table(ULONGLONG pde)
{
    for (ULONG at = 0; at < table_span(); at += PAGE_SIZE) {
        ULONGLONG pte = table_read(table_pte(pde, at));

        if (has_frame(pte))
            frame_free(frame_in(pte));
    }
    frame_free(frame_in(pde));
}

void mm_space_destroy(struct mm_space *space)
{
    ASSERT(space != current && space != &mm_system_space);
    mm_vad_release_all(space);
    for (ULONG at = 0; at < KERNEL_BASE; at += table_span()) {
        ULONGLONG pde = table_read(table_pde(space->cr3, at));

        if (pde & PAGE_PRESENT)
            free_table(pde);
    }
    RemoveEntryList(&space->link);
    table_destroy(space->cr3);
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
static void set_pde(struct mm_space *space, ULONG address, ULONGLONG pde)
{
    if (address < KERNEL_BASE) {
        table_write(table_pde(space->cr3, address), pde);
        return;
    }
    kernel_tables++;
    LIST_FOR_EACH(each, &spaces, struct mm_space, link)
    table_write(table_pde(each->cr3, address), pde);
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

/* The PTE's place; one without a table if there is none. */
static struct table_slot find_pte(const struct mm_space *space, ULONG address)
{
    ULONGLONG pde = table_read(table_pde(space->cr3, address));

    if (!(pde & PAGE_PRESENT))
        return (struct table_slot){NULL, 0};
    ASSERT(!(pde & PAGE_LARGE));
    return table_pte(pde, address);
}

/* Makes the page table of an address, if it is missing. */
static NTSTATUS make_table(struct mm_space *space, ULONG address)
{
    if (table_read(table_pde(space->cr3, address)) & PAGE_PRESENT)
        return STATUS_SUCCESS;
    frame_number frame = mm_zeroed_frame();

    if (!frame)
        return STATUS_NO_MEMORY;
    /* The page table's rights are the widest; the PTE narrows them. */
    set_pde(space, address,
            table_entry(frame_address(frame),
                        PAGE_WRITE | PAGE_CODE | (address < KERNEL_BASE ? PAGE_USER : 0)));
    return STATUS_SUCCESS;
}

NTSTATUS mm_map(struct mm_space *space, ULONG address, frame_number frame, ULONG rights)
{
    NTSTATUS status = make_table(space, address);

    if (!NT_SUCCESS(status))
        return status;
    struct table_slot pte = find_pte(space, address);

    ASSERT(!has_frame(table_read(pte)));
    table_write(pte, make_pte(frame_address(frame), rights)); /* P=0 to P=1 needs no flush */
    return STATUS_SUCCESS;
}

frame_number mm_unmap(struct mm_space *space, ULONG address)
{
    frame_number frame = mm_frame_at(space, address);

    if (frame) {
        table_write(find_pte(space, address), 0);
        flush_page(space, address);
    }
    return frame;
}

frame_number mm_frame_at(const struct mm_space *space, ULONG address)
{
    struct table_slot pte = find_pte(space, address);

    return pte.table && has_frame(table_read(pte)) ? frame_in(table_read(pte)) : FRAME_NONE;
}

void mm_protect(struct mm_space *space, ULONG address, ULONG rights)
{
    frame_number frame = mm_frame_at(space, address);

    ASSERT(frame);
    table_write(find_pte(space, address), make_pte(frame_address(frame), rights));
    flush_page(space, address);
}

BOOLEAN mm_is_range_free(const struct mm_space *space, ULONG address, ULONG bytes)
{
    for (ULONG at = page_round_down(address); at < address + bytes; at += PAGE_SIZE) {
        ULONGLONG pde = table_read(table_pde(space->cr3, at));

        if (pde & PAGE_PRESENT &&
            (pde & PAGE_LARGE || table_read(table_pte(pde, at)) & PAGE_PRESENT))
            return FALSE;
    }
    return TRUE;
}

#include "mm/walk.h"

/* Reads the entry of the next level; FALSE and the reason in `stop` if the walk ends there. */
static BOOLEAN read_level(struct walk *walk, ULONGLONG entry_address,
                          const struct walk_memory *memory, ULONG *entry)
{
    struct walk_level *level = &walk->levels[walk->level_count++];

    level->entry_address = entry_address;
    level->entry = 0;
    walk->stop = WALK_UNREADABLE;
    if (!memory->read(memory->context, entry_address, &level->entry))
        return FALSE;
    *entry = level->entry;
    walk->stop = WALK_NOT_PRESENT;
    return !!(level->entry & PAGE_PRESENT);
}

static void finish(struct walk *walk, ULONGLONG frame, ULONG page_size, ULONG rights)
{
    walk->stop = WALK_MAPPED;
    walk->page_size = page_size;
    walk->physical = frame | (walk->address & (page_size - 1));
    walk->user = !!(rights & PAGE_USER);
    walk->write = !!(rights & PAGE_WRITE);
}

struct walk walk_address(enum walk_format format, ULONG cr3, ULONG address,
                         const struct walk_memory *memory)
{
    struct walk walk = {.address = address};
    ULONG pde = 0, pte = 0;

    if (!read_level(&walk, entry_frame_address(cr3) + pde_index(address) * 4ull, memory, &pde))
        return walk;
    if (format == WALK_32BIT_PSE && pde & PAGE_LARGE) {
        if (pde_large_reserved(pde))
            walk.stop = WALK_RESERVED_BIT;
        else
            finish(&walk, pde_large_address(pde), LARGE_PAGE_SIZE, pde);
        return walk;
    }
    if (read_level(&walk, entry_frame_address(pde) + pte_index(address) * 4ull, memory, &pte))
        finish(&walk, entry_frame_address(pte), PAGE_SIZE, pde & pte);
    return walk;
}

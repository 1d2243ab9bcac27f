/* Base relocations ("PE Format", The .reloc Section). */
#include "ps/pe_private.h"

/* Entries of a block: type in bits 15:12, offset from the block's page in bits 11:0. */
#define ENTRY_TYPE(entry)   ((uint32_t)(entry) >> 12)
#define ENTRY_OFFSET(entry) ((uint32_t)(entry)&0xFFFu)

/* Receives each HIGHLOW target; FALSE stops the walk. */
typedef bool (*target_visitor)(struct pe_image *image, uint64_t rva, uint32_t delta);

static bool check_target(struct pe_image *image, uint64_t rva, uint32_t delta)
{
    const IMAGE_DATA_DIRECTORY *table = &image->relocations;

    (void)delta;
    if (rva + sizeof(uint32_t) > image->size)
        return false;
    return rva + sizeof(uint32_t) <= table->VirtualAddress ||
           rva >= table->VirtualAddress + table->Size;
}

static bool move_target(struct pe_image *image, uint64_t rva, uint32_t delta)
{
    uint32_t value;

    memcpy(&value, image->bytes + rva, sizeof(value));
    value += delta;
    memcpy(image->bytes + rva, &value, sizeof(value));
    return true;
}

static const char *walk_block(struct pe_image *image, uint32_t rva, IMAGE_BASE_RELOCATION block,
                              target_visitor visit, uint32_t delta)
{
    for (uint32_t at = sizeof(block); at < block.SizeOfBlock; at += sizeof(uint16_t)) {
        uint16_t entry;

        memcpy(&entry, image->bytes + rva + at, sizeof(entry));
        if (ENTRY_TYPE(entry) == IMAGE_REL_BASED_ABSOLUTE)
            continue;
        if (ENTRY_TYPE(entry) != IMAGE_REL_BASED_HIGHLOW)
            return "relocation of unknown type";
        if (!visit(image, (uint64_t)block.VirtualAddress + ENTRY_OFFSET(entry), delta))
            return "relocation outside the image";
    }
    return NULL;
}

static const char *walk_table(struct pe_image *image, target_visitor visit, uint32_t delta)
{
    uint32_t rva = image->relocations.VirtualAddress;
    uint32_t left = image->relocations.Size;

    while (left) {
        IMAGE_BASE_RELOCATION block;
        const char *what;

        if (left < sizeof(block))
            return "relocation block cut off";
        memcpy(&block, image->bytes + rva, sizeof(block));
        if (block.SizeOfBlock < sizeof(block) || block.SizeOfBlock % sizeof(uint16_t) ||
            block.SizeOfBlock > left)
            return "size of a relocation block";
        what = walk_block(image, rva, block, visit, delta);
        if (what)
            return what;
        rva += block.SizeOfBlock;
        left -= block.SizeOfBlock;
    }
    return NULL;
}

NTSTATUS pe_relocate(struct pe_image *image, uint32_t address, struct pe_error *error)
{
    uint32_t delta = address - image->address;
    const char *what;

    pe_clear_error(error);
    if (!delta)
        return STATUS_SUCCESS;
    if (image->fixed) {
        error->what = "relocations stripped";
        return STATUS_CONFLICTING_ADDRESSES;
    }
    what = walk_table(image, check_target, delta);
    if (what)
        return pe_broken(error, what);
    walk_table(image, move_target, delta);
    image->address = address;
    return STATUS_SUCCESS;
}

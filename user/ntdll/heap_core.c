#include "ntdll/heap_core.h"

#define USED 0x55736564u /* "Used" */
#define FREE 0x46726565u /* "Free" */

/*
 *     +0  size        bytes of the block, this header included, a multiple of 8
 *     +4  previous    the size of the block before, 0 for a region's first
 *     +8  requested   bytes that the caller asked for; 0 in a free block
 *     +C  state       USED or FREE
 *    +10  the caller's bytes; in a free block the links of its list
 */
struct heap_block {
    uint32_t size, previous, requested, state;
};

struct heap_links {
    struct heap_block *next, *before;
};

/* A region begins with this; its blocks fill the rest, aligned wherever pointers have 4 bytes too. */
struct heap_region {
    struct heap_region *next;
    uint32_t bytes; /* of the region, this included */
    uint32_t is_first;
} __attribute__((aligned(HEAP_CORE_ALIGNMENT)));

#define BLOCK_MIN  ((uint32_t)(sizeof(struct heap_block) + sizeof(struct heap_links)))
#define REGION_MIN ((uint32_t)sizeof(struct heap_region) + BLOCK_MIN)

static uint32_t round_up(size_t bytes)
{
    return (uint32_t)(bytes + HEAP_CORE_ALIGNMENT - 1) & ~(HEAP_CORE_ALIGNMENT - 1);
}

static struct heap_block *at(const void *base, uint32_t offset)
{
    return (struct heap_block *)((uint8_t *)(uintptr_t)base + offset);
}

static struct heap_block *block_of(const void *memory)
{
    return (struct heap_block *)(uintptr_t)memory - 1;
}

static struct heap_links *links_of(struct heap_block *block)
{
    return (struct heap_links *)(block + 1);
}

static struct heap_block *first_block(const struct heap_region *region)
{
    return at(region, sizeof(*region));
}

static bool is_last(const struct heap_region *region, const struct heap_block *block)
{
    return at(block, block->size) == at(region, region->bytes);
}

/* The block behind; NULL for the region's last. */
static struct heap_block *block_behind(const struct heap_region *region,
                                       const struct heap_block *block)
{
    return is_last(region, block) ? NULL : at(block, block->size);
}

static struct heap_block *block_before(struct heap_block *block)
{
    return block->previous ? (struct heap_block *)((uint8_t *)block - block->previous) : NULL;
}

/* ---- The lists of free blocks ---- */

static unsigned list_of(uint32_t size)
{
    return 31 - (unsigned)__builtin_clz(size / 8);
}

static void insert_free(struct heap_core *heap, struct heap_block *block)
{
    struct heap_block **head = &heap->free[list_of(block->size)];

    block->state = FREE;
    block->requested = 0;
    *links_of(block) = (struct heap_links){*head, NULL};
    if (*head)
        links_of(*head)->before = block;
    *head = block;
}

static void remove_free(struct heap_core *heap, struct heap_block *block)
{
    struct heap_links *links = links_of(block);

    if (links->before)
        links_of(links->before)->next = links->next;
    else
        heap->free[list_of(block->size)] = links->next;
    if (links->next)
        links_of(links->next)->before = links->before;
}

/* The first block that is large enough, taken out of its list; NULL if none is. */
static struct heap_block *take_free(struct heap_core *heap, uint32_t size)
{
    for (unsigned list = list_of(size); list < HEAP_CORE_LISTS; list++)
        for (struct heap_block *block = heap->free[list]; block; block = links_of(block)->next)
            if (block->size >= size) {
                remove_free(heap, block);
                return block;
            }
    return NULL;
}

/* ---- Regions ---- */

static struct heap_region *region_of(const struct heap_core *heap, const void *address)
{
    for (struct heap_region *region = heap->regions; region; region = region->next)
        if ((uintptr_t)address - (uintptr_t)region < region->bytes)
            return region;
    return NULL;
}

/* One free block, in no list yet. */
static struct heap_block *add_region(struct heap_core *heap, void *memory, size_t bytes,
                                     bool is_first)
{
    struct heap_region *region = memory;
    struct heap_block *block = first_block(region);

    *region = (struct heap_region){heap->regions, (uint32_t)bytes & ~15u, is_first};
    heap->regions = region;
    *block = (struct heap_block){.size = region->bytes - (uint32_t)sizeof(*region)};
    return block;
}

static void drop_region(struct heap_core *heap, struct heap_region *region)
{
    struct heap_region **link = &heap->regions;

    while (*link != region)
        link = &(*link)->next;
    *link = region->next;
    heap->memory.put(heap->memory.context, region, region->bytes);
}

static struct heap_block *grow(struct heap_core *heap, uint32_t size)
{
    size_t bytes = size + sizeof(struct heap_region);
    void *memory;

    if (!heap->memory.get)
        return NULL;
    memory = heap->memory.get(heap->memory.context, &bytes);
    return memory ? add_region(heap, memory, bytes, false) : NULL;
}

bool heap_core_init(struct heap_core *heap, const struct heap_memory *memory, void *first,
                    size_t bytes)
{
    *heap = (struct heap_core){.memory = *memory};
    if (bytes < REGION_MIN || bytes > HEAP_CORE_MAX)
        return false;
    insert_free(heap, add_region(heap, first, bytes, true));
    return true;
}

void heap_core_destroy(struct heap_core *heap)
{
    struct heap_region *region = heap->regions, *next;

    for (; region; region = next) {
        next = region->next;
        if (!region->is_first)
            heap->memory.put(heap->memory.context, region, region->bytes);
    }
    heap->regions = NULL;
}

/* ---- Blocks ---- */

static void set_size(const struct heap_region *region, struct heap_block *block, uint32_t size)
{
    struct heap_block *behind;

    block->size = size;
    behind = block_behind(region, block);
    if (behind)
        behind->previous = size;
}

/* Cuts what is more than `size` off; it becomes a free block where it is enough for one. */
static void trim(struct heap_core *heap, const struct heap_region *region, struct heap_block *block,
                 uint32_t size)
{
    uint32_t rest = block->size - size;
    struct heap_block *behind;

    if (rest < BLOCK_MIN)
        return;
    block->size = size;
    behind = at(block, size);
    *behind = (struct heap_block){.previous = size};
    set_size(region, behind, rest);
    insert_free(heap, behind);
}

static uint32_t block_size(size_t bytes)
{
    uint32_t size = round_up(bytes) + (uint32_t)sizeof(struct heap_block);

    return size < BLOCK_MIN ? BLOCK_MIN : size;
}

void *heap_core_allocate(struct heap_core *heap, size_t bytes)
{
    struct heap_block *block;
    uint32_t size;

    if (bytes > HEAP_CORE_MAX)
        return NULL;
    size = block_size(bytes);
    block = take_free(heap, size);
    if (!block)
        block = grow(heap, size);
    if (!block)
        return NULL;
    trim(heap, region_of(heap, block), block, size);
    block->state = USED;
    block->requested = (uint32_t)bytes;
    return block + 1;
}

/* Merges a block, which is in no list, with the one behind if that is free. */
static void merge_behind(struct heap_core *heap, const struct heap_region *region,
                         struct heap_block *block)
{
    struct heap_block *behind = block_behind(region, block);

    if (!behind || behind->state != FREE)
        return;
    remove_free(heap, behind);
    set_size(region, block, block->size + behind->size);
}

void heap_core_free(struct heap_core *heap, void *memory)
{
    struct heap_block *block = block_of(memory);
    struct heap_region *region = region_of(heap, block);
    struct heap_block *before = block_before(block);

    merge_behind(heap, region, block);
    block->state = FREE;
    if (before && before->state == FREE) {
        remove_free(heap, before);
        set_size(region, before, before->size + block->size);
        block = before;
    }
    if (!region->is_first && block == first_block(region) && is_last(region, block))
        drop_region(heap, region);
    else
        insert_free(heap, block);
}

bool heap_core_resize(struct heap_core *heap, void *memory, size_t bytes)
{
    struct heap_block *block = block_of(memory), *behind;
    struct heap_region *region = region_of(heap, block);
    uint32_t size, room = block->size;

    if (bytes > HEAP_CORE_MAX)
        return false;
    size = block_size(bytes);
    behind = block_behind(region, block);
    if (behind && behind->state == FREE)
        room += behind->size;
    if (size > room)
        return false;
    merge_behind(heap, region, block);
    trim(heap, region, block, size);
    block->requested = (uint32_t)bytes;
    return true;
}

size_t heap_core_size(const void *block)
{
    return block_of(block)->requested;
}

/* ---- Checking ---- */

static bool is_sound(const struct heap_region *region, const struct heap_block *block,
                     uint32_t previous)
{
    uint32_t room = (uint32_t)((uintptr_t)at(region, region->bytes) - (uintptr_t)block);

    if (room < BLOCK_MIN || block->size < BLOCK_MIN || block->size > room ||
        block->size % HEAP_CORE_ALIGNMENT || block->previous != previous)
        return false;
    if (block->state == USED)
        return block->requested <= block->size - sizeof(*block);
    return block->state == FREE;
}

/* Goes through a region's blocks and counts the free ones, no two of which may touch. */
static bool walk_region(const struct heap_region *region, uint32_t *free_blocks)
{
    const struct heap_block *block = first_block(region);
    bool was_free = false;
    uint32_t previous = 0;

    for (; block; block = block_behind(region, block)) {
        bool is_free;

        if (!is_sound(region, block, previous))
            return false;
        is_free = block->state == FREE;
        if (is_free && was_free)
            return false;
        *free_blocks += is_free;
        was_free = is_free;
        previous = block->size;
    }
    return true;
}

bool heap_core_owns(const struct heap_core *heap, const void *memory)
{
    const struct heap_region *region;
    const struct heap_block *block;

    if (!memory || (uintptr_t)memory % HEAP_CORE_ALIGNMENT)
        return false;
    block = block_of(memory);
    region = region_of(heap, block);
    if (!region || block < first_block(region) ||
        (uintptr_t)memory > (uintptr_t)region + region->bytes)
        return false;
    return block->state == USED && is_sound(region, block, block->previous);
}

bool heap_core_is_valid(const struct heap_core *heap)
{
    uint32_t in_regions = 0, in_lists = 0;

    for (const struct heap_region *region = heap->regions; region; region = region->next)
        if (!walk_region(region, &in_regions))
            return false;
    for (unsigned list = 0; list < HEAP_CORE_LISTS; list++)
        for (struct heap_block *block = heap->free[list]; block; block = links_of(block)->next) {
            if (!region_of(heap, block) || block->state != FREE || list_of(block->size) != list)
                return false;
            if (in_lists++ > in_regions)
                return false;
        }
    return in_lists == in_regions;
}

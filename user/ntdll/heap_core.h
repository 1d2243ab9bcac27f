/*
 * A heap: blocks cut from regions of memory that somebody else provides. Pure code without locks;
 * ntdll's heap.c puts NT's calls around it, the host tests put malloc under it.
 *
 * A region is a run of blocks, each with a header that knows its own size and that of the block
 * before. Neighbours that are free are always merged. Free blocks stand in lists by size.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Addresses that the heap hands out are multiples of this. */
#define HEAP_CORE_ALIGNMENT 8u

/* The largest block that can be asked for, in bytes. */
#define HEAP_CORE_MAX 0x7FFE0000u

/* The lists of free blocks: list i holds what has at least 2^i times 8 bytes, and less than list i+1. */
#define HEAP_CORE_LISTS 28

/* Where memory comes from. */
struct heap_memory {
    /* At least *bytes bytes, aligned to 16, *bytes set to how many; NULL: there is no more. */
    void *(*get)(void *context, size_t *bytes);
    /* Takes back what `get` gave. */
    void (*put)(void *context, void *memory, size_t bytes);
    void *context;
};

struct heap_block;
struct heap_region;

struct heap_core {
    struct heap_memory memory;
    struct heap_region *regions;
    struct heap_block *free[HEAP_CORE_LISTS];
};

/*
 * An empty heap over `bytes` bytes at `first`, aligned to 16, which are never put back; it grows by
 * memory->get, or not at all if that is NULL. FALSE if the bytes are too few for a block.
 */
bool heap_core_init(struct heap_core *heap, const struct heap_memory *memory, void *first,
                    size_t bytes);

/* A block of at least `bytes` bytes (also for 0), with what was there before; NULL: no memory. */
void *heap_core_allocate(struct heap_core *heap, size_t bytes);

/* Is it a block of this heap, in use? Looks at memory that is the heap's alone. */
bool heap_core_owns(const struct heap_core *heap, const void *block);

/* Takes back a block that heap_core_owns. */
void heap_core_free(struct heap_core *heap, void *block);

/* The bytes that were asked for. */
size_t heap_core_size(const void *block);

/*
 * Gives the block another size, where it is. FALSE if there is no room behind it; the block is then
 * as it was.
 */
bool heap_core_resize(struct heap_core *heap, void *block, size_t bytes);

/* Are all headers and lists sound? */
bool heap_core_is_valid(const struct heap_core *heap);

/* Puts all memory back but the first region; the heap is gone. */
void heap_core_destroy(struct heap_core *heap);

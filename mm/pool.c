#include "mm/pool.h"

#include "export.h"
#include "kd/bugcheck.h"
#include "mm/frame.h"
#include "mm/layout.h"
#include "paging.h"
#include "rtl/rtl.h"

/*
 * A slab is one page: this header, then blocks of one size. A block is a block header and the
 * caller's bytes. Since the header comes first, no small block is page-aligned; large ones are.
 */
struct slab {
    LIST_ENTRY link; /* in its class's list while a block is free */
    struct block *free;
    USHORT used, class;
    ULONG magic;
    ULONG reserved[3]; /* keeps the blocks 8-aligned */
};
_Static_assert(sizeof(struct slab) % 8 == 0, "blocks are 8-aligned");

struct block {
    ULONG tag;
    USHORT bytes; /* as asked for */
    USHORT state;
    struct block *next_free; /* lies in the caller's bytes */
};

/* A run of whole pages. */
struct large {
    LIST_ENTRY link;
    PVOID address;
    ULONG pages, bytes, tag;
};

enum { SLAB_MAGIC = 0x42414C53, BLOCK_LIVE = 0xA11E, BLOCK_FREE = 0xF4EE };
enum { BLOCK_HEADER = offsetof(struct block, next_free) };

/* Block sizes, header included: the whole of a slab is used. */
static const USHORT class_bytes[] = {24, 32, 48, 64, 96, 128, 192, 256, 384, 576, 1008, 2024};
#define CLASSES     ARRAY_SIZE(class_bytes)
#define SMALL_LIMIT (2024 - BLOCK_HEADER)

/* The smallest class for so many times 8 bytes, header included. */
static UCHAR class_of[2024 / 8 + 1];

static struct {
    LIST_ENTRY partial; /* slabs with a free block */
    ULONG empty;        /* of these, slabs without a live block: one is kept */
} classes[CLASSES];
static LIST_ENTRY large_blocks;
static struct pool_counts counts;

void pool_init(void)
{
    for (ULONG eighth = 0, class = 0; eighth < ARRAY_SIZE(class_of); eighth++) {
        if (eighth * 8 > class_bytes[class])
            class ++;
        class_of[eighth] = (UCHAR) class;
    }
    for (ULONG i = 0; i < CLASSES; i++)
        InitializeListHead(&classes[i].partial);
    InitializeListHead(&large_blocks);
}

static ULONG class_for(SIZE_T bytes)
{
    ULONG class = 0;

    while (class_bytes[class] < bytes + BLOCK_HEADER)
        class ++;
    return class;
}

static struct slab *slab_create(ULONG class)
{
    frame_number frame = frame_alloc();
    ULONG size = class_bytes[class];

    if (!frame)
        return NULL;
    struct slab *slab = direct_map(frame_address(frame));

    *slab = (struct slab){.class = (USHORT) class, .magic = SLAB_MAGIC};
    for (ULONG at = sizeof *slab; at + size <= PAGE_SIZE; at += size) {
        struct block *block = (struct block *)((char *)slab + at);

        block->state = BLOCK_FREE;
        block->next_free = slab->free;
        slab->free = block;
    }
    InsertTailList(&classes[class].partial, &slab->link);
    classes[class].empty++;
    counts.pages++;
    return slab;
}

static PVOID small_allocate(SIZE_T bytes, ULONG tag)
{
    ULONG class = class_for(bytes);
    PLIST_ENTRY partial = &classes[class].partial;
    struct slab *slab = IsListEmpty(partial) ? slab_create(class)
                                             : CONTAINING_RECORD(partial->Flink, struct slab, link);
    if (!slab)
        return NULL;
    struct block *block = slab->free;

    slab->free = block->next_free;
    if (slab->used++ == 0)
        classes[class].empty--;
    if (!slab->free)
        RemoveEntryList(&slab->link);
    block->tag = tag;
    block->bytes = (USHORT)bytes;
    block->state = BLOCK_LIVE;
    return &block->next_free;
}

static void slab_destroy(struct slab *slab)
{
    slab->magic = 0;
    RemoveEntryList(&slab->link);
    frame_free(frame_of(direct_physical(slab)));
    counts.pages--;
}

static void slab_free(struct slab *slab, struct block *block)
{
    block->state = BLOCK_FREE;
    block->next_free = slab->free;
    if (!slab->free)
        InsertHeadList(&classes[slab->class].partial, &slab->link);
    slab->free = block;
    if (--slab->used)
        return;
    if (classes[slab->class].empty)
        slab_destroy(slab);
    else
        classes[slab->class].empty++;
}

static __attribute__((noreturn)) void bad_caller(PVOID address, ULONG why)
{
    bugcheck(BAD_POOL_CALLER, why, (ULONG)address, 0, 0, "a block that is not live was freed");
}

/* Frees a small block; returns the bytes that were asked for. */
static ULONG small_free(PVOID address)
{
    struct block *block = CONTAINING_RECORD(address, struct block, next_free);
    struct slab *slab = (struct slab *)page_round_down((ULONG)address);

    if (slab->magic != SLAB_MAGIC || block->state != BLOCK_LIVE)
        bad_caller(address, block->state == BLOCK_FREE ? 7 : 0x46);
    slab_free(slab, block);
    return block->bytes;
}

static PVOID large_allocate(SIZE_T bytes, ULONG tag)
{
    ULONG pages = page_count(bytes);
    struct large *large = small_allocate(sizeof *large, POOL_TAG('P', 'o', 'o', 'l'));
    frame_number first = large && pages ? frame_alloc_run(pages) : FRAME_NONE;

    if (!first) {
        if (large)
            small_free(large);
        return NULL;
    }
    large->address = direct_map(frame_address(first));
    large->pages = pages;
    large->bytes = bytes;
    large->tag = tag;
    InsertTailList(&large_blocks, &large->link);
    counts.pages += pages;
    return large->address;
}

PVOID NTAPI ExAllocatePoolWithTag(POOL_TYPE type, SIZE_T bytes, ULONG tag)
{
    PVOID block;

    (void)type;
    if (!bytes)
        bytes = 1;
    block = bytes <= SMALL_LIMIT ? small_allocate(bytes, tag) : large_allocate(bytes, tag);
    if (block) {
        counts.blocks++;
        counts.bytes += bytes;
    }
    return block;
}
EXPORT_NTOSKRNL(ExAllocatePoolWithTag);

PVOID NTAPI ExAllocatePool(POOL_TYPE type, SIZE_T bytes)
{
    return ExAllocatePoolWithTag(type, bytes, POOL_TAG('N', 'o', 'n', 'e'));
}
EXPORT_NTOSKRNL(ExAllocatePool);

void *pool_allocate_zeroed(SIZE_T bytes, ULONG tag)
{
    void *block = ExAllocatePoolWithTag(NonPagedPool, bytes, tag);

    if (block)
        memset(block, 0, bytes);
    return block;
}

static ULONG large_free(PVOID address)
{
    ULONG bytes;

    LIST_FOR_EACH(large, &large_blocks, struct large, link)
    {
        if (large->address == address) {
            RemoveEntryList(&large->link);
            frame_free_run(frame_of(direct_physical(address)), large->pages);
            counts.pages -= large->pages;
            bytes = large->bytes;
            small_free(large);
            return bytes;
        }
    }
    bad_caller(address, 0x46);
}

VOID NTAPI ExFreePool(PVOID address)
{
    if ((ULONG)address < KERNEL_BASE || (ULONG)address >= DIRECT_MAP_END)
        bad_caller(address, 0x46);
    counts.bytes -= (ULONG)address % PAGE_SIZE ? small_free(address) : large_free(address);
    counts.blocks--;
}
EXPORT_NTOSKRNL(ExFreePool);

VOID NTAPI ExFreePoolWithTag(PVOID block, ULONG tag)
{
    (void)tag;
    ExFreePool(block);
}
EXPORT_NTOSKRNL(ExFreePoolWithTag);

struct pool_counts pool_counts(void)
{
    return counts;
}

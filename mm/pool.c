#include "mm/pool.h"

#include "export.h"
#include "mm/frame.h"
#include "mm/layout.h"
#include "mm/space.h"
#include "mm/system_pte.h"
#include "paging.h"
#include "rtl/bugcheck.h"
#include "rtl/rtl.h"

/* Blocks of one size, header included, and their slabs. */
struct bin {
    ULONG bytes;
    LIST_ENTRY partial; /* slabs with a free block; the only one stays though it be empty */
};

/*
 * A slab is one page: this header, then blocks of one size. A block is a block header and the
 * caller's bytes. Since the header comes first, no small block is page-aligned; large ones are.
 */
struct slab {
    LIST_ENTRY link; /* in its bin's list while a block is free */
    struct block *free;
    struct bin *bin;
    ULONG used;
    ULONG magic;
    ULONG reserved[2]; /* keeps the blocks 8-aligned */
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
enum { BLOCK_HEADER = offsetof(struct block, next_free), LARGEST = 2024 };
enum { SMALL_LIMIT = LARGEST - BLOCK_HEADER };

/* The sizes use the whole of a slab. */
static struct bin bins[] = {{.bytes = 24},  {.bytes = 32},  {.bytes = 48},   {.bytes = 64},
                            {.bytes = 96},  {.bytes = 128}, {.bytes = 192},  {.bytes = 256},
                            {.bytes = 384}, {.bytes = 576}, {.bytes = 1008}, {.bytes = LARGEST}};

/* The smallest bin for so many times 8 bytes, header included. */
static struct bin *bin_for[LARGEST / 8 + 1];

static LIST_ENTRY large_blocks;
static struct pool_counts counts;

void pool_init(void)
{
    struct bin *bin = bins;

    for (ULONG i = 0; i < ARRAY_SIZE(bins); i++)
        InitializeListHead(&bins[i].partial);
    for (ULONG eighth = 0; eighth < ARRAY_SIZE(bin_for); eighth++) {
        if (eighth * 8 > bin->bytes)
            bin++;
        bin_for[eighth] = bin;
    }
    InitializeListHead(&large_blocks);
}

/* A new slab in the bin's list; FALSE if there is no frame. */
static __attribute__((noinline)) BOOLEAN slab_create(struct bin *bin)
{
    frame_number frame = frame_alloc();

    if (!frame)
        return FALSE;
    struct slab *slab = direct_map(frame_address(frame));

    *slab = (struct slab){.bin = bin, .magic = SLAB_MAGIC};
    for (ULONG at = sizeof *slab; at + bin->bytes <= PAGE_SIZE; at += bin->bytes) {
        struct block *block = (struct block *)((char *)slab + at);

        block->state = BLOCK_FREE;
        block->next_free = slab->free;
        slab->free = block;
    }
    InsertTailList(&bin->partial, &slab->link);
    counts.pages++;
    return TRUE;
}

/* The last block of a slab came back: its page goes too, unless it is the bin's only free one. */
static __attribute__((noinline)) void slab_emptied(struct slab *slab)
{
    if (slab->link.Flink == slab->link.Blink)
        return;
    slab->magic = 0;
    RemoveEntryList(&slab->link);
    frame_free(frame_of(direct_physical(slab)));
    counts.pages--;
}

static inline PVOID small_allocate(ULONG bytes, ULONG tag)
{
    struct bin *bin = bin_for[(bytes + BLOCK_HEADER + 7) / 8];

    if (IsListEmpty(&bin->partial) && !slab_create(bin))
        return NULL;
    struct slab *slab = CONTAINING_RECORD(bin->partial.Flink, struct slab, link);
    struct block *block = slab->free;

    slab->free = block->next_free;
    slab->used++;
    if (!slab->free)
        RemoveEntryList(&slab->link);
    block->tag = tag;
    block->bytes = (USHORT)bytes;
    block->state = BLOCK_LIVE;
    return &block->next_free;
}

static __attribute__((noreturn)) void bad_caller(PVOID address, ULONG why)
{
    bugcheck(BAD_POOL_CALLER, why, (ULONG)address, 0, 0, "a block that is not live was freed");
}

/* Frees a small block; returns the bytes that were asked for. */
static inline ULONG small_free(PVOID address)
{
    struct block *block = CONTAINING_RECORD(address, struct block, next_free);
    struct slab *slab = (struct slab *)page_round_down((ULONG)address);

    if (slab->magic != SLAB_MAGIC || block->state != BLOCK_LIVE)
        bad_caller(address, block->state == BLOCK_FREE ? 7 : 0x46);
    block->state = BLOCK_FREE;
    block->next_free = slab->free;
    if (!slab->free)
        InsertHeadList(&slab->bin->partial, &slab->link);
    slab->free = block;
    if (!--slab->used)
        slab_emptied(slab);
    return block->bytes;
}

static void free_scattered(ULONG address, ULONG pages)
{
    for (ULONG i = 0; i < pages; i++)
        frame_free(mm_unmap(&mm_system_space, address + i * PAGE_SIZE));
}

/* Frames from anywhere, side by side in system space; NULL without room or memory. */
static PVOID allocate_scattered(ULONG pages)
{
    ULONG address = system_pte_reserve(pages);

    for (ULONG i = 0; address && i < pages; i++) {
        frame_number frame = frame_alloc();

        if (frame &&
            NT_SUCCESS(mm_map(&mm_system_space, address + i * PAGE_SIZE, frame, PAGE_WRITE)))
            continue;
        if (frame)
            frame_free(frame);
        free_scattered(address, i);
        system_pte_release(address);
        return NULL;
    }
    return (PVOID)address;
}

/* In the direct map if the frames follow each other somewhere. */
static PVOID allocate_pages(ULONG pages)
{
    frame_number first = frame_alloc_run(pages);

    if (first)
        return direct_map(frame_address(first));
    return pages <= frame_counts().free ? allocate_scattered(pages) : NULL;
}

static void free_pages(PVOID address, ULONG pages)
{
    if ((ULONG)address < DIRECT_MAP_END) {
        frame_free_run(frame_of(direct_physical(address)), pages);
        return;
    }
    free_scattered((ULONG)address, pages);
    system_pte_release((ULONG)address);
}

static __attribute__((noinline)) PVOID large_allocate(ULONG bytes, ULONG tag)
{
    ULONG pages = page_count(bytes);
    struct large *large = small_allocate(sizeof *large, POOL_TAG('P', 'o', 'o', 'l'));
    PVOID address = large ? allocate_pages(pages) : NULL;

    if (!address) {
        if (large)
            small_free(large);
        return NULL;
    }
    large->address = address;
    large->pages = pages;
    large->bytes = bytes;
    large->tag = tag;
    InsertTailList(&large_blocks, &large->link);
    counts.pages += pages;
    return address;
}

static __attribute__((noinline)) ULONG large_free(PVOID address)
{
    LIST_FOR_EACH(large, &large_blocks, struct large, link)
    {
        if (large->address == address) {
            ULONG bytes = large->bytes;

            RemoveEntryList(&large->link);
            free_pages(address, large->pages);
            counts.pages -= large->pages;
            small_free(large);
            return bytes;
        }
    }
    bad_caller(address, 0x46);
}

PVOID NTAPI ExAllocatePoolWithTag(POOL_TYPE type, SIZE_T bytes, ULONG tag)
{
    PVOID block;

    (void)type;
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

VOID NTAPI ExFreePool(PVOID address)
{
    if ((ULONG)address - KERNEL_BASE >= DIRECT_MAP_BYTES &&
        ((ULONG)address % PAGE_SIZE ||
         (ULONG)address - SYSTEM_PTES_START >= SYSTEM_PTES_END - SYSTEM_PTES_START))
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

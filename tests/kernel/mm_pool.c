/* Pool: sizes, alignment, contents, counts, and the end of memory. */
#include "tests/kernel/mm_support.h"

enum { LARGEST = 9000, WINDOW = 256, SLOTS = 300, STEPS = 20000 };

/* A live block and what it should hold. */
struct test_block {
    UCHAR *bytes;
    ULONG size;
    UCHAR first; /* byte i is first + i * 3 */
};

static void fill(const struct test_block *block)
{
    for (ULONG i = 0; i < block->size; i++)
        block->bytes[i] = (UCHAR)(block->first + i * 3);
}

static BOOLEAN is_intact(const struct test_block *block)
{
    for (ULONG i = 0; i < block->size; i++)
        if (block->bytes[i] != (UCHAR)(block->first + i * 3))
            return FALSE;
    return TRUE;
}

static BOOLEAN allocate(struct test_block *block, ULONG size, UCHAR first)
{
    *block = (struct test_block){ExAllocatePool(NonPagedPool, size), size, first};
    if (!CHECK(block->bytes != NULL))
        return FALSE;
    CHECK_EQUAL((ULONG)block->bytes % (size >= PAGE_SIZE ? PAGE_SIZE : 8), 0);
    fill(block);
    return TRUE;
}

static void give_back(struct test_block *block)
{
    CHECK(is_intact(block));
    ExFreePool(block->bytes);
    block->bytes = NULL;
}

static void check_counts(const struct pool_counts *before, ULONG blocks, ULONG bytes)
{
    CHECK_EQUAL(pool_counts().blocks, before->blocks + blocks);
    CHECK_EQUAL(pool_counts().bytes, before->bytes + bytes);
}

/* Every size once, the last WINDOW of them alive at a time. */
SELFTEST(mm_pool_has_every_size)
{
    static struct test_block blocks[WINDOW];
    struct pool_counts before = pool_counts();
    ULONG bytes = 0;

    for (ULONG size = 1; size <= LARGEST; size++) {
        struct test_block *block = &blocks[size % WINDOW];

        if (block->bytes) {
            bytes -= block->size;
            give_back(block);
        }
        if (!allocate(block, size, (UCHAR)size))
            break;
        bytes += size;
        check_counts(&before, size < WINDOW ? size : WINDOW, bytes);
    }
    for (ULONG i = 0; i < WINDOW; i++)
        if (blocks[i].bytes)
            give_back(&blocks[i]);
    check_counts(&before, 0, 0);
}

/* Mostly small blocks, some of several pages, as kernels ask for. */
static ULONG random_size(ULONG *state)
{
    ULONG kind = next_random(state) % 16, value = next_random(state);

    return kind < 10 ? 1 + value % 200 : kind < 14 ? 1 + value % 2100 : 1 + value % LARGEST;
}

SELFTEST(mm_pool_in_random_order)
{
    static struct test_block blocks[SLOTS];
    struct pool_counts before = pool_counts();
    ULONG state = 20030831, live = 0, bytes = 0;

    for (ULONG step = 0; step < STEPS; step++) {
        struct test_block *block = &blocks[next_random(&state) % SLOTS];

        if (block->bytes) {
            live--;
            bytes -= block->size;
            give_back(block);
        } else if (allocate(block, random_size(&state), (UCHAR)step)) {
            live++;
            bytes += block->size;
        }
    }
    check_counts(&before, live, bytes);
    for (ULONG i = 0; i < SLOTS; i++)
        if (blocks[i].bytes)
            give_back(&blocks[i]);
    check_counts(&before, 0, 0);
}

/* Pages go back to the frames; an empty page for each block size may stay. */
SELFTEST(mm_pool_returns_its_pages)
{
    static PVOID blocks[4000];
    struct pool_counts before = pool_counts();
    struct frame_counts frames = frame_counts();

    for (ULONG round = 0; round < 2; round++) {
        for (ULONG i = 0; i < ARRAY_SIZE(blocks); i++)
            blocks[i] = ExAllocatePoolWithTag(PagedPool, 200, POOL_TAG('T', 'e', 's', 't'));
        CHECK(pool_counts().pages >= before.pages + ARRAY_SIZE(blocks) / 21);
        for (ULONG i = 0; i < ARRAY_SIZE(blocks); i++)
            ExFreePoolWithTag(blocks[i * 7 % ARRAY_SIZE(blocks)], 0);
    }
    CHECK(pool_counts().pages <= before.pages + 1);
    CHECK_EQUAL(frame_counts().free + pool_counts().pages, frames.free + before.pages);
    check_counts(&before, 0, 0);
}

SELFTEST(mm_pool_takes_zero_for_one)
{
    struct pool_counts before = pool_counts();
    UCHAR *first = ExAllocatePool(NonPagedPool, 0), *second = ExAllocatePool(NonPagedPool, 0);

    CHECK(first && second && first != second);
    CHECK_EQUAL(pool_counts().blocks, before.blocks + 2);
    ExFreePool(first);
    ExFreePool(second);
    check_counts(&before, 0, 0);
}

SELFTEST(mm_pool_zeroes_when_asked)
{
    static const ULONG sizes[] = {1, 8, 24, 100, 2000, 2016, 2017, 4096, 8192};

    for (ULONG i = 0; i < ARRAY_SIZE(sizes); i++) {
        UCHAR *dirty = ExAllocatePool(NonPagedPool, sizes[i]), *zeroed;
        ULONG sum = 0;

        memset(dirty, 0xFF, sizes[i]);
        ExFreePool(dirty);
        zeroed = pool_allocate_zeroed(sizes[i], 0);
        for (ULONG at = 0; at < sizes[i]; at++)
            sum += zeroed[at];
        CHECK_EQUAL(sum, 0);
        ExFreePool(zeroed);
    }
}

/* Often, so that a forgotten record of its own would need one more page. */
SELFTEST(mm_pool_refuses_what_it_cannot_have)
{
    static const ULONG sizes[] = {0x20000000, 0x20000001, 0x7FFFFFFF, 0x80000000,
                                  0xFFFFF000, 0xFFFFF001, 0xFFFFFFF8, 0xFFFFFFFF};
    struct pool_counts before = pool_counts();

    for (ULONG i = 0; i < 100 * ARRAY_SIZE(sizes); i++) {
        CHECK_EQUAL(ExAllocatePool(NonPagedPool, sizes[i % ARRAY_SIZE(sizes)]), NULL);
        CHECK_EQUAL(pool_allocate_zeroed(sizes[i % ARRAY_SIZE(sizes)], 0), NULL);
    }
    check_counts(&before, 0, 0);
    CHECK(pool_counts().pages <= before.pages + 1);
}

/* To the last frame; afterwards everything is as before. */
SELFTEST(mm_pool_runs_out)
{
    struct pool_counts before = pool_counts();
    struct frame_counts frames = frame_counts();
    struct test_block block;

    memory_take_all(0, TRUE);
    CHECK_EQUAL(frame_counts().free, 0);
    for (ULONG size = 1; size < 10000; size += 13)
        CHECK_EQUAL(ExAllocatePool(NonPagedPool, size), NULL);
    memory_give_back();
    check_counts(&before, 0, 0);
    CHECK_EQUAL(frame_counts().free + pool_counts().pages, frames.free + before.pages);
    allocate(&block, LARGEST, 1);
    give_back(&block);
}

/*
 * heap_core: blocks keep their bytes whatever else is allocated, freed and resized, the headers stay
 * sound, and all memory goes back.
 */
#include "ntdll/heap_core.h"
#include "unit.h"

enum { FIRST = 4096, GROWTH = 65536 };

/* Memory as the kernel gives it: counted, with an end. */
struct source {
    size_t given, limit;
};

static void *get(void *context, size_t *bytes)
{
    struct source *source = context;

    *bytes = (*bytes + GROWTH - 1) / GROWTH * GROWTH;
    if (source->given + *bytes > source->limit)
        return NULL;
    source->given += *bytes;
    return aligned_alloc(16, *bytes);
}

static void put(void *context, void *memory, size_t bytes)
{
    struct source *source = context;

    source->given -= bytes;
    free(memory);
}

struct fixture {
    struct source source;
    struct heap_core heap;
    void *first;
};

static void begin(struct fixture *fixture, size_t limit)
{
    const struct heap_memory memory = {get, put, &fixture->source};

    fixture->source = (struct source){0, limit};
    fixture->first = aligned_alloc(16, FIRST);
    assert_true(heap_core_init(&fixture->heap, &memory, fixture->first, FIRST));
}

static void end(struct fixture *fixture)
{
    heap_core_destroy(&fixture->heap);
    assert_int_equal(fixture->source.given, 0);
    free(fixture->first);
}

static void blocks_have_the_size_that_was_asked_for(void **state)
{
    static const size_t sizes[] = {0, 1, 7, 8, 9, 100, 4000, 5000, 70000};
    struct fixture f;

    (void)state;
    begin(&f, 1 << 20);
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        void *block = heap_core_allocate(&f.heap, sizes[i]);

        assert_non_null(block);
        assert_int_equal((uintptr_t)block % HEAP_CORE_ALIGNMENT, 0);
        assert_int_equal(heap_core_size(block), sizes[i]);
        assert_true(heap_core_owns(&f.heap, block));
        memset(block, 0xFF, sizes[i]);
    }
    assert_true(heap_core_is_valid(&f.heap));
    end(&f);
}

static void freed_neighbours_are_one_block_again(void **state)
{
    struct fixture f;
    void *blocks[3];
    size_t given;

    (void)state;
    begin(&f, 0);
    for (size_t i = 0; i < 3; i++)
        blocks[i] = heap_core_allocate(&f.heap, 1000);
    assert_null(heap_core_allocate(&f.heap, 3000));
    heap_core_free(&f.heap, blocks[0]);
    heap_core_free(&f.heap, blocks[2]);
    heap_core_free(&f.heap, blocks[1]);
    given = f.source.given;
    assert_non_null(heap_core_allocate(&f.heap, 3000));
    assert_int_equal(f.source.given, given);
    end(&f);
}

static void a_region_that_is_free_goes_back(void **state)
{
    struct fixture f;
    void *large;

    (void)state;
    begin(&f, 1 << 20);
    large = heap_core_allocate(&f.heap, 100000);
    assert_int_equal(f.source.given, 2 * GROWTH);
    heap_core_free(&f.heap, large);
    assert_int_equal(f.source.given, 0);
    end(&f);
}

static void no_memory_is_no_block(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f, GROWTH);
    assert_null(heap_core_allocate(&f.heap, 2 * GROWTH));
    assert_null(heap_core_allocate(&f.heap, HEAP_CORE_MAX + (size_t)1));
    assert_null(heap_core_allocate(&f.heap, SIZE_MAX));
    assert_non_null(heap_core_allocate(&f.heap, GROWTH / 2));
    assert_true(heap_core_is_valid(&f.heap));
    end(&f);
}

static void resizing_stays_in_place(void **state)
{
    struct fixture f;
    unsigned char *block, *behind;

    (void)state;
    begin(&f, 0);
    block = heap_core_allocate(&f.heap, 100);
    behind = heap_core_allocate(&f.heap, 100);
    memset(block, 7, 100);
    assert_false(heap_core_resize(&f.heap, block, 200));
    assert_int_equal(heap_core_size(block), 100);
    heap_core_free(&f.heap, behind);
    assert_true(heap_core_resize(&f.heap, block, 2000));
    assert_true(heap_core_resize(&f.heap, block, 50));
    assert_int_equal(heap_core_size(block), 50);
    for (size_t i = 0; i < 50; i++)
        assert_int_equal(block[i], 7);
    assert_false(heap_core_resize(&f.heap, block, SIZE_MAX));
    assert_true(heap_core_is_valid(&f.heap));
    end(&f);
}

static void strangers_are_not_owned(void **state)
{
    struct fixture f;
    char *block, other[64] __attribute__((aligned(16))) = {0};

    (void)state;
    begin(&f, 1 << 20);
    block = heap_core_allocate(&f.heap, 100);
    assert_false(heap_core_owns(&f.heap, NULL));
    assert_false(heap_core_owns(&f.heap, other + 32));
    assert_false(heap_core_owns(&f.heap, block + 1));
    assert_false(heap_core_owns(&f.heap, block + 16));
    assert_false(heap_core_owns(&f.heap, f.first));
    heap_core_free(&f.heap, block);
    assert_false(heap_core_owns(&f.heap, block));
    end(&f);
}

static void an_overrun_is_seen(void **state)
{
    struct fixture f;
    char *block;

    (void)state;
    begin(&f, 1 << 20);
    block = heap_core_allocate(&f.heap, 64);
    heap_core_allocate(&f.heap, 64);
    block[64] ^= 1;
    assert_false(heap_core_is_valid(&f.heap));
    block[64] ^= 1;
    assert_true(heap_core_is_valid(&f.heap));
    end(&f);
}

static void too_little_for_a_heap(void **state)
{
    const struct heap_memory memory = {NULL, NULL, NULL};
    struct heap_core heap;
    void *first = aligned_alloc(16, 64);

    (void)state;
    assert_false(heap_core_init(&heap, &memory, first, 16));
    free(first);
}

/* ---- Random use ---- */

struct held {
    unsigned char *bytes;
    size_t size;
    unsigned char fill;
};

static void expect_filled(const struct held *held, size_t size)
{
    for (size_t i = 0; i < size; i++)
        assert_int_equal(held->bytes[i], held->fill);
}

static size_t random_size(struct unit_random *random)
{
    static const uint32_t limits[] = {16, 64, 512, 4096, 100000};

    return random_below(random, limits[random_below(random, ARRAY_SIZE(limits))]);
}

static void take(struct fixture *f, struct held *held, struct unit_random *random)
{
    held->size = random_size(random);
    held->fill = (unsigned char)random_below(random, 256);
    held->bytes = heap_core_allocate(&f->heap, held->size);
    if (held->bytes)
        memset(held->bytes, held->fill, held->size);
}

static void resize(struct fixture *f, struct held *held, struct unit_random *random)
{
    size_t size = random_size(random), kept = size < held->size ? size : held->size;

    if (!heap_core_resize(&f->heap, held->bytes, size))
        return;
    expect_filled(held, kept);
    held->size = size;
    memset(held->bytes, held->fill, size);
}

static void give(struct fixture *f, struct held *held)
{
    expect_filled(held, held->size);
    assert_true(heap_core_owns(&f->heap, held->bytes));
    assert_int_equal(heap_core_size(held->bytes), held->size);
    heap_core_free(&f->heap, held->bytes);
    held->bytes = NULL;
}

static void random_use(void **state)
{
    enum { STEPS = 20000, HELD = 100 };
    static struct held held[HELD];
    struct unit_random random = unit_random(1);
    struct fixture f;

    (void)state;
    begin(&f, 2 << 20);
    for (int step = 0; step < STEPS; step++) {
        struct held *one = &held[random_below(&random, HELD)];

        if (!one->bytes)
            take(&f, one, &random);
        else if (random_below(&random, 3))
            give(&f, one);
        else
            resize(&f, one, &random);
        if (step % 64 == 0 && !heap_core_is_valid(&f.heap))
            fail_msg("invalid after step %d, seed %llu", step, (unsigned long long)unit_seed());
    }
    for (int i = 0; i < HELD; i++)
        if (held[i].bytes)
            give(&f, &held[i]);
    assert_int_equal(f.source.given, 0);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(blocks_have_the_size_that_was_asked_for),
        TEST(freed_neighbours_are_one_block_again),
        TEST(a_region_that_is_free_goes_back),
        TEST(no_memory_is_no_block),
        TEST(resizing_stays_in_place),
        TEST(strangers_are_not_owned),
        TEST(an_overrun_is_seen),
        TEST(too_little_for_a_heap),
        TEST(random_use),
    };

    return RUN_TESTS(tests);
}

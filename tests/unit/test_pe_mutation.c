/*
 * Good files with some bytes changed at random: whatever comes out, the calls keep their promises
 * (pe_exercise.h) and the sanitizers see nothing. VTP_SEED=N tries others, VTP_MUTATIONS=N more.
 */
#include "pe_builder.h"
#include "pe_exercise.h"
#include "unit.h"

#define MUTATIONS   200000u
#define CHANGES_MAX 4u

static uint32_t mutation_count(void)
{
    const char *text = getenv("VTP_MUTATIONS");

    return text && *text ? (uint32_t)strtoul(text, NULL, 0) : MUTATIONS;
}

/* Values that arithmetic is afraid of; anything else comes from the random bytes. */
static uint32_t wicked_value(struct unit_random *random, uint32_t old)
{
    static const uint32_t values[] = {0,          1,          0x7FFFFFFF, 0x80000000,
                                      0xFFFFFFFF, 0xFFFFFFFC, 0xFFFFF000, 0xFFFF};

    switch (random_below(random, 4)) {
    case 0:
        return values[random_below(random, ARRAY_SIZE(values))];
    case 1:
        return old + random_below(random, 9) - 4;
    case 2:
        return old ^ 1u << random_below(random, 32);
    default:
        return (uint32_t)random_next(random);
    }
}

/* Half of the changes fall into the headers, where most of the meaning is. */
static void change(struct unit_random *random, uint8_t *bytes, uint32_t size)
{
    uint32_t limit = random_below(random, 2) && size > 0x200 ? 0x200 : size - 3;
    uint32_t at = random_below(random, limit);
    uint32_t width = 1u << random_below(random, 3);
    uint32_t value;

    memcpy(&value, bytes + at, sizeof(value));
    value = wicked_value(random, value);
    memcpy(bytes + at, &value, width);
}

struct tally {
    uint32_t stages[EXERCISE_BOUND + 1];
};

static struct tally mutate(const uint8_t *good, uint32_t size, uint64_t stream)
{
    struct unit_random random = unit_random(stream);
    struct tally tally = {{0}};
    uint8_t *bytes = malloc(size);

    for (uint32_t i = mutation_count(); i; i--) {
        uint32_t changes = 1 + random_below(&random, CHANGES_MAX);

        memcpy(bytes, good, size);
        while (changes--)
            change(&random, bytes, size);
        tally.stages[exercise_file(bytes, size)]++;
    }
    free(bytes);
    return tally;
}

/* A mutation run means something if all stages were reached, and refusals too. */
static void mutate_and_report(const char *name, const uint8_t *bytes, uint32_t size)
{
    struct tally tally = mutate(bytes, size, size);

    print_message("# %s: VTP_SEED=%llu refused=%u opened=%u relocated=%u bound=%u\n", name,
                  (unsigned long long)unit_seed(), tally.stages[EXERCISE_REFUSED],
                  tally.stages[EXERCISE_OPENED], tally.stages[EXERCISE_RELOCATED],
                  tally.stages[EXERCISE_BOUND]);
    assert_true(tally.stages[EXERCISE_REFUSED]);
    assert_true(tally.stages[EXERCISE_BOUND]);
}

static void good_files_go_all_the_way(void **state)
{
    struct built normal = build_image(), flat = build_flat();

    (void)state;
    assert_int_equal(exercise_file(normal.bytes, normal.size), EXERCISE_BOUND);
    assert_int_equal(exercise_file(flat.bytes, flat.size), EXERCISE_BOUND);
    built_free(&normal);
    built_free(&flat);
}

static void mutated_normal_image(void **state)
{
    struct built built = build_image();

    (void)state;
    mutate_and_report("normal", built.bytes, built.size);
    built_free(&built);
}

static void mutated_flat_image(void **state)
{
    struct built built = build_flat();

    (void)state;
    mutate_and_report("flat", built.bytes, built.size);
    built_free(&built);
}

static void mutated_real_images(void **state)
{
    (void)state;
    if (!unit_each_file_of_build("images", mutate_and_report))
        skip();
}

static void replay(const char *name, const uint8_t *bytes, uint32_t size)
{
    (void)name;
    exercise_file(bytes, size);
}

/* What the fuzzer has collected: what is kept in the tree, and what it found here, if it ran. */
static void corpus_of_the_fuzzer(void **state)
{
    (void)state;
    assert_true(unit_each_file("tests/fuzz/corpus/pe", replay) > 20);
    unit_each_file_of_build("fuzz/corpus", replay);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(good_files_go_all_the_way), TEST(mutated_normal_image), TEST(mutated_flat_image),
        TEST(mutated_real_images),       TEST(corpus_of_the_fuzzer),
    };

    return RUN_TESTS(tests);
}

/* What the fuzzer of the walk and the scan has collected, through the same function again. */
#include "unit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size); /* tests/fuzz/fuzz_walk.c */

static void replay(const char *name, const uint8_t *bytes, uint32_t size)
{
    (void)name;
    LLVMFuzzerTestOneInput(bytes, size);
}

/* What is kept in the tree, and what the fuzzer found here, if it ran. */
static void corpus_of_the_fuzzer(void **state)
{
    (void)state;
    assert_true(unit_each_file("tests/fuzz/corpus/walk", replay) > 20);
    unit_each_file_of_build("fuzz/corpus-walk", replay);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(corpus_of_the_fuzzer),
    };

    return RUN_TESTS(tests);
}

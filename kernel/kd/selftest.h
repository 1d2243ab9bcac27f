/*
 * Self-tests that run in the kernel at boot (`selftest` on the command line). A test registers
 * itself by its definition; the sources stand in tests/kernel.
 *
 *     SELFTEST(ob_refuses_a_name_twice)
 *     {
 *         CHECK_STATUS(create(u"\\Device\\a"), STATUS_SUCCESS);
 *         CHECK(count == 1);
 *     }
 */
#pragma once

#include "mm/frame.h"
#include "nt/ntstatus.h"

struct selftest {
    const char *name;
    void (*run)(void);
};

#define SELFTEST(test)                                                                             \
    static void test(void);                                                                        \
    static const struct selftest selftest_##test                                                   \
        __attribute__((used, section(".selftests." #test))) = {#test, test};                       \
    static void test(void)

/* Each failed check is logged with its place; the test goes on. */
#define CHECK(condition) selftest_check(!!(condition), __FILE__, __LINE__, #condition)
#define CHECK_EQUAL(actual, expected)                                                              \
    selftest_check_equal((ULONG)(ULONG_PTR)(actual), (ULONG)(ULONG_PTR)(expected), __FILE__,       \
                         __LINE__, #actual)
#define CHECK_STATUS(actual, expected) CHECK_EQUAL(actual, expected)
#define CHECK_TEXT(actual, expected)   selftest_check_text(actual, expected, __FILE__, __LINE__)

/* For a test that needs a boot module: without it the test ends here, and counts as skipped. */
#define SELFTEST_NEEDS_FILE(name)                                                                  \
    do {                                                                                           \
        if (!selftest_has_file(name))                                                              \
            return;                                                                                \
    } while (0)

BOOLEAN selftest_check(BOOLEAN passed, const char *file, int line, const char *what);
BOOLEAN selftest_check_equal(ULONG actual, ULONG expected, const char *file, int line,
                             const char *what);
BOOLEAN selftest_check_text(const char *actual, const char *expected, const char *file, int line);
BOOLEAN selftest_has_file(const char *name);

/*
 * Takes 4 MiB of frames that begin where a large page can, while memory is still in one piece. Call
 * once, before frames are shuffled, if tests are to be run.
 */
#define SELFTEST_ARENA_FRAMES 1024u
void selftest_take_arena(void);

/* The first of them, or FRAME_NONE. */
frame_number selftest_arena(void);

/*
 * Runs the registered tests whose names begin with `prefix` ("": all) in the order of their names and
 * logs a line each and the sums:
 *     [selftest] name=NAME result=pass|fail|skip (a skip with its reason="...")
 *     [selftest] passed=N failed=M skipped=K
 * Returns the number of failed tests; none at all is a failure too. `seed` is for whoever asks.
 */
ULONG selftest_run(const char *prefix, ULONG seed);

/* TRUE if the tests of this prefix, and not all, are run: a long one may take its time. */
BOOLEAN selftest_is_asked_for(const char *prefix);

/* For a test's random numbers: `seed=N` of the command line, or 1. */
ULONG selftest_seed(void);

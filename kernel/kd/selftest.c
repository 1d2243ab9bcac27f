#include "kd/selftest.h"

#include "bootinfo.h"
#include "console/console.h"
#include "console/log.h"
#include "rtl/rtl.h"

extern const struct selftest selftests_start[], selftests_end[]; /* linker.ld */

enum { LOGGED_CHECKS = 16 }; /* of one test: a loop may fail thousands */

static const char *run_prefix;
static ULONG run_seed;
static frame_number arena;
static ULONG current_failed;      /* failed checks */
static const char *current_lacks; /* the boot module for want of which the test ended */

/* Counts a failed check; TRUE if it is to be logged. */
static BOOLEAN fail(void)
{
    return current_failed++ < LOGGED_CHECKS;
}

BOOLEAN selftest_check(BOOLEAN passed, const char *file, int line, const char *what)
{
    if (!passed && fail())
        log_printf("[check] file=%s line=%d failed=\"%s\"\n", file, line, what);
    return passed;
}

BOOLEAN selftest_check_equal(ULONG actual, ULONG expected, const char *file, int line,
                             const char *what)
{
    if (actual == expected)
        return TRUE;
    if (fail())
        log_printf("[check] file=%s line=%d failed=\"%s\" actual=%08X expected=%08X\n", file, line,
                   what, actual, expected);
    return FALSE;
}

BOOLEAN selftest_check_text(const char *actual, const char *expected, const char *file, int line)
{
    if (strcmp(actual, expected) == 0)
        return TRUE;
    if (fail())
        log_printf("[check] file=%s line=%d actual=\"%s\" expected=\"%s\"\n", file, line, actual,
                   expected);
    return FALSE;
}

BOOLEAN selftest_has_file(const char *name)
{
    WCHAR buffer[sizeof boot_info.modules->name];
    UNICODE_STRING string = {0, sizeof buffer, buffer};

    if (NT_SUCCESS(rtl_append_text(&string, name)) && bootinfo_find(&string))
        return TRUE;
    current_lacks = name;
    return FALSE;
}

void selftest_take_arena(void)
{
    frame_number run = frame_alloc_run(2 * SELFTEST_ARENA_FRAMES);

    if (!run)
        return;
    arena = (run + SELFTEST_ARENA_FRAMES - 1) & ~(SELFTEST_ARENA_FRAMES - 1);
    frame_free_run(run, arena - run);
    frame_free_run(arena + SELFTEST_ARENA_FRAMES, SELFTEST_ARENA_FRAMES - (arena - run));
}

frame_number selftest_arena(void)
{
    return arena;
}

BOOLEAN selftest_is_asked_for(const char *prefix)
{
    return strcmp(run_prefix, prefix) == 0;
}

ULONG selftest_seed(void)
{
    return run_seed;
}

enum result { PASS, FAIL, SKIP, RESULTS };

static enum result run(const struct selftest *test)
{
    static const char *const words[RESULTS] = {"pass", "fail", "skip"};

    current_failed = 0;
    current_lacks = NULL;
    test->run();
    enum result result = current_failed ? FAIL : current_lacks ? SKIP : PASS;

    if (current_failed > LOGGED_CHECKS)
        log_printf("[check] more=%u\n", current_failed - LOGGED_CHECKS);
    log_printf("[selftest] name=%s result=%s", test->name, words[result]);
    if (current_lacks)
        log_printf(" reason=\"no boot module %s\"", current_lacks);
    log_printf("\n");
    return result;
}

ULONG selftest_run(const char *prefix, ULONG seed)
{
    ULONG count[RESULTS] = {0};

    run_prefix = prefix;
    run_seed = seed;
    for (const struct selftest *test = selftests_start; test != selftests_end; test++)
        if (strncmp(test->name, prefix, strlen(prefix)) == 0)
            count[run(test)]++;
    log_printf("[selftest] passed=%u failed=%u skipped=%u\n", count[PASS], count[FAIL],
               count[SKIP]);
    if (!(count[PASS] + count[FAIL] + count[SKIP]))
        console_printf("No self-test begins with %s.\n", prefix);
    return count[FAIL] + !(count[PASS] + count[FAIL] + count[SKIP]);
}

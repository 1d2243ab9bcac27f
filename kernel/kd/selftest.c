#include "kd/selftest.h"

#include "console/log.h"

extern const struct selftest selftests_start[], selftests_end[]; /* linker.ld */

static BOOLEAN current_passed;

BOOLEAN selftest_check(BOOLEAN passed, const char *file, int line, const char *what)
{
    if (!passed) {
        current_passed = FALSE;
        log_printf("[check] file=%s line=%d failed=\"%s\"\n", file, line, what);
    }
    return passed;
}

BOOLEAN selftest_check_equal(ULONG actual, ULONG expected, const char *file, int line,
                             const char *what)
{
    if (actual == expected)
        return TRUE;
    current_passed = FALSE;
    log_printf("[check] file=%s line=%d failed=\"%s\" actual=%08X expected=%08X\n", file, line,
               what, actual, expected);
    return FALSE;
}

ULONG selftest_run(void)
{
    ULONG passed = 0, failed = 0;

    for (const struct selftest *test = selftests_start; test != selftests_end; test++) {
        current_passed = TRUE;
        test->run();
        if (current_passed)
            passed++;
        else
            failed++;
        log_printf("[selftest] name=%s result=%s\n", test->name, current_passed ? "pass" : "fail");
    }
    log_printf("[selftest] passed=%u failed=%u\n", passed, failed);
    return failed;
}

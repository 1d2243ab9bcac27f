/* The calendar: known dates, every day of eight centuries, what is no date. */
#include <time.h>

#include "kernel32/calendar.h"
#include "unit.h"

#define TICKS_OF_DAY 864000000000ull
#define UNIX_EPOCH   116444736000000000ull /* 1 January 1970 */

static void known_times(void **state)
{
    struct calendar_time time;

    (void)state;
    assert_true(calendar_from_ticks(0, &time));
    assert_memory_equal(&time, (&(struct calendar_time){1601, 1, 1, 1, 0, 0, 0, 0}), sizeof time);
    assert_true(calendar_from_ticks(UNIX_EPOCH, &time));
    assert_memory_equal(&time, (&(struct calendar_time){1970, 1, 4, 1, 0, 0, 0, 0}), sizeof time);
    assert_true(calendar_from_ticks(UNIX_EPOCH + 951868799ull * 10000000 + 9990000, &time));
    assert_memory_equal(&time, (&(struct calendar_time){2000, 2, 2, 29, 23, 59, 59, 999}),
                        sizeof time);
    assert_true(calendar_from_ticks(INT64_MAX, &time));
    assert_int_equal(time.year, 30828); /* documented as the last that FileTimeToSystemTime gives */
    assert_false(calendar_from_ticks((uint64_t)INT64_MAX + 1, &time));
}

/* The host's own calendar is the other opinion. */
static void every_day(void **state)
{
    (void)state;
    for (uint64_t day = 0; day < 800 * 366; day++) {
        uint64_t ticks = day * TICKS_OF_DAY, back;
        time_t seconds = (time_t)((int64_t)(ticks - UNIX_EPOCH) / 10000000);
        struct calendar_time time;
        struct tm expected;

        gmtime_r(&seconds, &expected);
        assert_true(calendar_from_ticks(ticks, &time));
        assert_int_equal(time.year, expected.tm_year + 1900);
        assert_int_equal(time.month, expected.tm_mon + 1);
        assert_int_equal(time.day, expected.tm_mday);
        assert_int_equal(time.day_of_week, expected.tm_wday);
        assert_true(calendar_to_ticks(&time, &back));
        assert_int_equal(back, ticks);
    }
}

static void what_is_no_date(void **state)
{
    static const struct calendar_time wrong[] = {
        {1600, 1, 0, 1, 0, 0, 0, 0},  {2000, 0, 0, 1, 0, 0, 0, 0},    {2000, 13, 0, 1, 0, 0, 0, 0},
        {2000, 1, 0, 0, 0, 0, 0, 0},  {2000, 2, 0, 30, 0, 0, 0, 0},   {1900, 2, 0, 29, 0, 0, 0, 0},
        {2001, 4, 0, 31, 0, 0, 0, 0}, {2000, 1, 0, 1, 24, 0, 0, 0},   {2000, 1, 0, 1, 0, 60, 0, 0},
        {2000, 1, 0, 1, 0, 0, 60, 0}, {2000, 1, 0, 1, 0, 0, 0, 1000}, {30828, 1, 0, 1, 0, 0, 0, 0},
    };
    uint64_t ticks;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        assert_false(calendar_to_ticks(&wrong[i], &ticks));
    assert_true(calendar_to_ticks(&(struct calendar_time){2000, 2, 6, 29, 0, 0, 0, 0}, &ticks));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(known_times), TEST(every_day), TEST(what_is_no_date)};

    return RUN_TESTS(tests);
}

#include "calendar.h"

#define FIRST_YEAR 1601 /* a Monday begins it; 400 years begin with it */
#define LAST_YEAR  30827

#define TICKS_OF_MILLISECOND 10000u
#define MILLISECONDS_OF_DAY  86400000u

#define DAYS_OF_YEAR      365u
#define DAYS_OF_4_YEARS   (4 * DAYS_OF_YEAR + 1)
#define DAYS_OF_100_YEARS (25 * DAYS_OF_4_YEARS - 1)
#define DAYS_OF_400_YEARS (4 * DAYS_OF_100_YEARS + 1)

static bool is_leap(uint32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static uint32_t days_of_month(uint32_t year, uint32_t month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Whole periods in days, of which there are at most `limit`; takes their days away. */
static uint32_t take(uint32_t *days, uint32_t period, uint32_t limit)
{
    uint32_t count = *days / period;

    if (count > limit)
        count = limit;
    *days -= count * period;
    return count;
}

/* A day's number from 1 January 1601 as a date. The last day of a leap period is no period more. */
static void set_date(uint32_t days, struct calendar_time *time)
{
    uint32_t year = FIRST_YEAR, month = 1;

    time->day_of_week = (uint16_t)((days + 1) % 7);
    year += 400 * take(&days, DAYS_OF_400_YEARS, UINT32_MAX);
    year += 100 * take(&days, DAYS_OF_100_YEARS, 3);
    year += 4 * take(&days, DAYS_OF_4_YEARS, 24);
    year += take(&days, DAYS_OF_YEAR, 3);
    while (days >= days_of_month(year, month))
        days -= days_of_month(year, month++);
    time->year = (uint16_t)year;
    time->month = (uint16_t)month;
    time->day = (uint16_t)(days + 1);
}

static void set_clock(uint32_t milliseconds, struct calendar_time *time)
{
    time->milliseconds = (uint16_t)(milliseconds % 1000);
    time->second = (uint16_t)(milliseconds / 1000 % 60);
    time->minute = (uint16_t)(milliseconds / 60000 % 60);
    time->hour = (uint16_t)(milliseconds / 3600000);
}

bool calendar_from_ticks(uint64_t ticks, struct calendar_time *time)
{
    uint64_t milliseconds = ticks / TICKS_OF_MILLISECOND;

    if (ticks > INT64_MAX)
        return false;
    set_date((uint32_t)(milliseconds / MILLISECONDS_OF_DAY), time);
    set_clock((uint32_t)(milliseconds % MILLISECONDS_OF_DAY), time);
    return true;
}

static bool is_valid(const struct calendar_time *time)
{
    return time->year >= FIRST_YEAR && time->year <= LAST_YEAR && time->month >= 1 &&
           time->month <= 12 && time->day >= 1 &&
           time->day <= days_of_month(time->year, time->month) && time->hour < 24 &&
           time->minute < 60 && time->second < 60 && time->milliseconds < 1000;
}

static uint32_t days_before(const struct calendar_time *time)
{
    uint32_t years = time->year - FIRST_YEAR;
    uint32_t days = years * DAYS_OF_YEAR + years / 4 - years / 100 + years / 400;

    for (uint32_t month = 1; month < time->month; month++)
        days += days_of_month(time->year, month);
    return days + time->day - 1;
}

bool calendar_to_ticks(const struct calendar_time *time, uint64_t *ticks)
{
    uint64_t milliseconds;

    if (!is_valid(time))
        return false;
    milliseconds = (uint64_t)days_before(time) * MILLISECONDS_OF_DAY + time->milliseconds +
                   1000u * (time->second + 60u * (time->minute + 60u * time->hour));
    *ticks = milliseconds * TICKS_OF_MILLISECOND;
    return *ticks <= INT64_MAX;
}

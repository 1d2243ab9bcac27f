/*
 * Dates of the Gregorian calendar and times counted in 100 ns from 1601 on. Pure functions, free of
 * Windows headers so that they also compile for the host.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The fields of SYSTEMTIME, in its order. */
struct calendar_time {
    uint16_t year; /* 1601 to 30827 */
    uint16_t month, day_of_week /* 0: Sunday */, day;
    uint16_t hour, minute, second, milliseconds;
};

/* The date of a time. FALSE: it is beyond 63 bits, which no file system has. */
bool calendar_from_ticks(uint64_t ticks, struct calendar_time *time);

/* The ticks of a date, whatever its day of the week says. FALSE: there is no such date. */
bool calendar_to_ticks(const struct calendar_time *time, uint64_t *ticks);

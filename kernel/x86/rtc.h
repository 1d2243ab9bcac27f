/* The CMOS real-time clock (Motorola MC146818A data sheet), which firmware keeps. */
#pragma once

#include "nt/ntdef.h"

struct rtc_time {
    USHORT year; /* with the century */
    UCHAR month, day, hour, minute, second;
};

/*
 * Reads the clock. FALSE if none answers, it does not come to rest, or what it says is no date.
 * It takes a few milliseconds at most.
 */
BOOLEAN rtc_read(struct rtc_time *time);

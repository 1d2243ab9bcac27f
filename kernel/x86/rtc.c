#include "x86/rtc.h"

#include "x86/cpu.h"

enum { INDEX = 0x70, DATA = 0x71 };
enum { SECONDS, MINUTES = 2, HOURS = 4, DAY = 7, MONTH, YEAR, STATUS_A, STATUS_B };
enum { UPDATE_IN_PROGRESS = 0x80, BINARY = 0x04, HOURS_24 = 0x02, AFTERNOON = 0x80 };
enum { UPDATE_READINGS = 5000, ATTEMPTS = 4 }; /* an update takes 2 ms, a reading a microsecond */

static UCHAR read(UCHAR at)
{
    port_out8(INDEX, at);
    return port_in8(DATA);
}

static BOOLEAN wait_for_update(void)
{
    for (int i = 0; i < UPDATE_READINGS; i++)
        if (!(read(STATUS_A) & UPDATE_IN_PROGRESS))
            return TRUE;
    return FALSE;
}

static const UCHAR places[] = {SECONDS, MINUTES, HOURS, DAY, MONTH, YEAR};

/* The six values as the clock has them; FALSE if it moved on meanwhile. */
static BOOLEAN read_still(UCHAR values[ARRAY_SIZE(places)])
{
    BOOLEAN still = wait_for_update();

    for (ULONG i = 0; i < ARRAY_SIZE(places); i++)
        values[i] = read(places[i]);
    return still && read(SECONDS) == values[0] && !(read(STATUS_A) & UPDATE_IN_PROGRESS);
}

static UCHAR decode(UCHAR value, UCHAR status)
{
    return status & BINARY ? value : (UCHAR)((value >> 4) * 10 + (value & 15));
}

static UCHAR decode_hour(UCHAR value, UCHAR status)
{
    UCHAR hour = decode(value & ~AFTERNOON, status);

    if (status & HOURS_24)
        return hour;
    return (UCHAR)(hour % 12 + (value & AFTERNOON ? 12 : 0));
}

static BOOLEAN is_date(const struct rtc_time *time)
{
    return time->month >= 1 && time->month <= 12 && time->day >= 1 && time->day <= 31 &&
           time->hour < 24 && time->minute < 60 && time->second < 60;
}

BOOLEAN rtc_read(struct rtc_time *time)
{
    UCHAR values[ARRAY_SIZE(places)], status = read(STATUS_B);
    int attempt = 0;

    while (!read_still(values))
        if (++attempt == ATTEMPTS)
            return FALSE;
    USHORT year = decode(values[5], status);

    *time = (struct rtc_time){.year = (USHORT)(year + (year < 80 ? 2000 : 1900)),
                              .month = decode(values[4], status),
                              .day = decode(values[3], status),
                              .hour = decode_hour(values[2], status),
                              .minute = decode(values[1], status),
                              .second = decode(values[0], status)};
    return is_date(time);
}

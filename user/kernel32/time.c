/* The clock: read from shared user data, without a system call, where that has it. */
#include "base.h"

#include "calendar.h"

static volatile const struct nt_shared_data *shared(void)
{
    return (volatile const struct nt_shared_data *)NT_SHARED_DATA;
}

/* ---- Reading ---- */

/* The kernel writes high2, low and high1: both highs are equal when low belongs to them. */
static ULONGLONG read_time(volatile const struct nt_system_time *time)
{
    ULONG low, high;

    do {
        high = (ULONG)time->high1;
        low = time->low;
    } while (high != (ULONG)time->high2);
    return (ULONGLONG)high << 32 | low;
}

DWORD WINAPI GetTickCount(void)
{
    return (DWORD)((ULONGLONG)shared()->tick_count_low * shared()->tick_count_multiplier >> 24);
}

static FILETIME to_filetime(ULONGLONG ticks)
{
    return (FILETIME){(DWORD)ticks, (DWORD)(ticks >> 32)};
}

static ULONGLONG from_filetime(const FILETIME *time)
{
    return (ULONGLONG)time->dwHighDateTime << 32 | time->dwLowDateTime;
}

VOID WINAPI GetSystemTimeAsFileTime(LPFILETIME time)
{
    *time = to_filetime(read_time(&shared()->system_time));
}

BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *counter)
{
    return base_result(NtQueryPerformanceCounter(counter, NULL));
}

BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *frequency)
{
    LARGE_INTEGER counter;

    return base_result(NtQueryPerformanceCounter(&counter, frequency));
}

/* ---- Dates ---- */

static ULONGLONG zone_bias(void)
{
    return read_time(&shared()->time_zone_bias);
}

static BOOL to_date(ULONGLONG ticks, LPSYSTEMTIME date)
{
    struct calendar_time time;

    if (!calendar_from_ticks(ticks, &time))
        return base_fail_with(ERROR_INVALID_PARAMETER);
    memcpy(date, &time, sizeof(time));
    return TRUE;
}

VOID WINAPI GetSystemTime(LPSYSTEMTIME date)
{
    to_date(read_time(&shared()->system_time), date);
}

VOID WINAPI GetLocalTime(LPSYSTEMTIME date)
{
    to_date(read_time(&shared()->system_time) - zone_bias(), date);
}

BOOL WINAPI FileTimeToSystemTime(const FILETIME *time, LPSYSTEMTIME date)
{
    return to_date(from_filetime(time), date);
}

BOOL WINAPI SystemTimeToFileTime(const SYSTEMTIME *date, LPFILETIME time)
{
    struct calendar_time fields;
    uint64_t ticks;

    memcpy(&fields, date, sizeof(fields));
    if (!calendar_to_ticks(&fields, &ticks))
        return base_fail_with(ERROR_INVALID_PARAMETER);
    *time = to_filetime(ticks);
    return TRUE;
}

BOOL WINAPI FileTimeToLocalFileTime(const FILETIME *time, LPFILETIME local)
{
    *local = to_filetime(from_filetime(time) - zone_bias());
    return TRUE;
}

BOOL WINAPI LocalFileTimeToFileTime(const FILETIME *local, LPFILETIME time)
{
    *time = to_filetime(from_filetime(local) + zone_bias());
    return TRUE;
}

#include "ke/clock.h"

#include "export.h"
#include "ke/kep.h"
#include "nt/peb.h"
#include "x86/pit.h"
#include "x86/rtc.h"

#define DAY       86400u   /* seconds */
#define DAYS_1601 584694u  /* from the March of the year 0 to January 1601 */
#define SECOND    10000000 /* in 100 ns */

volatile KSYSTEM_TIME KeTickCount;

static LONGLONG ticks, boot_time;
static struct nt_shared_data *shared;

/* The reader takes high1, low, high2: the writer goes the other way. */
#define PUBLISH(to, value)                                                                         \
    ((to).high2 = (LONG)((value) >> 32), (to).low = (ULONG)(value),                                \
     (to).high1 = (LONG)((value) >> 32))

static void publish(void)
{
    volatile struct nt_shared_data *data = shared;
    LONGLONG interrupt_time = ke_interrupt_time(), system_time = ke_system_time();

    data->tick_count_low = (ULONG)ticks;
    PUBLISH(data->interrupt_time, interrupt_time);
    PUBLISH(data->system_time, system_time);
}

/* The timer interrupt, out of ring 3 or out of the idle thread's sleep. */
static void tick(void)
{
    ticks++;
    KeTickCount.High2Time = (LONG)(ticks >> 32);
    KeTickCount.LowPart = (ULONG)ticks;
    KeTickCount.High1Time = (LONG)(ticks >> 32);
    if (shared)
        publish();
    ke_current->ticks++;
    ke_current->quantum--;
    ke_exit_work = 1;
}

/* Days since 1 January 1601; years begin with March, so that the leap day is the last. */
static ULONG days_until(ULONG year, ULONG month, ULONG day)
{
    ULONG since_march = (month + 9) % 12;
    ULONG y = year - since_march / 10;

    return y * 365 + y / 4 - y / 100 + y / 400 + (since_march * 306 + 5) / 10 + day - 1 - DAYS_1601;
}

static LONGLONG cmos_time(void)
{
    struct rtc_time now;

    if (!rtc_read(&now))
        now = (struct rtc_time){.year = 2000, .month = 1, .day = 1};
    return ((LONGLONG)days_until(now.year, now.month, now.day) * DAY + now.hour * 3600u +
            now.minute * 60u + now.second) *
           SECOND;
}

void ke_clock_init(void)
{
    boot_time = cmos_time();
    pit_init(tick);
}

LONGLONG ke_interrupt_time(void)
{
    return ticks * KE_TICK;
}

LONGLONG ke_system_time(void)
{
    return boot_time + ke_interrupt_time();
}

void ke_set_shared_data(struct nt_shared_data *data)
{
    shared = data;
    data->tick_count_multiplier = (KE_TICK / KE_MILLISECOND) << 24;
    publish();
}

VOID NTAPI KeQueryTickCount(PLARGE_INTEGER count)
{
    count->QuadPart = ticks;
}

VOID NTAPI KeQuerySystemTime(PLARGE_INTEGER time)
{
    time->QuadPart = ke_system_time();
}

ULONGLONG NTAPI KeQueryInterruptTime(VOID)
{
    return (ULONGLONG)ke_interrupt_time();
}

ULONG NTAPI KeQueryTimeIncrement(VOID)
{
    return KE_TICK;
}

LARGE_INTEGER NTAPI KeQueryPerformanceCounter(PLARGE_INTEGER frequency)
{
    static LONGLONG last;
    LONGLONG now = ticks * PIT_DIVISOR + pit_elapsed();

    if (now > last)
        last = now;
    if (frequency)
        frequency->QuadPart = PIT_HZ;
    return (LARGE_INTEGER){.QuadPart = last};
}
EXPORT_NTOSKRNL(KeQueryTickCount);
EXPORT_NTOSKRNL(KeQuerySystemTime);
EXPORT_NTOSKRNL(KeQueryInterruptTime);
EXPORT_NTOSKRNL(KeQueryTimeIncrement);
EXPORT_NTOSKRNL_DATA(KeTickCount);
EXPORT_HAL(KeQueryPerformanceCounter);

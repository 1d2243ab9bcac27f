/*
 * Copying and filling in the kernel's own instructions, which the host tests do not run: each
 * length and alignment against bytes moved one by one.
 */
#include "kd/selftest.h"
#include "rtl/rtl.h"

enum { ROOM = 96, LENGTHS = 41, PLACES = 9 };

static UCHAR actual[ROOM], expected[ROOM];

/* Both alike, each byte different from its neighbours. */
static void reset(void)
{
    for (ULONG i = 0; i < ROOM; i++)
        actual[i] = expected[i] = (UCHAR)(i * 7 + 1);
}

static BOOLEAN is_as_expected(void)
{
    for (ULONG i = 0; i < ROOM; i++)
        if (actual[i] != expected[i])
            return FALSE;
    return TRUE;
}

SELFTEST(rtl_memset_fills_what_it_should)
{
    for (ULONG at = 0; at < PLACES; at++) {
        for (ULONG length = 0; length < LENGTHS; length++) {
            reset();
            for (ULONG i = 0; i < length; i++)
                expected[at + i] = 0xA5;
            CHECK_EQUAL(memset(actual + at, 0x1A5, length), actual + at);
            CHECK(is_as_expected());
        }
    }
}

SELFTEST(rtl_memcpy_copies_what_it_should)
{
    static const char text[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP";

    for (ULONG at = 0; at < PLACES; at++) {
        for (ULONG from = 0; from < PLACES; from++) {
            for (ULONG length = 0; length < LENGTHS; length++) {
                reset();
                for (ULONG i = 0; i < length; i++)
                    expected[at + i] = (UCHAR)text[from + i];
                CHECK_EQUAL(memcpy(actual + at, text + from, length), actual + at);
                CHECK(is_as_expected());
            }
        }
    }
}

/* Over itself, in both directions. */
SELFTEST(rtl_memmove_survives_overlap)
{
    UCHAR copy[LENGTHS];

    for (ULONG at = 0; at < 50; at += 3) {
        for (ULONG from = 0; from < 50; from += 3) {
            for (ULONG length = 0; length < LENGTHS; length += 5) {
                reset();
                for (ULONG i = 0; i < length; i++)
                    copy[i] = expected[from + i];
                for (ULONG i = 0; i < length; i++)
                    expected[at + i] = copy[i];
                CHECK_EQUAL(memmove(actual + at, actual + from, length), actual + at);
                CHECK(is_as_expected());
            }
        }
    }
}

SELFTEST(rtl_memcmp_orders_bytes)
{
    static const UCHAR low[] = {1, 2, 3}, high[] = {1, 2, 200};

    CHECK_EQUAL(memcmp(low, high, 2), 0);
    CHECK_EQUAL(memcmp(low, high, 0), 0);
    CHECK(memcmp(low, high, 3) < 0);
    CHECK(memcmp(high, low, 3) > 0);
}

/*
 * memcpy and its sisters as the kernel has them, in i386 instructions: a 32-bit program without a
 * C library that reports as TAP. Each case is compared with a loop over bytes.
 */
#include "rtl/string.h"

#define BUFFER 96 /* room for every offset, length and a margin */

static uint8_t left[BUFFER], right[BUFFER], expected[BUFFER];
static int number;

/* i386 system calls: 1 exit, 4 write. */
static int system_call(int call, int a, const void *b, size_t c)
{
    int result;

    __asm__ volatile("int $0x80" : "=a"(result) : "a"(call), "b"(a), "c"(b), "d"(c) : "memory");
    return result;
}

static void print(const char *text)
{
    size_t length = 0;

    while (text[length])
        length++;
    system_call(4, 1, text, length);
}

static BOOLEAN same(const uint8_t *a, const uint8_t *b)
{
    for (int i = 0; i < BUFFER; i++)
        if (a[i] != b[i])
            return FALSE;
    return TRUE;
}

static void fill(uint8_t *bytes, int start)
{
    for (int i = 0; i < BUFFER; i++)
        bytes[i] = (uint8_t)(start + i * 7);
}

/* Calls `check` with each pair of offsets 0 to 7 and each length 0 to 40; FALSE stops. */
static BOOLEAN for_each_case(BOOLEAN (*check)(int to, int from, int length))
{
    for (int to = 0; to < 8; to++)
        for (int from = 0; from < 8; from++)
            for (int length = 0; length <= 40; length++)
                if (!check(16 + to, 16 + from, length))
                    return FALSE;
    return TRUE;
}

static BOOLEAN check_copy(int to, int from, int length)
{
    fill(left, 1);
    fill(expected, 1);
    fill(right, 100);
    for (int i = 0; i < length; i++)
        expected[to + i] = right[from + i];
    return memcpy(left + to, right + from, (size_t)length) == left + to && same(left, expected);
}

static BOOLEAN check_move(int to, int from, int length)
{
    fill(left, 1);
    fill(right, 1);
    fill(expected, 1);
    for (int i = 0; i < length; i++)
        expected[to + i] = right[from + i];
    return memmove(left + to, left + from, (size_t)length) == left + to && same(left, expected);
}

static BOOLEAN check_set(int to, int value, int length)
{
    fill(left, 1);
    fill(expected, 1);
    for (int i = 0; i < length; i++)
        expected[to + i] = (uint8_t)(value * 0x1F);
    return memset(left + to, value * 0x1F, (size_t)length) == left + to && same(left, expected);
}

static BOOLEAN check_compare(int to, int from, int length)
{
    fill(left, 1);
    fill(right, 1);
    for (int i = 0; i < length; i++)
        right[from + i] = left[to + i];
    if (memcmp(left + to, right + from, (size_t)length))
        return FALSE;
    for (int i = 0; i < length; i++) {
        right[from + i] ^= 0x80;
        int order = memcmp(left + to, right + from, (size_t)length);

        if (!order || (order < 0) != (left[to + i] < right[from + i]))
            return FALSE;
        right[from + i] ^= 0x80;
    }
    return TRUE;
}

static BOOLEAN memory_is_copied(void)
{
    return for_each_case(check_copy);
}

static BOOLEAN memory_is_moved_over_itself(void)
{
    return for_each_case(check_move);
}

static BOOLEAN memory_is_set(void)
{
    return for_each_case(check_set);
}

static BOOLEAN memory_is_compared(void)
{
    return for_each_case(check_compare);
}

static BOOLEAN texts_are_measured(void)
{
    return strlen("") == 0 && strlen("a") == 1 && strlen("ab\0c") == 2;
}

/* Characters are compared as unsigned, to the first NUL or the limit. */
static BOOLEAN texts_are_compared(void)
{
    return strcmp("", "") == 0 && strcmp("a", "") > 0 && strcmp("", "a") < 0 &&
           strcmp("abc", "abd") < 0 && strcmp("abc", "ab") > 0 && strcmp("\xFF", "a") > 0 &&
           strcmp("a", "\x80") < 0 && strncmp("abc", "abd", 2) == 0 &&
           strncmp("abc", "abd", 3) < 0 && strncmp("a", "b", 0) == 0 &&
           strncmp("a\0b", "a\0c", 3) == 0 && strncmp("ab", "a", 9) > 0;
}

static const struct {
    const char *name;
    BOOLEAN (*function)(void);
} tests[] = {
#define TEST(function)                                                                             \
    {                                                                                              \
#function, function                                                                        \
    }
    TEST(memory_is_copied),   TEST(memory_is_moved_over_itself), TEST(memory_is_set),
    TEST(memory_is_compared), TEST(texts_are_measured),          TEST(texts_are_compared),
};

static BOOLEAN run(const char *name, BOOLEAN (*function)(void))
{
    char digit[] = {(char)('0' + ++number), 0};
    BOOLEAN good = function();

    print(good ? "ok " : "not ok ");
    print(digit);
    print(" - ");
    print(name);
    print("\n");
    return good;
}

void _start(void)
{
    int failed = 0;

    for (size_t i = 0; i < ARRAY_SIZE(tests); i++)
        failed += !run(tests[i].name, tests[i].function);
    system_call(1, failed, NULL, 0);
    __builtin_unreachable();
}

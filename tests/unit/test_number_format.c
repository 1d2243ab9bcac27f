/* The computing half of GetNumberFormatA: by table, and random numbers against plain arithmetic. */
#include "kernel32/number_format.h"
#include "unit.h"

static const struct number_format tutorial = {0, 0, 3, ".", " ", 0};
static const struct number_format english = {2, 1, 3, ".", ",", 1};

static void expect(const char *number, struct number_format format, const char *expected)
{
    char text[80];

    memset(text, 'x', sizeof(text));
    assert_int_equal(number_format(number, &format, text, sizeof(text)), strlen(expected) + 1);
    assert_string_equal(text, expected);
}

static void the_tutorials_numbers(void **state)
{
    (void)state;
    expect("247885824", tutorial, "247 885 824");
    expect("71249920", tutorial, "71 249 920");
    expect("0", tutorial, "0");
    expect("999", tutorial, "999");
    expect("1000", tutorial, "1 000");
    expect("4294967295", tutorial, "4 294 967 295");
}

static void fractions_are_rounded(void **state)
{
    (void)state;
    expect("1234567.891", english, "1,234,567.89");
    expect("0.005", english, "0.01");
    expect("0.004", english, "0.00");
    expect("999.995", english, "1,000.00");
    expect("999999.5", tutorial, "1 000 000");
    expect("0.5", tutorial, "1");
    expect("0.4", tutorial, "0");
    expect("12", english, "12.00");
    expect(".5", english, "0.50");
    expect("5.", english, "5.00");
    expect("007", tutorial, "7");
    expect("0.5", (struct number_format){1, 0, 3, ".", ",", 1}, ".5");
    expect("0.95", (struct number_format){1, 0, 3, ".", ",", 1}, "1.0");
    expect("1.123456789", (struct number_format){9, 1, 3, ".", ",", 1}, "1.123456789");
}

static void negative_numbers(void **state)
{
    static const char *const expected[] = {"(1.10)", "-1.10", "- 1.10", "1.10-", "1.10 -"};

    (void)state;
    for (uint32_t order = 0; order <= NUMBER_MAX_NEGATIVE_ORDER; order++)
        expect("-1.1", (struct number_format){2, 1, 3, ".", ",", order}, expected[order]);
    expect("-0.001", english, "0.00");
    expect("-0", tutorial, "0");
}

static void groupings(void **state)
{
    static const struct {
        uint32_t grouping;
        const char *expected;
    } cases[] = {
        {3, "123 456 789"}, {0, "123456789"},   {32, "12 34 56 789"},
        {30, "123456 789"}, {4, "1 2345 6789"}, {1, "1 2 3 4 5 6 7 8 9"},
        {9, "123456789"},   {8, "1 23456789"},  {43, "12 345 6789"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        expect("123456789", (struct number_format){0, 0, cases[i].grouping, ".", " ", 0},
               cases[i].expected);
}

static void what_is_no_number(void **state)
{
    static const char *const numbers[] = {"",   "-",  ".",   "-.", "1.2.3", "1a",  "a", " 1",
                                          "1 ", "+1", "--1", "1-", "1,000", "1e3", "/", ":"};
    static const struct number_format bad[] = {
        {10, 0, 3, ".", " ", 0},
        {0, 2, 3, ".", " ", 0},
        {0, 0, 3, ".", " ", 5},
        {0xFFFFFFFF, 0, 3, ".", " ", 0},
    };
    char text[8] = "untouch";

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
        if (number_format(numbers[i], &tutorial, text, sizeof(text)))
            fail_msg("\"%s\" was taken for a number", numbers[i]);
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_int_equal(number_format("1", &bad[i], text, sizeof(text)), 0);
    assert_string_equal(text, "untouch");
}

static void buffers_are_cut(void **state)
{
    (void)state;
    assert_int_equal(number_format("1234567", &tutorial, NULL, 0), 10);
    for (size_t size = 1; size < 12; size++) {
        char *text = malloc(size);

        assert_int_equal(number_format("1234567", &tutorial, text, size), 10);
        assert_memory_equal(text, "1 234 567", size < 10 ? size : 10);
        free(text);
    }
}

/* The same by arithmetic: scale, add a half, divide, and group from the right. */
static void reference(char *to, uint64_t whole, uint32_t millionths, uint32_t digits)
{
    uint64_t scale = 1, value, divisor = 1;
    char number[32], grouped[48];
    size_t used = 0;

    for (uint32_t i = 0; i < digits; i++)
        scale *= 10;
    for (uint32_t i = digits; i < 6; i++)
        divisor *= 10;
    value = (whole * 1000000 + millionths + divisor / 2) / divisor;
    sprintf(number, "%llu", (unsigned long long)(value / scale));
    for (size_t i = 0, length = strlen(number); i < length; i++) {
        if (i && (length - i) % 3 == 0)
            grouped[used++] = ',';
        grouped[used++] = number[i];
    }
    grouped[used] = 0;
    if (digits)
        sprintf(to, "%s.%0*llu", grouped, (int)digits, (unsigned long long)(value % scale));
    else
        strcpy(to, grouped);
}

static void random_numbers(void **state)
{
    struct unit_random random = unit_random(7);

    (void)state;
    for (int i = 0; i < 50000; i++) {
        uint64_t whole = random_next(&random) >> 24 >> random_below(&random, 40);
        uint32_t millionths = random_below(&random, 1000000), digits = random_below(&random, 7);
        char number[40], expected[80];

        if (!random_below(&random, 4)) { /* many nines, to carry */
            whole = 9999999 >> random_below(&random, 2);
            millionths = 999999 - random_below(&random, 600000);
        }
        sprintf(number, "%llu.%06u", (unsigned long long)whole, millionths);
        reference(expected, whole, millionths, digits);
        expect(number, (struct number_format){digits, 1, 3, ".", ",", 1}, expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_tutorials_numbers), TEST(fractions_are_rounded),
        TEST(negative_numbers),      TEST(groupings),
        TEST(what_is_no_number),     TEST(buffers_are_cut),
        TEST(random_numbers),
    };

    return RUN_TESTS(tests);
}

/* C strings and numbers (rtl/string.c); the i386 half of the file is tested in test_string32.c. */
#include "rtl/string.h"
#include "unit.h"

static void texts_equal_but_for_case(void **state)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } cases[] = {
        {"", "", true},         {"a", "A", true},          {"Kernel32.DLL", "kernel32.dll", true},
        {"a", "", false},       {"", "a", false},          {"abc", "abd", false},
        {"abc", "abcd", false}, {"abcd", "abc", false},    {"[", "{", false},
        {"@", "`", false},      {"\\", "|", false},        {"1", "\x11", false},
        {"z", "Z", true},       {"hal.dll", "hal", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        assert_int_equal(!!rtl_equal_text(cases[i].a, cases[i].b), cases[i].equal);
}

static void copies_are_cut(void **state)
{
    (void)state;
    for (size_t size = 1; size < 8; size++) {
        char *to = malloc(size + 1);
        size_t length = size - 1 < 5 ? size - 1 : 5;

        to[size] = 'x';
        assert_int_equal(rtl_copy_text(to, "abcde", size), length);
        assert_memory_equal(to, "abcde", length);
        assert_int_equal(to[length], 0);
        assert_int_equal(to[size], 'x');
        free(to);
    }
}

static void good_numbers(void **state)
{
    static const struct {
        const char *text;
        ULONG value;
    } cases[] = {
        {"0", 0},
        {"7", 7},
        {"4294967295", 0xFFFFFFFF},
        {"0x0", 0},
        {"0xFFFFFFFF", 0xFFFFFFFF},
        {"0XdeadBEEF", 0xDEADBEEF},
        {"007", 7},
        {"0x000000001", 1},
        {"00000000004294967295", 0xFFFFFFFF},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        ULONG value = 1234;

        assert_true(rtl_parse_number(cases[i].text, &value));
        assert_int_equal(value, cases[i].value);
    }
}

static void bad_numbers(void **state)
{
    static const char *const texts[] = {
        "",           " ",           "x",  "0x",  "0x ",  "-1",          "+1", "1 ",
        " 1",         "12a",         "1.", "0xg", "0x1g", "1\n",         "`",  "4294967296",
        "9999999999", "0x100000000", "/",  ":",   "@1",   "42949672950",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        ULONG value = 1234;

        if (rtl_parse_number(texts[i], &value))
            fail_msg("\"%s\" was taken for %u", texts[i], (unsigned)value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(texts_equal_but_for_case),
        TEST(copies_are_cut),
        TEST(good_numbers),
        TEST(bad_numbers),
    };

    return RUN_TESTS(tests);
}

/*
 * The computing half of wsprintfA: against the host's printf on random formats, and its own ways.
 */
#include "unit.h"
#include "user32/format.h"

static char text[256];

static int format(size_t size, const char *format, ...)
{
    va_list arguments;
    int length;

    memset(text, 'x', sizeof(text));
    va_start(arguments, format);
    length = format_text(text, size, format, arguments);
    va_end(arguments);
    assert_int_equal(text[size], 'x');
    return length;
}

#define CHECK(expected, ...)                                                                       \
    do {                                                                                           \
        assert_int_equal(format(sizeof(text) - 1, __VA_ARGS__), strlen(expected));                 \
        assert_string_equal(text, expected);                                                       \
    } while (0)

static void the_programs_own_formats(void **state)
{
    (void)state;
    CHECK("247885824", "%u", 0x0EC67000);
    CHECK("VirtToPhys.exe \t00400000h\t0EC67000h ( 247 885 824 )\n", "%s \t%08Xh\t%08Xh ( %s )\n",
          "VirtToPhys.exe", 0x400000, 0x0EC67000, "247 885 824");
}

static void integers(void **state)
{
    (void)state;
    CHECK("0 -1 4294967295 7FFFFFFF", "%d %i %u %X", 0, -1, -1, 0x7FFFFFFF);
    CHECK("-2147483648", "%d", INT32_MIN);
    CHECK("0x1f 0X1F 1f", "%#x %#X %x", 31, 31, 31);
    CHECK("00042|042|   42|42   |", "%.5d|%03d|%5d|%-5d|", 42, 42, 42, 42);
    CHECK("  -00042", "%8.5d", -42);
}

/* h takes 16 bits, l changes nothing: a LONG is 32 bits. */
static void sizes(void **state)
{
    (void)state;
    CHECK("4464 65535 ffff", "%hd %hu %hx", 70000, -1, -1);
    CHECK("-1 4294967295", "%ld %lu", -1, -1);
}

static void texts(void **state)
{
    (void)state;
    CHECK("narrow wide", "%s %S", "narrow", u"wide");
    CHECK("wide narrow", "%ls %hS", u"wide", "narrow");
    CHECK("a?", "%ls", u"a\u0436");
    CHECK("(null)", "%s", NULL);
    CHECK("ab|   ab|ab   |", "%.2s|%5.2s|%-5.2s|", "abc", "abc", "abc");
    CHECK("x|    x|x", "%c|%5c|%C", 'x', 'x', u'x');
    CHECK("ab", "a%cb", 0);
}

/* No unit is read beyond the precision. */
static void precision_bounds_the_reading(void **state)
{
    char *name = malloc(8);

    (void)state;
    memcpy(name, "12345678", 8);
    CHECK("12345678", "%.8s", name);
    free(name);
}

static void other_types_stand_for_themselves(void **state)
{
    (void)state;
    CHECK("100%", "100%%");
    CHECK("q", "%q");
    CHECK("a", "a%");
    CHECK("a", "a%-08.4l");
}

static void every_size_of_buffer(void **state)
{
    (void)state;
    for (size_t size = 1; size < 12; size++) {
        size_t length = size - 1 < 9 ? size - 1 : 9;

        assert_int_equal(format(size, "%s-%d", "abcd", 1234), length);
        assert_int_equal(strlen(text), length);
        assert_memory_equal(text, "abcd-1234", length);
    }
}

/* A huge width is cut, not computed with. */
static void endless_fields(void **state)
{
    (void)state;
    assert_int_equal(format(100, "%4294967295d", 1), 99);
    assert_int_equal(format(100, "%.99999999999999999999d", 1), 99);
}

static void as_the_hosts_printf(void **state)
{
    static const char types[] = "diuxXs";
    struct unit_random random = unit_random(6);

    (void)state;
    for (int i = 0; i < 100000; i++) {
        char type = types[random_below(&random, 6)], width[8] = "", precision[8] = "", form[40];
        uint32_t number = (uint32_t)random_next(&random) >> random_below(&random, 32);
        char theirs[256];
        bool left = random_below(&random, 2), precise = random_below(&random, 2);

        if (random_below(&random, 2))
            sprintf(width, "%u", random_below(&random, 40));
        if (precise)
            sprintf(precision, ".%u", 1 + random_below(&random, 12));
        sprintf(form, "<%%%s%s%s%s%c>", left ? "-" : "",
                type != 's' && !left && !precise && random_below(&random, 2) ? "0" : "", width,
                precision, type);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        if (type == 's') {
            format(200, form, "a text");
            snprintf(theirs, 200, form, "a text");
        } else {
            format(200, form, number);
            snprintf(theirs, 200, form, number);
        }
#pragma GCC diagnostic pop
        if (strcmp(text, theirs))
            print_error("%s\n", form);
        assert_string_equal(text, theirs);
    }
}

static uint16_t wide[64];

static int format_wide(size_t size, const uint16_t *format, ...)
{
    va_list arguments;
    int length;

    memset(wide, 'x', sizeof(wide));
    va_start(arguments, format);
    length = format_text_wide(wide, size, format, arguments);
    va_end(arguments);
    assert_int_equal(wide[size], 'x' << 8 | 'x');
    return length;
}

#define CHECK_WIDE(expected, ...)                                                                  \
    do {                                                                                           \
        assert_int_equal(format_wide(60, __VA_ARGS__), sizeof(expected) / 2 - 1);                  \
        assert_memory_equal(wide, expected, sizeof(expected));                                     \
    } while (0)

static void wide_text(void **state)
{
    (void)state;
    CHECK_WIDE(u"0EC67000h ( 247 )", u"%08Xh ( %u )", 0x0EC67000, 247);
    CHECK_WIDE(u"wide narrow", u"%s %S", u"wide", "narrow");
    CHECK_WIDE(u"narrow wide", u"%hs %ls", "narrow", u"wide");
    CHECK_WIDE(u"\u0416|\u0416\u0416|x", u"\u0416|%s|%C", u"\u0416\u0416", 'x');
    CHECK_WIDE(u"a%b", u"a%%b");
    CHECK_WIDE(u"a", u"a%");
    assert_int_equal(format_wide(5, u"%s", u"too long"), 4);
    assert_memory_equal(wide, u"too ", 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_programs_own_formats),
        TEST(integers),
        TEST(sizes),
        TEST(texts),
        TEST(precision_bounds_the_reading),
        TEST(other_types_stand_for_themselves),
        TEST(every_size_of_buffer),
        TEST(endless_fields),
        TEST(as_the_hosts_printf),
        TEST(wide_text),
    };

    return RUN_TESTS(tests);
}

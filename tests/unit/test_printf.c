/* rtl_vformat and its wrappers: against the host's printf on random formats, and NT's own parts. */
#include "rtl/printf.h"
#include "unit.h"

/* The text of a format, compared; the returned length is the text's. */
#define CHECK(expected, ...)                                                                       \
    do {                                                                                           \
        char text_[256];                                                                           \
        int length_ = rtl_snprintf(text_, sizeof(text_), __VA_ARGS__);                             \
        assert_string_equal(text_, expected);                                                      \
        assert_int_equal(length_, strlen(expected));                                               \
    } while (0)

/* Formats that the compiler's check does not know. */
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
#pragma GCC diagnostic ignored "-Wformat-security"
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wformat-truncation"
#pragma GCC diagnostic ignored "-Wformat-overflow"
#endif

static void plain_text(void **state)
{
    (void)state;
    CHECK("", "%s", "");
    CHECK("text", "text");
    CHECK("100%", "100%%");
    CHECK("a b c", "%s %s %c", "a", "b", 'c');
}

static void numbers(void **state)
{
    (void)state;
    CHECK("0 0 0 0", "%d %u %x %X", 0, 0, 0, 0);
    CHECK("-2147483648 2147483647", "%d %i", INT32_MIN, INT32_MAX);
    CHECK("4294967295 ffffffff FFFFFFFF", "%u %x %X", ~0u, ~0u, ~0u);
    CHECK("0EC67000h", "%08Xh", 0x0EC67000);
    CHECK("-0042", "%05d", -42);
    CHECK("   -42", "%6d", -42);
    CHECK("-42   |", "%-6d|", -42);
}

static void numbers_of_64_bits(void **state)
{
    (void)state;
    CHECK("18446744073709551615", "%llu", ~0ull);
    CHECK("-9223372036854775808", "%lld", INT64_MIN);
    CHECK("fedcba9876543210", "%llx", 0xFEDCBA9876543210ull);
    CHECK("FEDCBA9876543210", "%I64X", 0xFEDCBA9876543210ull);
    CHECK("-1 18446744073709551615", "%I64d %I64u", -1ll, -1ll);
    CHECK("4294967296", "%I64u", 0x100000000ull);
    CHECK("00000000100000000", "%017llX", 0x100000000ull);
}

/* Shorter than an int: the rest of the argument is not looked at. */
static void numbers_of_16_bits(void **state)
{
    (void)state;
    CHECK("4464", "%hd", 70000);
    CHECK("ffff", "%hx", (short)-1);
    CHECK("65535", "%hu", (short)-1);
}

static void pointers_have_eight_digits(void **state)
{
    (void)state;
    CHECK("00000000", "%p", NULL);
    CHECK("80100ABC", "%p", (void *)(uintptr_t)0x80100ABC);
}

static void strings(void **state)
{
    (void)state;
    CHECK("abc|  abc|abc  |", "%s|%5s|%-5s|", "abc", "abc", "abc");
    CHECK("ab||  ab", "%.2s|%.0s|%4.2s", "abc", "abc", "abc");
    CHECK("(null)", "%s", NULL);
    CHECK("    x", "%5c", 'x');
}

/* A precision bounds what is read: a section's name of eight characters has no NUL. */
static void precision_bounds_the_reading(void **state)
{
    char *name = malloc(8);

    (void)state;
    memcpy(name, "12345678", 8);
    CHECK("12345678", "%.8s", name);
    free(name);
}

static void wide_strings(void **state)
{
    UNICODE_STRING counted = UNICODE_STRING_INIT(u"\\Device\\devVirtToPhys");
    UNICODE_STRING part = {6, 6, (PWSTR)u"abcdef"};
    UNICODE_STRING empty = {0, 0, NULL};

    (void)state;
    CHECK("\\Device\\devVirtToPhys", "%wZ", &counted);
    CHECK("abc|  abc|abc  |", "%wZ|%5wZ|%-5wZ|", &part, &part, &part);
    CHECK("wide|wide", "%ws|%S", u"wide", u"wide");
    CHECK("??a", "%ws", u"\u0436\u00E4a");
    CHECK("(null)|(null)|(null)", "%wZ|%wZ|%ws", NULL, &empty, NULL);
}

/* A counted string is read to its Length and no unit more. */
static void counted_strings_need_no_end(void **state)
{
    WCHAR *units = malloc(6);
    UNICODE_STRING string = {6, 6, units};

    (void)state;
    memcpy(units, u"abc", 6);
    CHECK("abc", "%wZ", &string);
    free(units);
}

static void unknown_and_unfinished(void **state)
{
    (void)state;
    CHECK("q", "%q");
    CHECK("a", "a%");
    CHECK("a", "a%-08");
    CHECK("a", "a%ll");
}

/* The buffer is cut with a NUL, and the length is that of the whole text. */
static void every_size_of_buffer(void **state)
{
    (void)state;
    for (size_t size = 0; size < 12; size++) {
        char *buffer = malloc(size + 1);

        memset(buffer, 'x', size + 1);
        assert_int_equal(rtl_snprintf(buffer, size, "%s-%d", "abcd", 1234), 9);
        if (size) {
            assert_int_equal(strlen(buffer), size - 1 < 9 ? size - 1 : 9);
            assert_memory_equal(buffer, "abcd-1234", strlen(buffer));
        }
        assert_int_equal(buffer[size], 'x');
        free(buffer);
    }
}

/* A format of one conversion that C and this one share. */
static void random_format(struct unit_random *random, char *format, char *type, bool *wide)
{
    static const char types[] = "diuxXcs";
    char width[8] = "", precision[8] = "";

    *type = types[random_below(random, 7)];
    *wide = *type != 'c' && *type != 's' && random_below(random, 2);
    if (random_below(random, 2))
        sprintf(width, "%u", random_below(random, 30));
    if (*type == 's' && random_below(random, 2))
        sprintf(precision, ".%u", random_below(random, 12));
    sprintf(format, "<%%%s%s%s%s%c>", random_below(random, 2) ? "-" : "",
            *type != 's' && *type != 'c' && random_below(random, 2) ? "0" : "", width, precision,
            *type);
    if (*wide)
        sprintf(strchr(format, *type), "ll%c>", *type);
}

static uint64_t random_number(struct unit_random *random)
{
    uint64_t number = random_next(random);

    if (random_below(random, 2))
        number >>= random_below(random, 64);
    return random_below(random, 2) ? number : ~number;
}

static void as_the_hosts_printf(void **state)
{
    static const char *const strings[] = {"", "a", "text", "a longer text with blanks"};
    struct unit_random random = unit_random(4);

    (void)state;
    for (int i = 0; i < 100000; i++) {
        char format[40], type, ours[128], theirs[128];
        int our_length, their_length;
        bool wide;

        random_format(&random, format, &type, &wide);
        if (type == 's') {
            const char *string = strings[random_below(&random, 4)];

            our_length = rtl_snprintf(ours, sizeof(ours), format, string);
            their_length = snprintf(theirs, sizeof(theirs), format, string);
        } else if (wide) {
            uint64_t number = random_number(&random);

            our_length = rtl_snprintf(ours, sizeof(ours), format, number);
            their_length = snprintf(theirs, sizeof(theirs), format, number);
        } else {
            uint32_t number =
                type == 'c' ? 'a' + random_below(&random, 26) : (uint32_t)random_number(&random);

            our_length = rtl_snprintf(ours, sizeof(ours), format, number);
            their_length = snprintf(theirs, sizeof(theirs), format, number);
        }
        if (strcmp(ours, theirs))
            print_error("%s\n", format);
        assert_string_equal(ours, theirs);
        assert_int_equal(our_length, their_length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(plain_text),
        TEST(numbers),
        TEST(numbers_of_64_bits),
        TEST(numbers_of_16_bits),
        TEST(pointers_have_eight_digits),
        TEST(strings),
        TEST(precision_bounds_the_reading),
        TEST(wide_strings),
        TEST(counted_strings_need_no_end),
        TEST(unknown_and_unfinished),
        TEST(every_size_of_buffer),
        TEST(as_the_hosts_printf),
    };

    return RUN_TESTS(tests);
}

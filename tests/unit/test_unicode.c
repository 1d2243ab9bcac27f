/* UNICODE_STRING routines: counted, not NUL-terminated, and nothing beyond Length is touched. */
#include "rtl/unicode.h"
#include "unit.h"

/* A string on the heap to the byte, so that ASan sees one unit too many. */
static UNICODE_STRING heap_string(const WCHAR *units, USHORT count, USHORT room)
{
    UNICODE_STRING string = {(USHORT)(count * 2), (USHORT)(room * 2), malloc(room * 2 + !room)};

    memcpy(string.Buffer, units, count * 2u);
    return string;
}

static void counting_a_text(void **state)
{
    UNICODE_STRING string;

    (void)state;
    RtlInitUnicodeString(&string, u"abc");
    assert_int_equal(string.Length, 6);
    assert_int_equal(string.MaximumLength, 8);
    RtlInitUnicodeString(&string, u"");
    assert_int_equal(string.Length, 0);
    assert_int_equal(string.MaximumLength, 2);
    RtlInitUnicodeString(&string, NULL);
    assert_int_equal(string.Length, 0);
    assert_int_equal(string.MaximumLength, 0);
    assert_null(string.Buffer);
}

/* Lengths are 16 bits: a longer text is cut to what fits with its NUL. */
static void counting_an_endless_text(void **state)
{
    enum { UNITS = 0x8100 };
    WCHAR *text = malloc((UNITS + 1) * sizeof(*text));
    UNICODE_STRING string;

    (void)state;
    for (int i = 0; i < UNITS; i++)
        text[i] = 'x';
    text[UNITS] = 0;
    RtlInitUnicodeString(&string, text);
    assert_int_equal(string.Length, 0xFFFC);
    assert_int_equal(string.MaximumLength, 0xFFFE);
    free(text);
}

/* ASCII and Latin-1; the letters without an upper case in it are themselves, but for FF. */
static void upper_case(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x10000; c++) {
        uint32_t expected = c;

        if (c >= 'a' && c <= 'z')
            expected = c - 'a' + 'A';
        else if (c >= 0xE0 && c <= 0xFE && c != 0xF7)
            expected = c & ~0x20u;
        else if (c == 0xFF)
            expected = 0x178;
        assert_int_equal(RtlUpcaseUnicodeChar((WCHAR)c), expected);
    }
}

static void comparing(void **state)
{
    static const struct {
        const WCHAR *a, *b;
        int sensitive, insensitive; /* the sign expected */
    } cases[] = {
        {u"", u"", 0, 0},
        {u"a", u"", 1, 1},
        {u"", u"a", -1, -1},
        {u"abc", u"abc", 0, 0},
        {u"abc", u"ABC", 1, 0},
        {u"ABC", u"abc", -1, 0},
        {u"abc", u"abcd", -1, -1},
        {u"b", u"abc", 1, 1},
        {u"a", u"B", 1, -1},
        {u"\u00E4", u"\u00C4", 1, 0},
        {u"\u0436", u"\u0416", 1, 1},
        {u"\uFFFF", u"a", 1, 1},
        {u"_", u"a", -1, 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        UNICODE_STRING a, b;
        LONG order;

        RtlInitUnicodeString(&a, cases[i].a);
        RtlInitUnicodeString(&b, cases[i].b);
        order = RtlCompareUnicodeString(&a, &b, FALSE);
        assert_int_equal((order > 0) - (order < 0), cases[i].sensitive);
        order = RtlCompareUnicodeString(&a, &b, TRUE);
        assert_int_equal((order > 0) - (order < 0), cases[i].insensitive);
        assert_int_equal(!!RtlEqualUnicodeString(&a, &b, FALSE), !cases[i].sensitive);
        assert_int_equal(!!RtlEqualUnicodeString(&a, &b, TRUE), !cases[i].insensitive);
    }
}

static void comparing_obeys_lengths(void **state)
{
    UNICODE_STRING a = heap_string(u"abcX", 3, 3), b = heap_string(u"abcY", 3, 3);

    (void)state;
    assert_true(RtlEqualUnicodeString(&a, &b, FALSE));
    assert_int_equal(RtlCompareUnicodeString(&a, &b, TRUE), 0);
    free(a.Buffer);
    free(b.Buffer);
}

static void copying_is_cut(void **state)
{
    UNICODE_STRING from = heap_string(u"abcdef", 6, 6);

    (void)state;
    for (USHORT room = 0; room < 9; room++) {
        UNICODE_STRING to = heap_string(u"", 0, room);
        USHORT length = (USHORT)(room < 6 ? 2 * room : 12);

        RtlCopyUnicodeString(&to, &from);
        assert_int_equal(to.Length, length);
        assert_int_equal(to.MaximumLength, 2 * room);
        assert_memory_equal(to.Buffer, from.Buffer, length);
        RtlCopyUnicodeString(&to, NULL);
        assert_int_equal(to.Length, 0);
        free(to.Buffer);
    }
    free(from.Buffer);
}

static void appending_is_whole_or_not_at_all(void **state)
{
    UNICODE_STRING from = heap_string(u"def", 3, 3);

    (void)state;
    for (USHORT room = 3; room < 9; room++) {
        UNICODE_STRING to = heap_string(u"abc", 3, room);
        bool fits = room >= 6;

        assert_status(RtlAppendUnicodeStringToString(&to, &from),
                      fits ? STATUS_SUCCESS : STATUS_BUFFER_TOO_SMALL);
        assert_int_equal(to.Length, fits ? 12 : 6);
        assert_memory_equal(to.Buffer, u"abcdef", to.Length);
        free(to.Buffer);
    }
    free(from.Buffer);
}

static void appending_text(void **state)
{
    (void)state;
    for (USHORT room = 3; room < 9; room++) {
        UNICODE_STRING to = heap_string(u"abc", 3, room);
        bool fits = room >= 6;

        assert_status(rtl_append_text(&to, "de\xE4"),
                      fits ? STATUS_SUCCESS : STATUS_BUFFER_TOO_SMALL);
        assert_int_equal(to.Length, fits ? 12 : 6);
        assert_memory_equal(to.Buffer, u"abcde\u00E4", to.Length);
        assert_status(rtl_append_text(&to, ""), STATUS_SUCCESS);
        free(to.Buffer);
    }
}

/* Lengths near 64 KiB do not wrap. */
static void appending_at_the_limit(void **state)
{
    static WCHAR units[0x8000];
    UNICODE_STRING full = {0xFFFE, 0xFFFE, units}, from = {4, 4, (PWSTR)u"ab"};

    (void)state;
    assert_status(RtlAppendUnicodeStringToString(&full, &from), STATUS_BUFFER_TOO_SMALL);
    assert_status(rtl_append_text(&full, "a"), STATUS_BUFFER_TOO_SMALL);
    assert_int_equal(full.Length, 0xFFFE);
    full.Length = 0xFFFA;
    assert_status(RtlAppendUnicodeStringToString(&full, &from), STATUS_SUCCESS);
    assert_int_equal(full.Length, 0xFFFE);
}

static void becoming_text(void **state)
{
    UNICODE_STRING from = heap_string(u"a\u00E4\u0436~", 4, 4);

    (void)state;
    for (size_t size = 1; size < 8; size++) {
        char *to = malloc(size);
        size_t length = size - 1 < 4 ? size - 1 : 4;

        rtl_unicode_to_text(&from, to, size);
        assert_int_equal(strlen(to), length);
        assert_memory_equal(to,
                            "a?"
                            "?~",
                            length);
        free(to);
    }
    free(from.Buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(counting_a_text),
        TEST(counting_an_endless_text),
        TEST(upper_case),
        TEST(comparing),
        TEST(comparing_obeys_lengths),
        TEST(copying_is_cut),
        TEST(appending_is_whole_or_not_at_all),
        TEST(appending_text),
        TEST(appending_at_the_limit),
        TEST(becoming_text),
    };

    return RUN_TESTS(tests);
}

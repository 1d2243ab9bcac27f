/* Code pages: every byte there and back, UTF-8's rules, pairs of UTF-16. */
#include "kernel32/codepage.h"
#include "unit.h"

static void every_byte_comes_back(void **state)
{
    static const uint32_t pages[] = {CODEPAGE_ANSI, CODEPAGE_OEM};

    (void)state;
    for (size_t p = 0; p < ARRAY_SIZE(pages); p++)
        for (int i = 0; i < 256; i++) {
            uint8_t byte = (uint8_t)i, back;
            struct codepage_char c = codepage_decode(pages[p], &byte, 1);

            assert_true(c.valid);
            assert_int_equal(c.units, 1);
            assert_int_equal(codepage_encode(pages[p], c.code, &back), 1);
            assert_int_equal(back, byte);
        }
}

/* unicode.org, CP1252.TXT and CP437.TXT. */
static void known_characters(void **state)
{
    uint8_t byte;

    (void)state;
    assert_int_equal(codepage_encode(CODEPAGE_ANSI, 0x20AC, &byte), 1);
    assert_int_equal(byte, 0x80);
    assert_int_equal(codepage_encode(CODEPAGE_OEM, 0x2588, &byte), 1);
    assert_int_equal(byte, 0xDB);
    assert_int_equal(codepage_encode(CODEPAGE_ANSI, 0x2588, &byte), 0);
    assert_int_equal(codepage_encode(CODEPAGE_OEM, 0x20AC, &byte), 0);
    assert_true(codepage_is_known(65001));
    assert_false(codepage_is_known(1251));
}

static void utf8_round_trip(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        uint8_t bytes[4];
        uint16_t units[2];
        struct codepage_char c;
        size_t count;

        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        count = codepage_encode(CODEPAGE_UTF8, code, bytes);
        c = codepage_decode(CODEPAGE_UTF8, bytes, count);
        assert_true(c.valid && c.code == code && c.units == count);
        count = utf16_encode(code, units);
        c = utf16_decode(units, count);
        assert_true(c.valid && c.code == code && c.units == count);
    }
}

/* Unicode 3.9, table 3-7: overlong forms, surrogates, what is beyond 10FFFF, ends too soon. */
static void malformed_utf8(void **state)
{
    static const struct {
        uint8_t bytes[4];
        size_t length;
    } cases[] = {
        {{0x80}, 1},
        {{0xC0, 0x80}, 2},
        {{0xC1, 0xBF}, 2},
        {{0xE0, 0x9F, 0xBF}, 3},
        {{0xED, 0xA0, 0x80}, 3},
        {{0xF0, 0x8F, 0xBF, 0xBF}, 4},
        {{0xF4, 0x90, 0x80, 0x80}, 4},
        {{0xF5, 0x80, 0x80, 0x80}, 4},
        {{0xC3}, 1},
        {{0xE2, 0x82}, 2},
        {{0xC3, 0x28}, 2},
        {{0xFF}, 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct codepage_char c = codepage_decode(CODEPAGE_UTF8, cases[i].bytes, cases[i].length);

        assert_false(c.valid);
        assert_int_equal(c.code, 0xFFFD);
        assert_int_equal(c.units, 1);
    }
}

static void halves_of_pairs(void **state)
{
    static const uint16_t cases[][2] = {{0xD800, 'x'}, {0xDC00, 0xD800}, {0xD800, 0xD800}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        assert_false(utf16_decode(cases[i], 2).valid);
    assert_false(utf16_decode(cases[0], 1).valid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_byte_comes_back), TEST(known_characters), TEST(utf8_round_trip),
        TEST(malformed_utf8),        TEST(halves_of_pairs),
    };

    return RUN_TESTS(tests);
}

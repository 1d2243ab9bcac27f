#include "codepage.h"

#define REPLACEMENT 0xFFFDu

/* What 1252 has at 80h to 9Fh; elsewhere it is Unicode's first page (unicode.org, CP1252.TXT). */
static const uint16_t ansi_80[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

/* What 437 has from 80h on (unicode.org, CP437.TXT). */
static const uint16_t oem_80[128] = {
    0x00C7, 0x00FC, 0x00E9, 0x00E2, 0x00E4, 0x00E0, 0x00E5, 0x00E7, 0x00EA, 0x00EB, 0x00E8, 0x00EF,
    0x00EE, 0x00EC, 0x00C4, 0x00C5, 0x00C9, 0x00E6, 0x00C6, 0x00F4, 0x00F6, 0x00F2, 0x00FB, 0x00F9,
    0x00FF, 0x00D6, 0x00DC, 0x00A2, 0x00A3, 0x00A5, 0x20A7, 0x0192, 0x00E1, 0x00ED, 0x00F3, 0x00FA,
    0x00F1, 0x00D1, 0x00AA, 0x00BA, 0x00BF, 0x2310, 0x00AC, 0x00BD, 0x00BC, 0x00A1, 0x00AB, 0x00BB,
    0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x2561, 0x2562, 0x2556, 0x2555, 0x2563, 0x2551, 0x2557,
    0x255D, 0x255C, 0x255B, 0x2510, 0x2514, 0x2534, 0x252C, 0x251C, 0x2500, 0x253C, 0x255E, 0x255F,
    0x255A, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256C, 0x2567, 0x2568, 0x2564, 0x2565, 0x2559,
    0x2558, 0x2552, 0x2553, 0x256B, 0x256A, 0x2518, 0x250C, 0x2588, 0x2584, 0x258C, 0x2590, 0x2580,
    0x03B1, 0x00DF, 0x0393, 0x03C0, 0x03A3, 0x03C3, 0x00B5, 0x03C4, 0x03A6, 0x0398, 0x03A9, 0x03B4,
    0x221E, 0x03C6, 0x03B5, 0x2229, 0x2261, 0x00B1, 0x2265, 0x2264, 0x2320, 0x2321, 0x00F7, 0x2248,
    0x00B0, 0x2219, 0x00B7, 0x221A, 0x207F, 0x00B2, 0x25A0, 0x00A0,
};

static const struct codepage_char malformed = {REPLACEMENT, 1, false};

bool codepage_is_known(uint32_t page)
{
    return page == CODEPAGE_ANSI || page == CODEPAGE_OEM || page == CODEPAGE_UTF8;
}

/* ---- Pages of one byte a character ---- */

static uint32_t byte_to_code(uint32_t page, uint8_t byte)
{
    if (page == CODEPAGE_OEM)
        return byte < 0x80 ? byte : oem_80[byte - 0x80];
    return byte < 0x80 || byte >= 0xA0 ? byte : ansi_80[byte - 0x80];
}

static size_t code_to_byte(uint32_t page, uint32_t code, uint8_t *byte)
{
    for (uint32_t i = code < 0x80 ? code : 0x80; i <= 0xFF; i++)
        if (byte_to_code(page, (uint8_t)i) == code) {
            *byte = (uint8_t)i;
            return 1;
        }
    return 0;
}

/* ---- UTF-8 (Unicode 3.9, table 3-7) ---- */

/* The bytes that a character beginning with this one has; 0: none begins so. */
static size_t utf8_length(uint8_t first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xC2 || first > 0xF4)
        return 0;
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

static bool is_well_formed(uint32_t code, size_t length)
{
    static const uint32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};

    return code >= lowest[length] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

static struct codepage_char utf8_decode(const uint8_t *bytes, size_t length)
{
    size_t count = utf8_length(bytes[0]);
    uint32_t code;

    if (count == 0 || count > length)
        return malformed;
    code = count == 1 ? bytes[0] : bytes[0] & (0x7Fu >> count);
    for (size_t i = 1; i < count; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return malformed;
        code = code << 6 | (bytes[i] & 0x3F);
    }
    if (!is_well_formed(code, count))
        return malformed;
    return (struct codepage_char){code, (uint8_t)count, true};
}

static size_t utf8_encode(uint32_t code, uint8_t *bytes)
{
    size_t count = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

    if (count == 1) {
        bytes[0] = (uint8_t)code;
        return 1;
    }
    for (size_t i = count; i-- > 1; code >>= 6)
        bytes[i] = (uint8_t)(0x80 | (code & 0x3F));
    bytes[0] = (uint8_t)(0xF00u >> count | code);
    return count;
}

/* ---- Any page ---- */

struct codepage_char codepage_decode(uint32_t page, const uint8_t *bytes, size_t length)
{
    if (page == CODEPAGE_UTF8)
        return utf8_decode(bytes, length);
    return (struct codepage_char){byte_to_code(page, bytes[0]), 1, true};
}

size_t codepage_encode(uint32_t page, uint32_t code, uint8_t *bytes)
{
    return page == CODEPAGE_UTF8 ? utf8_encode(code, bytes) : code_to_byte(page, code, bytes);
}

struct codepage_char utf16_decode(const uint16_t *text, size_t length)
{
    uint16_t high = text[0], low;

    if (high < 0xD800 || high > 0xDFFF)
        return (struct codepage_char){high, 1, true};
    if (high > 0xDBFF || length < 2)
        return malformed;
    low = text[1];
    if (low < 0xDC00 || low > 0xDFFF)
        return malformed;
    return (struct codepage_char){0x10000u + ((high & 0x3FFu) << 10 | (low & 0x3FFu)), 2, true};
}

size_t utf16_encode(uint32_t code, uint16_t *text)
{
    if (code < 0x10000) {
        text[0] = (uint16_t)code;
        return 1;
    }
    code -= 0x10000;
    text[0] = (uint16_t)(0xD800 | code >> 10);
    text[1] = (uint16_t)(0xDC00 | (code & 0x3FF));
    return 2;
}

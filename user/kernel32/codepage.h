/*
 * Text between the code pages that programs use and UTF-16: pure functions, free of Windows headers
 * so that they also compile for the host.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The system's own code pages: Western European for windows, the PC's for consoles. */
#define CODEPAGE_ANSI 1252
#define CODEPAGE_OEM  437
#define CODEPAGE_UTF8 65001

/* One character that comes from `units` units of the source; not valid: what stands for it. */
struct codepage_char {
    uint32_t code;
    uint8_t units;
    bool valid;
};

/* Is it one of the three? */
bool codepage_is_known(uint32_t page);

/* The first character of `length` > 0 bytes. A malformed one is U+FFFD. */
struct codepage_char codepage_decode(uint32_t page, const uint8_t *bytes, size_t length);

/*
 * Writes a character to bytes, which has room for 4, and returns how many it takes. One that the
 * page does not have returns 0.
 */
size_t codepage_encode(uint32_t page, uint32_t code, uint8_t *bytes);

/* The first character of `length` > 0 UTF-16 units; half of a pair is U+FFFD, not valid. */
struct codepage_char utf16_decode(const uint16_t *text, size_t length);

/* Writes a character to text, which has room for 2 units, and returns how many it takes. */
size_t utf16_encode(uint32_t code, uint16_t *text);

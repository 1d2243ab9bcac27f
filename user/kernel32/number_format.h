/*
 * Numbers as people write them: the computing half of GetNumberFormat, free of Windows headers so
 * that it also compiles for the host: `cc -std=gnu11 -c user/kernel32/number_format.c`.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The fields of NUMBERFMTA. Strings are the caller's and may be empty. */
struct number_format {
    uint32_t digits;       /* after the decimal separator; the rest is rounded half up */
    uint32_t leading_zero; /* 1: 0.7; 0: .7 */
    uint32_t grouping;     /* 3: 1 234 567; 32: 12 34 567; 30: 1234 567; 0: no groups */
    const char *decimal;
    const char *thousand;
    uint32_t negative_order; /* 0: (1.1)  1: -1.1  2: - 1.1  3: 1.1-  4: 1.1 - */
};

#define NUMBER_MAX_DIGITS         9
#define NUMBER_MAX_NEGATIVE_ORDER 4

/*
 * Writes the number in text, an optional '-', decimal digits and at most one '.' among them, in
 * this format to buffer, NUL-terminated. A whole number always shows a digit, whatever
 * leading_zero says, and what rounds to zero has no sign.
 *
 * Returns the characters needed, NUL included; more than size means that the text was cut off at
 * size characters (buffer may be NULL if size is 0). Returns 0, nothing written, if text is no such
 * number or a field of the format is out of its range.
 *
 * Source: Win32 documentation of GetNumberFormatA and NUMBERFMTA.
 */
size_t number_format(const char *text, const struct number_format *format, char *buffer,
                     size_t size);

/* UTF-16 text in unit tests: u"literals", of the unit that the rooms of user/ use. */
#pragma once

#include <stdint.h>

#include "unit.h"

#define W(literal) ((const uint16_t *)u"" literal)

static inline size_t wide_length(const uint16_t *text)
{
    size_t n = 0;

    while (text[n])
        n++;
    return n;
}

/* Fails unless both are equal, their ends included. */
static inline void assert_wide_equal(const uint16_t *actual, const uint16_t *expected)
{
    assert_int_equal(wide_length(actual), wide_length(expected));
    assert_memory_equal(actual, expected, wide_length(expected) * sizeof *expected);
}

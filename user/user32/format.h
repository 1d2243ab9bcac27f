/*
 * The computing half of wsprintf, free of Windows headers so that it also compiles for the host:
 * `cc -std=gnu11 -c user/user32/format.c`.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Formats args into buffer, NUL-terminated, at most size characters with the NUL (size > 0); what
 * does not fit is left out. Returns the characters stored, without the NUL.
 *
 * %[-][#][0][width][.precision][h|l]type, with the types
 *   c C   a character; C is wide. A character 0 is ignored
 *   d i   signed decimal      u   unsigned decimal
 *   x X   hexadecimal, prefixed by 0x or 0X under #
 *   p     a pointer in upper-case hexadecimal, all its digits
 *   s S   a string, S is wide; precision is the most characters taken; NULL prints (null)
 * h and l choose narrow or wide for c C s S; h makes a number 16-bit, l changes nothing. For
 * numbers precision is the fewest digits. Wide characters above FF print as '?'. A type that is
 * none of these stands for itself, so %% is a percent sign.
 *
 * Source: Win32 documentation of wsprintfA.
 */
int format_text(char *buffer, size_t size, const char *format, va_list args);

/*
 * As format_text, for wide text: %s and %c are wide then, %S and %C narrow. What stands between a %
 * and its type is at most 30 characters long; the text ends at a longer one.
 */
int format_text_wide(uint16_t *buffer, size_t size, const uint16_t *format, va_list args);

/*
 * Formatted text. The formats are printf's %d %i %u %x %X %c %s %p %% with '-', '0', width,
 * precision (for %s) and the lengths h, l, ll, z, I64; and NT's %wZ (a PCUNICODE_STRING), %ws and
 * %S (NUL-terminated UTF-16). %p is eight upper-case digits. Other text units come out as '?'.
 */
#pragma once

#include <stdarg.h>

#include "nt/ntdef.h"

/* Receives one character of output. */
typedef void (*rtl_sink)(void *context, char c);

/* Formats into a sink; returns the number of characters given to it. */
int rtl_vformat(rtl_sink sink, void *context, const char *format, va_list arguments);

/*
 * Formats into `to` of `size` bytes, cut and NUL-terminated (nothing is written if size is 0).
 * Returns the length that the whole text has.
 */
__attribute__((format(__printf__, 3, 0))) int rtl_vsnprintf(char *to, size_t size,
                                                            const char *format, va_list arguments);
__attribute__((format(__printf__, 3, 4))) int rtl_snprintf(char *to, size_t size,
                                                           const char *format, ...);

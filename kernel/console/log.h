/*
 * The log: lines of `[tag] key=value ...` on COM1, for machines. Every figure that a screen shows
 * stands here too. What programs write on consoles is mirrored between its lines.
 */
#pragma once

#include <stdarg.h>

/*
 * Writes formatted text (rtl/printf.h) to the log; '\n' ends a line (CR LF on the wire). It begins on
 * a line of its own where the mirror has left one unfinished.
 */
void log_printf(const char *format, ...);
void log_vprintf(const char *format, va_list arguments);

/* Writes text from outside: what is no printable character and no '\n' becomes '?'. */
void log_text(const char *text);

/* Mirrors one character of a console, as it is; a '\n' gets its '\r' if it has none. */
void log_mirror(char c);

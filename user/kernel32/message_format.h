/*
 * The computing half of FormatMessage: a message's text with what stands for its inserts. Free of
 * Windows headers so that it also compiles for the host.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a message is made. */
struct message_format {
    bool ignore_inserts; /* %1 and its like stay as they are */
    bool ignore_breaks;  /* line breaks of the text become blanks; those of %n stay */
    bool ansi;           /* a string without l or w is one of 8 bits, as for FormatMessageA */
    /* Values of the inserts %1, %2, ...: a word each, in order; a number of 64 bits takes two. */
    const uintptr_t *arguments;
    size_t argument_limit; /* how many there may be */
};

enum message_result {
    MESSAGE_DONE,
    MESSAGE_TOO_LONG,        /* than the buffer */
    MESSAGE_BAD_INSERT,      /* a format that is none */
    MESSAGE_MISSING_ARGUMENT /* there are no values, or not as many */
};

/*
 * Writes the message to buffer, NUL-terminated if it is done, and its length without the NUL to
 * *length.
 *
 *   %1 .. %99  an insert, a string if it does not say otherwise: %1!format!
 *              format: [-][#][0][width][.precision][h|l|w|I64]type, with d i u o x X p c C s S;
 *              a width or precision * is taken from the arguments before the value
 *   %n  a line break   %t  a tab   %r  a carriage return   %b or %space  a blank
 *   %.  a dot   %!  an exclamation mark   %%  a percent sign
 *   %0  ends the message without a line break
 *
 * Source: Win32 documentation of FormatMessage.
 */
enum message_result message_format(const uint16_t *text, const struct message_format *format,
                                   uint16_t *buffer, size_t size, size_t *length);

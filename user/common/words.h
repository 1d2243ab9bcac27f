/* A command line as words. Pure code, free of Windows headers. */
#pragma once

#include <stddef.h>

/*
 * Cuts `line` in place into words at blanks and tabs; double quotes keep blanks inside a word and are
 * left out of it. words[] has room for `most` pointers, of which the last found are dropped if there
 * are more. Returns how many were found, dropped ones included.
 */
int words_split(char *line, char *words[], int most);

/* Where the text behind the first word of a line begins, blanks passed over. */
const char *words_rest(const char *line);

/* Compares two texts ignoring the case of ASCII letters: 0, or the sign of the difference. */
int words_compare(const char *a, const char *b);

/* TRUE (1) if `text` begins with `start`, ignoring case. */
int words_begins(const char *text, const char *start);

/*
 * Reads a number, decimal or with 0x hexadecimal, that fills the whole of `text`. 1 and *number, or 0
 * for anything else or more than 32 bits.
 */
int words_number(const char *text, unsigned *number);

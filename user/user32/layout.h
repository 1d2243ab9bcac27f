/* Text with tabs laid out in columns that line up over all lines. No state, no Windows headers. */
#pragma once

#define LAYOUT_WIDTH   74 /* the most characters of a row */
#define LAYOUT_COLUMNS 8  /* cells beyond are one column */

/* Receives a row: `length` characters (not NUL-terminated), blanks at its end left out. */
typedef void (*layout_sink)(void *context, const char *row, int length);

/* The rectangle that all rows fill, in characters. */
struct layout_size {
    int columns, rows;
};

/*
 * Splits `text` into lines at "\n" or "\r\n", and lines into cells at runs of tabs. Columns are as
 * wide as their widest cell, blanks at its end left out, and stand two blanks apart; a line with one
 * cell only widens no column. A line that is longer than `width` (1 to LAYOUT_WIDTH) goes on in
 * further rows, broken at a blank where there is one. Blank lines at the end are dropped. Each row is
 * given to `sink`, if it is not NULL.
 */
struct layout_size layout_text(const char *text, int width, layout_sink sink, void *context);

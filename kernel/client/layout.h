/* Text with tabs laid out in columns that line up over all lines. No state, no output. */
#pragma once

#include "nt/ntdef.h"

#define LAYOUT_TEXT_SIZE 512
#define LAYOUT_CELLS     48
#define LAYOUT_COLUMNS   6

struct layout_cell {
    const char *text; /* NUL-terminated, inside the layout */
    int column, row;  /* of its first character, in the text's rectangle */
};

struct layout {
    char copy[LAYOUT_TEXT_SIZE];
    struct layout_cell cells[LAYOUT_CELLS];
    ULONG count;
    int columns, rows; /* the size of the rectangle */
};

/*
 * Splits `text` (cut to LAYOUT_TEXT_SIZE - 1) into lines at '\n' and lines into cells at runs of
 * tabs. Columns are as wide as their widest cell, blanks at its end left out, and stand two blanks
 * apart; a line without tabs widens no column. Blank lines at the end are dropped.
 */
void layout_text(const char *text, struct layout *layout);

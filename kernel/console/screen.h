/*
 * A text screen as cells, a cursor and an attribute. It draws nothing: it remembers which rows
 * changed, and console.h brings these to the VGA while the screen is the one shown.
 */
#pragma once

#include "drivers/vga/vga.h"

struct screen {
    USHORT cells[VGA_ROWS][VGA_COLUMNS];
    int column, row; /* where the next character goes; column VGA_COLUMNS: the row is full */
    UCHAR attribute; /* of what is written from now on */
    BOOLEAN cursor_visible;
    int changed_top, changed_bottom; /* rows top .. bottom - 1 */
};

/* A rectangle of cells, in characters. */
struct screen_area {
    int column, row, columns, rows;
};

/* A cleared screen with the cursor at the top and the attribute given. */
void screen_init(struct screen *screen, UCHAR attribute);

/*
 * Writes a character of code page 437 at the cursor, wrapping and scrolling. Obeyed are '\n' (to the
 * beginning of the next row), '\r', '\t' (blanks to the next eighth column), '\b' (one cell back, over
 * the beginning of a row) and '\a' (nothing).
 */
void screen_put(struct screen *screen, char c);

/* Places the cursor. FALSE if that is not on the screen: nothing changes then. */
BOOLEAN screen_move(struct screen *screen, int column, int row);

/* TRUE if the rectangle has cells and all of them lie on the screen. */
BOOLEAN screen_has(const struct screen_area *area);

/* Copies the cells of a rectangle that screen_has, row by row. */
void screen_read(const struct screen *screen, const struct screen_area *area, USHORT *cells);
void screen_write(struct screen *screen, const struct screen_area *area, const USHORT *cells);

/*
 * Writes `cell` under `mask` into up to `count` cells from a cell on, over the ends of rows; returns
 * how many that were (0 if the first is not on the screen).
 */
ULONG screen_fill(struct screen *screen, int column, int row, ULONG count, USHORT cell,
                  USHORT mask);

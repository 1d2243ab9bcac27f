/*
 * VGA text mode 3: 80 columns, 25 rows, at physical B8000h; a cell is a character of code page 437
 * and an attribute (background in bits 6:4, foreground in bits 3:0).
 */
#pragma once

#include "nt/ntdef.h"

#define VGA_COLUMNS 80
#define VGA_ROWS    25

enum vga_color {
    VGA_BLACK,
    VGA_BLUE,
    VGA_GREEN,
    VGA_CYAN,
    VGA_RED,
    VGA_MAGENTA,
    VGA_BROWN,
    VGA_LIGHT_GRAY,
    VGA_DARK_GRAY,
    VGA_LIGHT_BLUE,
    VGA_LIGHT_GREEN,
    VGA_LIGHT_CYAN,
    VGA_LIGHT_RED,
    VGA_LIGHT_MAGENTA,
    VGA_YELLOW,
    VGA_WHITE,
};

/* An attribute; the background is one of the first eight colours. */
#define VGA_ATTRIBUTE(background, foreground) ((UCHAR)((background) << 4 | (foreground)))

/* Writes a row of the screen: its cells, the character in bits 7:0, the attribute in bits 15:8. */
void vga_write_row(int row, const USHORT cells[VGA_COLUMNS]);

/* Places the hardware cursor; a row outside the screen hides it. */
void vga_move_cursor(int column, int row);

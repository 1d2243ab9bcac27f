#include "console/screen.h"

#include "rtl/string.h"

enum { TAB = 8 };

static void mark(struct screen *screen, int top, int bottom)
{
    if (top < screen->changed_top)
        screen->changed_top = top;
    if (bottom > screen->changed_bottom)
        screen->changed_bottom = bottom;
}

static USHORT blank(const struct screen *screen)
{
    return (USHORT)(screen->attribute << 8 | ' ');
}

static void clear_row(struct screen *screen, int row)
{
    for (int column = 0; column < VGA_COLUMNS; column++)
        screen->cells[row][column] = blank(screen);
}

void screen_init(struct screen *screen, UCHAR attribute)
{
    screen->attribute = attribute;
    screen->column = screen->row = 0;
    screen->cursor_visible = TRUE;
    for (int row = 0; row < VGA_ROWS; row++)
        clear_row(screen, row);
    screen->changed_top = 0;
    screen->changed_bottom = VGA_ROWS;
}

static void new_line(struct screen *screen)
{
    screen->column = 0;
    if (screen->row < VGA_ROWS - 1) {
        screen->row++;
        return;
    }
    memmove(screen->cells, screen->cells[1], sizeof screen->cells - sizeof screen->cells[0]);
    clear_row(screen, VGA_ROWS - 1);
    mark(screen, 0, VGA_ROWS);
}

static void put_glyph(struct screen *screen, char c)
{
    if (screen->column == VGA_COLUMNS)
        new_line(screen);
    screen->cells[screen->row][screen->column++] = (USHORT)(screen->attribute << 8 | (UCHAR)c);
    mark(screen, screen->row, screen->row + 1);
}

static void go_back(struct screen *screen)
{
    if (screen->column) {
        screen->column--;
    } else if (screen->row) {
        screen->row--;
        screen->column = VGA_COLUMNS - 1;
    }
}

void screen_put(struct screen *screen, char c)
{
    switch (c) {
    case '\n':
        new_line(screen);
        break;
    case '\r':
        screen->column = 0;
        break;
    case '\b':
        go_back(screen);
        break;
    case '\t':
        do
            put_glyph(screen, ' ');
        while (screen->column % TAB);
        break;
    case '\a':
        break;
    default:
        put_glyph(screen, c);
    }
}

BOOLEAN screen_move(struct screen *screen, int column, int row)
{
    struct screen_area cell = {column, row, 1, 1};

    if (!screen_has(&cell))
        return FALSE;
    screen->column = column;
    screen->row = row;
    return TRUE;
}

static BOOLEAN is_part(int first, int count, int limit)
{
    return first >= 0 && count > 0 && first < limit && count <= limit - first;
}

BOOLEAN screen_has(const struct screen_area *area)
{
    return is_part(area->column, area->columns, VGA_COLUMNS) &&
           is_part(area->row, area->rows, VGA_ROWS);
}

void screen_read(const struct screen *screen, const struct screen_area *area, USHORT *cells)
{
    for (int row = area->row; row < area->row + area->rows; row++, cells += area->columns)
        memcpy(cells, &screen->cells[row][area->column], (size_t)area->columns * sizeof *cells);
}

void screen_write(struct screen *screen, const struct screen_area *area, const USHORT *cells)
{
    for (int row = area->row; row < area->row + area->rows; row++, cells += area->columns)
        memcpy(&screen->cells[row][area->column], cells, (size_t)area->columns * sizeof *cells);
    mark(screen, area->row, area->row + area->rows);
}

ULONG screen_fill(struct screen *screen, int column, int row, ULONG count, USHORT cell, USHORT mask)
{
    struct screen_area first = {column, row, 1, 1};
    USHORT *at = &screen->cells[0][0];
    ULONG place, room;

    if (!screen_has(&first))
        return 0;
    place = (ULONG)(row * VGA_COLUMNS + column);
    room = VGA_ROWS * VGA_COLUMNS - place;
    count = count < room ? count : room;
    for (ULONG i = place; i < place + count; i++)
        at[i] = (USHORT)((at[i] & ~mask) | (cell & mask));
    mark(screen, row, VGA_ROWS);
    return count;
}

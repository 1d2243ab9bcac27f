#include "client/layout.h"

#include "rtl/rtl.h"

enum { COLUMN_GAP = 2 };

static void trim_end(const char *start, char *end)
{
    *end = 0;
    while (end > start && end[-1] == ' ')
        *--end = 0;
}

/*
 * Cuts the copy into cells in place. Until widths are known a cell's `column` is the column's
 * number. Returns the number of rows.
 */
static int split(struct layout *layout)
{
    char *at = layout->copy;
    int row = 0, rows = 0;

    for (int column = 0; *at && layout->count < LAYOUT_CELLS;) {
        char *start = at;

        while (*at && *at != '\t' && *at != '\n')
            at++;
        char separator = *at;

        trim_end(start, at);
        if (*start) {
            layout->cells[layout->count++] = (struct layout_cell){start, column, row};
            rows = row + 1;
        }
        if (separator == '\n') {
            column = 0;
            row++;
        } else if (separator == '\t') {
            while (at[1] == '\t')
                at++;
            if (column < LAYOUT_COLUMNS - 1)
                column++;
        }
        at += !!separator;
    }
    return rows;
}

/* A line with one cell only has no columns to line up. */
static BOOLEAN is_alone(const struct layout *layout, ULONG i)
{
    return !(i && layout->cells[i - 1].row == layout->cells[i].row) &&
           !(i + 1 < layout->count && layout->cells[i + 1].row == layout->cells[i].row);
}

static void measure(const struct layout *layout, int starts[LAYOUT_COLUMNS])
{
    int widths[LAYOUT_COLUMNS] = {0};

    for (ULONG i = 0; i < layout->count; i++) {
        int width = (int)strlen(layout->cells[i].text), *column = &widths[layout->cells[i].column];

        if (!is_alone(layout, i) && width > *column)
            *column = width;
    }
    starts[0] = 0;
    for (int i = 1; i < LAYOUT_COLUMNS; i++)
        starts[i] = starts[i - 1] + (widths[i - 1] ? widths[i - 1] + COLUMN_GAP : 0);
}

void layout_text(const char *text, struct layout *layout)
{
    int starts[LAYOUT_COLUMNS];

    layout->count = 0;
    layout->columns = 0;
    rtl_copy_text(layout->copy, text, sizeof layout->copy);
    layout->rows = split(layout);
    measure(layout, starts);
    for (ULONG i = 0; i < layout->count; i++) {
        struct layout_cell *cell = &layout->cells[i];
        int end;

        cell->column = starts[cell->column];
        end = cell->column + (int)strlen(cell->text);
        if (end > layout->columns)
            layout->columns = end;
    }
}

#include "layout.h"

#include <stdbool.h>
#include <stddef.h>

enum { COLUMN_GAP = 2 };

/* ---- Lines and cells ---- */

struct cell {
    const char *text;
    int length; /* blanks at its end left out */
};

static bool is_line_end(const char *at)
{
    return *at == '\0' || *at == '\n' || (*at == '\r' && at[1] == '\n');
}

static const char *behind_line_end(const char *at)
{
    if (*at == '\0')
        return at;
    return at + (*at == '\r' ? 2 : 1);
}

/* Reads the cell at `at`; returns where the next one begins, or the line's end. */
static const char *read_cell(const char *at, struct cell *cell)
{
    cell->text = at;
    while (*at != '\t' && !is_line_end(at))
        at++;
    cell->length = (int)(at - cell->text);
    while (cell->length != 0 && cell->text[cell->length - 1] == ' ')
        cell->length--;
    while (*at == '\t')
        at++;
    return at;
}

static void next_column(int *column)
{
    if (*column < LAYOUT_COLUMNS - 1)
        ++*column;
}

static const char *measure_line(const char *at, int widths[LAYOUT_COLUMNS])
{
    int line[LAYOUT_COLUMNS] = {0}, cells = 0;

    for (int column = 0; !is_line_end(at); next_column(&column)) {
        struct cell cell;

        at = read_cell(at, &cell);
        cells += cell.length != 0;
        if (cell.length > line[column])
            line[column] = cell.length;
    }
    for (int i = 0; cells > 1 && i < LAYOUT_COLUMNS; i++)
        if (line[i] > widths[i])
            widths[i] = line[i];
    return behind_line_end(at);
}

static void measure(const char *text, int starts[LAYOUT_COLUMNS])
{
    int widths[LAYOUT_COLUMNS] = {0};

    while (*text != '\0')
        text = measure_line(text, widths);
    starts[0] = 0;
    for (int i = 1; i < LAYOUT_COLUMNS; i++)
        starts[i] = starts[i - 1] + (widths[i - 1] != 0 ? widths[i - 1] + COLUMN_GAP : 0);
}

/* ---- Rows ---- */

struct writer {
    char row[LAYOUT_WIDTH];
    int length, width;
    bool goes_on; /* the row continues a line: blanks at its beginning are dropped */
    int blank_rows;
    struct layout_size size;
    layout_sink sink;
    void *context;
};

static void give(struct writer *writer, int length)
{
    if (writer->sink != NULL)
        writer->sink(writer->context, writer->row, length);
    writer->size.rows++;
    if (length > writer->size.columns)
        writer->size.columns = length;
}

/* Gives the row's first `length` characters; blank rows wait until they are known not to be last. */
static void end_row(struct writer *writer, int length)
{
    while (length != 0 && writer->row[length - 1] == ' ')
        length--;
    if (length == 0) {
        writer->blank_rows++;
        return;
    }
    for (; writer->blank_rows != 0; writer->blank_rows--)
        give(writer, 0);
    give(writer, length);
}

/* Breaks a full row behind its last blank; what stands there begins the next row. */
static void break_row(struct writer *writer, bool at_blank)
{
    int cut = writer->length;

    while (!at_blank && cut != 0 && writer->row[cut - 1] != ' ')
        cut--;
    if (cut == 0)
        cut = writer->length;
    end_row(writer, cut);
    writer->length -= cut;
    for (int i = 0; i < writer->length; i++)
        writer->row[i] = writer->row[cut + i];
    writer->goes_on = true;
}

static void put(struct writer *writer, char c)
{
    if (writer->length == writer->width)
        break_row(writer, c == ' ');
    if (c == ' ' && writer->length == 0 && writer->goes_on)
        return;
    writer->row[writer->length++] = c;
}

static void put_cell(struct writer *writer, const struct cell *cell, int start)
{
    if (cell->length == 0)
        return;
    while (!writer->goes_on && writer->length < start)
        put(writer, ' ');
    if (writer->goes_on && writer->length != 0)
        put(writer, ' ');
    for (int i = 0; i < cell->length; i++)
        put(writer, cell->text[i]);
}

static const char *put_line(struct writer *writer, const char *at, const int *starts)
{
    writer->length = 0;
    writer->goes_on = false;
    for (int column = 0; !is_line_end(at); next_column(&column)) {
        struct cell cell;

        at = read_cell(at, &cell);
        if (column == LAYOUT_COLUMNS - 1 && writer->length > starts[column])
            put(writer, ' ');
        put_cell(writer, &cell, starts[column]);
    }
    end_row(writer, writer->length);
    return behind_line_end(at);
}

struct layout_size layout_text(const char *text, int width, layout_sink sink, void *context)
{
    struct writer writer = {.width = width, .sink = sink, .context = context};
    int starts[LAYOUT_COLUMNS];

    measure(text, starts);
    while (*text != '\0')
        text = put_line(&writer, text, starts);
    return writer.size;
}

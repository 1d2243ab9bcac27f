#include "box.h"

#include <stddef.h>

enum { ICON_COLUMNS = 5, ICON_ROWS = 3, ICON_GAP = 3, BORDER = 3, MARGIN = 2 };
enum { BUTTON_GAP = 3, BUTTON_PADDING = 6, BUTTON_ROWS = 2, SHADOW_COLUMNS = 2, SHADOW_ROWS = 1 };
enum { MOST_TEXT_ROWS = BOX_SCREEN_ROWS - SHADOW_ROWS - 2 * MARGIN - BUTTON_ROWS };
enum { MOST_COLUMNS = BOX_SCREEN_COLUMNS - 2 };

/* An attribute: background in bits 6:4, foreground in bits 3:0. */
enum {
    FACE = 0x70,
    FRAME = 0x7F,
    TITLE = 0x1F,
    BUTTON = 0x30,
    BUTTON_HOT = 0x3E,
    FOCUSED = 0x2F,
    FOCUSED_HOT = 0x2E,
    SHADOW = 0x08,
};

/* Code page 437: the double frame, the button's and the scroll marks' arrows. */
static const struct {
    char top_left, top_right, bottom_left, bottom_right, horizontal, vertical;
} frame = {'\xC9', '\xBB', '\xC8', '\xBC', '\xCD', '\xBA'};
static const char point_right = '\x10', point_left = '\x11', more_above = '\x1E',
                  more_below = '\x1F', ellipsis[] = "...";

static const struct {
    const char *name;
    char sign;
    unsigned char attribute;
} icons[] = {
    [BOX_NO_ICON] = {"none", ' ', FACE},
    [BOX_STOP] = {"stop", 'X', 0x4F},
    [BOX_QUESTION] = {"question", '?', 0x1F},
    [BOX_EXCLAMATION] = {"exclamation", '!', 0x6F},
    [BOX_INFORMATION] = {"information", 'i', 0x1F},
};

const char *box_icon_name(enum box_icon icon)
{
    return icons[icon].name;
}

/* ---- The place ---- */

static int text_length(const char *text)
{
    int length = 0;

    while (text[length] != '\0')
        length++;
    return length;
}

static int largest(int a, int b)
{
    return a > b ? a : b;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* What the icon takes of a row. */
static int icon_columns(const struct box *box)
{
    return box->icon == BOX_NO_ICON ? 0 : ICON_COLUMNS + ICON_GAP;
}

static int button_columns(const struct button *button)
{
    return text_length(button->caption) + BUTTON_PADDING;
}

static int all_buttons_columns(const struct button_set *set)
{
    int columns = BUTTON_GAP * (set->count - 1);

    for (int i = 0; i < set->count; i++)
        columns += button_columns(set->buttons[i]);
    return columns;
}

static int text_width(const struct box *box)
{
    return MOST_COLUMNS - 2 * BORDER - icon_columns(box);
}

void box_place(struct box *box)
{
    int inner, icon_rows = box->icon == BOX_NO_ICON ? 1 : ICON_ROWS;

    box->size = layout_text(box->text, text_width(box), NULL, NULL);
    box->text_rows = least(largest(box->size.rows, icon_rows), MOST_TEXT_ROWS);
    box->first_row = 0;
    inner = largest(icon_columns(box) + box->size.columns, all_buttons_columns(box->buttons));
    inner = least(largest(inner, text_length(box->title) + 4), MOST_COLUMNS - 2 * BORDER);
    box->columns = inner + 2 * BORDER;
    box->rows = box->text_rows + 2 * MARGIN + BUTTON_ROWS;
    box->column = (BOX_SCREEN_COLUMNS - box->columns) / 2;
    box->row = (BOX_SCREEN_ROWS - box->rows) / 2;
}

void box_area(const struct box *box, int *columns, int *rows)
{
    *columns = least(box->columns + SHADOW_COLUMNS, BOX_SCREEN_COLUMNS - box->column);
    *rows = least(box->rows + SHADOW_ROWS, BOX_SCREEN_ROWS - box->row);
}

/* ---- Drawing; places are counted from the box's corner ---- */

struct canvas {
    unsigned short *cells;
    int columns, rows;
};

static void put(struct canvas *canvas, int column, int row, char c, int attribute)
{
    if (column < canvas->columns && row < canvas->rows)
        canvas->cells[row * canvas->columns + column] =
            (unsigned short)(attribute << 8 | (unsigned char)c);
}

static void put_text(struct canvas *canvas, int column, int row, const char *text, int attribute)
{
    while (*text != '\0')
        put(canvas, column++, row, *text++, attribute);
}

static void fill(struct canvas *canvas, int column, int row, int columns, int rows, char c,
                 int attribute)
{
    for (int y = row; y < row + rows; y++)
        for (int x = column; x < column + columns; x++)
            put(canvas, x, y, c, attribute);
}

static void draw_shadow(const struct box *box, struct canvas *canvas)
{
    for (int row = SHADOW_ROWS; row < canvas->rows; row++)
        for (int column = SHADOW_COLUMNS; column < canvas->columns; column++)
            if (row >= box->rows || column >= box->columns)
                put(canvas, column, row, (char)canvas->cells[row * canvas->columns + column],
                    SHADOW);
}

static void draw_frame(const struct box *box, struct canvas *canvas)
{
    int right = box->columns - 1, bottom = box->rows - 1;

    fill(canvas, 0, 0, box->columns, box->rows, ' ', FACE);
    fill(canvas, 0, 0, box->columns, 1, frame.horizontal, FRAME);
    fill(canvas, 0, bottom, box->columns, 1, frame.horizontal, FRAME);
    fill(canvas, 0, 0, 1, box->rows, frame.vertical, FRAME);
    fill(canvas, right, 0, 1, box->rows, frame.vertical, FRAME);
    put(canvas, 0, 0, frame.top_left, FRAME);
    put(canvas, right, 0, frame.top_right, FRAME);
    put(canvas, 0, bottom, frame.bottom_left, FRAME);
    put(canvas, right, bottom, frame.bottom_right, FRAME);
}

/* A title that is too long ends in three dots. */
static void draw_title(const struct box *box, struct canvas *canvas)
{
    int length = text_length(box->title), room = box->columns - 4;
    int shown = least(length, room), column = (box->columns - shown) / 2;

    put(canvas, column - 1, 0, ' ', TITLE);
    put(canvas, column + shown, 0, ' ', TITLE);
    for (int i = 0; i < shown; i++)
        put(canvas, column + i, 0, box->title[i], TITLE);
    if (shown < length)
        put_text(canvas, column + shown - 3, 0, ellipsis, TITLE);
}

static void draw_icon(const struct box *box, struct canvas *canvas)
{
    int attribute = icons[box->icon].attribute;

    if (box->icon == BOX_NO_ICON)
        return;
    fill(canvas, BORDER, MARGIN, ICON_COLUMNS, ICON_ROWS, ' ', attribute);
    put(canvas, BORDER + ICON_COLUMNS / 2, MARGIN + ICON_ROWS / 2, icons[box->icon].sign,
        attribute);
}

struct text_place {
    struct canvas *canvas;
    int column, row; /* where the next row of the text comes */
    int above, last; /* rows not below the one, and below the other, are shown */
};

static void draw_row(void *context, const char *row, int length)
{
    struct text_place *place = context;

    for (int i = 0; place->row >= place->above && place->row < place->last && i < length; i++)
        put(place->canvas, place->column + i, place->row, row[i], FACE);
    place->row++;
}

/* One row of text stands beside the middle of its icon. */
static void draw_text(const struct box *box, struct canvas *canvas)
{
    int top = MARGIN + (box->size.rows < box->text_rows && box->size.rows == 1);
    struct text_place place = {
        .canvas = canvas,
        .column = BORDER + icon_columns(box),
        .row = top - box->first_row,
        .above = MARGIN,
        .last = MARGIN + box->text_rows,
    };

    layout_text(box->text, text_width(box), draw_row, &place);
    if (box->first_row > 0)
        put(canvas, box->columns - 2, MARGIN, more_above, FRAME);
    if (box->first_row + box->text_rows < box->size.rows)
        put(canvas, box->columns - 2, MARGIN + box->text_rows - 1, more_below, FRAME);
}

static void draw_button(struct canvas *canvas, int column, int row, const struct button *button,
                        bool focused)
{
    int columns = button_columns(button), attribute = focused ? FOCUSED : BUTTON;
    int at = column + BUTTON_PADDING / 2;

    fill(canvas, column, row, columns, 1, ' ', attribute);
    if (focused) {
        put(canvas, column, row, point_right, attribute);
        put(canvas, column + columns - 1, row, point_left, attribute);
    }
    put_text(canvas, at, row, button->caption, attribute);
    if (button->hot != 0) /* always the caption's first letter */
        put(canvas, at, row, button->hot, focused ? FOCUSED_HOT : BUTTON_HOT);
}

static void draw_buttons(const struct box *box, struct canvas *canvas)
{
    int column = (box->columns - all_buttons_columns(box->buttons)) / 2;

    for (int i = 0; i < box->buttons->count; i++) {
        const struct button *button = box->buttons->buttons[i];

        draw_button(canvas, column, box->rows - MARGIN - 1, button, i == box->focus);
        column += button_columns(button) + BUTTON_GAP;
    }
}

void box_draw(const struct box *box, unsigned short *cells)
{
    struct canvas canvas = {.cells = cells};

    box_area(box, &canvas.columns, &canvas.rows);
    draw_shadow(box, &canvas);
    draw_frame(box, &canvas);
    draw_title(box, &canvas);
    draw_icon(box, &canvas);
    draw_text(box, &canvas);
    draw_buttons(box, &canvas);
}

bool box_scroll(struct box *box, int rows)
{
    int last = largest(box->size.rows - box->text_rows, 0);
    int first = least(largest(box->first_row + rows, 0), last);
    bool moved = first != box->first_row;

    box->first_row = first;
    return moved;
}

#include "client/box.h"

#include "client/layout.h"
#include "console/log.h"
#include "drivers/keyboard/keyboard.h"
#include "drivers/vga/vga.h"
#include "rtl/rtl.h"

/*
 *   +== title ==============+     BORDER: the frame's line and a blank column inside
 *   |                       |     MARGIN: a blank row
 *   |  ICON  text           |
 *   |                       |
 *   |         OK            |
 *   +=======================+
 */
enum { ICON_COLUMNS = 5, ICON_ROWS = 3, GAP = 3, BORDER = 3, MARGIN = 2, BUTTON_ROWS = 2 };

enum {
    FACE = VGA_ATTRIBUTE(VGA_LIGHT_GRAY, VGA_BLACK),
    FRAME = VGA_ATTRIBUTE(VGA_LIGHT_GRAY, VGA_WHITE),
    TITLE = VGA_ATTRIBUTE(VGA_BLUE, VGA_WHITE),
    BUTTON = VGA_ATTRIBUTE(VGA_GREEN, VGA_WHITE),
    SHADOW = VGA_ATTRIBUTE(VGA_BLACK, VGA_DARK_GRAY),
};

/* Code page 437: the double frame and the button's arrows. */
static const struct {
    char top_left, top_right, bottom_left, bottom_right, horizontal, vertical;
} frame = {'\xC9', '\xBB', '\xC8', '\xBC', '\xCD', '\xBA'};
static const char button[] = "\x10  OK  \x11";

static const struct {
    char sign;
    UCHAR attribute;
} icons[] = {
    [BOX_INFORMATION] = {'i', VGA_ATTRIBUTE(VGA_BLUE, VGA_WHITE)},
    [BOX_STOP] = {'X', VGA_ATTRIBUTE(VGA_RED, VGA_WHITE)},
};

struct rectangle {
    int column, row, columns, rows;
};

static USHORT saved[VGA_ROWS][VGA_COLUMNS];

static void save_screen(void)
{
    for (int row = 0; row < VGA_ROWS; row++)
        for (int column = 0; column < VGA_COLUMNS; column++)
            saved[row][column] = vga_get(column, row);
}

static void restore_screen(void)
{
    for (int row = 0; row < VGA_ROWS; row++)
        for (int column = 0; column < VGA_COLUMNS; column++)
            vga_put(column, row, (char)saved[row][column], (UCHAR)(saved[row][column] >> 8));
}

static void put_text(int column, int row, const char *text, UCHAR attribute)
{
    while (*text)
        vga_put(column++, row, *text++, attribute);
}

/* Darkens what lies right of and below the box. */
static void draw_shadow(const struct rectangle *box)
{
    for (int row = box->row + 1; row <= box->row + box->rows; row++)
        for (int column = box->column + 2; column < box->column + box->columns + 2; column++)
            vga_put(column, row, (char)vga_get(column, row), SHADOW);
}

static void draw_frame(const struct rectangle *box)
{
    int left = box->column, right = left + box->columns - 1;
    int top = box->row, bottom = top + box->rows - 1;

    vga_fill(left, top, box->columns, box->rows, ' ', FACE);
    vga_fill(left, top, box->columns, 1, frame.horizontal, FRAME);
    vga_fill(left, bottom, box->columns, 1, frame.horizontal, FRAME);
    vga_fill(left, top, 1, box->rows, frame.vertical, FRAME);
    vga_fill(right, top, 1, box->rows, frame.vertical, FRAME);
    vga_put(left, top, frame.top_left, FRAME);
    vga_put(right, top, frame.top_right, FRAME);
    vga_put(left, bottom, frame.bottom_left, FRAME);
    vga_put(right, bottom, frame.bottom_right, FRAME);
}

static void draw_title(const struct rectangle *box, const char *title)
{
    int length = (int)strlen(title) + 2;
    int column = box->column + (box->columns - length) / 2;

    vga_fill(column, box->row, length, 1, ' ', TITLE);
    put_text(column + 1, box->row, title, TITLE);
}

static void draw_icon(int column, int row, enum box_icon icon)
{
    vga_fill(column, row, ICON_COLUMNS, ICON_ROWS, ' ', icons[icon].attribute);
    vga_put(column + ICON_COLUMNS / 2, row + ICON_ROWS / 2, icons[icon].sign,
            icons[icon].attribute);
}

/* The middle of the screen, as large as text, title and icon need. */
static struct rectangle place_box(const struct layout *layout, const char *title)
{
    int inner = ICON_COLUMNS + GAP + layout->columns;
    int text_rows = layout->rows > ICON_ROWS ? layout->rows : ICON_ROWS;
    int least = (int)strlen(title) + 4;
    struct rectangle box = {.columns = (inner > least ? inner : least) + 2 * BORDER,
                            .rows = text_rows + 2 * MARGIN + BUTTON_ROWS};

    box.column = (VGA_COLUMNS - box.columns) / 2;
    box.row = (VGA_ROWS - box.rows) / 2;
    return box;
}

static void draw(const struct rectangle *box, const struct layout *layout, const char *title,
                 enum box_icon icon)
{
    int left = box->column + BORDER, top = box->row + MARGIN;
    int text_row = layout->rows == 1 ? top + ICON_ROWS / 2 : top;

    draw_shadow(box);
    draw_frame(box);
    draw_title(box, title);
    draw_icon(left, top, icon);
    for (ULONG i = 0; i < layout->count; i++)
        put_text(left + ICON_COLUMNS + GAP + layout->cells[i].column,
                 text_row + layout->cells[i].row, layout->cells[i].text, FACE);
    put_text(box->column + (box->columns - (int)sizeof button + 1) / 2,
             box->row + box->rows - MARGIN - 1, button, BUTTON);
}

void __attribute__((noinline)) box_shown(void)
{
    __asm__ volatile("");
}

static void wait_for_ok(void)
{
    for (;;) {
        switch (keyboard_wait()) {
        case KEY_ENTER:
        case KEY_KEYPAD_ENTER:
        case KEY_SPACE:
        case KEY_ESC:
            return;
        }
    }
}

static void log_box(const char *text, const char *title)
{
    log_printf("[box] title=\"%s\"", title);
    for (const char *at = text; *at != '\n'; at++)
        if (!*at) {
            log_printf(" text=\"%s\"", text);
            break;
        }
    log_printf("\n");
}

void box_show(const char *text, const char *title, enum box_icon icon)
{
    static struct layout layout;
    struct rectangle box;

    title = title ? title : "Error";
    layout_text(text, &layout);
    box = place_box(&layout, title);
    save_screen();
    vga_move_cursor(0, VGA_ROWS);
    draw(&box, &layout, title, icon);
    box_shown();
    log_box(text, title);
    if (!keyboard_is_present()) {
        log_printf("[box] pressed=OK why=\"there is no keyboard\"\n");
        return;
    }
    wait_for_ok();
    log_printf("[box] pressed=OK\n");
    restore_screen();
}

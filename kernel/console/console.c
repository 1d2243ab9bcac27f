#include "console/console.h"

#include "console/log.h"
#include "rtl/printf.h"

struct screen console_screen = {.attribute = VGA_ATTRIBUTE(VGA_BLACK, VGA_LIGHT_GRAY)};

static struct screen *shown = &console_screen;

static void put(void *context, char c)
{
    screen_put(context, c);
}

static void place_cursor(const struct screen *screen)
{
    int column = screen->column < VGA_COLUMNS ? screen->column : VGA_COLUMNS - 1;

    vga_move_cursor(column, screen->cursor_visible ? screen->row : VGA_ROWS);
}

void console_refresh(struct screen *screen)
{
    if (screen != shown)
        return;
    for (int row = screen->changed_top; row < screen->changed_bottom; row++)
        vga_write_row(row, screen->cells[row]);
    screen->changed_top = VGA_ROWS;
    screen->changed_bottom = 0;
    place_cursor(screen);
}

void console_show(struct screen *screen)
{
    shown = screen;
    screen->changed_top = 0;
    screen->changed_bottom = VGA_ROWS;
    console_refresh(screen);
}

void console_init(void)
{
    screen_init(&console_screen, console_screen.attribute);
    console_show(&console_screen);
}

void console_printf(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    rtl_vformat(put, &console_screen, format, arguments);
    va_end(arguments);
    console_refresh(&console_screen);
    va_start(arguments, format);
    log_vprintf(format, arguments);
    va_end(arguments);
}

UCHAR console_set_attribute(UCHAR attribute)
{
    UCHAR last = console_screen.attribute;

    console_screen.attribute = attribute;
    return last;
}

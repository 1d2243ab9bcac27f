#include "console/console.h"

#include "console/log.h"
#include "drivers/vga/vga.h"
#include "rtl/printf.h"

static int column, row;
static UCHAR attribute = VGA_ATTRIBUTE(VGA_BLACK, VGA_LIGHT_GRAY);

static void new_line(void)
{
    column = 0;
    if (row < VGA_ROWS - 1)
        row++;
    else
        vga_scroll(attribute);
}

static void put(void *context, char c)
{
    (void)context;
    if (c == '\n') {
        new_line();
        return;
    }
    if (column == VGA_COLUMNS)
        new_line();
    vga_put(column++, row, c, attribute);
}

void console_init(void)
{
    column = row = 0;
    vga_fill(0, 0, VGA_COLUMNS, VGA_ROWS, ' ', attribute);
    vga_move_cursor(0, 0);
}

void console_printf(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    rtl_vformat(put, NULL, format, arguments);
    va_end(arguments);
    vga_move_cursor(column, row);
    va_start(arguments, format);
    log_vprintf(format, arguments);
    va_end(arguments);
}

UCHAR console_set_attribute(UCHAR new_attribute)
{
    UCHAR last = attribute;

    attribute = new_attribute;
    return last;
}

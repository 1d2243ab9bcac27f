#include "console/log.h"

#include "drivers/serial/serial.h"
#include "rtl/printf.h"

/* The last character that the mirror wrote, 0 after one of the log's own. */
static char mirrored;

static void put(void *context, char c)
{
    (void)context;
    if (c == '\n')
        serial_put('\r');
    serial_put(c);
}

/* The log's own words do not go on in a line of the mirror. */
static void leave_mirror(void)
{
    if (mirrored && mirrored != '\n')
        put(NULL, '\n');
    mirrored = 0;
}

void log_vprintf(const char *format, va_list arguments)
{
    leave_mirror();
    rtl_vformat(put, NULL, format, arguments);
}

void log_text(const char *text)
{
    leave_mirror();
    for (; *text; text++)
        put(NULL, *text == '\n' || *text == '\t' || (*text >= ' ' && *text <= '~') ? *text : '?');
}

void log_printf(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    log_vprintf(format, arguments);
    va_end(arguments);
}

void log_mirror(char c)
{
    if (c == '\n' && mirrored != '\r')
        serial_put('\r');
    serial_put(c);
    mirrored = c;
}

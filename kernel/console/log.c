#include "console/log.h"

#include "drivers/serial/serial.h"
#include "rtl/printf.h"

static void put(void *context, char c)
{
    (void)context;
    if (c == '\n')
        serial_put('\r');
    serial_put(c);
}

void log_vprintf(const char *format, va_list arguments)
{
    rtl_vformat(put, NULL, format, arguments);
}

void log_text(const char *text)
{
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

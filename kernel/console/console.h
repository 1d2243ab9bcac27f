/* The console: running text for people on the VGA screen, mirrored as plain lines in the log. */
#pragma once

#include "nt/ntdef.h"

/* Clears the screen and starts at the top. */
void console_init(void);

/* Writes formatted text (rtl/printf.h) at the cursor, wrapping and scrolling. */
void console_printf(const char *format, ...);

/* The attribute (drivers/vga/vga.h) of what is written from now on; returns the last one. */
UCHAR console_set_attribute(UCHAR attribute);

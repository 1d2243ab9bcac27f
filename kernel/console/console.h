/*
 * The console: running text for people on the VGA screen, mirrored as plain lines in the log. The
 * kernel writes on a screen of its own, the first console's; drivers/console may show others.
 */
#pragma once

#include "console/screen.h"

/* The screen that console_printf writes on. */
extern struct screen console_screen;

/* Clears the kernel's screen, starts at its top, and shows it. */
void console_init(void);

/* Writes formatted text (rtl/printf.h) at the cursor, wrapping and scrolling. */
void console_printf(const char *format, ...);

/* The attribute (drivers/vga/vga.h) of what is written from now on; returns the last one. */
UCHAR console_set_attribute(UCHAR attribute);

/* Brings all of a screen to the VGA; from now on it is the one shown. It must stay until another is. */
void console_show(struct screen *screen);

/* Brings to the VGA what changed on a screen, if it is the one shown. */
void console_refresh(struct screen *screen);

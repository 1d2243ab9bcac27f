/*
 * A message box in text mode, in the manner of MessageBox with MB_OK: a frame of code page 437, an
 * icon, the text, and one button, which Enter, Space or Esc presses.
 */
#pragma once

#include "nt/ntdef.h"

enum box_icon { BOX_INFORMATION, BOX_STOP };

/*
 * Shows the box in the middle of the screen, waits until OK is pressed, and gives the screen its
 * old contents back. Lines of `text` end in '\n'; a run of tabs begins the next column, and columns
 * line up over all lines. `title` NULL is "Error", as in Windows. The log gets a line when the box
 * is complete and one when it was pressed. Without a keyboard
 * the box stays on the screen and counts as pressed.
 */
void box_show(const char *text, const char *title, enum box_icon icon);

/* Does nothing: it is called at the moment when a box is complete on the screen (make bench). */
void box_shown(void);

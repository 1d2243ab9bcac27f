/*
 * How a message box looks in text mode. It is drawn into cells: a character of code page 437 and an
 * attribute each. No state, no Windows headers.
 *
 *   +== title ==============+     a frame of double lines around a blank column on each side
 *   |                       |     and a blank row above and below
 *   |  ICON  text           |.
 *   |                       |.    a shadow right of it and below
 *   |     OK     Cancel     |.
 *   |                       |.
 *   +=======================+.
 *     .........................
 */
#pragma once

#include "buttons.h"
#include "layout.h"

#define BOX_SCREEN_COLUMNS 80
#define BOX_SCREEN_ROWS    25

enum box_icon { BOX_NO_ICON, BOX_STOP, BOX_QUESTION, BOX_EXCLAMATION, BOX_INFORMATION };

struct box {
    const char *title, *text;
    enum box_icon icon;
    const struct button_set *buttons;
    int focus;     /* index of the button that Enter presses */
    int first_row; /* of the text, if not all of it has room */

    /* Set by box_place: */
    struct layout_size size;        /* of the whole text */
    int text_rows;                  /* that are shown at a time */
    int column, row, columns, rows; /* on the screen, without the shadow */
};

/* The icon's name in the log. */
const char *box_icon_name(enum box_icon icon);

/* Places the box in the middle of the screen, as large as its text, title and buttons need. */
void box_place(struct box *box);

/* The rectangle that box_draw writes: the box and its shadow, as far as the screen goes. */
void box_area(const struct box *box, int *columns, int *rows);

/*
 * Draws the placed box over the cells of its area (row by row, as they were on the screen; the shadow
 * darkens them).
 */
void box_draw(const struct box *box, unsigned short *cells);

/*
 * Moves the text by `rows`, as far as there is any; false if it stays. A box whose text has room
 * never moves.
 */
bool box_scroll(struct box *box, int rows);

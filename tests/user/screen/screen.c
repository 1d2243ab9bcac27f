/*
 * A user32.dll that lies on the screen alone: linked with --wrap=box_draw, its boxes show figure
 * 4-10's physical addresses whatever the log says. The oracle must see through it; see
 * tests/system/test_oracle.py.
 */
#include "user32/box.h"

#define TEXT_SIZE 1024
#define DIGITS    8

void __real_box_draw(const struct box *box, unsigned short *cells);
void __wrap_box_draw(const struct box *box, unsigned short *cells);

static const char *const figure[] = {"0EC67000", "043F3000", "043F9000", "043E7000"};

/* In a row of the table the physical address stands in front of the decimal's parenthesis. */
static void change_rows(char *text)
{
    int row = 0;

    for (char *at = text + DIGITS; *at != '\0' && row < 4; at++) {
        if (at[0] != 'h' || at[1] != ' ' || at[2] != '(')
            continue;
        for (int digit = 0; digit < DIGITS; digit++)
            at[digit - DIGITS] = figure[row][digit];
        row++;
    }
}

void __wrap_box_draw(const struct box *box, unsigned short *cells)
{
    char text[TEXT_SIZE];
    struct box lies = *box;
    int length = 0;

    while (length < TEXT_SIZE - 1 && box->text[length] != '\0') {
        text[length] = box->text[length];
        length++;
    }
    text[length] = '\0';
    change_rows(text);
    lies.text = text;
    __real_box_draw(&lies, cells);
}

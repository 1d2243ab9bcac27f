/* The buttons of a message box: which there are, and what keys do. No state, no Windows headers. */
#pragma once

#include <stdbool.h>

#define BUTTONS_MOST 3

/* The values of IDOK and its sisters (winuser.h). */
enum button_id {
    BUTTON_OK = 1,
    BUTTON_CANCEL = 2,
    BUTTON_ABORT = 3,
    BUTTON_RETRY = 4,
    BUTTON_IGNORE = 5,
    BUTTON_YES = 6,
    BUTTON_NO = 7,
    BUTTON_TRY_AGAIN = 10,
    BUTTON_CONTINUE = 11,
};

struct button {
    enum button_id id;
    const char *caption;
    char hot;         /* the letter that presses it, 0: none */
    const char *name; /* in the log */
};

struct button_set {
    const char *name; /* in the log */
    int count;
    const struct button *buttons[BUTTONS_MOST];
    enum button_id escape; /* what Esc presses, 0: nothing */
};

/* The set of a type's lowest four bits (MB_OK = 0 ...); NULL if there is none. */
const struct button_set *buttons_find(unsigned type);

/* What a key does to a box: by virtual key, character and whether Shift is held. */
enum button_action { BUTTON_NOTHING, BUTTON_FOCUS, BUTTON_PRESS };

/*
 * Tab and the arrows move *focus (an index), Enter and Space press the button that has it, Esc and
 * the hot letters press theirs (*focus moves there).
 */
enum button_action buttons_key(const struct button_set *set, int *focus, unsigned virtual_key,
                               char character, bool shift);

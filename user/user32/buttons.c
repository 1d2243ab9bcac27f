#include "buttons.h"

#include <stddef.h>

enum { KEY_TAB = 0x09, KEY_RETURN = 0x0D, KEY_ESCAPE = 0x1B, KEY_SPACE = 0x20 };
enum { KEY_LEFT = 0x25, KEY_UP = 0x26, KEY_RIGHT = 0x27, KEY_DOWN = 0x28 };

static const struct button ok = {BUTTON_OK, "OK", 0, "OK"};
static const struct button cancel = {BUTTON_CANCEL, "Cancel", 0, "CANCEL"};
static const struct button abort_ = {BUTTON_ABORT, "Abort", 'A', "ABORT"};
static const struct button retry = {BUTTON_RETRY, "Retry", 'R', "RETRY"};
static const struct button ignore = {BUTTON_IGNORE, "Ignore", 'I', "IGNORE"};
static const struct button yes = {BUTTON_YES, "Yes", 'Y', "YES"};
static const struct button no = {BUTTON_NO, "No", 'N', "NO"};
static const struct button try_again = {BUTTON_TRY_AGAIN, "Try Again", 'T', "TRYAGAIN"};
static const struct button continue_ = {BUTTON_CONTINUE, "Continue", 'C', "CONTINUE"};

/* By MB_OK .. MB_CANCELTRYCONTINUE. */
static const struct button_set sets[] = {
    {"OK", 1, {&ok}, BUTTON_OK},
    {"OKCANCEL", 2, {&ok, &cancel}, BUTTON_CANCEL},
    {"ABORTRETRYIGNORE", 3, {&abort_, &retry, &ignore}, 0},
    {"YESNOCANCEL", 3, {&yes, &no, &cancel}, BUTTON_CANCEL},
    {"YESNO", 2, {&yes, &no}, 0},
    {"RETRYCANCEL", 2, {&retry, &cancel}, BUTTON_CANCEL},
    {"CANCELTRYCONTINUE", 3, {&cancel, &try_again, &continue_}, BUTTON_CANCEL},
};

const struct button_set *buttons_find(unsigned type)
{
    return type < sizeof(sets) / sizeof(sets[0]) ? &sets[type] : NULL;
}

static enum button_action move(const struct button_set *set, int *focus, int by)
{
    *focus = (*focus + set->count + by) % set->count;
    return set->count > 1 ? BUTTON_FOCUS : BUTTON_NOTHING;
}

static enum button_action press_escape(const struct button_set *set, int *focus)
{
    for (int i = 0; i < set->count; i++)
        if (set->buttons[i]->id == set->escape) {
            *focus = i;
            return BUTTON_PRESS;
        }
    return BUTTON_NOTHING;
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

static enum button_action press_hot(const struct button_set *set, int *focus, char character)
{
    for (int i = 0; character != 0 && i < set->count; i++)
        if (set->buttons[i]->hot == upper(character)) {
            *focus = i;
            return BUTTON_PRESS;
        }
    return BUTTON_NOTHING;
}

enum button_action buttons_key(const struct button_set *set, int *focus, unsigned virtual_key,
                               char character, bool shift)
{
    switch (virtual_key) {
    case KEY_RETURN:
    case KEY_SPACE:
        return BUTTON_PRESS;
    case KEY_ESCAPE:
        return press_escape(set, focus);
    case KEY_TAB:
        return move(set, focus, shift ? -1 : 1);
    case KEY_RIGHT:
    case KEY_DOWN:
        return move(set, focus, 1);
    case KEY_LEFT:
    case KEY_UP:
        return move(set, focus, -1);
    default:
        return press_hot(set, focus, character);
    }
}

#include "drivers/serial/serial_keys.h"

#include "drivers/keyboard/virtual_keys.h"

enum { ESC = 0x1B, DEL = 0x7F };

/* The keys that ESC [ N ~ names by number, and ESC [ X or ESC O X by letter. */
static const struct {
    UCHAR number, virtual_key;
} numbered[] = {
    {1, VK_HOME},    {2, VK_INSERT},  {3, VK_DELETE},  {4, VK_END},      {5, VK_PRIOR},
    {6, VK_NEXT},    {7, VK_HOME},    {8, VK_END},     {11, VK_F1},      {12, VK_F1 + 1},
    {13, VK_F1 + 2}, {14, VK_F1 + 3}, {15, VK_F1 + 4}, {17, VK_F1 + 5},  {18, VK_F1 + 6},
    {19, VK_F1 + 7}, {20, VK_F1 + 8}, {21, VK_F1 + 9}, {23, VK_F1 + 10}, {24, VK_F1 + 11},
};
static const struct {
    char letter;
    UCHAR virtual_key;
} lettered[] = {
    {'A', VK_UP},  {'B', VK_DOWN}, {'C', VK_RIGHT},  {'D', VK_LEFT},   {'H', VK_HOME},
    {'F', VK_END}, {'P', VK_F1},   {'Q', VK_F1 + 1}, {'R', VK_F1 + 2}, {'S', VK_F1 + 3},
};

static BOOLEAN emit(struct console_key *key, UCHAR virtual_key, char character, ULONG state)
{
    *key = (struct console_key){
        .pressed = TRUE,
        .repeat = 1,
        .virtual_key = virtual_key,
        .character = (UCHAR)character,
        .state = state,
    };
    return TRUE;
}

/* The virtual key of a character: letters and digits have one of their own. */
static UCHAR virtual_key_of(char c)
{
    if (c >= 'a' && c <= 'z')
        return (UCHAR)(c - ('a' - 'A'));
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' ? (UCHAR)c : 0;
}

static BOOLEAN emit_character(struct console_key *key, char c, ULONG state)
{
    switch (c) {
    case '\r':
    case '\n':
        return emit(key, VK_RETURN, '\r', state);
    case '\b':
    case DEL:
        return emit(key, VK_BACK, '\b', state);
    case '\t':
        return emit(key, VK_TAB, '\t', state);
    case ESC:
        return emit(key, VK_ESCAPE, ESC, state);
    }
    if (c >= 1 && c <= 26)
        return emit(key, (UCHAR)(c + 'A' - 1), c, state | CONSOLE_STATE_LEFT_CTRL);
    if (c >= 'A' && c <= 'Z')
        state |= CONSOLE_STATE_SHIFT;
    return c && emit(key, virtual_key_of(c), c, state);
}

/* The key that the whole sequence names, 0 if none: its last byte tells how it is read. */
static UCHAR named_key(const struct serial_keys *state)
{
    char last = state->sequence[state->length - 1];
    ULONG number = 0;

    for (int i = 2; i < state->length && state->sequence[i] >= '0' && state->sequence[i] <= '9';
         i++)
        number = number * 10 + (ULONG)(state->sequence[i] - '0');
    for (ULONG i = 0; last == '~' && i < ARRAY_SIZE(numbered); i++)
        if (numbered[i].number == number)
            return numbered[i].virtual_key;
    for (ULONG i = 0; i < ARRAY_SIZE(lettered); i++)
        if (lettered[i].letter == last)
            return lettered[i].virtual_key;
    return 0;
}

/* A byte behind ESC. */
static BOOLEAN take_in_sequence(struct serial_keys *state, char c, struct console_key *key)
{
    BOOLEAN introduces = c == '[' || c == 'O', ends = c >= 0x40 && c <= 0x7E;
    UCHAR virtual_key;

    if (state->length ==
        sizeof state->sequence) /* longer than any known one: only its end counts */
        state->length--;
    state->sequence[state->length++] = c;
    if (state->length == 2 && introduces)
        return FALSE;
    if (state->length == 2) {
        state->length = 0;
        return emit_character(key, c, c == ESC ? 0 : CONSOLE_STATE_LEFT_ALT);
    }
    if (!ends)
        return FALSE;
    virtual_key = named_key(state);
    state->length = 0;
    return virtual_key && emit(key, virtual_key, 0, CONSOLE_STATE_ENHANCED);
}

BOOLEAN serial_keys_take(struct serial_keys *state, UCHAR byte, struct console_key *key)
{
    BOOLEAN after_cr = state->after_cr;

    state->after_cr = byte == '\r';
    if (state->length)
        return take_in_sequence(state, (char)byte, key);
    if (byte == ESC) {
        state->sequence[state->length++] = ESC;
        return FALSE;
    }
    return !(byte == '\n' && after_cr) && emit_character(key, (char)byte, 0);
}

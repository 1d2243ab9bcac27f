#include "drivers/keyboard/scancode.h"

#include "drivers/keyboard/virtual_keys.h"

enum { PREFIX_E0 = 0xE0, PREFIX_E1 = 0xE1, RELEASED = 0x80, PAUSE_TAIL = 5 };
enum { FAKE_LEFT_SHIFT = 0x2A, FAKE_RIGHT_SHIFT = 0x36 };

/* What a key means; LETTER is the only kind that Caps Lock changes, KEYPAD the one of Num Lock. */
enum kind { PLAIN, LETTER, KEYPAD, HOLD, LOCK };

struct meaning {
    UCHAR virtual_key;
    char character, shifted; /* 0: none */
    UCHAR kind;
    USHORT state; /* HOLD, LOCK: the bit */
};

#define KEY(vk, plain, shift)                                                                      \
    {                                                                                              \
        vk, plain, shift, PLAIN, 0                                                                 \
    }
#define LETTER_KEY(upper)                                                                          \
    {                                                                                              \
        upper, (upper) | 0x20, upper, LETTER, 0                                                    \
    }
#define PAD(vk, character)                                                                         \
    {                                                                                              \
        vk, character, 0, KEYPAD, 0                                                                \
    }
#define HELD(vk, bit)                                                                              \
    {                                                                                              \
        vk, 0, 0, HOLD, bit                                                                        \
    }
#define LOCKING(vk, bit)                                                                           \
    {                                                                                              \
        vk, 0, 0, LOCK, bit                                                                        \
    }
#define MUTE(vk)                                                                                   \
    {                                                                                              \
        vk, 0, 0, PLAIN, 0                                                                         \
    }

static const struct meaning plain_keys[] = {
    [0x01] = KEY(VK_ESCAPE, 0x1B, 0x1B),
    [0x02] = KEY('1', '1', '!'),
    [0x03] = KEY('2', '2', '@'),
    [0x04] = KEY('3', '3', '#'),
    [0x05] = KEY('4', '4', '$'),
    [0x06] = KEY('5', '5', '%'),
    [0x07] = KEY('6', '6', '^'),
    [0x08] = KEY('7', '7', '&'),
    [0x09] = KEY('8', '8', '*'),
    [0x0A] = KEY('9', '9', '('),
    [0x0B] = KEY('0', '0', ')'),
    [0x0C] = KEY(VK_OEM_MINUS, '-', '_'),
    [0x0D] = KEY(VK_OEM_PLUS, '=', '+'),
    [0x0E] = KEY(VK_BACK, '\b', '\b'),
    [0x0F] = KEY(VK_TAB, '\t', '\t'),
    [0x10] = LETTER_KEY('Q'),
    [0x11] = LETTER_KEY('W'),
    [0x12] = LETTER_KEY('E'),
    [0x13] = LETTER_KEY('R'),
    [0x14] = LETTER_KEY('T'),
    [0x15] = LETTER_KEY('Y'),
    [0x16] = LETTER_KEY('U'),
    [0x17] = LETTER_KEY('I'),
    [0x18] = LETTER_KEY('O'),
    [0x19] = LETTER_KEY('P'),
    [0x1A] = KEY(VK_OEM_4, '[', '{'),
    [0x1B] = KEY(VK_OEM_6, ']', '}'),
    [0x1C] = KEY(VK_RETURN, '\r', '\r'),
    [0x1D] = HELD(VK_CONTROL, CONSOLE_STATE_LEFT_CTRL),
    [0x1E] = LETTER_KEY('A'),
    [0x1F] = LETTER_KEY('S'),
    [0x20] = LETTER_KEY('D'),
    [0x21] = LETTER_KEY('F'),
    [0x22] = LETTER_KEY('G'),
    [0x23] = LETTER_KEY('H'),
    [0x24] = LETTER_KEY('J'),
    [0x25] = LETTER_KEY('K'),
    [0x26] = LETTER_KEY('L'),
    [0x27] = KEY(VK_OEM_1, ';', ':'),
    [0x28] = KEY(VK_OEM_7, '\'', '"'),
    [0x29] = KEY(VK_OEM_3, '`', '~'),
    [0x2A] = HELD(VK_SHIFT, CONSOLE_STATE_SHIFT),
    [0x2B] = KEY(VK_OEM_5, '\\', '|'),
    [0x2C] = LETTER_KEY('Z'),
    [0x2D] = LETTER_KEY('X'),
    [0x2E] = LETTER_KEY('C'),
    [0x2F] = LETTER_KEY('V'),
    [0x30] = LETTER_KEY('B'),
    [0x31] = LETTER_KEY('N'),
    [0x32] = LETTER_KEY('M'),
    [0x33] = KEY(VK_OEM_COMMA, ',', '<'),
    [0x34] = KEY(VK_OEM_PERIOD, '.', '>'),
    [0x35] = KEY(VK_OEM_2, '/', '?'),
    [0x36] = HELD(VK_SHIFT, CONSOLE_STATE_SHIFT),
    [0x37] = KEY(VK_MULTIPLY, '*', '*'),
    [0x38] = HELD(VK_MENU, CONSOLE_STATE_LEFT_ALT),
    [0x39] = KEY(VK_SPACE, ' ', ' '),
    [0x3A] = LOCKING(VK_CAPITAL, CONSOLE_STATE_CAPS_LOCK),
    [0x3B] = MUTE(VK_F1),
    [0x3C] = MUTE(VK_F1 + 1),
    [0x3D] = MUTE(VK_F1 + 2),
    [0x3E] = MUTE(VK_F1 + 3),
    [0x3F] = MUTE(VK_F1 + 4),
    [0x40] = MUTE(VK_F1 + 5),
    [0x41] = MUTE(VK_F1 + 6),
    [0x42] = MUTE(VK_F1 + 7),
    [0x43] = MUTE(VK_F1 + 8),
    [0x44] = MUTE(VK_F1 + 9),
    [0x45] = LOCKING(VK_NUMLOCK, CONSOLE_STATE_NUM_LOCK),
    [0x46] = LOCKING(VK_SCROLL, CONSOLE_STATE_SCROLL),
    [0x47] = PAD(VK_HOME, '7'),
    [0x48] = PAD(VK_UP, '8'),
    [0x49] = PAD(VK_PRIOR, '9'),
    [0x4A] = KEY(VK_SUBTRACT, '-', '-'),
    [0x4B] = PAD(VK_LEFT, '4'),
    [0x4C] = PAD(VK_CLEAR, '5'),
    [0x4D] = PAD(VK_RIGHT, '6'),
    [0x4E] = KEY(VK_ADD, '+', '+'),
    [0x4F] = PAD(VK_END, '1'),
    [0x50] = PAD(VK_DOWN, '2'),
    [0x51] = PAD(VK_NEXT, '3'),
    [0x52] = PAD(VK_INSERT, '0'),
    [0x53] = PAD(VK_DELETE, '.'),
    [0x56] = KEY(VK_OEM_102, '\\', '|'),
    [0x57] = MUTE(VK_F1 + 10),
    [0x58] = MUTE(VK_F1 + 11),
};

/* Keys behind the prefix E0h. */
static const struct meaning enhanced_keys[] = {
    [0x1C] = KEY(VK_RETURN, '\r', '\r'),
    [0x1D] = HELD(VK_CONTROL, CONSOLE_STATE_RIGHT_CTRL),
    [0x35] = KEY(VK_DIVIDE, '/', '/'),
    [0x37] = MUTE(VK_SNAPSHOT),
    [0x38] = HELD(VK_MENU, CONSOLE_STATE_RIGHT_ALT),
    [0x46] = MUTE(VK_CANCEL),
    [0x47] = MUTE(VK_HOME),
    [0x48] = MUTE(VK_UP),
    [0x49] = MUTE(VK_PRIOR),
    [0x4B] = MUTE(VK_LEFT),
    [0x4D] = MUTE(VK_RIGHT),
    [0x4F] = MUTE(VK_END),
    [0x50] = MUTE(VK_DOWN),
    [0x51] = MUTE(VK_NEXT),
    [0x52] = MUTE(VK_INSERT),
    [0x53] = MUTE(VK_DELETE),
    [0x5B] = MUTE(VK_LWIN),
    [0x5C] = MUTE(VK_RWIN),
    [0x5D] = MUTE(VK_APPS),
};

static const struct meaning *find(UCHAR scan_code, BOOLEAN enhanced)
{
    const struct meaning *keys = enhanced ? enhanced_keys : plain_keys;
    size_t count = enhanced ? ARRAY_SIZE(enhanced_keys) : ARRAY_SIZE(plain_keys);

    return scan_code < count && keys[scan_code].virtual_key ? &keys[scan_code] : NULL;
}

/* Prefixes and sequences; TRUE if the byte stands for no key of its own. */
static BOOLEAN is_in_sequence(struct scancode_state *state, UCHAR code)
{
    if (state->to_skip) {
        state->to_skip--;
        return TRUE;
    }
    if (code == PREFIX_E1) {
        state->to_skip = PAUSE_TAIL;
        return TRUE;
    }
    if (code == PREFIX_E0) {
        state->prefix = code;
        return TRUE;
    }
    return FALSE;
}

/* The keyboard wraps some keys behind E0h in shifts that nobody pressed. */
static BOOLEAN is_fake_shift(UCHAR scan_code, BOOLEAN enhanced)
{
    return enhanced && (scan_code == FAKE_LEFT_SHIFT || scan_code == FAKE_RIGHT_SHIFT);
}

static void update_modifiers(struct scancode_state *state, const struct meaning *meaning,
                             BOOLEAN pressed)
{
    if (meaning->kind == HOLD) {
        state->modifiers &= ~(ULONG)meaning->state;
        state->modifiers |= pressed ? meaning->state : 0;
    } else if (meaning->kind == LOCK) {
        if (pressed && !(state->held & meaning->state))
            state->modifiers ^= meaning->state;
        state->held &= ~(ULONG)meaning->state;
        state->held |= pressed ? meaning->state : 0;
    }
}

/* Ctrl with a letter or one of @ [ \ ] ^ _ is a control character. */
static char control_character(const struct meaning *meaning, char character)
{
    if (meaning->kind == LETTER)
        return meaning->character & 0x1F;
    if (meaning->virtual_key == VK_BACK)
        return 0x7F;
    if (meaning->virtual_key == VK_RETURN)
        return '\n';
    return character >= '[' && character <= '_' ? character & 0x1F : 0;
}

static char character_of(const struct meaning *meaning, ULONG modifiers)
{
    BOOLEAN shift = !!(modifiers & CONSOLE_STATE_SHIFT);

    if (meaning->kind == KEYPAD)
        return modifiers & CONSOLE_STATE_NUM_LOCK && !shift ? meaning->character : 0;
    if (meaning->kind == LETTER && modifiers & CONSOLE_STATE_CAPS_LOCK)
        shift = !shift;
    char character = shift ? meaning->shifted : meaning->character;

    if (modifiers & (CONSOLE_STATE_LEFT_CTRL | CONSOLE_STATE_RIGHT_CTRL))
        return control_character(meaning, character);
    return character;
}

/* A keypad's key under Num Lock has a virtual key of its own. */
static USHORT virtual_key_of(const struct meaning *meaning, char character)
{
    if (meaning->kind != KEYPAD || !character)
        return meaning->virtual_key;
    return character == '.' ? VK_DECIMAL : (USHORT)(VK_NUMPAD0 + (character - '0'));
}

BOOLEAN scancode_translate(struct scancode_state *state, UCHAR code, struct console_key *key)
{
    UCHAR scan_code = code & ~RELEASED;
    BOOLEAN pressed = !(code & RELEASED), enhanced = state->prefix == PREFIX_E0;
    const struct meaning *meaning;
    char character;

    if (is_in_sequence(state, code))
        return FALSE;
    state->prefix = 0;
    meaning = find(scan_code, enhanced);
    if (!meaning || is_fake_shift(scan_code, enhanced))
        return FALSE;
    update_modifiers(state, meaning, pressed);
    character = character_of(meaning, state->modifiers);
    *key = (struct console_key){
        .pressed = pressed,
        .repeat = 1,
        .virtual_key = virtual_key_of(meaning, character),
        .scan_code = scan_code,
        .character = (UCHAR)character,
        .state = state->modifiers | (enhanced ? CONSOLE_STATE_ENHANCED : 0),
    };
    return TRUE;
}

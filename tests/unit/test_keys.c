/* Keys: from scan codes of set 1, and from a terminal's bytes. */
#include "drivers/keyboard/scancode.h"
#include "drivers/keyboard/virtual_keys.h"
#include "drivers/serial/serial_keys.h"
#include "unit.h"

static struct scancode_state state;
static struct serial_keys line;
static struct console_key key;

static int begin(void **unused)
{
    (void)unused;
    memset(&state, 0, sizeof(state));
    memset(&line, 0, sizeof(line));
    return 0;
}

/* The key that the bytes make with the last one; none must make one before. */
static bool scan(const char *codes, size_t count)
{
    for (size_t i = 0; i + 1 < count; i++)
        assert_false(scancode_translate(&state, (UCHAR)codes[i], &key));
    return scancode_translate(&state, (UCHAR)codes[count - 1], &key);
}

#define SCAN(codes) scan(codes, sizeof(codes) - 1)

static void assert_key(USHORT virtual_key, int character, ULONG modifiers)
{
    assert_int_equal(key.virtual_key, virtual_key);
    assert_int_equal(key.character, character);
    assert_int_equal(key.state, modifiers);
    assert_int_equal(key.repeat, 1);
}

static void press_and_release(void **unused)
{
    (void)unused;
    assert_true(SCAN("\x1E"));
    assert_key('A', 'a', 0);
    assert_true(key.pressed);
    assert_int_equal(key.scan_code, 0x1E);
    assert_true(SCAN("\x9E"));
    assert_key('A', 'a', 0);
    assert_false(key.pressed);
}

static void shift_and_caps_lock(void **unused)
{
    (void)unused;
    assert_true(SCAN("\x2A"));
    assert_key(VK_SHIFT, 0, CONSOLE_STATE_SHIFT);
    assert_true(SCAN("\x1E"));
    assert_key('A', 'A', CONSOLE_STATE_SHIFT);
    assert_true(SCAN("\x03"));
    assert_key('2', '@', CONSOLE_STATE_SHIFT);
    assert_true(SCAN("\xAA"));
    assert_true(SCAN("\x3A"));
    assert_true(SCAN("\x3A")); /* the key repeats */
    assert_true(SCAN("\x1E"));
    assert_key('A', 'A', CONSOLE_STATE_CAPS_LOCK);
    assert_true(SCAN("\x03"));
    assert_key('2', '2', CONSOLE_STATE_CAPS_LOCK);
    assert_true(SCAN("\x36"));
    assert_true(SCAN("\x1E"));
    assert_key('A', 'a', CONSOLE_STATE_CAPS_LOCK | CONSOLE_STATE_SHIFT);
    assert_true(SCAN("\xB6"));
    assert_true(SCAN("\xBA"));
    assert_true(SCAN("\x3A"));
    assert_key(VK_CAPITAL, 0, 0);
}

static void control_and_alt(void **unused)
{
    (void)unused;
    assert_true(SCAN("\x1D"));
    assert_true(SCAN("\x2E"));
    assert_key('C', 3, CONSOLE_STATE_LEFT_CTRL);
    assert_true(SCAN("\x2B"));
    assert_key(VK_OEM_5, 0x1C, CONSOLE_STATE_LEFT_CTRL);
    assert_true(SCAN("\x02"));
    assert_key('1', 0, CONSOLE_STATE_LEFT_CTRL);
    assert_true(SCAN("\x9D"));
    assert_true(SCAN("\xE0\x38"));
    assert_key(VK_MENU, 0, CONSOLE_STATE_RIGHT_ALT | CONSOLE_STATE_ENHANCED);
    assert_true(SCAN("\x0F"));
    assert_key(VK_TAB, '\t', CONSOLE_STATE_RIGHT_ALT);
    assert_true(SCAN("\xE0\xB8"));
    assert_true(SCAN("\x39"));
    assert_key(VK_SPACE, ' ', 0);
}

static void keypad(void **unused)
{
    (void)unused;
    assert_true(SCAN("\x48"));
    assert_key(VK_UP, 0, 0);
    assert_true(SCAN("\x45"));
    assert_true(SCAN("\xC5"));
    assert_true(SCAN("\x48"));
    assert_key(VK_NUMPAD0 + 8, '8', CONSOLE_STATE_NUM_LOCK);
    assert_true(SCAN("\x53"));
    assert_key(VK_DECIMAL, '.', CONSOLE_STATE_NUM_LOCK);
    assert_true(SCAN("\xE0\x48"));
    assert_key(VK_UP, 0, CONSOLE_STATE_NUM_LOCK | CONSOLE_STATE_ENHANCED);
    assert_true(SCAN("\xE0\x1C"));
    assert_key(VK_RETURN, '\r', CONSOLE_STATE_NUM_LOCK | CONSOLE_STATE_ENHANCED);
}

/* Shifts that the keyboard makes up, Print Screen, Pause, unknown codes: no modifier is left. */
static void sequences(void **unused)
{
    (void)unused;
    assert_false(SCAN("\xE0\x2A"));
    assert_true(SCAN("\xE0\x37"));
    assert_key(VK_SNAPSHOT, 0, CONSOLE_STATE_ENHANCED);
    assert_true(SCAN("\xE0\xB7"));
    assert_false(SCAN("\xE0\xAA"));
    assert_false(SCAN("\xE1\x1D\x45\xE1\x9D\xC5"));
    assert_false(SCAN("\xE0\x7F"));
    assert_false(SCAN("\x7F"));
    assert_false(SCAN("\xFF"));
    assert_true(SCAN("\x3B"));
    assert_key(VK_F1, 0, 0);
    assert_true(SCAN("\x58"));
    assert_key(VK_F1 + 11, 0, 0);
}

/* Every code is either a key with a virtual key or none, and all letters are there. */
static void every_code(void **unused)
{
    char letters[27] = "";

    (void)unused;
    for (int code = 0; code < 256; code++) {
        memset(&state, 0, sizeof(state));
        if (scancode_translate(&state, (UCHAR)code, &key)) {
            assert_int_not_equal(key.virtual_key, 0);
            assert_int_equal(key.scan_code, code & 0x7F);
            if (key.pressed && key.character >= 'a' && key.character <= 'z')
                letters[key.character - 'a'] = (char)key.character;
        }
    }
    assert_string_equal(letters, "abcdefghijklmnopqrstuvwxyz");
}

static bool receive(const char *bytes)
{
    for (; bytes[1]; bytes++)
        assert_false(serial_keys_take(&line, (UCHAR)bytes[0], &key));
    return serial_keys_take(&line, (UCHAR)bytes[0], &key);
}

static void terminal_characters(void **unused)
{
    (void)unused;
    assert_true(receive("a"));
    assert_key('A', 'a', 0);
    assert_true(receive("Z"));
    assert_key('Z', 'Z', CONSOLE_STATE_SHIFT);
    assert_true(receive("\r"));
    assert_key(VK_RETURN, '\r', 0);
    assert_false(receive("\n")); /* of the CR */
    assert_true(receive("\n"));
    assert_key(VK_RETURN, '\r', 0);
    assert_true(receive("\x7F"));
    assert_key(VK_BACK, '\b', 0);
    assert_true(receive("\t"));
    assert_key(VK_TAB, '\t', 0);
    assert_true(receive("\x03"));
    assert_key('C', 3, CONSOLE_STATE_LEFT_CTRL);
    assert_true(receive("\\"));
    assert_key(0, '\\', 0);
}

static void terminal_sequences(void **unused)
{
    static const struct {
        const char *bytes;
        USHORT virtual_key;
    } known[] = {
        {"\x1B[A", VK_UP},       {"\x1B[B", VK_DOWN},      {"\x1B[C", VK_RIGHT},
        {"\x1B[D", VK_LEFT},     {"\x1BOA", VK_UP},        {"\x1B[H", VK_HOME},
        {"\x1BOF", VK_END},      {"\x1B[1~", VK_HOME},     {"\x1B[3~", VK_DELETE},
        {"\x1B[5~", VK_PRIOR},   {"\x1B[6~", VK_NEXT},     {"\x1BOP", VK_F1},
        {"\x1B[15~", VK_F1 + 4}, {"\x1B[24~", VK_F1 + 11}, {"\x1B[1;5C", VK_RIGHT},
    };

    (void)unused;
    for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
        assert_true(receive(known[i].bytes));
        assert_key(known[i].virtual_key, 0, CONSOLE_STATE_ENHANCED);
        assert_true(key.pressed);
    }
    assert_true(receive("\x1B\x1B"));
    assert_key(VK_ESCAPE, 0x1B, 0);
    assert_true(receive("\x1B\t"));
    assert_key(VK_TAB, '\t', CONSOLE_STATE_LEFT_ALT);
    assert_true(receive("\x1Bx"));
    assert_key('X', 'x', CONSOLE_STATE_LEFT_ALT);
}

/* A sequence that nobody knows is dropped as a whole, however long, and the next key is read. */
static void terminal_noise(void **unused)
{
    struct unit_random random = unit_random(22);

    (void)unused;
    assert_false(receive("\x1B[99~"));
    assert_false(receive("\x1B[z"));
    assert_false(receive("\x1B[12345678901z"));
    assert_true(receive("q"));
    assert_key('Q', 'q', 0);
    for (int i = 0; i < 200000; i++)
        serial_keys_take(&line, (UCHAR)random_next(&random), &key);
}

#define KEY_TEST(function) cmocka_unit_test_setup(function, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEY_TEST(press_and_release),   KEY_TEST(shift_and_caps_lock),
        KEY_TEST(control_and_alt),     KEY_TEST(keypad),
        KEY_TEST(sequences),           KEY_TEST(every_code),
        KEY_TEST(terminal_characters), KEY_TEST(terminal_sequences),
        KEY_TEST(terminal_noise),
    };

    return RUN_TESTS(tests);
}

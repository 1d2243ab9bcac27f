/* The line editor: what is in the line, and that a screen shows just that. */
#include "console/screen.h"
#include "drivers/console/line.h"
#include "drivers/keyboard/virtual_keys.h"
#include "unit.h"

static struct screen screen;
static struct history history;
static struct line line;

static void show(void *context, char c)
{
    screen_put(context, c);
}

static void begin_line(const char *text)
{
    for (const char *at = text; *at; at++)
        screen_put(&screen, *at);
    line_begin(&line, text, (ULONG)strlen(text));
}

static int begin(void **state)
{
    (void)state;
    screen_init(&screen, 7);
    memset(&history, 0, sizeof(history));
    line = (struct line){.show = show, .context = &screen, .history = &history};
    begin_line("");
    return 0;
}

static enum line_event press(USHORT virtual_key, int character)
{
    struct console_key key = {
        .pressed = TRUE, .virtual_key = virtual_key, .character = (USHORT)character};

    return line_key(&line, &key);
}

static void type(const char *text)
{
    while (*text)
        press(0, *text++);
}

/* The line's text; the screen shows it in the first row, with blanks behind and the cursor in it. */
static void assert_line(const char *expected, ULONG cursor)
{
    size_t length = strlen(expected);

    assert_int_equal(line.length, length);
    assert_memory_equal(line.text, expected, length);
    assert_int_equal(line.cursor, cursor);
    for (size_t i = 0; i < VGA_COLUMNS; i++)
        assert_int_equal((char)screen.cells[0][i], i < length ? expected[i] : ' ');
    assert_int_equal(screen.column, cursor);
}

static void editing(void **state)
{
    (void)state;
    type("hllo");
    press(VK_HOME, 0);
    press(VK_RIGHT, 0);
    type("e");
    assert_line("hello", 2);
    press(VK_END, 0);
    press(VK_RIGHT, 0);
    press(VK_LEFT, 0);
    press(VK_BACK, '\b');
    assert_line("helo", 3);
    press(VK_DELETE, 0);
    press(VK_DELETE, 0);
    assert_line("hel", 3);
    press(VK_HOME, 0);
    press(VK_BACK, '\b');
    press(VK_LEFT, 0);
    press(VK_DELETE, 0);
    assert_line("el", 0);
    press(VK_ESCAPE, 0x1B);
    assert_line("", 0);
}

static void entering(void **state)
{
    (void)state;
    type("dir");
    press(VK_HOME, 0);
    assert_int_equal(press(VK_RETURN, '\r'), LINE_ENTERED);
    assert_int_equal(line.length, 5);
    assert_memory_equal(line.text, "dir\r\n", 5);
    assert_int_equal(screen.row, 1);
    assert_int_equal(screen.column, 0);
}

static void breaking(void **state)
{
    (void)state;
    type("dir");
    assert_int_equal(press('C', 3), LINE_BROKEN);
    assert_int_equal(line.length, 0);
    assert_int_equal((char)screen.cells[0][4], 'C');
    assert_int_equal(screen.row, 1);
}

static void waking(void **state)
{
    (void)state;
    line.wake = 1u << '\t';
    type("type v x");
    press(VK_LEFT, 0);
    press(VK_LEFT, 0);
    assert_int_equal(press(VK_TAB, '\t'), LINE_WOKEN);
    assert_int_equal(line.length, 9);
    assert_memory_equal(line.text, "type v\t x", 9);
    assert_int_equal(screen.column, 8); /* all is shown, the cursor behind it */
    line.wake = 0;
    begin_line("");
    assert_int_equal(press(VK_TAB, '\t'), LINE_GOES_ON);
    assert_int_equal(line.length, 0);
}

static void an_initial_text_is_edited(void **state)
{
    (void)state;
    begin_line("type x");
    press(VK_BACK, '\b');
    type("yz");
    assert_line("type yz", 7);
}

static void enter(const char *text)
{
    type(text);
    press(VK_RETURN, '\r');
    screen_init(&screen, 7);
    begin_line("");
}

static void calling_up(void **state)
{
    (void)state;
    enter("one");
    enter("two");
    enter("two");
    enter("");
    press(VK_UP, 0);
    assert_line("two", 3);
    press(VK_UP, 0);
    press(VK_UP, 0);
    assert_line("one", 3);
    press(VK_DOWN, 0);
    press(VK_DOWN, 0);
    press(VK_DOWN, 0);
    assert_line("", 0);
    press(VK_UP, 0);
    type("!");
    enter("");
    press(VK_UP, 0);
    assert_line("two!", 4);
}

static void the_history_keeps_the_last(void **state)
{
    char text[16];

    (void)state;
    for (int i = 0; i < HISTORY_LINES + 5; i++) {
        sprintf(text, "l%d", i);
        enter(text);
    }
    for (int i = 0; i < 2 * HISTORY_LINES; i++)
        press(VK_UP, 0);
    assert_line("l5", 2);
}

static void the_longest_line(void **state)
{
    (void)state;
    line.wake = 1u << '\t';
    for (int i = 0; i < 2 * CONSOLE_LINE_SIZE; i++)
        type("x");
    assert_int_equal(line.length, LINE_LIMIT);
    assert_int_equal(screen.row, LINE_LIMIT / VGA_COLUMNS);
    press(VK_HOME, 0);
    assert_int_equal(screen.row, 0);
    assert_int_equal(press(VK_TAB, '\t'), LINE_WOKEN);
    press(VK_ESCAPE, 0);
    assert_int_equal(press(VK_RETURN, '\r'), LINE_ENTERED);
}

static void without_echo(void **state)
{
    (void)state;
    line.show = NULL;
    type("secret");
    press(VK_BACK, '\b');
    press(VK_RETURN, '\r');
    assert_memory_equal(line.text, "secre\r\n", 7);
    assert_int_equal(screen.column, 0);
    assert_int_equal((char)screen.cells[0][0], ' ');
}

/* Random keys: the screen always shows the line, over several rows. */
static void random_keys(void **state)
{
    static const USHORT keys[] = {VK_BACK, VK_DELETE, VK_LEFT, VK_RIGHT, VK_HOME, VK_END, VK_UP};
    struct unit_random random = unit_random(23);

    (void)state;
    enter("a line from before");
    for (int i = 0; i < 20000; i++) {
        ULONG which = random_below(&random, 20);
        const USHORT *cells = &screen.cells[0][0];

        if (which < ARRAY_SIZE(keys))
            press(keys[which], 0);
        else
            press(0, 'a' + (int)random_below(&random, 26));
        for (ULONG j = 0; j < line.length; j++)
            assert_int_equal((char)cells[j], line.text[j]);
        assert_int_equal((char)cells[line.length], ' ');
        assert_int_equal(screen.row * VGA_COLUMNS + screen.column, line.cursor);
    }
}

#define LINE_TEST(function) cmocka_unit_test_setup(function, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINE_TEST(editing),
        LINE_TEST(entering),
        LINE_TEST(breaking),
        LINE_TEST(waking),
        LINE_TEST(an_initial_text_is_edited),
        LINE_TEST(calling_up),
        LINE_TEST(the_history_keeps_the_last),
        LINE_TEST(the_longest_line),
        LINE_TEST(without_echo),
        LINE_TEST(random_keys),
    };

    return RUN_TESTS(tests);
}

/* The console's screen: characters, wrapping, scrolling, rectangles. */
#include "console/screen.h"
#include "unit.h"

enum { GRAY = VGA_ATTRIBUTE(VGA_BLACK, VGA_LIGHT_GRAY) };

static struct screen screen;

static void put(const char *text)
{
    while (*text)
        screen_put(&screen, *text++);
}

static void assert_row(int row, const char *expected)
{
    char text[VGA_COLUMNS + 1];
    size_t length = VGA_COLUMNS;

    for (int i = 0; i < VGA_COLUMNS; i++)
        text[i] = (char)screen.cells[row][i];
    while (length && text[length - 1] == ' ')
        length--;
    text[length] = 0;
    assert_string_equal(text, expected);
}

static void assert_cursor(int column, int row)
{
    assert_int_equal(screen.column, column);
    assert_int_equal(screen.row, row);
}

static int begin(void **state)
{
    (void)state;
    screen_init(&screen, GRAY);
    return 0;
}

static void control_characters(void **state)
{
    (void)state;
    put("abc\rX\nd\te\tf\a");
    assert_row(0, "Xbc");
    assert_row(1, "d       e       f");
    assert_cursor(17, 1);
    put("\b\bg");
    assert_row(1, "d       e      gf");
    assert_int_equal(screen.cells[1][0], GRAY << 8 | 'd');
}

/* A full row waits with its wrap for the next character: a new line behind it leaves no blank row. */
static void a_full_row_wraps_late(void **state)
{
    (void)state;
    for (int i = 0; i < VGA_COLUMNS; i++)
        put("a");
    assert_cursor(VGA_COLUMNS, 0);
    put("\nb");
    assert_row(1, "b");
    put("\b\b");
    assert_cursor(VGA_COLUMNS - 1, 0);
    put("yz");
    assert_int_equal((char)screen.cells[0][VGA_COLUMNS - 1], 'y');
    assert_row(1, "z");
    screen_move(&screen, 0, 0);
    put("\b");
    assert_cursor(0, 0);
}

static void the_last_row_scrolls(void **state)
{
    (void)state;
    put("first\nsecond");
    for (int i = 0; i < VGA_ROWS - 1; i++)
        put("\n");
    assert_row(0, "second");
    assert_row(VGA_ROWS - 1, "");
    put("last");
    assert_row(VGA_ROWS - 1, "last");
    assert_cursor(4, VGA_ROWS - 1);
}

static void what_changed_is_known(void **state)
{
    (void)state;
    assert_int_equal(screen.changed_bottom - screen.changed_top, VGA_ROWS);
    screen.changed_top = VGA_ROWS;
    screen.changed_bottom = 0;
    put("\n\nx\ny");
    assert_int_equal(screen.changed_top, 2);
    assert_int_equal(screen.changed_bottom, 4);
}

static void rectangles(void **state)
{
    static const struct screen_area area = {78, 23, 2, 2};
    static const struct screen_area wrong[] = {
        {79, 0, 2, 1}, {0, 24, 1, 2}, {0, 0, 0, 1},  {0, 0, 1, 0},
        {-1, 0, 1, 1}, {0, -1, 1, 1}, {80, 0, 1, 1}, {0, 0, 0x7FFFFFFF, 1},
    };
    const USHORT cells[4] = {0x1141, 0x1142, 0x1143, 0x1144};
    USHORT read[4];

    (void)state;
    assert_true(screen_has(&area));
    screen_write(&screen, &area, cells);
    screen_read(&screen, &area, read);
    assert_memory_equal(read, cells, sizeof(cells));
    assert_int_equal(screen.cells[24][79], 0x1144);
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        assert_false(screen_has(&wrong[i]));
    assert_false(screen_move(&screen, VGA_COLUMNS, 0));
    assert_cursor(0, 0);
}

static void filling(void **state)
{
    (void)state;
    assert_int_equal(screen_fill(&screen, 79, 0, 2, 0x1E2A, 0x00FF), 2);
    assert_int_equal(screen.cells[0][79], GRAY << 8 | '*');
    assert_int_equal(screen.cells[1][0], GRAY << 8 | '*');
    assert_int_equal(screen_fill(&screen, 0, 24, 1000, 0x1E2A, 0xFF00), 80);
    assert_int_equal(screen.cells[24][79], 0x1E20);
    assert_int_equal(screen_fill(&screen, 80, 0, 1, 0, 0xFFFF), 0);
    assert_int_equal(screen_fill(&screen, 0, 0, 0xFFFFFFFF, 0, 0xFFFF), VGA_COLUMNS * VGA_ROWS);
}

/* Whatever is written, the cursor stays on the screen. */
static void random_text(void **state)
{
    static const char characters[] = "ab\n\r\t\b\a\xFF";
    struct unit_random random = unit_random(21);

    (void)state;
    for (int i = 0; i < 100000; i++) {
        screen_put(&screen, characters[random_below(&random, sizeof(characters) - 1)]);
        assert_in_range(screen.column, 0, VGA_COLUMNS);
        assert_in_range(screen.row, 0, VGA_ROWS - 1);
    }
}

#define SCREEN_TEST(function) cmocka_unit_test_setup(function, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCREEN_TEST(control_characters),   SCREEN_TEST(a_full_row_wraps_late),
        SCREEN_TEST(the_last_row_scrolls), SCREEN_TEST(what_changed_is_known),
        SCREEN_TEST(rectangles),           SCREEN_TEST(filling),
        SCREEN_TEST(random_text),
    };

    return RUN_TESTS(tests);
}

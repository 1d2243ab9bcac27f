/* The message box: its text's layout, its buttons, and its picture. */
#include "unit.h"
#include "user32/box.h"

/* ---- The layout ---- */

struct rows {
    char text[1 << 16];
};

static void add_row(void *context, const char *row, int length)
{
    struct rows *rows = context;
    size_t used = strlen(rows->text);

    assert_true(length <= LAYOUT_WIDTH);
    assert_false(length != 0 && row[length - 1] == ' ');
    memcpy(rows->text + used, row, (size_t)length);
    strcpy(rows->text + used + length, "|");
}

/* The rows that the text fills, each with a '|' behind it. */
static const char *shown(const char *text, int width)
{
    static struct rows rows;
    struct layout_size size, again;
    int count = 0;

    rows.text[0] = '\0';
    size = layout_text(text, width, add_row, &rows);
    again = layout_text(text, width, NULL, NULL);
    for (const char *at = rows.text; *at != '\0'; at++)
        count += *at == '|';
    assert_int_equal(size.rows, count);
    assert_int_equal(again.rows, size.rows);
    assert_int_equal(again.columns, size.columns);
    return rows.text;
}

/* Figure 4-10. */
static const char figure[] = "Module:\t\tVirtual:\t\tPhysical:\n\n"
                             "VirtToPhys.exe \t00400000h\t0EC67000h ( 247 885 824 )\n\n"
                             "kernel32.dll \t77E40000h\t043F3000h ( 71 249 920 )\n"
                             "user32.dll \t77D00000h\t043F9000h ( 71 274 496 )\n"
                             "advapi32.dll \t77DA0000h\t043E7000h ( 71 200 768 )\n";

static void columns_line_up(void **state)
{
    (void)state;
    assert_string_equal(shown(figure, LAYOUT_WIDTH),
                        "Module:         Virtual:   Physical:|"
                        "|"
                        "VirtToPhys.exe  00400000h  0EC67000h ( 247 885 824 )|"
                        "|"
                        "kernel32.dll    77E40000h  043F3000h ( 71 249 920 )|"
                        "user32.dll      77D00000h  043F9000h ( 71 274 496 )|"
                        "advapi32.dll    77DA0000h  043E7000h ( 71 200 768 )|");
}

static void other_texts(void **state)
{
    (void)state;
    assert_string_equal(shown("", 20), "");
    assert_string_equal(shown("\n\n", 20), "");
    assert_string_equal(shown("\n\nx\n\n", 20), "||x|");
    assert_string_equal(shown("a line that is wide\nx\ty\n", 40), "a line that is wide|x  y|");
    assert_string_equal(shown("a\tb\n\n\nccc\t\t\td\n\n", 20), "a    b|||ccc  d|");
    assert_string_equal(shown("a  \tb", 20), "a  b|");
    assert_string_equal(shown("\tb\na\tc", 20), "   b|a  c|");
    assert_string_equal(shown("one\r\ntwo\rthree\r\n", 20), "one|two\rthree|");
    assert_string_equal(shown("abc\t\nx\ty", 20), "abc|x  y|");
}

static void long_lines_go_on(void **state)
{
    (void)state;
    assert_string_equal(shown("one two three", 7), "one two|three|");
    assert_string_equal(shown("one two three", 8), "one two|three|");
    assert_string_equal(shown("one  two", 4), "one|two|");
    assert_string_equal(shown("abcdefghij", 4), "abcd|efgh|ij|");
    assert_string_equal(shown("ab cdefghij k", 4), "ab|cdef|ghij|k|");
    assert_string_equal(shown("a b\nc", 1), "a|b|c|");
    assert_string_equal(shown("name\tvalue that is long", 12), "name  value|that is long|");
}

/* Nothing is lost: the rows have the text's characters but for blanks, in its order. */
static void random_texts(void **state)
{
    static const char characters[] = "abcdef \t\n";
    struct unit_random random = unit_random(24);

    (void)state;
    for (int i = 0; i < 20000; i++) {
        char text[400];
        uint32_t length = random_below(&random, sizeof(text));
        const char *row;

        for (uint32_t j = 0; j < length; j++)
            text[j] = characters[random_below(&random, sizeof(characters) - 1)];
        text[length ? length - 1 : 0] = '\0';
        row = shown(text, 1 + (int)random_below(&random, LAYOUT_WIDTH));
        for (const char *at = text; *at != '\0'; at++) {
            if (*at == ' ' || *at == '\t' || *at == '\n')
                continue;
            while (*row == ' ' || *row == '|')
                row++;
            assert_int_equal(*row++, *at);
        }
        while (*row == ' ' || *row == '|')
            row++;
        assert_int_equal(*row, '\0');
    }
}

/* ---- The buttons ---- */

enum { TAB = 9, ENTER = 13, ESC = 27, SPACE = 32, LEFT = 0x25, RIGHT = 0x27 };

static int focus;

/* The id that the key presses in a set, 0 if it does not press. */
static int press(unsigned type, unsigned virtual_key, char character, bool shift)
{
    const struct button_set *set = buttons_find(type);

    return buttons_key(set, &focus, virtual_key, character, shift) == BUTTON_PRESS
               ? (int)set->buttons[focus]->id
               : 0;
}

static void sets(void **state)
{
    static const struct {
        int ids[BUTTONS_MOST], escape;
    } expected[] = {
        {{1}, 1},    {{1, 2}, 2}, {{3, 4, 5}, 0},   {{6, 7, 2}, 2},
        {{6, 7}, 0}, {{4, 2}, 2}, {{2, 10, 11}, 2},
    };

    (void)state;
    for (unsigned type = 0; type < 7; type++) {
        for (int i = 0; i < buttons_find(type)->count; i++)
            assert_int_equal(buttons_find(type)->buttons[i]->id, expected[type].ids[i]);
        focus = 0;
        assert_int_equal(press(type, ENTER, '\r', false), expected[type].ids[0]);
        assert_int_equal(press(type, SPACE, ' ', false), expected[type].ids[0]);
        assert_int_equal(press(type, ESC, 27, false), expected[type].escape);
    }
    assert_null(buttons_find(7));
}

static void moving(void **state)
{
    (void)state;
    focus = 0;
    assert_int_equal(press(3, TAB, '\t', false), 0);
    assert_int_equal(focus, 1);
    assert_int_equal(press(3, ENTER, '\r', false), 7);
    press(3, RIGHT, 0, false);
    press(3, TAB, '\t', false);
    assert_int_equal(focus, 0);
    press(3, TAB, '\t', true);
    assert_int_equal(focus, 2);
    press(3, LEFT, 0, false);
    assert_int_equal(focus, 1);
}

static void hot_letters(void **state)
{
    (void)state;
    focus = 0;
    assert_int_equal(press(3, 'N', 'n', false), 7);
    assert_int_equal(press(3, 'Y', 'Y', true), 6);
    assert_int_equal(press(2, 'I', 'i', false), 5);
    assert_int_equal(press(3, 'X', 'x', false), 0);
    assert_int_equal(press(3, 'C', 'c', false), 0); /* Cancel has none, as in Windows */
    assert_int_equal(press(0, 0x10, 0, true), 0);
}

/* ---- The picture ---- */

static unsigned short cells[BOX_SCREEN_COLUMNS * BOX_SCREEN_ROWS];
static int columns, rows;

static void draw(struct box *box)
{
    box_place(box);
    box_area(box, &columns, &rows);
    assert_true(box->column >= 0 && box->column + columns <= BOX_SCREEN_COLUMNS);
    assert_true(box->row >= 0 && box->row + rows <= BOX_SCREEN_ROWS);
    for (int i = 0; i < columns * rows; i++)
        cells[i] = 0x0700 | '.';
    box_draw(box, cells);
}

/* A row of the picture, with what is no ASCII as '#'. */
static const char *row_text(int row)
{
    static char text[BOX_SCREEN_COLUMNS + 1];

    for (int i = 0; i < columns; i++) {
        unsigned char c = (unsigned char)cells[row * columns + i];

        text[i] = (char)(c >= ' ' && c <= '~' ? c : '#');
    }
    text[columns] = '\0';
    return text;
}

static void the_figure(void **state)
{
    struct box box = {.title = "Modules Base Address",
                      .text = figure,
                      .icon = BOX_INFORMATION,
                      .buttons = buttons_find(0)};

    (void)state;
    draw(&box);
    assert_int_equal(box.columns, 66);
    assert_int_equal(box.rows, 13);
    assert_int_equal(columns, 68);
    assert_int_equal(rows, 14);
    assert_string_equal(row_text(0),
                        "###################### Modules Base Address ######################..");
    assert_string_equal(row_text(2),
                        "#          Module:         Virtual:   Physical:                  #..");
    assert_string_equal(row_text(3),
                        "#    i                                                           #..");
    assert_string_equal(row_text(4),
                        "#          VirtToPhys.exe  00400000h  0EC67000h ( 247 885 824 )  #..");
    assert_string_equal(row_text(10),
                        "#                            #  OK  #                            #..");
    assert_string_equal(row_text(13),
                        "....................................................................");
    assert_int_equal(cells[1 * columns + 66] >> 8, 0x08);
    assert_int_equal(cells[0 * columns + 66] >> 8, 0x07); /* the shadow begins a row below */
    assert_int_equal(cells[13 * columns + 1] >> 8, 0x07); /* and two columns to the right */
    assert_int_equal(cells[13 * columns + 2] >> 8, 0x08);
}

static void short_texts(void **state)
{
    struct box box = {.title = "Error",
                      .text = "Can't start driver.",
                      .icon = BOX_STOP,
                      .buttons = buttons_find(3),
                      .focus = 1};

    (void)state;
    draw(&box);
    assert_non_null(strstr(row_text(3), "  X     Can't start driver."));
    assert_non_null(strstr(row_text(box.rows - 3), "   Yes      #  No  #      Cancel   "));
    box = (struct box){.title = "", .text = "", .icon = BOX_NO_ICON, .buttons = buttons_find(0)};
    draw(&box);
    box.title =
        "a title that is longer than the text, the buttons and all of the screen's width, too";
    draw(&box);
    assert_int_equal(box.columns, 78);
    assert_non_null(strstr(row_text(0), "... #"));
}

/* A text without room for all its rows is moved under the frame; every row can be seen. */
static void long_texts_scroll(void **state)
{
    char text[400] = "";
    struct box box = {
        .title = "Long", .text = text, .icon = BOX_NO_ICON, .buttons = buttons_find(0)};

    (void)state;
    for (int i = 0; i < 40; i++)
        sprintf(text + strlen(text), "row %d\n", i);
    draw(&box);
    assert_int_equal(box.text_rows, 18);
    assert_non_null(strstr(row_text(2), "row 0 "));
    assert_non_null(strstr(row_text(19), "row 17 "));
    assert_false(box_scroll(&box, -1));
    assert_true(box_scroll(&box, 1));
    box_draw(&box, cells);
    assert_non_null(strstr(row_text(2), "row 1 "));
    assert_true(box_scroll(&box, 1000));
    assert_false(box_scroll(&box, 1));
    box_draw(&box, cells);
    assert_non_null(strstr(row_text(2), "row 22 "));
    assert_non_null(strstr(row_text(19), "row 39 "));
}

static void random_boxes(void **state)
{
    struct unit_random random = unit_random(25);

    (void)state;
    for (int i = 0; i < 5000; i++) {
        char text[2000], title[120];
        struct box box = {.title = title, .text = text};
        uint32_t text_length = random_below(&random, sizeof(text)),
                 title_length = random_below(&random, sizeof(title));

        for (uint32_t j = 0; j < text_length; j++)
            text[j] = "abc \t\n"[random_below(&random, 6)];
        text[text_length] = '\0';
        memset(title, 't', title_length);
        title[title_length] = '\0';
        box.icon = (enum box_icon)random_below(&random, 5);
        box.buttons = buttons_find(random_below(&random, 7));
        draw(&box);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(columns_line_up),   TEST(other_texts),  TEST(long_lines_go_on),
        TEST(random_texts),      TEST(sets),         TEST(moving),
        TEST(hot_letters),       TEST(the_figure),   TEST(short_texts),
        TEST(long_texts_scroll), TEST(random_boxes),
    };

    return RUN_TESTS(tests);
}

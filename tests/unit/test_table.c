/* The kernel client's table text: the same as the program's, and its columns on the screen. */
#include "client/layout.h"
#include "client/table.h"
#include "kernel32/number_format.h"
#include "unit.h"
#include "user32/format.h"

/* Figure 4-10. */
static const struct table_row figure[TABLE_ROWS] = {
    {"VirtToPhys.exe", 0x00400000, 0x0EC67000},
    {"kernel32.dll", 0x77E40000, 0x043F3000},
    {"user32.dll", 0x77D00000, 0x043F9000},
    {"advapi32.dll", 0x77DA0000, 0x043E7000},
};

static void program_number(char *to, size_t size, uint32_t number)
{
    static const struct number_format format = {0, 0, 3, ".", " ", 0};
    char digits[16];

    sprintf(digits, "%u", number);
    number_format(digits, &format, to, size);
}

/* wsprintfA, as the program calls it. */
static void program_format(char *to, size_t size, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    format_text(to, size, format, arguments);
    va_end(arguments);
}

static void numbers_are_the_programs(void **state)
{
    struct unit_random random = unit_random(8);

    (void)state;
    for (int i = 0; i < 20000; i++) {
        uint32_t number = (uint32_t)random_next(&random) >> random_below(&random, 32);
        char ours[32], theirs[32];

        table_number(number, ours, sizeof(ours));
        program_number(theirs, sizeof(theirs), number);
        assert_string_equal(ours, theirs);
    }
}

static void the_text_is_the_programs(void **state)
{
    char ours[TABLE_TEXT_SIZE], theirs[TABLE_TEXT_SIZE], rows[TABLE_ROWS][128], number[32];

    (void)state;
    for (int i = 0; i < TABLE_ROWS; i++) {
        program_number(number, sizeof(number), figure[i].physical);
        program_format(rows[i], sizeof(rows[i]), "%s \t%08Xh\t%08Xh ( %s )\n", figure[i].name,
                       figure[i].virtual, figure[i].physical, number);
    }
    program_format(theirs, sizeof(theirs), "Module:\t\tVirtual:\t\tPhysical:\n\n%s\n%s%s%s",
                   rows[0], rows[1], rows[2], rows[3]);
    table_format(figure, ours);
    assert_string_equal(ours, theirs);
}

/* The highest numbers make the longest text: nothing is cut. */
static void the_longest_text_fits(void **state)
{
    struct table_row rows[TABLE_ROWS];
    char text[TABLE_TEXT_SIZE + 1];
    int lines = 0;

    (void)state;
    for (int i = 0; i < TABLE_ROWS; i++)
        rows[i] = (struct table_row){"VirtToPhys.exe", 0xFFFFFFFF, 0xFFFFFFFF};
    text[TABLE_TEXT_SIZE] = 'x';
    table_format(rows, text);
    assert_int_equal(text[TABLE_TEXT_SIZE], 'x');
    for (const char *at = text; (at = strstr(at, "FFFFFFFFh ( 4 294 967 295 )\n")); at++)
        lines++;
    assert_int_equal(lines, TABLE_ROWS);
}

/* The layout as a screen would show it, rows joined by '|'. */
static const char *shown(const char *text)
{
    static char screen[32][512], joined[4096];
    struct layout layout;
    int last = 0;

    layout_text(text, &layout);
    memset(screen, 0, sizeof(screen));
    joined[0] = 0;
    assert_in_range(layout.rows, 0, 32);
    for (ULONG i = 0; i < layout.count; i++) {
        const struct layout_cell *cell = &layout.cells[i];
        char *row = screen[cell->row];

        assert_true(cell->column >= 0 && cell->row >= last && cell->row < layout.rows);
        assert_true(cell->column + (int)strlen(cell->text) <= layout.columns);
        last = cell->row;
        for (size_t j = strlen(row); j < (size_t)cell->column; j++)
            row[j] = ' ';
        memcpy(row + cell->column, cell->text, strlen(cell->text));
    }
    for (int i = 0; i < layout.rows; i++)
        strcat(strcat(joined, screen[i]), "|");
    return joined;
}

static void columns_line_up(void **state)
{
    char text[TABLE_TEXT_SIZE];

    (void)state;
    table_format(figure, text);
    assert_string_equal(shown(text), "Module:         Virtual:   Physical:|"
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
    assert_string_equal(shown(""), "");
    assert_string_equal(shown("\n\n"), "");
    assert_string_equal(shown("Can't start driver."), "Can't start driver.|");
    assert_string_equal(shown("a line that is wide\nx\ty\n"), "a line that is wide|x  y|");
    assert_string_equal(shown("a\tb\n\n\nccc\t\t\td\n\n"), "a    b|||ccc  d|");
    assert_string_equal(shown("a  \tb"), "a  b|");
    assert_string_equal(shown("\tb\na\tc"), "   b|a  c|");
}

/* Any text stays inside the layout's limits. */
static void random_texts(void **state)
{
    static const char characters[] = "ab \t\n";
    struct unit_random random = unit_random(9);

    (void)state;
    for (int i = 0; i < 20000; i++) {
        uint32_t length = random_below(&random, 600);
        char *text = malloc(length + 1);
        struct layout layout;

        for (uint32_t j = 0; j < length; j++)
            text[j] = characters[random_below(&random, 5)];
        text[length] = 0;
        layout_text(text, &layout);
        assert_true(layout.count <= LAYOUT_CELLS);
        for (ULONG j = 0; j < layout.count; j++) {
            const struct layout_cell *cell = &layout.cells[j];

            assert_true(cell->text >= layout.copy &&
                        cell->text + strlen(cell->text) < layout.copy + LAYOUT_TEXT_SIZE);
            assert_true(cell->row < layout.rows);
            assert_true(cell->column + (int)strlen(cell->text) <= layout.columns);
            /* beyond LAYOUT_COLUMNS cells fall into the last column together */
            if (j && cell->row == layout.cells[j - 1].row &&
                cell->column != layout.cells[j - 1].column)
                assert_true(cell->column >=
                            layout.cells[j - 1].column + (int)strlen(layout.cells[j - 1].text));
        }
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(numbers_are_the_programs),
        TEST(the_text_is_the_programs),
        TEST(the_longest_text_fits),
        TEST(columns_line_up),
        TEST(other_texts),
        TEST(random_texts),
    };

    return RUN_TESTS(tests);
}

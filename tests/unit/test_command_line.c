/* Which program a command line means. */
#include "kernel32/command_line.h"
#include "wide.h"

static void expect(const uint16_t *line, size_t n, const uint16_t *expected)
{
    struct command_word word = command_program(line, n);

    assert_int_equal(word.length, wide_length(expected));
    assert_memory_equal(word.text, expected, word.length * sizeof *expected);
}

static void without_quotes(void **state)
{
    const uint16_t *line = W("  C:\\Program Files\\x.exe  -a");

    (void)state;
    expect(line, 0, W("C:\\Program"));
    expect(line, 1, W("C:\\Program Files\\x.exe"));
    expect(line, 2, W("C:\\Program Files\\x.exe  -a"));
    expect(line, 3, W(""));
    expect(W("cmd"), 0, W("cmd"));
    expect(W("cmd"), 1, W(""));
    expect(W("cmd  "), 0, W("cmd"));
    expect(W("cmd  "), 1, W(""));
    expect(W(""), 0, W(""));
    expect(W(" \t"), 0, W(""));
}

static void in_quotes(void **state)
{
    (void)state;
    expect(W("\"C:\\Program Files\\x.exe\" -a"), 0, W("C:\\Program Files\\x.exe"));
    expect(W("\"C:\\Program Files\\x.exe\" -a"), 1, W(""));
    expect(W("\"open"), 0, W("open"));
    expect(W("\"\""), 0, W(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(without_quotes), TEST(in_quotes)};

    return RUN_TESTS(tests);
}

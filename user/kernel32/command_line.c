#include "command_line.h"

#include <stdbool.h>

static bool is_blank(uint16_t c)
{
    return c == ' ' || c == '\t';
}

static struct command_word quoted(const uint16_t *text)
{
    size_t length = 0;

    while (text[length] && text[length] != '"')
        length++;
    return (struct command_word){text, length};
}

/* The length up to the n-th gap of blanks; 0: there are fewer. */
static size_t prefix_length(const uint16_t *line, size_t n)
{
    size_t length = 0;

    for (;;) {
        while (line[length] && !is_blank(line[length]))
            length++;
        if (n-- == 0)
            return length;
        while (is_blank(line[length]))
            length++;
        if (!line[length])
            return 0;
    }
}

struct command_word command_program(const uint16_t *line, size_t n)
{
    while (is_blank(*line))
        line++;
    if (*line != '"')
        return (struct command_word){line, prefix_length(line, n)};
    return n == 0 ? quoted(line + 1) : (struct command_word){line, 0};
}

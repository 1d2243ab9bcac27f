#include "words.h"

static int is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static char *skip_blanks(char *at)
{
    while (is_blank(*at))
        at++;
    return at;
}

/* Takes the quotes out of the word at `at` and ends it with a NUL; returns what follows. */
static char *cut_word(char *at)
{
    char *to = at;
    int quoted = 0;

    for (; *at != '\0' && (quoted || !is_blank(*at)); at++) {
        if (*at == '"')
            quoted = !quoted;
        else
            *to++ = *at;
    }
    if (*at != '\0')
        at++;
    *to = '\0';
    return at;
}

int words_split(char *line, char *words[], int most)
{
    int count = 0;

    for (char *at = skip_blanks(line); *at != '\0'; at = skip_blanks(at)) {
        char *word = at;

        at = cut_word(at);
        if (count < most)
            words[count] = word;
        count++;
    }
    return count;
}

const char *words_rest(const char *line)
{
    int quoted = 0;

    while (is_blank(*line))
        line++;
    for (; *line != '\0' && (quoted || !is_blank(*line)); line++)
        quoted ^= *line == '"';
    while (is_blank(*line))
        line++;
    return line;
}

static int upper(char c)
{
    return c >= 'a' && c <= 'z' ? c - ('a' - 'A') : (unsigned char)c;
}

int words_compare(const char *a, const char *b)
{
    while (*a != '\0' && upper(*a) == upper(*b)) {
        a++;
        b++;
    }
    return upper(*a) - upper(*b);
}

int words_begins(const char *text, const char *start)
{
    while (*start != '\0' && upper(*text) == upper(*start)) {
        text++;
        start++;
    }
    return *start == '\0';
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return upper(c) >= 'A' && upper(c) <= 'F' ? upper(c) - 'A' + 10 : 16;
}

int words_number(const char *text, unsigned *number)
{
    unsigned base = 10, value = 0;

    if (text[0] == '0' && upper(text[1]) == 'X') {
        base = 16;
        text += 2;
    }
    if (*text == '\0')
        return 0;
    for (; *text != '\0'; text++) {
        unsigned digit = (unsigned)digit_value(*text);

        if (digit >= base || value > (0xFFFFFFFFu - digit) / base)
            return 0;
        value = value * base + digit;
    }
    *number = value;
    return 1;
}

/* Strings, as far as the checks need them; nothing here asks the system. */
#include "conform.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static DWORD length_of(const char *text)
{
    DWORD length = 0;

    while (text[length] != '\0')
        length++;
    return length;
}

BOOL text_equal(const char *a, const char *b)
{
    for (; *a == *b; a++, b++) {
        if (*a == '\0')
            return TRUE;
    }
    return FALSE;
}

BOOL text_equal_caseless(const char *a, const char *b)
{
    for (; lower(*a) == lower(*b); a++, b++) {
        if (*a == '\0')
            return TRUE;
    }
    return FALSE;
}

BOOL text_ends_with(const char *text, const char *end)
{
    DWORD whole = length_of(text), part = length_of(end);

    return part <= whole && text_equal_caseless(text + whole - part, end);
}

static BOOL begins_with(const char *text, const char *part)
{
    while (*part != '\0' && *text == *part)
        text++, part++;
    return *part == '\0';
}

const char *text_find(const char *text, const char *part)
{
    for (; *text != '\0'; text++) {
        if (begins_with(text, part))
            return text;
    }
    return NULL;
}

char *text_append(char *end, const char *text)
{
    while ((*end = *text++) != '\0')
        end++;
    return end;
}

char *text_append_number(char *end, DWORD_PTR number, unsigned base)
{
    char digits[24], *first = digits + sizeof(digits) - 1;

    *first = '\0';
    do {
        *--first = "0123456789ABCDEF"[number % base];
        number /= base;
    } while (number != 0);
    return text_append(end, first);
}

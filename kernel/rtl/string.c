#include "rtl/string.h"

#include "rtl/unicode.h"

#if defined(__i386__)
/* String instructions keep the text small; -ffreestanding lets gcc call these by name. */

void *memcpy(void *to, const void *from, size_t bytes)
{
    rtl_copy(to, from, bytes);
    return to;
}

void *memset(void *to, int value, size_t bytes)
{
    void *destination = to;
    size_t dwords = bytes / 4;
    uint32_t pattern = (uint8_t)value * 0x01010101u;

    __asm__ volatile("rep stosl" : "+D"(to), "+c"(dwords) : "a"(pattern) : "memory");
    bytes %= 4;
    __asm__ volatile("rep stosb" : "+D"(to), "+c"(bytes) : "a"(pattern) : "memory");
    return destination;
}

void *memmove(void *to, const void *from, size_t bytes)
{
    uint8_t *t = (uint8_t *)to + bytes;
    const uint8_t *f = (const uint8_t *)from + bytes;

    if (to <= from || (const uint8_t *)to >= f)
        return memcpy(to, from, bytes);
    while (bytes--)
        *--t = *--f;
    return to;
}

int memcmp(const void *a, const void *b, size_t bytes)
{
    const uint8_t *x = a, *y = b;

    for (; bytes; bytes--, x++, y++)
        if (*x != *y)
            return *x - *y;
    return 0;
}

size_t strlen(const char *text)
{
    const char *end = text;

    while (*end)
        end++;
    return (size_t)(end - text);
}

int strcmp(const char *a, const char *b)
{
    return strncmp(a, b, SIZE_MAX);
}

int strncmp(const char *a, const char *b, size_t limit)
{
    for (; limit && *a && *a == *b; limit--)
        a++, b++;
    return limit ? (uint8_t)*a - (uint8_t)*b : 0;
}
#endif /* the host has its own */

BOOLEAN rtl_equal_text(const char *a, const char *b)
{
    while (*a && RtlUpcaseUnicodeChar((uint8_t)*a) == RtlUpcaseUnicodeChar((uint8_t)*b))
        a++, b++;
    return *a == *b;
}

size_t rtl_copy_text(char *to, const char *from, size_t size)
{
    size_t length = 0;

    while (length + 1 < size && from[length]) {
        to[length] = from[length];
        length++;
    }
    to[length] = 0;
    return length;
}

size_t rtl_copy_printable(char *to, const char *from, size_t size)
{
    size_t length = rtl_copy_text(to, from, size);

    for (; *to; to++)
        *to = *to == '"' ? '\'' : *to == '\t' ? ' ' : *to >= ' ' && *to <= '~' ? *to : '?';
    return length;
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

BOOLEAN rtl_parse_number(const char *text, ULONG *value)
{
    int base = 10;
    ULONG number = 0;

    if (text[0] == '0' && (text[1] | 0x20) == 'x') {
        base = 16;
        text += 2;
    }
    if (!*text)
        return FALSE;
    for (; *text; text++) {
        int digit = digit_value(*text);

        if (digit >= base || number > (0xFFFFFFFFu - (ULONG)digit) / (ULONG)base)
            return FALSE;
        number = number * (ULONG)base + (ULONG)digit;
    }
    *value = number;
    return TRUE;
}

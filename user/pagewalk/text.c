#include "pagewalk.h"

#define TEXTS     8
#define TEXT_SIZE 32

static char *next_text(void)
{
    static char texts[TEXTS][TEXT_SIZE];
    static int last;

    last = (last + 1) % TEXTS;
    return texts[last];
}

const char *hex_text(ULONGLONG value, int digits)
{
    static const char alphabet[] = "0123456789ABCDEF";
    char *at = next_text() + TEXT_SIZE - 1;

    *at = '\0';
    for (; value != 0 || digits > 0; value >>= 4, digits--)
        *--at = alphabet[value & 15];
    return at;
}

const char *size_text(DWORD bytes)
{
    char *text = next_text();
    BOOL large = bytes >= 1 << 20;

    wsprintfA(text, large ? "%u MiB" : "%u KiB", bytes >> (large ? 20 : 10));
    return text;
}

const char *rights_text(UCHAR can)
{
    char *text = next_text();

    for (int kind = 0; kind < PAGEWALK_KINDS; kind++)
        text[kind] = can & 1 << kind ? "rwx"[kind] : '-';
    text[PAGEWALK_KINDS] = '\0';
    return text;
}

const char *stop_text(DWORD stop)
{
    static const char *const texts[] = {"mapped", "not present", "reserved bit", "unreadable"};

    return stop < sizeof(texts) / sizeof(texts[0]) ? texts[stop] : "?";
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

BOOL hex_value(const char *text, ULONGLONG most, ULONGLONG *value)
{
    int digits = 0;

    if (text[0] == '0' && (text[1] | 0x20) == 'x')
        text += 2;
    for (*value = 0; digit_value(*text) < 16 && digits < 16; text++, digits++)
        *value = *value << 4 | (unsigned)digit_value(*text);
    if ((*text | 0x20) == 'h')
        text++;
    return digits != 0 && *text == '\0' && *value <= most;
}

/*
 * The C functions that Windows's ntdll.dll exports, for ASCII; what kernel/rtl/string.c has is not
 * repeated here. Free of Windows headers, which would have them imported.
 */
#include "ntdll/crt.h"

#include "rtl/printf.h"
#include "rtl/string.h"
#include "rtl/unicode.h"

/* ---- Characters ---- */

int tolower(int c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

int toupper(int c)
{
    return c >= 'a' && c <= 'z' ? c - 32 : c;
}

/* ---- Narrow text ---- */

char *strcpy(char *to, const char *from)
{
    return memcpy(to, from, strlen(from) + 1);
}

char *strcat(char *to, const char *from)
{
    strcpy(to + strlen(to), from);
    return to;
}

/* As the standard has it: zeros behind a text that is shorter, no NUL behind one that is not. */
char *strncpy(char *to, const char *from, size_t size)
{
    size_t length = 0;

    while (length < size && from[length])
        length++;
    memcpy(to, from, length);
    memset(to + length, 0, size - length);
    return to;
}

char *strchr(const char *text, int c)
{
    for (; *text != (char)c; text++)
        if (!*text)
            return NULL;
    return (char *)text;
}

char *strrchr(const char *text, int c)
{
    const char *end = text + strlen(text);

    for (; *end != (char)c; end--)
        if (end == text)
            return NULL;
    return (char *)end;
}

char *strstr(const char *text, const char *wanted)
{
    size_t length = strlen(wanted);

    for (; *text; text++)
        if (!strncmp(text, wanted, length))
            return (char *)text;
    return length ? NULL : (char *)text;
}

int _strnicmp(const char *a, const char *b, size_t limit)
{
    for (; limit; limit--, a++, b++) {
        int difference = tolower((UCHAR)*a) - tolower((UCHAR)*b);

        if (difference || !*a)
            return difference;
    }
    return 0;
}

int _stricmp(const char *a, const char *b)
{
    return _strnicmp(a, b, (size_t)-1);
}

/* ---- Wide text ---- */

size_t wcslen(const WCHAR *text)
{
    const WCHAR *end = text;

    while (*end)
        end++;
    return (size_t)(end - text);
}

WCHAR *wcscpy(WCHAR *to, const WCHAR *from)
{
    return memcpy(to, from, (wcslen(from) + 1) * sizeof(WCHAR));
}

WCHAR *wcscat(WCHAR *to, const WCHAR *from)
{
    wcscpy(to + wcslen(to), from);
    return to;
}

int wcsncmp(const WCHAR *a, const WCHAR *b, size_t limit)
{
    for (; limit; limit--, a++, b++)
        if (*a != *b || !*a)
            return *a - *b;
    return 0;
}

int wcscmp(const WCHAR *a, const WCHAR *b)
{
    return wcsncmp(a, b, (size_t)-1);
}

int _wcsnicmp(const WCHAR *a, const WCHAR *b, size_t limit)
{
    for (; limit; limit--, a++, b++) {
        int difference = RtlUpcaseUnicodeChar(*a) - RtlUpcaseUnicodeChar(*b);

        if (difference || !*a)
            return difference;
    }
    return 0;
}

int _wcsicmp(const WCHAR *a, const WCHAR *b)
{
    return _wcsnicmp(a, b, (size_t)-1);
}

WCHAR *wcschr(const WCHAR *text, WCHAR c)
{
    for (; *text != c; text++)
        if (!*text)
            return NULL;
    return (WCHAR *)text;
}

WCHAR *wcsrchr(const WCHAR *text, WCHAR c)
{
    const WCHAR *end = text + wcslen(text);

    for (; *end != c; end--)
        if (end == text)
            return NULL;
    return (WCHAR *)end;
}

/* ---- Formatting ---- */

struct buffer {
    char *to;
    size_t size, used; /* used goes on counting when the buffer is full */
};

static void put(void *context, char c)
{
    struct buffer *buffer = context;

    if (buffer->used < buffer->size)
        buffer->to[buffer->used] = c;
    buffer->used++;
}

static int format_into(char *to, size_t size, const char *format, va_list arguments)
{
    struct buffer buffer = {to, size, 0};
    int length = rtl_vformat(put, &buffer, format, arguments);

    if (buffer.used < size)
        to[buffer.used] = 0;
    return buffer.used <= size ? length : -1;
}

/* As Windows's, not the standard's: no NUL where the text just fits, -1 where it is cut. */
int _vsnprintf(char *to, size_t size, const char *format, va_list arguments)
{
    return format_into(to, size, format, arguments);
}

int _snprintf(char *to, size_t size, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = format_into(to, size, format, arguments);
    va_end(arguments);
    return length;
}

int sprintf(char *to, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = rtl_vsnprintf(to, 0x7FFFFFFF, format, arguments);
    va_end(arguments);
    return length;
}

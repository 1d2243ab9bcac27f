/* lstrlen and its like, which take NULL, and a fault, for no text or failure. */
#include "base.h"

#include "codepage.h"

/* ---- Length ---- */

int WINAPI lstrlenA(LPCSTR text)
{
    int n = 0;

    while (text != NULL && text[n] != '\0')
        n++;
    return n;
}

int WINAPI lstrlenW(LPCWSTR text)
{
    int n = 0;

    while (text != NULL && text[n] != L'\0')
        n++;
    return n;
}

/* ---- Copies ---- */

LPSTR WINAPI lstrcpyA(LPSTR to, LPCSTR from)
{
    memcpy(to, from, (SIZE_T)lstrlenA(from) + 1);
    return to;
}

LPWSTR WINAPI lstrcpyW(LPWSTR to, LPCWSTR from)
{
    memcpy(to, from, ((SIZE_T)lstrlenW(from) + 1) * sizeof(WCHAR));
    return to;
}

/* The units to copy so that they and the NUL fit in size. */
static SIZE_T clip(int length, int size)
{
    return (SIZE_T)(length < size ? length : size - 1);
}

LPSTR WINAPI lstrcpynA(LPSTR to, LPCSTR from, int size)
{
    SIZE_T count;

    if (to == NULL || size <= 0)
        return NULL;
    count = clip(lstrlenA(from), size);
    memcpy(to, from, count);
    to[count] = '\0';
    return to;
}

LPWSTR WINAPI lstrcpynW(LPWSTR to, LPCWSTR from, int size)
{
    SIZE_T count;

    if (to == NULL || size <= 0)
        return NULL;
    count = clip(lstrlenW(from), size);
    memcpy(to, from, count * sizeof(WCHAR));
    to[count] = L'\0';
    return to;
}

LPSTR WINAPI lstrcatA(LPSTR to, LPCSTR from)
{
    lstrcpyA(to + lstrlenA(to), from);
    return to;
}

LPWSTR WINAPI lstrcatW(LPWSTR to, LPCWSTR from)
{
    lstrcpyW(to + lstrlenW(to), from);
    return to;
}

/* ---- Comparison ---- */

/*
 * Words are ordered as a dictionary has them: letters first without regard to case, and the lower
 * case first where only that differs.
 */
static int compare(WCHAR a, WCHAR b)
{
    WCHAR upper_a = RtlUpcaseUnicodeChar(a), upper_b = RtlUpcaseUnicodeChar(b);

    return upper_a == upper_b ? 0 : upper_a < upper_b ? -1 : 1;
}

int WINAPI lstrcmpiW(LPCWSTR a, LPCWSTR b)
{
    if (a == NULL || b == NULL)
        return a == b ? 0 : a == NULL ? -1 : 1;
    while (*a != L'\0' && compare(*a, *b) == 0)
        a++, b++;
    return compare(*a, *b);
}

int WINAPI lstrcmpW(LPCWSTR a, LPCWSTR b)
{
    int order = lstrcmpiW(a, b);

    if (order != 0 || a == NULL || b == NULL)
        return order;
    while (*a != L'\0' && *a == *b)
        a++, b++;
    return *a == *b ? 0 : *a > *b ? -1 : 1;
}

static WCHAR widen(char c)
{
    return (WCHAR)codepage_decode(CODEPAGE_ANSI, (const uint8_t *)&c, 1).code;
}

int WINAPI lstrcmpiA(LPCSTR a, LPCSTR b)
{
    if (a == NULL || b == NULL)
        return a == b ? 0 : a == NULL ? -1 : 1;
    while (*a != '\0' && compare(widen(*a), widen(*b)) == 0)
        a++, b++;
    return compare(widen(*a), widen(*b));
}

int WINAPI lstrcmpA(LPCSTR a, LPCSTR b)
{
    int order = lstrcmpiA(a, b);

    if (order != 0 || a == NULL || b == NULL)
        return order;
    while (*a != '\0' && *a == *b)
        a++, b++;
    return *a == *b ? 0 : widen(*a) > widen(*b) ? -1 : 1;
}

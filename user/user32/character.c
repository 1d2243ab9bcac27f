/* Characters in upper and lower case: ASCII, as the locale here has no other letters. */
#include <windows.h>

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* A "pointer" whose upper word is 0 is one character. */
static LPSTR convert(LPSTR text, char (*change)(char))
{
    if (HIWORD((DWORD_PTR)text) == 0)
        return (LPSTR)(DWORD_PTR)(BYTE)change((char)(DWORD_PTR)text);
    for (LPSTR at = text; *at != '\0'; at++)
        *at = change(*at);
    return text;
}

LPSTR WINAPI CharUpperA(LPSTR text)
{
    return convert(text, upper);
}

LPSTR WINAPI CharLowerA(LPSTR text)
{
    return convert(text, lower);
}

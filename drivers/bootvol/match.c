/* Wildcards. */
#include "drivers/bootvol/bootvolp.h"

static BOOLEAN is_same(WCHAR pattern, char c)
{
    return pattern == '?' || RtlUpcaseUnicodeChar(pattern) == RtlUpcaseUnicodeChar((UCHAR)c);
}

/*
 * Goes through both once; after a mismatch the last '*' takes one character more. So it needs no
 * stack, and the time of both lengths multiplied at the worst.
 */
BOOLEAN bootvol_matches(PCUNICODE_STRING pattern, const char *name)
{
    ULONG units = pattern->Length / 2, at = 0, star = units;
    const char *taken = name;

    while (*name) {
        if (at < units && pattern->Buffer[at] == '*') {
            star = at++;
            taken = name;
        } else if (at < units && is_same(pattern->Buffer[at], *name)) {
            at++, name++;
        } else if (star < units) {
            at = star + 1;
            name = ++taken;
        } else {
            return FALSE;
        }
    }
    while (at < units && pattern->Buffer[at] == '*')
        at++;
    return at == units;
}

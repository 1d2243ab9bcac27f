#include "advapi32/advapi32.h"

BOOL text_widen(WCHAR *buffer, ULONG size, const char *text)
{
    return MultiByteToWideChar(CP_ACP, 0, text, -1, buffer, (int)size) != 0;
}

BOOL wide_from(struct wide *wide, const char *text)
{
    wide->text = text ? wide->buffer : NULL;
    if (!text || text_widen(wide->buffer, ARRAY_SIZE(wide->buffer), text))
        return TRUE;
    SetLastError(ERROR_INVALID_NAME);
    return FALSE;
}

static ULONG length(const WCHAR *text)
{
    ULONG units = 0;

    while (text[units])
        units++;
    return units;
}

BOOL text_copy(WCHAR *field, ULONG size, const WCHAR *text)
{
    ULONG units = text ? length(text) : 0;

    if (units >= size)
        return FALSE;
    memcpy(field, text, units * sizeof(WCHAR));
    field[units] = 0;
    return TRUE;
}

ULONG text_bytes(const WCHAR *text, BOOL wide)
{
    return wide ? (length(text) + 1) * sizeof(WCHAR)
                : (ULONG)WideCharToMultiByte(CP_ACP, 0, text, -1, NULL, 0, NULL, NULL);
}

void text_put(void *to, const WCHAR *text, BOOL wide)
{
    ULONG bytes = text_bytes(text, wide);

    if (wide)
        memcpy(to, text, bytes);
    else
        WideCharToMultiByte(CP_ACP, 0, text, -1, to, (int)bytes, NULL, NULL);
}

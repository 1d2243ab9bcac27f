/* MultiByteToWideChar, WideCharToMultiByte and the code pages. */
#include "base.h"

#include "codepage.h"

/* Counts on when there is no buffer; a text that does not fit is an error. */
struct output {
    void *buffer;
    size_t size, used; /* units */
};

UINT WINAPI GetACP(void)
{
    return CODEPAGE_ANSI;
}

UINT WINAPI GetOEMCP(void)
{
    return CODEPAGE_OEM;
}

BOOL WINAPI IsValidCodePage(UINT page)
{
    return codepage_is_known(page);
}

static UINT resolve_page(UINT page)
{
    switch (page) {
    case CP_ACP:
    case CP_THREAD_ACP:
        return CODEPAGE_ANSI;
    case CP_OEMCP:
        return CODEPAGE_OEM;
    default:
        return page;
    }
}

/* Room for count more units, and how far the text is; FALSE: it is full. */
static BOOL put(struct output *out, const void *units, size_t count, size_t unit)
{
    if (out->size != 0) {
        if (count > out->size - out->used)
            return base_fail_with(ERROR_INSUFFICIENT_BUFFER);
        memcpy((char *)out->buffer + out->used * unit, units, count * unit);
    }
    out->used += count;
    return TRUE;
}

static BOOL are_arguments_valid(const void *from, int length, const void *to, int size)
{
    return from != NULL && length != 0 && size >= 0 && (size == 0 || to != NULL) && from != to;
}

int WINAPI MultiByteToWideChar(UINT page, DWORD flags, LPCCH text, int length, LPWSTR wide,
                               int size)
{
    struct output out = {wide, (size_t)size, 0};
    size_t left;

    page = resolve_page(page);
    if (!are_arguments_valid(text, length, wide, size) || !codepage_is_known(page))
        return base_fail_with(ERROR_INVALID_PARAMETER);
    left = length < 0 ? (size_t)lstrlenA(text) + 1 : (size_t)length;
    while (left != 0) {
        struct codepage_char c = codepage_decode(page, (const uint8_t *)text, left);
        WCHAR units[2];

        if (!c.valid && flags & MB_ERR_INVALID_CHARS)
            return base_fail_with(ERROR_NO_UNICODE_TRANSLATION);
        if (!put(&out, units, utf16_encode(c.code, units), sizeof(WCHAR)))
            return 0;
        text += c.units;
        left -= c.units;
    }
    return (int)out.used;
}

/* One character, or the default where the page does not have it. */
static size_t encode_or_default(UINT page, uint32_t code, LPCCH standard, uint8_t *bytes,
                                LPBOOL used_default)
{
    size_t count = codepage_encode(page, code, bytes);

    if (count != 0)
        return count;
    if (used_default != NULL)
        *used_default = TRUE;
    bytes[0] = standard == NULL ? '?' : (uint8_t)*standard;
    return 1;
}

int WINAPI WideCharToMultiByte(UINT page, DWORD flags, LPCWCH wide, int length, LPSTR text,
                               int size, LPCCH standard, LPBOOL used_default)
{
    struct output out = {text, (size_t)size, 0};
    size_t left;

    page = resolve_page(page);
    if (!are_arguments_valid(wide, length, text, size) || !codepage_is_known(page) ||
        (page == CODEPAGE_UTF8 && (standard != NULL || used_default != NULL)))
        return base_fail_with(ERROR_INVALID_PARAMETER);
    if (used_default != NULL)
        *used_default = FALSE;
    left = length < 0 ? (size_t)lstrlenW(wide) + 1 : (size_t)length;
    while (left != 0) {
        struct codepage_char c = utf16_decode(wide, left);
        uint8_t bytes[4];

        if (!c.valid && flags & WC_ERR_INVALID_CHARS)
            return base_fail_with(ERROR_NO_UNICODE_TRANSLATION);
        if (!put(&out, bytes, encode_or_default(page, c.code, standard, bytes, used_default), 1))
            return 0;
        wide += c.units;
        left -= c.units;
    }
    return (int)out.used;
}

/* Locales: one, that of the United States, under each of its names. */
#include <windows.h>

#include "number_format.h"

/* What Windows gives for en-US: 1,234.57 and -1.10. */
static const struct number_format default_format = {.digits = 2,
                                                    .leading_zero = 1,
                                                    .grouping = 3,
                                                    .decimal = ".",
                                                    .thousand = ",",
                                                    .negative_order = 1};

static BOOL is_known_locale(LCID locale)
{
    return locale == LOCALE_USER_DEFAULT || locale == LOCALE_SYSTEM_DEFAULT ||
           locale == LOCALE_NEUTRAL || locale == LOCALE_INVARIANT ||
           locale == MAKELCID(MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), SORT_DEFAULT);
}

/* A caller's own format leaves nothing for flags to say. */
static BOOL are_valid_flags(DWORD flags, const NUMBERFMTA *format)
{
    DWORD allowed = format == NULL ? LOCALE_NOUSEROVERRIDE | LOCALE_USE_CP_ACP : 0;

    return (flags & ~allowed) == 0;
}

static struct number_format from_win32(const NUMBERFMTA *format)
{
    return (struct number_format){.digits = format->NumDigits,
                                  .leading_zero = format->LeadingZero,
                                  .grouping = format->Grouping,
                                  .decimal = format->lpDecimalSep,
                                  .thousand = format->lpThousandSep,
                                  .negative_order = format->NegativeOrder};
}

static int fail(DWORD error)
{
    SetLastError(error);
    return 0;
}

int WINAPI GetNumberFormatA(LCID locale, DWORD flags, LPCSTR value, const NUMBERFMTA *format,
                            LPSTR buffer, int size)
{
    struct number_format chosen = default_format;
    size_t needed;

    if (!are_valid_flags(flags, format))
        return fail(ERROR_INVALID_FLAGS);
    if (!is_known_locale(locale) || value == NULL || size < 0 || (size > 0 && buffer == NULL))
        return fail(ERROR_INVALID_PARAMETER);
    if (format != NULL)
        chosen = from_win32(format);
    if (chosen.decimal == NULL || chosen.thousand == NULL)
        return fail(ERROR_INVALID_PARAMETER);
    needed = number_format(value, &chosen, buffer, (size_t)size);
    if (needed == 0)
        return fail(ERROR_INVALID_PARAMETER);
    if (size != 0 && needed > (size_t)size)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    return (int)needed;
}

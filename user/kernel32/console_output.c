/* What is written on consoles: text, cells, and where the cursor stands. */
#include "console.h"

#define CHUNK 256 /* UTF-16 units that WriteConsoleW converts at a time */

BOOL WINAPI WriteConsoleA(HANDLE console, CONST VOID *text, DWORD length, LPDWORD written,
                          LPVOID reserved)
{
    struct console_info info;

    UNREFERENCED_PARAMETER(reserved);
    return console_info(console, &info) && WriteFile(console, text, length, written, NULL);
}

static BOOL write_wide(HANDLE console, LPCWSTR text, int units)
{
    char bytes[CHUNK];
    DWORD done;
    int length = WideCharToMultiByte(CP_OEMCP, 0, text, units, bytes, sizeof(bytes), NULL, NULL);

    return length != 0 && WriteConsoleA(console, bytes, (DWORD)length, &done, NULL);
}

/* A pair of surrogates that a chunk would cut becomes two characters '?', as it does whole. */
BOOL WINAPI WriteConsoleW(HANDLE console, CONST VOID *text, DWORD length, LPDWORD written,
                          LPVOID reserved)
{
    DWORD at = 0, units;

    UNREFERENCED_PARAMETER(reserved);
    for (; at < length; at += units) {
        units = length - at < CHUNK ? length - at : CHUNK;
        if (!write_wide(console, (LPCWSTR)text + at, (int)units))
            return FALSE;
    }
    if (written != NULL)
        *written = length;
    return TRUE;
}

BOOL WINAPI GetConsoleScreenBufferInfo(HANDLE console, PCONSOLE_SCREEN_BUFFER_INFO data)
{
    struct console_info info;

    if (!console_info(console, &info))
        return FALSE;
    data->dwSize.X = data->dwMaximumWindowSize.X = (SHORT)info.columns;
    data->dwSize.Y = data->dwMaximumWindowSize.Y = (SHORT)info.rows;
    data->dwCursorPosition.X = (SHORT)info.cursor_column;
    data->dwCursorPosition.Y = (SHORT)info.cursor_row;
    data->wAttributes = info.attribute;
    data->srWindow.Left = data->srWindow.Top = 0;
    data->srWindow.Right = (SHORT)(info.columns - 1);
    data->srWindow.Bottom = (SHORT)(info.rows - 1);
    return TRUE;
}

static BOOL set_cursor(HANDLE console, int column, int row, BOOL visible)
{
    struct console_cursor cursor = {
        .column = (USHORT)column, .row = (USHORT)row, .visible = (UCHAR)(visible != 0)};

    return console_tell(console, IOCTL_CONSOLE_SET_CURSOR, &cursor, sizeof(cursor));
}

BOOL WINAPI SetConsoleCursorPosition(HANDLE console, COORD place)
{
    struct console_info info;

    return console_info(console, &info) &&
           set_cursor(console, place.X, place.Y, info.cursor_visible);
}

#define CURSOR_PERCENT 13 /* two of the cell's sixteen lines, as the VGA begins */

BOOL WINAPI GetConsoleCursorInfo(HANDLE console, PCONSOLE_CURSOR_INFO cursor)
{
    struct console_info info;

    if (!console_info(console, &info))
        return FALSE;
    cursor->dwSize = CURSOR_PERCENT;
    cursor->bVisible = info.cursor_visible;
    return TRUE;
}

/* The cursor has one size; another than that cannot be had. */
BOOL WINAPI SetConsoleCursorInfo(HANDLE console, const CONSOLE_CURSOR_INFO *cursor)
{
    struct console_info info;

    if (cursor->dwSize != CURSOR_PERCENT)
        return base_fail_with(ERROR_INVALID_PARAMETER);
    return console_info(console, &info) &&
           set_cursor(console, info.cursor_column, info.cursor_row, cursor->bVisible);
}

BOOL WINAPI SetConsoleTextAttribute(HANDLE console, WORD attribute)
{
    ULONG value = attribute;

    return console_tell(console, IOCTL_CONSOLE_SET_ATTRIBUTE, &value, sizeof(value));
}

static BOOL fill(HANDLE console, COORD place, const struct console_fill *what, LPDWORD filled)
{
    struct console_fill fill = *what;
    DWORD count;

    fill.column = (USHORT)place.X;
    fill.row = (USHORT)place.Y;
    if (!console_ask(console, IOCTL_CONSOLE_FILL, &fill, sizeof(fill), NULL, 0, &count))
        return FALSE;
    *filled = count;
    return TRUE;
}

BOOL WINAPI FillConsoleOutputCharacterA(HANDLE console, CHAR character, DWORD count, COORD place,
                                        LPDWORD filled)
{
    struct console_fill what = {
        .count = count, .cell = CONSOLE_CELL(0, character), .character = TRUE};

    return fill(console, place, &what, filled);
}

BOOL WINAPI FillConsoleOutputAttribute(HANDLE console, WORD attribute, DWORD count, COORD place,
                                       LPDWORD filled)
{
    struct console_fill what = {
        .count = count, .cell = CONSOLE_CELL(attribute, 0), .attribute = TRUE};

    return fill(console, place, &what, filled);
}

/* What is read from consoles: lines, characters, and keys as records. */
#include "console.h"

#define KEYS_AT_ONCE 32

_Static_assert(sizeof(struct console_key) == sizeof(KEY_EVENT_RECORD),
               "the device's keys are Win32's");

/* ---- Text ---- */

/* A line that begins with what stands in the buffer, and that other characters than Enter end too. */
static BOOL read_controlled(HANDLE console, char *text, DWORD size, LPDWORD length,
                            const CONSOLE_READCONSOLE_CONTROL *control)
{
    struct console_line line = {.initial = control->nInitialChars,
                                .wake = control->dwCtrlWakeupMask};

    if (line.initial > size || line.initial > sizeof(line.text))
        return base_fail_with(ERROR_INVALID_PARAMETER);
    memcpy(line.text, text, line.initial);
    return console_ask(console, IOCTL_CONSOLE_READ_LINE, &line, sizeof(line), text, size, length);
}

/* Windows offers `control` to ReadConsoleW only; here both know it. */
BOOL WINAPI ReadConsoleA(HANDLE console, LPVOID text, DWORD size, LPDWORD length, LPVOID control)
{
    struct console_info info;

    if (control != NULL)
        return read_controlled(console, text, size, length, control);
    return console_info(console, &info) && ReadFile(console, text, size, length, NULL);
}

BOOL WINAPI ReadConsoleW(HANDLE console, LPVOID text, DWORD size, LPDWORD length, LPVOID control)
{
    char bytes[CONSOLE_LINE_SIZE];
    DWORD count, limit = size < sizeof(bytes) ? size : sizeof(bytes);

    if (control != NULL)
        return base_fail_with(ERROR_INVALID_PARAMETER);
    if (!ReadConsoleA(console, bytes, limit, &count, NULL))
        return FALSE;
    *length = (DWORD)MultiByteToWideChar(CP_OEMCP, 0, bytes, (int)count, text, (int)size);
    return TRUE;
}

/* ---- Keys ---- */

static void to_records(const struct console_key *keys, PINPUT_RECORD records, DWORD count)
{
    for (DWORD i = 0; i < count; i++) {
        records[i].EventType = KEY_EVENT;
        memcpy(&records[i].Event.KeyEvent, &keys[i], sizeof(keys[i]));
    }
}

static BOOL ask_for_keys(HANDLE console, DWORD code, PINPUT_RECORD records, DWORD size,
                         LPDWORD count)
{
    struct console_key keys[KEYS_AT_ONCE];
    DWORD bytes, limit = size < KEYS_AT_ONCE ? size : KEYS_AT_ONCE;

    if (limit == 0)
        return base_fail_with(ERROR_INVALID_PARAMETER);
    if (!console_ask(console, code, NULL, 0, keys, limit * sizeof(keys[0]), &bytes))
        return FALSE;
    *count = bytes / sizeof(keys[0]);
    to_records(keys, records, *count);
    return TRUE;
}

/* Waits for the first record. */
BOOL WINAPI ReadConsoleInputA(HANDLE console, PINPUT_RECORD records, DWORD size, LPDWORD count)
{
    return ask_for_keys(console, IOCTL_CONSOLE_READ_KEYS, records, size, count);
}

BOOL WINAPI PeekConsoleInputA(HANDLE console, PINPUT_RECORD records, DWORD size, LPDWORD count)
{
    return ask_for_keys(console, IOCTL_CONSOLE_PEEK_KEYS, records, size, count);
}

BOOL WINAPI GetNumberOfConsoleInputEvents(HANDLE console, LPDWORD count)
{
    struct console_info info;

    if (!console_info(console, &info))
        return FALSE;
    *count = info.keys;
    return TRUE;
}

BOOL WINAPI FlushConsoleInputBuffer(HANDLE console)
{
    return console_tell(console, IOCTL_CONSOLE_FLUSH, NULL, 0);
}

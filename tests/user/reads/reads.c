/*
 * reads HOW [SIZE]: reads from the console in one of its ways and says what came, with WriteConsole.
 * SIZE is how many characters a read may give.
 */
#include <windows.h>

#include "common/say.h"
#include "common/words.h"

#define MOST_SIZE   256
#define MOST_PEEKED 16
#define RAW         0 /* SetConsoleMode: neither lines nor an echo, and Ctrl+C is a character */

void WINAPI start(void);

static HANDLE input;

static void WINAPIV write(const char *format, ...)
{
    char text[MOST_SIZE * 4];
    va_list values;
    DWORD written;
    int length;

    va_start(values, format);
    length = wvsprintfA(text, format, values);
    va_end(values);
    if (!WriteConsoleA(GetStdHandle(STD_OUTPUT_HANDLE), text, (DWORD)length, &written, NULL) ||
        written != (DWORD)length)
        ExitProcess(GetLastError());
}

/* Control characters as ^M. */
static void write_read(const char *text, DWORD length)
{
    write("read %u:", length);
    for (DWORD i = 0; i < length; i++)
        write((BYTE)text[i] < ' ' ? "^%c" : "%c", (BYTE)text[i] < ' ' ? text[i] + '@' : text[i]);
    write("\r\n");
}

/* One line, in as many pieces as it takes; an empty piece is what Ctrl+C leaves. */
static void read_line(DWORD size)
{
    char text[MOST_SIZE];
    DWORD length;

    do {
        if (!ReadConsoleA(input, text, size, &length, NULL))
            ExitProcess(GetLastError());
        write_read(text, length);
    } while (length != 0 && text[length - 1] != '\n');
}

static void read_hidden(DWORD size)
{
    SetConsoleMode(input, ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT);
    read_line(size);
}

/* Until a dot. */
static void read_characters(DWORD size)
{
    char text[MOST_SIZE];
    DWORD length;

    SetConsoleMode(input, RAW);
    do {
        if (!ReadConsoleA(input, text, size, &length, NULL))
            ExitProcess(GetLastError());
        write_read(text, length);
    } while (length != 0 && text[length - 1] != '.');
}

/* Presses and releases, until Esc is released. */
static void read_keys(DWORD size)
{
    INPUT_RECORD record;
    const KEY_EVENT_RECORD *key = &record.Event.KeyEvent;
    DWORD count;

    UNREFERENCED_PARAMETER(size);
    do {
        if (!ReadConsoleInputA(input, &record, 1, &count))
            ExitProcess(GetLastError());
        write("key %s vk=%02X character=%02X state=%03X\r\n", key->bKeyDown ? "down" : "up",
              key->wVirtualKeyCode, (BYTE)key->uChar.AsciiChar, key->dwControlKeyState);
    } while (key->bKeyDown || key->wVirtualKeyCode != VK_ESCAPE);
}

static DWORD count_keys(void)
{
    DWORD count = 0;

    GetNumberOfConsoleInputEvents(input, &count);
    return count;
}

/* Waits for SIZE keys, looks at up to MOST_PEEKED of them twice, and forgets all. */
static void peek(DWORD size)
{
    INPUT_RECORD records[MOST_PEEKED];
    DWORD count;

    while (count_keys() < size)
        Sleep(1);
    for (int i = 0; i < 2; i++) {
        PeekConsoleInputA(input, records, MOST_PEEKED, &count);
        write("peeked %u, the first %c\r\n", count, records[0].Event.KeyEvent.uChar.AsciiChar);
    }
    FlushConsoleInputBuffer(input);
    write("left %u\r\n", count_keys());
}

static void read_nothing(DWORD size)
{
    UNREFERENCED_PARAMETER(size);
    Sleep(INFINITE);
}

static const struct {
    const char *how;
    void (*run)(DWORD size);
} ways[] = {
    {"line", read_line}, {"hidden", read_hidden}, {"characters", read_characters},
    {"keys", read_keys}, {"peek", peek},          {"nothing", read_nothing},
};

void WINAPI start(void)
{
    char *words[2];
    int count = arguments(words, 2);
    unsigned size = MOST_SIZE;

    input = GetStdHandle(STD_INPUT_HANDLE);
    if (count < 1 || (count > 1 && (!words_number(words[1], &size) || size > MOST_SIZE)))
        ExitProcess(ERROR_INVALID_PARAMETER);
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
        if (words_compare(ways[i].how, words[0]) == 0) {
            write("reads %s\r\n", words[0]);
            ways[i].run(size);
        }
    ExitProcess(0);
}

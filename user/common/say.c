#include "say.h"

#include <winternl.h>

#include "words.h"

#define MOST_TEXT 1024

void say_text(const char *text, DWORD length)
{
    DWORD written;

    WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), text, length, &written, NULL);
}

void WINAPIV say(const char *format, ...)
{
    char text[MOST_TEXT];
    va_list values;
    int length;

    va_start(values, format);
    length = wvsprintfA(text, format, values);
    va_end(values);
    say_text(text, (DWORD)length);
}

/* The messages end in an end of line, some in a full stop before it. */
static void cut_end(char *text)
{
    int length = lstrlenA(text);

    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r' ||
                          text[length - 1] == ' ' || text[length - 1] == '.'))
        text[--length] = '\0';
}

void say_error(const char *what, DWORD error)
{
    char why[256];
    DWORD flags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;

    if (FormatMessageA(flags, NULL, error, 0, why, sizeof(why), NULL) == 0)
        wsprintfA(why, "error %u", error);
    cut_end(why);
    say("%s: %s.\r\n", what, why);
}

void say_status(const char *what, NTSTATUS status)
{
    say_error(what, RtlNtStatusToDosError(status));
}

int arguments(char *words[], int most)
{
    static char line[2048];

    lstrcpynA(line, words_rest(GetCommandLineA()), sizeof(line));
    return words_split(line, words, most);
}

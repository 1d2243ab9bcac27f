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

/* The system's message without an end; its inserts are `name`, or stay as they are if that is NULL. */
static void find_message(char *text, DWORD size, DWORD error, const char *name)
{
    const DWORD_PTR inserts[] = {(DWORD_PTR)name, (DWORD_PTR)name};
    DWORD flags = FORMAT_MESSAGE_FROM_SYSTEM |
                  (name ? FORMAT_MESSAGE_ARGUMENT_ARRAY : FORMAT_MESSAGE_IGNORE_INSERTS);

    if (FormatMessageA(flags, NULL, error, 0, text, size, (va_list *)inserts) == 0)
        wsprintfA(text, "error %u", error);
    cut_end(text);
}

static BOOL has_inserts(const char *text)
{
    while (*text != '\0' && *text != '%')
        text++;
    return *text != '\0';
}

void say_error(const char *what, DWORD error)
{
    char why[512];

    find_message(why, sizeof(why), error, NULL);
    if (has_inserts(why)) {
        find_message(why, sizeof(why), error, what);
        say("%s.\r\n", why);
    } else {
        say("%s: %s.\r\n", what, why);
    }
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

#include "smss/smss.h"

#define CONTROL_KEY L"\\Registry\\Machine\\System\\CurrentControlSet\\Control"

/* The value's record with room for the longest command line. */
union line {
    struct nt_value_partial head;
    UCHAR bytes[sizeof(struct nt_value_partial) + sizeof(WCHAR[512])];
};

static NTSTATUS read_line(union line *line)
{
    struct nt_named named;
    UNICODE_STRING name;
    HANDLE key;
    ULONG needed;
    NTSTATUS status = NtOpenKey(&key, KEY_READ, nt_name(&named, NULL, CONTROL_KEY, 0));

    if (!NT_SUCCESS(status))
        return status;
    RtlInitUnicodeString(&name, L"SystemStartOptions");
    status =
        NtQueryValueKey(key, &name, NT_VALUE_PARTIAL, line, sizeof(*line) - sizeof(WCHAR), &needed);
    NtClose(key);
    return status;
}

/* What follows `prefix` in a word, or NULL if it begins otherwise. */
static const WCHAR *behind(const WCHAR *word, const WCHAR *prefix)
{
    while (*prefix)
        if (*word++ != *prefix++)
            return NULL;
    return word;
}

static BOOLEAN ends_word(WCHAR c)
{
    return c == 0 || c == ' ' || c == '\t';
}

/* Commas separate the program's arguments, since blanks separate the kernel's words. */
static void take_program(const WCHAR *word, struct options *options)
{
    ULONG i;

    for (i = 0; i < MAX_PROGRAM - 1 && !ends_word(word[i]) && word[i] != ','; i++)
        options->program[i] = word[i];
    options->program[i] = 0;
    for (i = 0; i < MAX_COMMAND - 1 && !ends_word(word[i]); i++)
        options->command[i] = word[i] == ',' ? ' ' : word[i];
    options->command[i] = 0;
}

static void take_word(const WCHAR *word, struct options *options)
{
    const WCHAR *rest = behind(word, L"exit");

    if (rest && ends_word(*rest))
        options->leave = TRUE;
    rest = behind(word, L"run=");
    if (rest)
        take_program(rest, options);
}

void options_read(struct options *options)
{
    union line line;
    const WCHAR *at = (const WCHAR *)line.head.data;

    memset(options, 0, sizeof(*options));
    if (!NT_SUCCESS(read_line(&line)))
        return;
    line.head.data[line.head.data_bytes] = line.head.data[line.head.data_bytes + 1] = 0;
    while (*at) {
        take_word(at, options);
        while (!ends_word(*at))
            at++;
        while (*at && ends_word(*at))
            at++;
    }
}

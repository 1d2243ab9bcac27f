/* dir and type. */
#include "cmd.h"

#define NUMBER_SIZE 16
#define CHUNK       1024

/* A number with its digits in groups of three. */
static const char *grouped(DWORD number, char buffer[NUMBER_SIZE])
{
    char *at = buffer + NUMBER_SIZE;
    int digits = 0;

    *--at = '\0';
    do {
        if (digits != 0 && digits % 3 == 0)
            *--at = ' ';
        *--at = (char)('0' + number % 10);
        digits++;
    } while ((number /= 10) != 0);
    return at;
}

struct total {
    DWORD files, bytes;
};

static void list_file(const WIN32_FIND_DATAA *file, struct total *total)
{
    char number[NUMBER_SIZE];

    say("%14s  %s\r\n", grouped(file->nFileSizeLow, number), file->cFileName);
    total->files++;
    total->bytes += file->nFileSizeLow;
}

void command_dir(const struct line *line)
{
    const char *pattern = line->count > 1 ? line->words[1] : "*";
    struct total total = {0, 0};
    char number[NUMBER_SIZE];
    WIN32_FIND_DATAA file;
    HANDLE search = FindFirstFileA(pattern, &file);

    if (search == INVALID_HANDLE_VALUE) {
        commands_fail(pattern, GetLastError());
        return;
    }
    do
        list_file(&file, &total);
    while (FindNextFileA(search, &file));
    FindClose(search);
    say("%14s  bytes in %u %s\r\n", grouped(total.bytes, number), total.files,
        total.files == 1 ? "file" : "files");
}

static void copy_out(HANDLE file, const char *name)
{
    char text[CHUNK];
    DWORD length;

    do {
        if (!ReadFile(file, text, sizeof(text), &length, NULL)) {
            commands_fail(name, GetLastError());
            return;
        }
        say_text(text, length);
    } while (length != 0);
}

void command_type(const struct line *line)
{
    const char *name = line->words[1];
    HANDLE file = CreateFileA(name, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);

    if (file == INVALID_HANDLE_VALUE) {
        commands_fail(name, GetLastError());
        return;
    }
    copy_out(file, name);
    CloseHandle(file);
}

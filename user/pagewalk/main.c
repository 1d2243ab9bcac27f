/*
 * pagewalk ADDRESS [PID] | ranges [PID] | frame PHYSICAL | compare PID PID | bytes PHYSICAL COUNT:
 * what the page tables of a process say. Without PID it is this program's own process.
 */
#include "pagewalk.h"

#include "common/words.h"

#define MOST_WORDS   3
#define MOST_BYTES   0x10000
#define PHYSICAL_MAX ((1ull << PAGEWALK_PHYSICAL_BITS) - 1)

/* Each is FALSE with ERROR_BAD_ARGUMENTS if the words are none that it takes. */
static BOOL ask_ranges(char **words, int count);
static BOOL ask_frame(char **words, int count);
static BOOL ask_compare(char **words, int count);
static BOOL ask_bytes(char **words, int count);

static const struct {
    const char *name;
    BOOL (*ask)(char **words, int count); /* the words behind the name */
} questions[] = {
    {"ranges", ask_ranges},
    {"frame", ask_frame},
    {"compare", ask_compare},
    {"bytes", ask_bytes},
};

void WINAPI start(void);

static BOOL wrong_words(void)
{
    SetLastError(ERROR_BAD_ARGUMENTS);
    return FALSE;
}

/* The process that a word names; without the word, this one. */
static BOOL process_value(char **words, int count, unsigned *process)
{
    *process = 0;
    return count == 0 || (count == 1 && words_number(words[0], process) && *process != 0);
}

static BOOL ask_address(char **words, int count)
{
    ULONGLONG address;
    unsigned process;

    if (!hex_value(words[0], 0xFFFFFFFF, &address) ||
        !process_value(words + 1, count - 1, &process))
        return wrong_words();
    return show_address((DWORD)address, process);
}

static BOOL ask_ranges(char **words, int count)
{
    unsigned process;

    return process_value(words, count, &process) ? show_ranges(process) : wrong_words();
}

static BOOL ask_frame(char **words, int count)
{
    ULONGLONG physical;

    return count == 1 && hex_value(words[0], PHYSICAL_MAX, &physical) ? show_frame(physical)
                                                                      : wrong_words();
}

static BOOL ask_compare(char **words, int count)
{
    unsigned process, other;

    if (count != 2 || !process_value(words, 1, &process) || !process_value(words + 1, 1, &other))
        return wrong_words();
    return show_difference(process, other);
}

static BOOL ask_bytes(char **words, int count)
{
    ULONGLONG physical;
    unsigned length;

    if (count != 2 || !hex_value(words[0], PHYSICAL_MAX, &physical) ||
        !words_number(words[1], &length) || length == 0 || length > MOST_BYTES)
        return wrong_words();
    return show_bytes(physical, length);
}

static BOOL ask(char **words, int count)
{
    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
        if (words_compare(questions[i].name, words[0]) == 0)
            return questions[i].ask(words + 1, count - 1);
    return ask_address(words, count);
}

/* Words that are right, but the driver refuses what they name. */
static void say_refused(const char *question)
{
    say(words_compare("bytes", question) == 0
            ? "pagewalk: not all of that is RAM or the screen's text.\r\n"
            : "pagewalk: there is no such process; tasklist lists them.\r\n");
}

static void usage(void)
{
    say("Usage: pagewalk ADDRESS [PID]         an address: levels, page, rights\r\n"
        "       pagewalk ranges [PID]          all that is mapped\r\n"
        "       pagewalk frame PHYSICAL        which processes map it, where\r\n"
        "       pagewalk compare PID PID       where two processes differ\r\n"
        "       pagewalk bytes PHYSICAL COUNT  RAM, at most 65536 bytes\r\n"
        "Addresses are hexadecimal. tasklist tells PIDs; the default is pagewalk's own.\r\n");
}

/* The error to end with: 0, or one that has been said. */
static DWORD run(char **words, int count)
{
    DWORD error = ask(words, count) ? ERROR_SUCCESS : GetLastError();

    device_end();
    if (error == ERROR_BAD_ARGUMENTS)
        usage();
    else if (error == ERROR_INVALID_PARAMETER)
        say_refused(words[0]);
    else if (error != ERROR_SUCCESS)
        say_error("pagewalk", error);
    return error;
}

void WINAPI start(void)
{
    char *words[MOST_WORDS];
    int count = arguments(words, MOST_WORDS);

    if (count < 1 || count > MOST_WORDS) {
        usage();
        ExitProcess(ERROR_BAD_ARGUMENTS);
    }
    ExitProcess(run(words, count));
}

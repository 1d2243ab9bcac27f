/* Reading a line: the console edits it and keeps the history; Tab comes back here. */
#include "cmd.h"

/* Completing one word: Tab again gives the next name. */
struct completion {
    char word[LINE_SIZE];  /* what was typed of it */
    char given[LINE_SIZE]; /* the whole text before the cursor after the last Tab */
    int next;              /* number of the name that comes next */
};

static BOOL is_directory_end(char c)
{
    return c == '\\' || c == ':';
}

/* Where the last word of a text begins. */
static char *last_word(char *text)
{
    char *word = text;

    for (char *at = text; *at != '\0'; at++)
        if (*at == ' ' || *at == '\t' || *at == '"')
            word = at + 1;
    return word;
}

/* Where the name begins in a word: behind its directory. */
static char *name_in(char *word)
{
    char *name = word;

    for (char *at = word; *at != '\0'; at++)
        if (is_directory_end(*at))
            name = at + 1;
    return name;
}

/* The file with this number among those that begin as the word does. */
static BOOL find_name(const char *word, int number, WIN32_FIND_DATAA *found)
{
    char pattern[LINE_SIZE + 1];
    HANDLE search;
    BOOL more;

    lstrcpyA(pattern, word);
    lstrcatA(pattern, "*");
    search = FindFirstFileA(pattern, found);
    if (search == INVALID_HANDLE_VALUE)
        return FALSE;
    for (more = TRUE; more && number > 0; number--)
        more = FindNextFileA(search, found);
    FindClose(search);
    return more;
}

/* The next name for the word, from the first on again after the last; FALSE if there is none. */
static BOOL next_name(struct completion *completion, WIN32_FIND_DATAA *found)
{
    if (!find_name(completion->word, completion->next, found)) {
        completion->next = 0;
        if (!find_name(completion->word, 0, found))
            return FALSE;
    }
    completion->next++;
    return TRUE;
}

/* Puts the next name in place of the last word of `before` (LINE_SIZE bytes); it stays if none fits. */
static void complete(struct completion *completion, char *before)
{
    WIN32_FIND_DATAA found;
    char *word = last_word(before), *name;

    if (lstrcmpA(before, completion->given) != 0) {
        lstrcpyA(completion->word, word);
        completion->next = 0;
    }
    if (!next_name(completion, &found))
        return;
    name = name_in(word);
    if ((name - before) + lstrlenA(found.cFileName) < LINE_SIZE)
        lstrcpyA(name, found.cFileName);
    lstrcpyA(completion->given, before);
}

static void say_repeated(const char *text, int count)
{
    while (count-- > 0)
        say("%s", text);
}

/* The cursor stands behind `old`: shows `new` in its place. */
static void show_instead(const char *old, const char *new)
{
    int gone = lstrlenA(old) - lstrlenA(new);

    say_repeated("\b", lstrlenA(old));
    say("%s", new);
    say_repeated(" ", gone);
    say_repeated("\b", gone);
}

/* The line has a tab where Tab was pressed: completes what is before it. */
static void complete_line(struct completion *completion, char *line)
{
    char before[LINE_SIZE], behind[LINE_SIZE], old[LINE_SIZE];
    int at = 0;

    while (line[at] != '\t')
        at++;
    lstrcpynA(before, line, at + 1);
    lstrcpyA(behind, line + at + 1);
    wsprintfA(old, "%s%s", before, behind);
    complete(completion, before);
    lstrcpynA(line, before, LINE_SIZE);
    lstrcpynA(line + lstrlenA(line), behind, LINE_SIZE - lstrlenA(line) - 2);
    show_instead(old, line);
}

static BOOL has_tab(const char *line)
{
    while (*line != '\0' && *line != '\t')
        line++;
    return *line == '\t';
}

static void cut_line_end(char *line)
{
    int length = lstrlenA(line);

    while (length > 0 && (line[length - 1] == '\r' || line[length - 1] == '\n'))
        line[--length] = '\0';
}

/* One stretch of editing, until Enter or Tab; the line's text so far stands in it already. */
static BOOL read_stretch(char *line)
{
    CONSOLE_READCONSOLE_CONTROL control = {.nLength = sizeof(control),
                                           .nInitialChars = (ULONG)lstrlenA(line),
                                           .dwCtrlWakeupMask = 1u << '\t'};
    DWORD length;

    if (!ReadConsoleA(GetStdHandle(STD_INPUT_HANDLE), line, LINE_SIZE - 1, &length, &control))
        return FALSE;
    line[length] = '\0';
    return TRUE;
}

BOOL edit_line(char line[LINE_SIZE])
{
    static struct completion completion;

    say("C:\\>");
    line[0] = completion.given[0] = '\0';
    while (read_stretch(line)) {
        if (!has_tab(line)) {
            cut_line_end(line);
            return TRUE;
        }
        complete_line(&completion, line);
    }
    return FALSE;
}

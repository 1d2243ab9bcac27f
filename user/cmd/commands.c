/* The commands: which there are, and how a line becomes one. */
#include "cmd.h"

static void command_cls(const struct line *line);
static void command_echo(const struct line *line);
static void command_errorlevel(const struct line *line);
static void command_exit(const struct line *line);
static void command_help(const struct line *line);
static void command_start(const struct line *line);
static void command_ver(const struct line *line);

/* `least` and `most` count the words behind the command. */
static const struct command {
    const char *name, *arguments, *purpose;
    int least, most;
    void (*run)(const struct line *line);
} commands[] = {
    {"cls", "", "clears the screen", 0, 0, command_cls},
    {"dir", "[NAMES]", "lists files; NAMES may have * and ?", 0, 1, command_dir},
    {"echo", "[TEXT]", "shows a text", 0, MOST_WORDS, command_echo},
    {"errorlevel", "", "shows the exit code of the last program", 0, 0, command_errorlevel},
    {"exit", "[CODE]", "ends this cmd; the machine ends with the first one", 0, 1, command_exit},
    {"help", "[COMMAND]", "shows this list, or how a command is written", 0, 1, command_help},
    {"sc", "query|create|start|stop|delete ...", "works with services; sc alone tells how", 0,
     MOST_WORDS, command_sc},
    {"start", "PROGRAM [ARGUMENTS]", "runs a program on a new console", 1, MOST_WORDS,
     command_start},
    {"taskkill", "PID", "ends a process", 1, 1, command_taskkill},
    {"tasklist", "", "lists the processes", 0, 0, command_tasklist},
    {"type", "FILE", "shows a text file", 1, 1, command_type},
    {"ver", "", "shows the version", 0, 0, command_ver},
};

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        if (words_compare(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

void commands_usage(const char *name)
{
    const struct command *command = find(name);

    say("Usage: %s %s\r\n", command->name, command->arguments);
    errorlevel = 1;
}

void commands_fail(const char *what, DWORD error)
{
    say_error(what, error);
    errorlevel = error;
}

/* ---- The small ones ---- */

static void command_cls(const struct line *line)
{
    HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE);
    CONSOLE_SCREEN_BUFFER_INFO info;
    COORD home = {0, 0};
    DWORD done, cells;

    UNREFERENCED_PARAMETER(line);
    if (!GetConsoleScreenBufferInfo(output, &info)) {
        commands_fail("cls", GetLastError());
        return;
    }
    cells = (DWORD)(info.dwSize.X * info.dwSize.Y);
    FillConsoleOutputCharacterA(output, ' ', cells, home, &done);
    FillConsoleOutputAttribute(output, info.wAttributes, cells, home, &done);
    SetConsoleCursorPosition(output, home);
}

static void command_echo(const struct line *line)
{
    const char *rest = words_rest(line->text);

    say_text(rest, (DWORD)lstrlenA(rest));
    say("\r\n");
}

static void command_errorlevel(const struct line *line)
{
    UNREFERENCED_PARAMETER(line);
    say("%d\r\n", errorlevel);
}

static void command_exit(const struct line *line)
{
    unsigned code = errorlevel;

    if (line->count > 1 && !words_number(line->words[1], &code))
        commands_usage("exit");
    else
        ExitProcess(code);
}

static void command_help(const struct line *line)
{
    const struct command *command;

    if (line->count > 1) {
        command = find(line->words[1]);
        if (command == NULL)
            say("There is no command %s.\r\n", line->words[1]);
        else
            say("%s %s\r\n  %s\r\n", command->name, command->arguments, command->purpose);
        return;
    }
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        say("  %-11s %s\r\n", commands[i].name, commands[i].purpose);
    say("Any other word is a program to run and wait for; arguments may follow.\r\n"
        "Up and Down call up earlier lines, Tab completes the name of a file,\r\n"
        "Ctrl+C ends a program, Alt+Tab shows the next console.\r\n");
}

static void command_start(const struct line *line)
{
    run_start(words_rest(line->text));
}

static void command_ver(const struct line *line)
{
    DWORD version = GetVersion();

    UNREFERENCED_PARAMETER(line);
    say("VirtToPhys [Version %u.%u.%u]\r\n", LOBYTE(LOWORD(version)), HIBYTE(LOWORD(version)),
        HIWORD(version));
}

/* ---- From a line to a command ---- */

/* Every %errorlevel% becomes its number; what does not fit is cut. */
static void expand(const char *from, char to[LINE_SIZE])
{
    static const char name[] = "%errorlevel%";
    int length = 0;

    while (*from != '\0' && length < LINE_SIZE - 12) {
        if (words_begins(from, name)) {
            length += wsprintfA(to + length, "%d", errorlevel);
            from += sizeof(name) - 1;
        } else {
            to[length++] = *from++;
        }
    }
    to[length] = '\0';
}

static void run_command(const struct command *command, const struct line *line)
{
    if (line->count - 1 < command->least || line->count - 1 > command->most) {
        commands_usage(command->name);
        return;
    }
    if (command->run != command_errorlevel && command->run != command_exit &&
        command->run != command_echo)
        errorlevel = 0;
    command->run(line);
}

void commands_run(const char *text)
{
    char whole[LINE_SIZE], copy[LINE_SIZE], *words[MOST_WORDS];
    struct line line = {.text = whole, .words = words};
    const struct command *command;

    expand(text, whole);
    lstrcpyA(copy, whole);
    line.count = words_split(copy, words, MOST_WORDS);
    if (line.count == 0)
        return;
    command = find(words[0]);
    if (command != NULL)
        run_command(command, &line);
    else
        run_program(whole);
}

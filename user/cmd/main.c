/* cmd.exe: reads command lines from its console and does what they say. */
#include "cmd.h"

DWORD errorlevel;

void WINAPI start(void);

static void greet(void)
{
    say("VirtToPhys [Version %u.%u.%u]\r\n", LOBYTE(LOWORD(GetVersion())),
        HIBYTE(LOWORD(GetVersion())), HIWORD(GetVersion()));
    say("Type help for a list of commands.\r\n");
}

/* `cmd /c LINE` does one line and ends; without arguments lines are read until the input ends. */
void WINAPI start(void)
{
    const char *rest = words_rest(GetCommandLineA());
    char line[LINE_SIZE];

    if (words_begins(rest, "/c ")) {
        commands_run(words_rest(rest));
        ExitProcess(errorlevel);
    }
    greet();
    while (edit_line(line))
        commands_run(line);
    ExitProcess(errorlevel);
}

/* Programs that a command line names. */
#include "cmd.h"

#include <winioctl.h>

#include "ioctl/console.h"

/* ---- Ctrl+C while a program runs ---- */

/* A request to the console that ends when Ctrl+C is pressed and nobody reads. */
struct break_watch {
    HANDLE console;
    OVERLAPPED overlapped;
};

static HANDLE open_own_console(void)
{
    struct console_info info;
    char name[32];
    DWORD returned;

    if (!DeviceIoControl(GetStdHandle(STD_INPUT_HANDLE), IOCTL_CONSOLE_GET_INFO, NULL, 0, &info,
                         sizeof(info), &returned, NULL))
        return INVALID_HANDLE_VALUE;
    wsprintfA(name, "\\\\.\\CON\\%u", info.id);
    return CreateFileA(name, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING,
                       FILE_FLAG_OVERLAPPED, NULL);
}

/* FALSE where there is no console to watch: the program is waited for all the same. */
static BOOL watch_begin(struct break_watch *watch)
{
    DWORD returned;

    watch->overlapped = (OVERLAPPED){.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
    watch->console = open_own_console();
    if (watch->console == INVALID_HANDLE_VALUE || watch->overlapped.hEvent == NULL)
        return FALSE;
    return DeviceIoControl(watch->console, IOCTL_CONSOLE_WAIT_BREAK, NULL, 0, NULL, 0, &returned,
                           &watch->overlapped) ||
           GetLastError() == ERROR_IO_PENDING;
}

/* The request is cancelled when its file is closed; its record lies on our stack until then. */
static void watch_end(struct break_watch *watch, BOOL watching)
{
    DWORD returned;

    if (watching) {
        CancelIo(watch->console);
        GetOverlappedResult(watch->console, &watch->overlapped, &returned, TRUE);
    }
    if (watch->console != INVALID_HANDLE_VALUE)
        CloseHandle(watch->console);
    if (watch->overlapped.hEvent != NULL)
        CloseHandle(watch->overlapped.hEvent);
}

static void wait_for(HANDLE process)
{
    struct break_watch watch;
    BOOL watching = watch_begin(&watch);
    HANDLE handles[] = {process, watch.overlapped.hEvent};

    if (WaitForMultipleObjects(watching ? 2 : 1, handles, FALSE, INFINITE) == WAIT_OBJECT_0 + 1) {
        TerminateProcess(process, CONTROL_C_EXIT);
        WaitForSingleObject(process, INFINITE);
        say("^C\r\n");
    }
    watch_end(&watch, watching);
}

/* ---- Starting ---- */

/* FALSE, with words said: it cannot be started. */
static BOOL start_program(const char *text, DWORD flags, PROCESS_INFORMATION *process)
{
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    char line[LINE_SIZE], copy[LINE_SIZE], *name;
    DWORD error;

    lstrcpynA(line, text, LINE_SIZE);
    if (CreateProcessA(NULL, line, NULL, NULL, FALSE, flags, NULL, NULL, &startup, process))
        return TRUE;
    error = GetLastError();
    lstrcpynA(copy, text, LINE_SIZE);
    words_split(copy, &name, 1);
    if (error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND) {
        say("%s is neither a command nor a program. Type help for the commands.\r\n", name);
        errorlevel = error;
    } else {
        commands_fail(name, error);
    }
    return FALSE;
}

/* Whatever mode the program leaves the console in, the next one finds the mode that it found. */
void run_program(const char *text)
{
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
    PROCESS_INFORMATION process;
    DWORD mode;
    BOOL has_mode = GetConsoleMode(input, &mode);

    if (!start_program(text, 0, &process))
        return;
    CloseHandle(process.hThread);
    wait_for(process.hProcess);
    if (has_mode)
        SetConsoleMode(input, mode);
    GetExitCodeProcess(process.hProcess, &errorlevel);
    CloseHandle(process.hProcess);
}

void run_start(const char *text)
{
    PROCESS_INFORMATION process;

    if (!start_program(text, CREATE_NEW_CONSOLE, &process))
        return;
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
}

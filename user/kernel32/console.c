/* The console itself: its way of reading, its title, and having one. */
#include "console.h"

/* A console has one mode for reading; what is written is always processed and wrapped. */
#define OUTPUT_MODE (ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT)
#define INPUT_MODE  (ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT)

BOOL console_ask(HANDLE console, DWORD code, const void *in, DWORD in_bytes, void *out,
                 DWORD out_bytes, DWORD *returned)
{
    DWORD ignored;

    return DeviceIoControl(base_handle(console), code, (LPVOID)in, in_bytes, out, out_bytes,
                           returned != NULL ? returned : &ignored, NULL);
}

BOOL console_tell(HANDLE console, DWORD code, const void *in, DWORD in_bytes)
{
    return console_ask(console, code, in, in_bytes, NULL, 0, NULL);
}

BOOL console_info(HANDLE console, struct console_info *info)
{
    return console_ask(console, IOCTL_CONSOLE_GET_INFO, NULL, 0, info, sizeof(*info), NULL);
}

HANDLE console_as_output(HANDLE console)
{
    return (HANDLE)((ULONG_PTR)console | CONSOLE_OUTPUT);
}

static BOOL is_output(HANDLE console)
{
    HANDLE handle = base_handle(console);

    if ((ULONG_PTR)handle & CONSOLE_OUTPUT)
        return TRUE;
    return handle != GetStdHandle(STD_INPUT_HANDLE) &&
           (handle == GetStdHandle(STD_OUTPUT_HANDLE) || handle == GetStdHandle(STD_ERROR_HANDLE));
}

BOOL WINAPI GetConsoleMode(HANDLE console, LPDWORD mode)
{
    struct console_info info;

    if (!console_info(console, &info))
        return FALSE;
    *mode = is_output(console) ? OUTPUT_MODE : info.mode;
    return TRUE;
}

BOOL WINAPI SetConsoleMode(HANDLE console, DWORD mode)
{
    if (is_output(console))
        return mode == OUTPUT_MODE ? TRUE : base_fail_with(ERROR_INVALID_PARAMETER);
    if ((mode & ~INPUT_MODE) != 0)
        return base_fail_with(ERROR_INVALID_PARAMETER);
    return console_tell(console, IOCTL_CONSOLE_SET_MODE, &mode, sizeof(mode));
}

/* ---- The process's console ---- */

/* Nobody reads or writes by this handle, so it always answers. */
static HANDLE own_console(void)
{
    return nt_peb()->parameters->console;
}

DWORD WINAPI GetConsoleTitleA(LPSTR title, DWORD size)
{
    char text[CONSOLE_TITLE_SIZE];

    if (!console_ask(own_console(), IOCTL_CONSOLE_GET_TITLE, NULL, 0, text, sizeof(text), NULL))
        return 0;
    if (size != 0)
        lstrcpynA(title, text, (int)size);
    return (DWORD)lstrlenA(text);
}

BOOL WINAPI SetConsoleTitleA(LPCSTR title)
{
    return console_tell(own_console(), IOCTL_CONSOLE_SET_TITLE, title, (DWORD)lstrlenA(title));
}

static HANDLE open_console(const char *name)
{
    SECURITY_ATTRIBUTES inherited = {sizeof(inherited), NULL, TRUE};
    HANDLE console =
        CreateFileA(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                    &inherited, OPEN_EXISTING, 0, NULL);

    return console == INVALID_HANDLE_VALUE ? NULL : console;
}

/* Appends a number to text in decimal. */
static void append_number(char *text, ULONG number)
{
    char digits[10], *end = text + lstrlenA(text);
    int count = 0;

    do
        digits[count++] = (char)('0' + number % 10);
    while ((number /= 10) != 0);
    while (count > 0)
        *end++ = digits[--count];
    *end = '\0';
}

BOOL console_name(HANDLE console, char name[CONSOLE_NAME_SIZE])
{
    struct console_info info;

    if (!console_info(console, &info))
        return FALSE;
    lstrcpyA(name, "\\\\.\\CON\\");
    append_number(name, info.id);
    return TRUE;
}

/* A handle of its own on a console: a file object serves one request at a time. */
static HANDLE open_again(HANDLE console)
{
    char name[CONSOLE_NAME_SIZE];

    return console_name(console, name) ? open_console(name) : NULL;
}

/* All but the handles that are NULL. */
static void close_all(HANDLE *handles, int count)
{
    while (count-- > 0)
        if (handles[count] != NULL)
            NtClose(handles[count]);
}

BOOL WINAPI AllocConsole(void)
{
    struct nt_process_parameters *parameters = nt_peb()->parameters;
    HANDLE handles[3];

    if (parameters->console != NULL)
        return base_fail_with(ERROR_ACCESS_DENIED);
    handles[0] = open_console("\\\\.\\CON\\New");
    handles[1] = handles[0] != NULL ? open_again(handles[0]) : NULL;
    handles[2] = handles[1] != NULL ? open_again(handles[0]) : NULL;
    if (handles[2] == NULL) {
        close_all(handles, 2);
        return FALSE;
    }
    parameters->console = handles[0];
    parameters->std_input = handles[1];
    parameters->std_output = parameters->std_error = handles[2];
    return TRUE;
}

/* The standard handles stay the program's, as in Windows. */
BOOL WINAPI FreeConsole(void)
{
    struct nt_process_parameters *parameters = nt_peb()->parameters;
    HANDLE console = parameters->console;

    if (console == NULL)
        return base_fail_with(ERROR_INVALID_PARAMETER);
    parameters->console = NULL;
    return base_result(NtClose(console));
}

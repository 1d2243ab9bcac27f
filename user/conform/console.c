/* Standard handles and the console behind them, where there is one. */
#include "conform.h"

/* docs: GetStdHandle, SetStdHandle */
static void check_standard(void)
{
    HANDLE before = GetStdHandle(STD_ERROR_HANDLE);

    expect_success(CALL(SetStdHandle(STD_ERROR_HANDLE, (HANDLE)0x1234)),
                   "a standard handle can be set");
    expect_value((DWORD_PTR)GetStdHandle(STD_ERROR_HANDLE), 0x1234, "to anything");
    SetStdHandle(STD_ERROR_HANDLE, before);
    expect_failure(CALL(GetStdHandle(0)), (DWORD_PTR)INVALID_HANDLE_VALUE, 6,
                   "there are three: 0 is 6");
    expect_failure(CALL(GetStdHandle(7)), (DWORD_PTR)INVALID_HANDLE_VALUE, 6, "7 is 6 too");
    expect_error(CALL(SetStdHandle(7, NULL)), 6, "and cannot be set");
}

/* docs: WriteFile, WriteConsole */
static void check_output(HANDLE out)
{
    DWORD written = UNTOUCHED;

    expect_success(CALL(WriteFile(out, "# written\n", 10, &written, NULL)),
                   "standard output can be written to");
    expect_value(written, 10, "all of it");
    expect_success(CALL(WriteFile(out, "", 0, &written, NULL)), "or nothing");
    expect_value(written, 0, "of it");
}

/* docs: GetConsoleMode, SetConsoleMode, GetConsoleScreenBufferInfo, GetFileType */
static void check_screen(HANDLE out, DWORD mode)
{
    CONSOLE_SCREEN_BUFFER_INFO info = {0};
    DWORD written = UNTOUCHED;

    expect_value(GetFileType(out), FILE_TYPE_CHAR, "a console is of characters");
    expect(mode & ENABLE_PROCESSED_OUTPUT, "it processes what is written");
    expect_success(CALL(SetConsoleMode(out, mode)), "its mode can be set");
    expect_success(CALL(WriteConsoleA(out, "# console\n", 10, &written, NULL)),
                   "it can be written to");
    expect_value(written, 10, "all of it is counted");
    expect_success(CALL(GetConsoleScreenBufferInfo(out, &info)), "it has a screen");
    expect(info.dwSize.X >= 80 && info.dwSize.Y >= 25, "of 80 columns and 25 lines at least");
    expect(info.dwCursorPosition.X == 0, "and a cursor, at the line's beginning");
}

static HANDLE open_named(const char *name, DWORD access)
{
    return CreateFileA(name, access, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0,
                       NULL);
}

/* docs: CreateFile, "Consoles". Wine with a console says 87 where that page has 2. */
static void check_con(void)
{
    HANDLE in = open_named("con", GENERIC_READ), out = open_named("Con", GENERIC_WRITE);
    DWORD mode, done;

    expect(in != INVALID_HANDLE_VALUE, "CON can be opened for reading");
    expect_success(CALL(GetConsoleMode(in, &mode)), "it is input then");
    expect(!WriteFile(in, "x", 1, &done, NULL), "which cannot be written to");
    expect(out != INVALID_HANDLE_VALUE, "CON can be opened for writing");
    expect_success(CALL(WriteFile(out, "# CON\n", 6, &done, NULL)), "it is output then");
    expect(!ReadFile(out, &mode, 1, &done, NULL), "which cannot be read from");
    expect_failure(CALL(open_named("CON", GENERIC_READ | GENERIC_WRITE)),
                   (DWORD_PTR)INVALID_HANDLE_VALUE, 2, "for both it is not found: 2");
    CloseHandle(in);
    CloseHandle(out);
}

/* docs: CreateFile, "Consoles"; GetConsoleMode */
static void check_names(void)
{
    HANDLE in = open_named("conin$", GENERIC_READ | GENERIC_WRITE);
    HANDLE out = open_named("ConOut$", GENERIC_READ | GENERIC_WRITE);
    DWORD before = 0, mode = 0, done;

    if (in == INVALID_HANDLE_VALUE) {
        skip("CONIN$ is input, in any case of letters", "there is no console");
        return;
    }
    expect_success(CALL(GetConsoleMode(in, &before)), "CONIN$ is input, in any case of letters");
    expect_success(CALL(SetConsoleMode(in, 0)), "its mode can be 0");
    expect_success(CALL(GetConsoleMode(out, &mode)), "CONOUT$ is output, for reading as well");
    expect(mode & ENABLE_PROCESSED_OUTPUT, "and has a mode of its own");
    SetConsoleMode(in, before);
    expect_value(GetFileType(out), FILE_TYPE_CHAR, "it is of characters");
    expect_success(CALL(WriteFile(out, "# CONOUT$\n", 10, &done, NULL)), "and can be written to");
    expect_success(CALL(CloseHandle(out)), "and closed");
    check_con();
    CloseHandle(in);
}

void check_console(void)
{
    HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE), event = CreateEventA(NULL, TRUE, FALSE, NULL);
    DWORD mode, written;

    check_standard();
    expect_error(CALL(WriteConsoleA(event, "x", 1, &written, NULL)), 6, "an event is no console");
    expect_error(CALL(GetConsoleMode(event, &mode)), 6, "and has no mode");
    CloseHandle(event);
    if (out != NULL && out != INVALID_HANDLE_VALUE)
        check_output(out);
    else
        skip("standard output can be written to", "there is none");
    if (GetConsoleMode(out, &mode))
        check_screen(out, mode);
    else
        skip("a console is of characters", "standard output is none");
    check_names();
}

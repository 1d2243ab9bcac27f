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
}

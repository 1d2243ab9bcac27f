/* The Test Anything Protocol, line by line to standard output, or to the debugger without one. */
#include "conform.h"

static const char *current_area = "";
static int checks, failures;

static void write_line(const char *line)
{
    HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
    DWORD length = 0, written;

    while (line[length] != '\0')
        length++;
    if (out == NULL || out == INVALID_HANDLE_VALUE || !WriteFile(out, line, length, &written, NULL))
        OutputDebugStringA(line);
}

static void report(BOOL passed, const char *name, const char *reason)
{
    char line[TEXT_SIZE], *end = text_append(line, passed ? "ok " : "not ok ");

    end = text_append_number(end, ++checks, 10);
    end = text_append(text_append(text_append(text_append(end, " - "), current_area), ": "), name);
    if (reason != NULL)
        end = text_append(text_append(end, " # SKIP "), reason);
    text_append(end, "\n");
    write_line(line);
    failures += !passed;
}

static void explain(const char *what, DWORD_PTR got, DWORD_PTR expected)
{
    char line[TEXT_SIZE], *end = text_append(text_append(line, "# "), what);

    end = text_append_number(text_append(end, ": got "), got, 16);
    end = text_append_number(text_append(end, ", expected "), expected, 16);
    text_append(end, "\n");
    write_line(line);
}

struct outcome outcome_of(DWORD_PTR value)
{
    return (struct outcome){value, GetLastError()};
}

void tap_area(const char *name)
{
    current_area = name;
}

void expect(BOOL passed, const char *name)
{
    report(passed, name, NULL);
}

void expect_value(DWORD_PTR got, DWORD_PTR expected, const char *name)
{
    report(got == expected, name, NULL);
    if (got != expected)
        explain("value", got, expected);
}

void expect_text(const char *got, const char *expected, const char *name)
{
    char line[TEXT_SIZE], *end = text_append(line, "# got \"");

    report(text_equal(got, expected), name, NULL);
    if (text_equal(got, expected))
        return;
    end = text_append(text_append(text_append(end, got), "\", expected \""), expected);
    text_append(end, "\"\n");
    write_line(line);
}

void expect_success(struct outcome outcome, const char *name)
{
    BOOL passed = outcome.value != 0 && outcome.error == UNTOUCHED;

    report(passed, name, NULL);
    if (passed)
        return;
    explain("value", outcome.value, TRUE);
    explain("last error", outcome.error, UNTOUCHED);
}

void expect_failure(struct outcome outcome, DWORD_PTR value, DWORD error, const char *name)
{
    BOOL passed = outcome.value == value && outcome.error == error;

    report(passed, name, NULL);
    if (passed)
        return;
    explain("value", outcome.value, value);
    explain("last error", outcome.error, error);
}

void expect_error(struct outcome outcome, DWORD error, const char *name)
{
    expect_failure(outcome, FALSE, error, name);
}

void skip(const char *name, const char *reason)
{
    report(TRUE, name, reason);
}

int tap_end(void)
{
    char line[TEXT_SIZE], *end = text_append_number(text_append(line, "1.."), checks, 10);

    text_append(end, "\n");
    write_line(line);
    return failures < 255 ? failures : 255;
}

/* wsprintf. docs: wsprintf. Wine: user32/tests/wsprintf.c. The tutorial's rows (4.2.1) are among these. */
#include "conform.h"

static const struct {
    const char *format;
    DWORD_PTR value;
    const char *expected;
} formats[] = {
    {"%u", 247885824, "247885824"},
    {"%u", 0xFFFFFFFF, "4294967295"},
    {"%d", (DWORD_PTR)-5, "-5"},
    {"%i", 5, "5"},
    {"%ld", (DWORD_PTR)-1, "-1"},
    {"%08Xh", 0x400000, "00400000h"},
    {"%x", 0xBEEF, "beef"},
    {"%X", 0xBEEF, "BEEF"},
    {"%#x", 0xBEEF, "0xbeef"},
    {"%lX", 0xBEEF, "BEEF"},
    {"%5d", 42, "   42"},
    {"%-5d|", 42, "42   |"},
    {"%05d", 42, "00042"},
    {"%.5d", 42, "00042"},
    {"%010ld", (DWORD_PTR)-1, "-000000001"},
    {"%c", 'x', "x"},
    {"%3c", 'x', "  x"},
    {"%%", 0, "%"},
    {"%s", (DWORD_PTR) "text", "text"},
    {"%6s", (DWORD_PTR) "text", "  text"},
    {"%-6s|", (DWORD_PTR) "text", "text  |"},
    {"%.2s", (DWORD_PTR) "text", "te"},
    {"%S", (DWORD_PTR)L"wide", "wide"},
    {"%ls", (DWORD_PTR)L"wide", "wide"},
    {"%hs", (DWORD_PTR) "text", "text"},
    {"no format", 0, "no format"},
};

void check_wsprintf(void)
{
    char buffer[64], name[64];
    unsigned i;
    int length;

    for (i = 0; i < COUNT(formats); i++) {
        wsprintfA(buffer, formats[i].format, formats[i].value);
        text_append(text_append(text_append(name, formats[i].format), " becomes "),
                    formats[i].expected);
        expect_text(buffer, formats[i].expected, name);
    }
    length = wsprintfA(buffer, "%s \t%08Xh\t%08Xh ( %s )\n", "user32.dll", 0x77D00000, 0x043F9000,
                       "71 274 496");
    expect_text(buffer, "user32.dll \t77D00000h\t043F9000h ( 71 274 496 )\n", "a row of the table");
    expect_value((DWORD)length, 47, "and its length");
}

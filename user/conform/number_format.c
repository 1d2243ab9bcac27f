/*
 * GetNumberFormat. docs: GetNumberFormat, NUMBERFMT. Wine: kernel32/tests/locale.c. The tutorial's
 * BigNumToString (4.2.1) is the format with blanks, and the numbers of figure 4-10 are among these.
 */
#include "conform.h"

#define US MAKELCID(MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), SORT_DEFAULT)

static const struct {
    const char *number;
    UINT digits, leading_zero, grouping;
    char *decimal, *thousand;
    UINT negative;
    const char *expected;
} numbers[] = {
    {"247885824", 0, 0, 3, ".", " ", 0, "247 885 824"},
    {"71249920", 0, 0, 3, ".", " ", 0, "71 249 920"},
    {"999", 0, 0, 3, ".", " ", 0, "999"},
    {"1000", 0, 0, 3, ".", " ", 0, "1 000"},
    {"4294967295", 0, 0, 3, ".", " ", 0, "4 294 967 295"},
    {"1234567", 2, 0, 3, ".", ",", 1, "1,234,567.00"},
    {"1234.5", 2, 0, 3, ".", ",", 1, "1,234.50"},
    {"1234.567", 2, 0, 3, ".", ",", 1, "1,234.57"},
    {"1234.561", 2, 0, 3, ".", ",", 1, "1,234.56"},
    {"1234567", 0, 0, 0, ".", ",", 1, "1234567"},
    {"1234567", 1, 0, 3, "|", "'", 1, "1'234'567|0"},
    {"0.5", 1, 0, 3, ".", ",", 1, ".5"},
    {"0.5", 1, 1, 3, ".", ",", 1, "0.5"},
    {"-1234", 0, 0, 3, ".", ",", 0, "(1,234)"},
    {"-1234", 0, 0, 3, ".", ",", 1, "-1,234"},
    {"-1234", 0, 0, 3, ".", ",", 2, "- 1,234"},
    {"-1234", 0, 0, 3, ".", ",", 3, "1,234-"},
    {"-1234", 0, 0, 3, ".", ",", 4, "1,234 -"},
    {"00123", 0, 0, 3, ".", ",", 1, "123"},
    {"7654321", 0, 0, 3, ".", "", 1, "7654321"},
};

static NUMBERFMTA format_of(unsigned i)
{
    return (NUMBERFMTA){numbers[i].digits,  numbers[i].leading_zero, numbers[i].grouping,
                        numbers[i].decimal, numbers[i].thousand,     numbers[i].negative};
}

static void check_each(void)
{
    char buffer[64], name[64];
    NUMBERFMTA format;
    unsigned i;

    for (i = 0; i < COUNT(numbers); i++) {
        format = format_of(i);
        buffer[0] = '\0';
        GetNumberFormatA(LOCALE_USER_DEFAULT, 0, numbers[i].number, &format, buffer,
                         sizeof(buffer));
        text_append(text_append(text_append(name, numbers[i].number), " becomes "),
                    numbers[i].expected);
        expect_text(buffer, numbers[i].expected, name);
    }
}

static void check_returns(void)
{
    NUMBERFMTA format = format_of(0);
    char buffer[64] = "kept";

    expect_value((DWORD)GetNumberFormatA(US, 0, "1234567", &format, buffer, sizeof(buffer)), 10,
                 "its length with the NUL is returned");
    expect_value((DWORD)GetNumberFormatA(US, 0, "1234567", &format, NULL, 0), 10,
                 "and without a buffer");
    expect_failure(CALL(GetNumberFormatA(US, 0, "1234567", &format, buffer, 9)), 0, 122,
                   "too small is 122");
    expect_failure(CALL(GetNumberFormatA(US, 0, "12x4", &format, buffer, sizeof(buffer))), 0, 87,
                   "a letter is 87");
    expect_failure(CALL(GetNumberFormatA(US, 0, "1.2.3", &format, buffer, sizeof(buffer))), 0, 87,
                   "two points are 87");
    expect_failure(CALL(GetNumberFormatA(US, 0, NULL, &format, buffer, sizeof(buffer))), 0, 87,
                   "no number is 87");
    format.lpDecimalSep = NULL;
    expect_failure(CALL(GetNumberFormatA(US, 0, "1", &format, buffer, sizeof(buffer))), 0, 87,
                   "no separator is 87");
    GetNumberFormatA(US, 0, "1234567", NULL, buffer, sizeof(buffer));
    expect_text(buffer, "1,234,567.00", "without a format the locale's is taken");
}

void check_number_format(void)
{
    check_each();
    check_returns();
}

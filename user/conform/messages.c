/* FormatMessage: its own little language, and the system's texts. */
#include "conform.h"

#define FROM_STRING (FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY)

static DWORD_PTR arguments[] = {(DWORD_PTR) "first", (DWORD_PTR) "second", 42, 0xBEEF};

/* docs: FormatMessage, the table of escape sequences. Wine: kernel32/tests/format_msg.c */
static const struct {
    const char *text, *expected, *name;
} strings[] = {
    {"plain", "plain", "plain text is itself"},
    {"%1", "first", "an insert"},
    {"%2 %1", "second first", "inserts in another order"},
    {"%1!s!", "first", "an insert with its format"},
    {"[%1!10s!]", "[     first]", "a width"},
    {"[%1!-10s!]", "[first     ]", "a width to the left"},
    {"%3!u!", "42", "a number"},
    {"%3!05d!", "00042", "a number with zeros"},
    {"%4!x!", "beef", "a number in hexadecimal"},
    {"%4!08X!", "0000BEEF", "and in capital letters"},
    {"100%%", "100%", "two percent signs are one"},
    {"a%nb", "a\r\nb", "%n ends a line"},
    {"a%.b", "a.b", "%. is a full stop"},
    {"a%!b", "a!b", "%! is an exclamation mark"},
    {"a% b", "a b", "%space is a space"},
    {"shown%0hidden", "shown", "%0 ends the message"},
    {"one\ntwo", "one\r\ntwo", "a line feed becomes a line's end"},
};

static void check_strings(void)
{
    char buffer[TEXT_SIZE];
    unsigned i;

    for (i = 0; i < COUNT(strings); i++) {
        FormatMessageA(FROM_STRING, strings[i].text, 0, 0, buffer, sizeof(buffer),
                       (va_list *)arguments);
        expect_text(buffer, strings[i].expected, strings[i].name);
    }
}

/* docs: FormatMessage, parameters and return value */
static void check_flags(void)
{
    char buffer[TEXT_SIZE] = "kept", *allocated = NULL;

    expect_value(
        FormatMessageA(FROM_STRING, "%1", 0, 0, buffer, sizeof(buffer), (va_list *)arguments), 5,
        "the characters without the NUL are returned");
    FormatMessageA(FROM_STRING | FORMAT_MESSAGE_IGNORE_INSERTS, "%1 and %2", 0, 0, buffer,
                   sizeof(buffer), NULL);
    expect_text(buffer, "%1 and %2", "inserts can be ignored");
    expect_value(FormatMessageA(FROM_STRING | FORMAT_MESSAGE_ALLOCATE_BUFFER, "%1", 0, 0,
                                (char *)&allocated, 0, (va_list *)arguments),
                 5, "a buffer is allocated");
    expect_text(allocated != NULL ? allocated : "", "first", "and has the text");
    expect(allocated != NULL && LocalFree(allocated) == NULL, "and is freed by LocalFree");
    expect_failure(CALL(FormatMessageA(FROM_STRING, "too long", 0, 0, buffer, 4, NULL)), 0, 122,
                   "a small buffer is 122");
}

/* docs: System Error Codes; a message ends with CR LF, and 317 says that there is none */
static const struct {
    DWORD error;
    const char *text;
} messages[] = {
    {ERROR_SUCCESS, "The operation completed successfully.\r\n"},
    {ERROR_INVALID_FUNCTION, "Incorrect function.\r\n"},
    {ERROR_FILE_NOT_FOUND, "The system cannot find the file specified.\r\n"},
    {ERROR_PATH_NOT_FOUND, "The system cannot find the path specified.\r\n"},
    {ERROR_ACCESS_DENIED, "Access is denied.\r\n"},
    {ERROR_INVALID_HANDLE, "The handle is invalid.\r\n"},
    {ERROR_INVALID_PARAMETER, "The parameter is incorrect.\r\n"},
    {ERROR_INSUFFICIENT_BUFFER, "The data area passed to a system call is too small.\r\n"},
    {ERROR_MOD_NOT_FOUND, "The specified module could not be found.\r\n"},
    {ERROR_PROC_NOT_FOUND, "The specified procedure could not be found.\r\n"},
    {ERROR_SERVICE_DOES_NOT_EXIST,
     "The specified service does not exist as an installed service.\r\n"},
    {ERROR_SERVICE_EXISTS, "The specified service already exists.\r\n"},
};

static void check_system_texts(void)
{
    char buffer[TEXT_SIZE], name[TEXT_SIZE];
    unsigned i;

    for (i = 0; i < COUNT(messages); i++) {
        buffer[0] = '\0';
        text_append_number(text_append(name, "the text of error "), messages[i].error, 10);
        FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                       messages[i].error, 0, buffer, sizeof(buffer), NULL);
        expect_text(buffer, messages[i].text, name);
    }
    expect_failure(CALL(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL, 0x2FFFFFFF, 0, buffer,
                                       sizeof(buffer), NULL)),
                   0, ERROR_MR_MID_NOT_FOUND, "an error without a text is 317");
}

void check_messages(void)
{
    check_strings();
    check_flags();
    check_system_texts();
}

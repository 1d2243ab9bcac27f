/* Environment variables. */
#include "conform.h"

#define NAME "CONFORM_TEST"

/* docs: GetEnvironmentVariable, SetEnvironmentVariable. Wine: kernel32/tests/environ.c */
static void check_one(void)
{
    char buffer[TEXT_SIZE] = "kept";

    expect_failure(CALL(GetEnvironmentVariableA(NAME, buffer, sizeof(buffer))), 0, 203,
                   "a missing one is 203");
    expect_success(CALL(SetEnvironmentVariableA(NAME, "value")), "one can be set");
    expect_value(GetEnvironmentVariableA(NAME, buffer, sizeof(buffer)), 5,
                 "its length without the NUL");
    expect_text(buffer, "value", "and its value");
    GetEnvironmentVariableA("conform_TEST", buffer, sizeof(buffer));
    expect_text(buffer, "value", "the case of its name does not matter");
    expect_value(GetEnvironmentVariableA(NAME, buffer, 5), 6, "too small: the length with the NUL");
    expect_value(GetEnvironmentVariableA(NAME, NULL, 0), 6, "without a buffer too");
    SetEnvironmentVariableA(NAME, "longer than it was before");
    GetEnvironmentVariableA(NAME, buffer, sizeof(buffer));
    expect_text(buffer, "longer than it was before", "it can be changed");
    expect_success(CALL(SetEnvironmentVariableA(NAME, NULL)), "and removed");
    expect_failure(CALL(GetEnvironmentVariableA(NAME, buffer, sizeof(buffer))), 0, 203,
                   "then it is missing");
}

/* Wine: kernel32/tests/environ.c */
static void check_odd(void)
{
    char buffer[TEXT_SIZE];

    expect_error(CALL(SetEnvironmentVariableA("", "x")), 87, "no name is 87");
    SetEnvironmentVariableA(NAME, "");
    SetLastError(UNTOUCHED);
    expect_value(GetEnvironmentVariableA(NAME, buffer, sizeof(buffer)), 0,
                 "an empty value has no length");
    expect(GetLastError() != ERROR_ENVVAR_NOT_FOUND, "but is not missing");
    expect_text(buffer, "", "and is an empty text");
    SetEnvironmentVariableA(NAME, NULL);
}

/* docs: ExpandEnvironmentStrings */
static void check_expansion(void)
{
    char buffer[TEXT_SIZE];

    SetEnvironmentVariableA(NAME, "value");
    expect_value(ExpandEnvironmentStringsA("a %" NAME "% b", buffer, sizeof(buffer)), 10,
                 "its length with the NUL");
    expect_text(buffer, "a value b", "a name becomes its value");
    ExpandEnvironmentStringsA("%conform_test%", buffer, sizeof(buffer));
    expect_text(buffer, "value", "in any case");
    ExpandEnvironmentStringsA("a %NO_SUCH_NAME% b", buffer, sizeof(buffer));
    expect_text(buffer, "a %NO_SUCH_NAME% b", "a missing one stays");
    ExpandEnvironmentStringsA("100%", buffer, sizeof(buffer));
    expect_text(buffer, "100%", "so does a percent sign");
    SetEnvironmentVariableA(NAME, NULL);
}

/* docs: GetEnvironmentStrings: name=value, each with a NUL, and one more */
static void check_block(void)
{
    char *block, *line;
    BOOL found = FALSE;

    SetEnvironmentVariableA(NAME, "in the block");
    block = GetEnvironmentStrings();
    for (line = block; *line != '\0'; line++) {
        found = found || text_equal(line, NAME "=in the block");
        while (*line != '\0')
            line++;
    }
    expect(found, "it stands in the block");
    expect_success(CALL(FreeEnvironmentStringsA(block)), "which is given back");
    SetEnvironmentVariableA(NAME, NULL);
}

void check_environment(void)
{
    check_one();
    check_odd();
    check_expansion();
    check_block();
}

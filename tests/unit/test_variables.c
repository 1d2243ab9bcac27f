/* Environments: finding, setting and removing, references in text. */
#include "kernel32/variables.h"
#include "wide.h"

static const uint16_t some[] = u"=C:=C:\\dir\0ALPHA=1\0Path=C:\\\0TEMP=\0";
static const uint16_t none[] = u"";

static void expect_found(const uint16_t *name, const uint16_t *value)
{
    const uint16_t *found = variables_find(some, name, wide_length(name));

    if (value)
        assert_wide_equal(found, value);
    else
        assert_null(found);
}

static void finding(void **state)
{
    (void)state;
    assert_int_equal(variables_size(none), 1);
    assert_int_equal(variables_size(some), ARRAY_SIZE(some));
    expect_found(W("ALPHA"), W("1"));
    expect_found(W("PATH"), W("C:\\"));
    expect_found(W("temp"), W(""));
    expect_found(W("=C:"), W("C:\\dir"));
    expect_found(W("ALPH"), NULL);
    expect_found(W("ALPHAS"), NULL);
    expect_found(W("="), NULL);
}

static void expect_set(const uint16_t *before, const uint16_t *name, const uint16_t *value,
                       const uint16_t *after, size_t units)
{
    size_t room = variables_size(before) + wide_length(name) + (value ? wide_length(value) : 0) + 2;
    uint16_t *changed = malloc(room * sizeof *changed);

    assert_int_equal(variables_set(before, name, value, changed), units);
    assert_memory_equal(changed, after, units * sizeof *changed);
    free(changed);
}

#define EXPECT_SET(before, name, value, after)                                                     \
    expect_set((before), W(name), (value), (const uint16_t *)(after), sizeof(after) / 2)

static void setting(void **state)
{
    (void)state;
    EXPECT_SET(none, "A", W("1"), u"A=1\0");
    EXPECT_SET(some, "BETA", W("2"), u"=C:=C:\\dir\0ALPHA=1\0BETA=2\0Path=C:\\\0TEMP=\0");
    EXPECT_SET(some, "alpha", W("3"), u"=C:=C:\\dir\0alpha=3\0Path=C:\\\0TEMP=\0");
    EXPECT_SET(some, "Z", W(""), u"=C:=C:\\dir\0ALPHA=1\0Path=C:\\\0TEMP=\0Z=\0");
    EXPECT_SET(some, "PATH", NULL, u"=C:=C:\\dir\0ALPHA=1\0TEMP=\0");
    EXPECT_SET(some, "absent", NULL, u"=C:=C:\\dir\0ALPHA=1\0Path=C:\\\0TEMP=\0");
}

static void expect_expanded(const uint16_t *text, const uint16_t *expected)
{
    uint16_t buffer[64];
    size_t units = wide_length(expected) + 1;

    assert_int_equal(variables_expand(some, text, NULL, 0), units);
    assert_int_equal(variables_expand(some, text, buffer, ARRAY_SIZE(buffer)), units);
    assert_wide_equal(buffer, expected);
}

static void expanding(void **state)
{
    (void)state;
    expect_expanded(W("x %alpha% y"), W("x 1 y"));
    expect_expanded(W("%PATH%%TEMP%"), W("C:\\"));
    expect_expanded(W("%absent%"), W("%absent%"));
    expect_expanded(W("100%"), W("100%"));
    expect_expanded(W("%%"), W("%%"));
    expect_expanded(W("5% of %alpha%"), W("5% of 1"));
    expect_expanded(W(""), W(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(finding), TEST(setting), TEST(expanding)};

    return RUN_TESTS(tests);
}

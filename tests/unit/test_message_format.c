/* The computing half of FormatMessage: inserts, their formats, escapes, ends. */
#include "kernel32/message_format.h"
#include "wide.h"

static const uintptr_t arguments[] = {(uintptr_t)u"first", 42, (uintptr_t)u"third", 0xBEEF,
                                      (uintptr_t) "narrow"};

static enum message_result format(const uint16_t *text, struct message_format how, uint16_t *buffer,
                                  size_t size)
{
    size_t length;
    enum message_result result = message_format(text, &how, buffer, size, &length);

    if (result == MESSAGE_DONE)
        assert_int_equal(length, wide_length(buffer));
    return result;
}

static const struct message_format five = {.arguments = arguments, .argument_limit = 5};

static void expect_how(const uint16_t *text, struct message_format how, const uint16_t *expected)
{
    uint16_t buffer[128];

    assert_int_equal(format(text, how, buffer, ARRAY_SIZE(buffer)), MESSAGE_DONE);
    assert_wide_equal(buffer, expected);
}

static void expect(const uint16_t *text, const uint16_t *expected)
{
    expect_how(text, five, expected);
}

static void inserts(void **state)
{
    (void)state;
    expect(W("%1 and %3"), W("first and third"));
    expect(W("%3%1"), W("thirdfirst"));
    expect(W("%2!u! %2!d!"), W("42 42"));
    expect(W("[%1!10s!] [%1!-10s!]"), W("[     first] [first     ]"));
    expect(W("[%1!.3s!] [%1!s!]"), W("[fir] [first]"));
    expect(W("%4!x! %4!X! %4!#x! %4!08X! %4!o!"), W("beef BEEF 0xbeef 0000BEEF 137357"));
    expect(W("[%2!6u!] [%2!-6u!] [%2!06u!] [%2!.4u!]"), W("[    42] [42    ] [000042] [0042]"));
    expect(W("%5!hs! %5!S!"), W("narrow narrow"));
    expect(W("%2!c!"), W("*"));
}

static void widths_from_the_arguments(void **state)
{
    static const uintptr_t values[] = {6, (uintptr_t)u"abc", 2, (uintptr_t)u"xyz"};
    const struct message_format how = {.arguments = values, .argument_limit = 4};

    (void)state;
    expect_how(W("[%1!*s!]"), how, W("[   abc]"));
    expect_how(W("[%3!.*s!]"), how, W("[xy]"));
}

static void numbers(void **state)
{
    static const uintptr_t values[] = {0xFFFFFFFF, 0x80000000, 0x12345678, 0x9ABC, 0, 0x1FFFF};
    const struct message_format how = {.arguments = values, .argument_limit = 6};

    (void)state;
    expect_how(W("%1!d! %1!u!"), how, W("-1 4294967295"));
    expect_how(W("%2!d! %2!i!"), how, W("-2147483648 -2147483648"));
    expect_how(W("%3!I64X!"), how, W("9ABC12345678"));
    expect_how(W("%5!u! %5!#x! [%5!4d!]"), how, W("0 0 [   0]"));
    expect_how(W("%6!hu! %6!hd! %6!lx!"), how, W("65535 -1 1ffff"));
}

static void ansi_strings(void **state)
{
    static const uintptr_t values[] = {(uintptr_t) "narrow", (uintptr_t)u"wide", 0};
    const struct message_format how = {.ansi = true, .arguments = values, .argument_limit = 3};

    (void)state;
    expect_how(W("%1 %1!s! %2!S! %2!ws! %2!ls!"), how, W("narrow narrow wide wide wide"));
    expect_how(W("%3"), how, W("(null)"));
}

static void escapes(void **state)
{
    (void)state;
    expect(W("a%nb%tc%rd%be"), W("a\r\nb\tc\rd e"));
    expect(W("100%% %. %! %x"), W("100% . ! x"));
    expect(W("line\nnext\r\nlast\r"), W("line\r\nnext\r\nlast\r\n"));
    expect(W("kept%0 gone %1"), W("kept"));
    expect(W("at the end %"), W("at the end "));
    expect_how(W("a\r\nb%nc"), (struct message_format){.ignore_breaks = true}, W("a b\r\nc"));
    expect_how(W("%1 %2!u! %n."), (struct message_format){.ignore_inserts = true},
               W("%1 %2!u! \r\n."));
}

static void failures(void **state)
{
    uint16_t buffer[8];

    (void)state;
    assert_int_equal(format(W("%1"), (struct message_format){0}, buffer, 8),
                     MESSAGE_MISSING_ARGUMENT);
    assert_int_equal(format(W("%6"), five, buffer, 8), MESSAGE_MISSING_ARGUMENT);
    assert_int_equal(format(W("%2!q!"), five, buffer, 8), MESSAGE_BAD_INSERT);
    assert_int_equal(format(W("%2!u"), five, buffer, 8), MESSAGE_BAD_INSERT);
    assert_int_equal(format(W("12345678"), five, buffer, 8), MESSAGE_TOO_LONG);
    assert_int_equal(format(W("1234567"), five, buffer, 8), MESSAGE_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(inserts), TEST(widths_from_the_arguments),
        TEST(numbers), TEST(ansi_strings),
        TEST(escapes), TEST(failures),
    };

    return RUN_TESTS(tests);
}

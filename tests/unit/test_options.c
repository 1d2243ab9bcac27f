/* The kernel command line. */
#include "options.h"
#include "unit.h"

static char unknown_words[1024];

static void note_unknown(const char *word)
{
    strcat(strcat(unknown_words, word), ";");
}

static struct options parse(const char *line)
{
    struct options options;

    unknown_words[0] = 0;
    memset(&options, 0xA5, sizeof(options));
    options_parse(line, &options, note_unknown);
    return options;
}

/* A line in which every word is unknown or skipped. */
static void expect_nothing(const char *line, const char *unknown)
{
    static const struct options nothing;
    struct options options = parse(line);

    assert_memory_equal(&options, &nothing, sizeof(nothing));
    assert_string_equal(unknown_words, unknown);
}

static void an_empty_line(void **state)
{
    (void)state;
    expect_nothing("", "");
    expect_nothing("  \t ", "");
}

static void every_word(void **state)
{
    struct options o = parse("exit seed=7 place=fig4-10\tselftest  registry=taken crash=stack");

    (void)state;
    assert_true(o.exit);
    assert_true(o.selftest);
    assert_true(o.seeded);
    assert_int_equal(o.seed, 7);
    assert_string_equal(o.place, "fig4-10");
    assert_string_equal(o.registry, "taken");
    assert_string_equal(o.crash, "stack");
    assert_string_equal(unknown_words, "");
    assert_string_equal(parse("registry=none").registry, "none");
    assert_string_equal(parse("selftest=mmu").tests, "mmu");
    assert_string_equal(parse("paging=pae").paging, "pae");
    assert_string_equal(parse("paging=pae paging=32").paging, "32");
    assert_int_equal(parse("seed=0xFFFFFFFF").seed, 0xFFFFFFFF);
    o = parse("seed=0");
    assert_true(o.seeded);
    assert_int_equal(o.seed, 0);
}

static void unknown_words_are_named(void **state)
{
    (void)state;
    expect_nothing("exits", "exits;");
    expect_nothing("exi", "exi;");
    expect_nothing("EXIT", "EXIT;");
    expect_nothing("exit=", "exit=;");
    expect_nothing("exit=1 selftest=", "exit=1;selftest=;");
    expect_nothing("=", "=;");
    expect_nothing("=exit", "=exit;");
    expect_nothing("seed seed= seed=x seed=-1 seed=4294967296",
                   "seed;seed=;seed=x;seed=-1;seed=4294967296;");
    expect_nothing("place place= place=fig place=fig4-1 place=fig4-100 place=FIG4-10",
                   "place;place=;place=fig;place=fig4-1;place=fig4-100;place=FIG4-10;");
    expect_nothing("registry=non registry=one registry=nonetaken",
                   "registry=non;registry=one;registry=nonetaken;");
    expect_nothing("crash crash= crash=0123456789abcdef", "crash;crash=;crash=0123456789abcdef;");
}

static void the_loaders_name_is_skipped(void **state)
{
    (void)state;
    expect_nothing("build/kernel.elf", "");
    expect_nothing("/boot/kernel.elf /boot/kernel.elf", "/boot/kernel.elf;");
    expect_nothing("kernel.elf", "");
    expect_nothing("exit.now", "");
    expect_nothing("seed exit.now", "seed;exit.now;");
    assert_true(parse("/boot/kernel.elf exit").exit);
    expect_nothing("crash=/x/0123456789abcdef", "crash=/x/0123456789abcdef;");
}

static void long_words_are_cut(void **state)
{
    char line[512], expected[80];

    (void)state;
    memset(line, 'w', 500);
    strcpy(line + 500, " exit");
    memset(expected, 'w', 63);
    strcpy(expected + 63, ";");
    assert_true(parse(line).exit);
    assert_string_equal(unknown_words, expected);
}

/* A bad word is ignored: the good one before it stands. */
static void a_bad_word_changes_nothing(void **state)
{
    struct options o = parse("seed=5 seed=x place=fig4-10 place=no exit exit=0");

    (void)state;
    assert_string_equal(unknown_words, "seed=x;place=no;exit=0;");
    assert_true(o.exit);
    assert_string_equal(o.place, "fig4-10");
    assert_int_equal(o.seed, 5);
    assert_true(o.seeded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_line),           TEST(every_word),
        TEST(unknown_words_are_named), TEST(the_loaders_name_is_skipped),
        TEST(long_words_are_cut),      TEST(a_bad_word_changes_nothing),
    };

    return RUN_TESTS(tests);
}

/* Words of a crash report: names of code addresses, exceptions and their error codes. */
#include "kd/exception.h"
#include "kd/symbols.h"
#include "ps/module.h"
#include "unit.h"

/* What the linked kernel and the loader would give. */
struct symbol {
    ULONG address;
    const char *name;
};
const struct symbol kernel_symbols[] = {
    {0x80100000, "kmain"},
    {0x80100040, "stops"}, /* its last instruction is a call that does not return */
    {0x80100050, "behind"},
    {0x80110000, "last"},
};
const ULONG kernel_symbol_count = ARRAY_SIZE(kernel_symbols);

static const struct module driver = {.name = "VirtToPhys.sys", .base = 0xE0000000, .size = 0x7000};

const struct module *module_at(ULONG address)
{
    return address - driver.base < driver.size ? &driver : NULL;
}

static void expect(ULONG address, enum symbols_kind kind, const char *expected)
{
    char text[64];

    symbols_describe(address, kind, text, sizeof(text));
    assert_string_equal(text, expected);
}

static void functions_of_the_kernel(void **state)
{
    (void)state;
    expect(0x80100000, SYMBOLS_INSTRUCTION, "kmain+0x0");
    expect(0x8010003F, SYMBOLS_INSTRUCTION, "kmain+0x3f");
    expect(0x80100050, SYMBOLS_INSTRUCTION, "behind+0x0");
    expect(0x80113FFF, SYMBOLS_INSTRUCTION, "last+0x3fff");
    expect(0x80114000, SYMBOLS_INSTRUCTION, "?");
    expect(0x800FFFFF, SYMBOLS_INSTRUCTION, "?");
    expect(0, SYMBOLS_INSTRUCTION, "?");
    expect(0xFFFFFFFF, SYMBOLS_INSTRUCTION, "?");
}

/* A return address belongs to the function of the call in front of it. */
static void callers(void **state)
{
    (void)state;
    expect(0x80100050, SYMBOLS_RETURN_ADDRESS, "stops+0x10");
    expect(0x80100051, SYMBOLS_RETURN_ADDRESS, "behind+0x1");
    expect(0x80100005, SYMBOLS_RETURN_ADDRESS, "kmain+0x5");
    expect(0x80100000, SYMBOLS_RETURN_ADDRESS, "?");
    expect(0, SYMBOLS_RETURN_ADDRESS, "?");
}

static void drivers_have_rvas(void **state)
{
    (void)state;
    expect(0xE0001034, SYMBOLS_INSTRUCTION, "VirtToPhys.sys+0x1034");
    expect(0xE0006FFF, SYMBOLS_INSTRUCTION, "VirtToPhys.sys+0x6fff");
    expect(0xE0007000, SYMBOLS_INSTRUCTION, "?");
}

static void descriptions_are_cut(void **state)
{
    char text[8];

    (void)state;
    symbols_describe(0x80100000, SYMBOLS_INSTRUCTION, text, sizeof(text));
    assert_string_equal(text, "kmain+0");
    symbols_describe(0, SYMBOLS_INSTRUCTION, text, 1);
    assert_string_equal(text, "");
}

static void names_of_exceptions(void **state)
{
    (void)state;
    assert_string_equal(exception_name(0), "divide error");
    assert_string_equal(exception_name(6), "invalid opcode");
    assert_string_equal(exception_name(8), "double fault");
    assert_string_equal(exception_name(13), "general protection");
    assert_string_equal(exception_name(14), "page fault");
    assert_string_equal(exception_name(17), "alignment check");
    for (ULONG vector = 0; vector < 32; vector++)
        assert_true(strlen(exception_name(vector)) > 5);
    assert_string_equal(exception_name(32), "interrupt");
    assert_string_equal(exception_name(0xFFFFFFFF), "interrupt");
}

/* SDM vol. 3A, 4.7: bit 0 P, 1 W, 2 U, 3 RSVD, 4 I; 6.13 for selectors. */
static void error_codes_in_words(void **state)
{
    static const struct {
        ULONG vector, error;
        const char *expected;
    } cases[] = {
        {14, 0x00, "not present, read, kernel"},
        {14, 0x02, "not present, write, kernel"},
        {14, 0x03, "protection, write, kernel"},
        {14, 0x05, "protection, read, user"},
        {14, 0x07, "protection, write, user"},
        {14, 0x09, "protection, read, kernel, reserved bit"},
        {14, 0x15, "protection, fetch, user"},
        {14, 0x10, "not present, fetch, kernel"},
        {13, 0x00, "no selector"},
        {13, 0x50, "GDT entry 0xa"},
        {11, 0x54, "LDT entry 0xa"},
        {13, 0x172, "IDT entry 0x2e"},
        {10, 0x51, "GDT entry 0xa, external"},
        {12, 0xFFFF0008, "GDT entry 0x1"},
        {0, 0, ""},
        {6, 0x1234, ""},
        {8, 0, ""},
        {0xFFFFFFFF, 0, ""},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        char text[64];

        exception_describe_error(cases[i].vector, cases[i].error, text, sizeof(text));
        assert_string_equal(text, cases[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(functions_of_the_kernel), TEST(callers),
        TEST(drivers_have_rvas),       TEST(descriptions_are_cut),
        TEST(names_of_exceptions),     TEST(error_codes_in_words),
    };

    return RUN_TESTS(tests);
}

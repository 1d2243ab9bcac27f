/* The object manager's names: splitting paths, checking and hashing (kernel/ob/name.c). */
#include "ob/obp.h"
#include "unit.h"

static UNICODE_STRING counted(const WCHAR *text)
{
    UNICODE_STRING string;

    RtlInitUnicodeString(&string, text);
    return string;
}

static void assert_units(PCUNICODE_STRING string, const WCHAR *expected)
{
    UNICODE_STRING other = counted(expected);

    assert_int_equal(string->Length, other.Length);
    assert_memory_equal(string->Buffer, other.Buffer, other.Length);
    assert_true(string->MaximumLength >= string->Length);
}

/* Each step: the component taken off, and what is left. */
static void assert_steps(const WCHAR *path, const WCHAR *const *steps)
{
    UNICODE_STRING name = counted(path);

    for (; steps[0]; steps += 2) {
        UNICODE_STRING component = ob_split(&name);

        assert_units(&component, steps[0]);
        assert_units(&name, steps[1]);
    }
}

static void paths_split_at_backslashes(void **state)
{
    (void)state;
    assert_steps(u"\\Device\\devVirtToPhys",
                 (const WCHAR *const[]){u"Device", u"\\devVirtToPhys", u"devVirtToPhys", u"", u"",
                                        u"", NULL});
    assert_steps(u"\\??\\C:\\dir\\a.sys",
                 (const WCHAR *const[]){u"??", u"\\C:\\dir\\a.sys", u"C:", u"\\dir\\a.sys", u"dir",
                                        u"\\a.sys", u"a.sys", u"", NULL});
    assert_steps(u"relative\\name",
                 (const WCHAR *const[]){u"relative", u"\\name", u"name", u"", NULL});
    assert_steps(u"\\\\double", (const WCHAR *const[]){u"", u"\\double", u"double", u"", NULL});
    assert_steps(u"name\\", (const WCHAR *const[]){u"name", u"\\", u"", u"", NULL});
    assert_steps(u"\\", (const WCHAR *const[]){u"", u"", NULL});
    assert_steps(u"", (const WCHAR *const[]){u"", u"", NULL});
    assert_steps(u"a/b", (const WCHAR *const[]){u"a/b", u"", NULL});
}

/* Names are not NUL-terminated, and a NUL is a character like any other. */
static void splitting_obeys_the_length(void **state)
{
    WCHAR *units = malloc(10);
    UNICODE_STRING name = {10, 10, units}, component;

    (void)state;
    memcpy(units, u"\\a\0b\\", 10);
    component = ob_split(&name);
    assert_int_equal(component.Length, 6);
    assert_memory_equal(component.Buffer, u"a\0b", 6);
    assert_int_equal(name.Length, 2);
    component = ob_split(&name);
    assert_int_equal(component.Length, 0);
    assert_int_equal(name.Length, 0);
    component = ob_split(&name); /* the Buffer is at its end now */
    assert_int_equal(component.Length, 0);
    free(units);
}

/* The components put together again are the path. */
static void random_paths(void **state)
{
    struct unit_random random = unit_random(5);

    (void)state;
    for (int round = 0; round < 20000; round++) {
        USHORT count = (USHORT)random_below(&random, 24);
        WCHAR *units = malloc(count * 2u + 1);
        UNICODE_STRING name = {(USHORT)(2 * count), (USHORT)(2 * count), units};
        WCHAR joined[64];
        size_t length = 0;
        bool absolute;

        for (USHORT i = 0; i < count; i++)
            units[i] = random_below(&random, 3) ? 'a' : '\\';
        absolute = count && units[0] == '\\';
        while (name.Length) {
            UNICODE_STRING component;
            bool separated = name.Buffer[0] == '\\';

            assert_true(separated || !length);
            component = ob_split(&name);
            if (separated)
                joined[length++] = '\\';
            for (USHORT i = 0; i < component.Length / 2; i++) {
                assert_int_not_equal(component.Buffer[i], '\\');
                joined[length++] = component.Buffer[i];
            }
        }
        assert_int_equal(length, count);
        assert_memory_equal(joined, units, count * 2u);
        assert_int_equal(absolute, count && joined[0] == '\\');
        free(units);
    }
}

static void lengths(void **state)
{
    static const struct {
        USHORT length;
        NTSTATUS status;
    } cases[] = {
        {0, STATUS_SUCCESS},
        {1, STATUS_OBJECT_NAME_INVALID},
        {2, STATUS_SUCCESS},
        {0xFFFC, STATUS_SUCCESS},
        {0xFFFD, STATUS_OBJECT_NAME_INVALID},
        {0xFFFE, STATUS_OBJECT_NAME_INVALID},
        {0xFFFF, STATUS_OBJECT_NAME_INVALID},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        UNICODE_STRING name = {cases[i].length, cases[i].length, NULL};

        assert_status(ob_check_name(&name), cases[i].status);
    }
}

static void attributes(void **state)
{
    UNICODE_STRING good = counted(u"name"), bad = {3, 3, good.Buffer};
    OBJECT_ATTRIBUTES a = OBJECT_ATTRIBUTES_INIT(&good, 0);

    (void)state;
    assert_status(ob_check_attributes(&a), STATUS_SUCCESS);
    a.Length--;
    assert_status(ob_check_attributes(&a), STATUS_INVALID_PARAMETER);
    a.Length += 2;
    assert_status(ob_check_attributes(&a), STATUS_INVALID_PARAMETER);
    a.Length--;
    a.ObjectName = &bad;
    assert_status(ob_check_attributes(&a), STATUS_OBJECT_NAME_INVALID);
    a.ObjectName = NULL;
    assert_status(ob_check_attributes(&a), STATUS_SUCCESS);
    a.RootDirectory = (HANDLE)4;
    assert_status(ob_check_attributes(&a), STATUS_OBJECT_NAME_INVALID);
}

/* Names that are equal but for case share a bucket; a few hundred others spread over all. */
static void hashing(void **state)
{
    uint32_t used[OB_HASH_BUCKETS] = {0};

    (void)state;
    for (WCHAR c = 0; c < 0x200; c++) {
        WCHAR lower[3] = {'x', c, 'y'}, upper[3] = {'X', RtlUpcaseUnicodeChar(c), 'Y'};
        UNICODE_STRING a = {6, 6, lower}, b = {6, 6, upper};

        assert_int_equal(ob_hash(&a), ob_hash(&b));
        assert_true(ob_hash(&a) < OB_HASH_BUCKETS);
        used[ob_hash(&a)]++;
    }
    for (uint32_t i = 0; i < OB_HASH_BUCKETS; i++)
        assert_in_range(used[i], 1, 8 * 0x200 / OB_HASH_BUCKETS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(paths_split_at_backslashes),
        TEST(splitting_obeys_the_length),
        TEST(random_paths),
        TEST(lengths),
        TEST(attributes),
        TEST(hashing),
    };

    return RUN_TESTS(tests);
}

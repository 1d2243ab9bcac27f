/* DOS paths: their kinds, their full form, their names for the object manager. */
#include "kernel32/path.h"
#include "wide.h"

static void kinds(void **state)
{
    (void)state;
    assert_int_equal(path_kind(W("file")), PATH_RELATIVE);
    assert_int_equal(path_kind(W("..\\file")), PATH_RELATIVE);
    assert_int_equal(path_kind(W("")), PATH_RELATIVE);
    assert_int_equal(path_kind(W("\\file")), PATH_ROOTED);
    assert_int_equal(path_kind(W("/file")), PATH_ROOTED);
    assert_int_equal(path_kind(W("c:file")), PATH_DRIVE_RELATIVE);
    assert_int_equal(path_kind(W("c:")), PATH_DRIVE_RELATIVE);
    assert_int_equal(path_kind(W("c:\\file")), PATH_DRIVE_ABSOLUTE);
    assert_int_equal(path_kind(W("c:/")), PATH_DRIVE_ABSOLUTE);
    assert_int_equal(path_kind(W("\\\\server\\share")), PATH_UNC);
    assert_int_equal(path_kind(W("\\\\.\\slVirtToPhys")), PATH_DEVICE);
    assert_int_equal(path_kind(W("\\\\?\\C:\\file")), PATH_DEVICE);
    assert_int_equal(path_kind(W("\\\\.")), PATH_ROOT_DEVICE);
    assert_int_equal(path_kind(W("\\\\.x")), PATH_UNC);
}

static void expect_full(const uint16_t *directory, const uint16_t *path, const uint16_t *expected)
{
    size_t room = path_room(directory, path);
    uint16_t *full = malloc(room * sizeof *full); /* ASan watches its end */

    assert_int_equal(path_full(directory, path, full), wide_length(expected));
    assert_wide_equal(full, expected);
    free(full);
}

static void full_paths(void **state)
{
    static const struct {
        const uint16_t *directory, *path, *full;
    } cases[] = {
        {u"C:\\", u"VirtToPhys.sys", u"C:\\VirtToPhys.sys"},
        {u"C:\\dir\\", u"file", u"C:\\dir\\file"},
        {u"C:\\dir", u"file", u"C:\\dir\\file"},
        {u"C:\\dir\\", u".\\file", u"C:\\dir\\file"},
        {u"C:\\dir\\", u"..\\file", u"C:\\file"},
        {u"C:\\dir\\", u"..\\..\\..\\file", u"C:\\file"},
        {u"C:\\dir\\", u".", u"C:\\dir\\"},
        {u"C:\\dir\\", u"..", u"C:\\"},
        {u"C:\\dir\\", u"\\file", u"C:\\file"},
        {u"C:\\dir\\", u"C:file", u"C:\\dir\\file"},
        {u"C:\\dir\\", u"c:file", u"C:\\dir\\file"},
        {u"C:\\dir\\", u"D:file", u"D:\\file"},
        {u"C:\\dir\\", u"D:\\x\\y", u"D:\\x\\y"},
        {u"C:\\", u"C:/a//b\\\\c/", u"C:\\a\\b\\c\\"},
        {u"C:\\", u"C:\\a\\.\\b\\..\\c", u"C:\\a\\c"},
        {u"C:\\", u"C:\\a\\b\\..", u"C:\\a\\"},
        {u"C:\\", u"name. . .", u"C:\\name"},
        {u"C:\\", u"name.", u"C:\\name"},
        {u"C:\\", u"a.\\b", u"C:\\a\\b"},
        {u"C:\\", u"...", u"C:\\"},
        {u"C:\\", u"\\\\.\\slVirtToPhys", u"\\\\.\\slVirtToPhys"},
        {u"C:\\", u"//./x/../y", u"\\\\.\\y"},
        {u"C:\\", u"\\\\.\\..\\..\\y", u"\\\\.\\y"},
        {u"C:\\", u"\\\\.", u"\\\\."},
        {u"C:\\", u"\\\\server\\share\\..\\..\\file", u"\\\\server\\share\\file"},
        {u"C:\\", u"nul", u"\\\\.\\nul"},
        {u"C:\\", u"C:\\dir\\CON", u"\\\\.\\CON"},
        {u"C:\\", u"com1:", u"\\\\.\\com1"},
        {u"C:\\", u"lpt9.txt", u"\\\\.\\lpt9"},
        {u"C:\\", u"com0", u"C:\\com0"},
        {u"C:\\", u"console", u"C:\\console"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        expect_full(cases[i].directory, cases[i].path, cases[i].full);
}

static void file_parts(void **state)
{
    uint16_t file[] = u"C:\\dir\\file.txt", directory[] = u"C:\\dir\\";

    (void)state;
    assert_ptr_equal(path_file_part(file), file + 7);
    assert_null(path_file_part(directory));
}

static void expect_nt(const uint16_t *full, const uint16_t *expected)
{
    uint16_t *name = malloc((wide_length(full) + PATH_NT_ROOM) * sizeof *name);

    assert_int_equal(path_to_nt(full, name), wide_length(expected));
    assert_wide_equal(name, expected);
    free(name);
}

static void names_for_the_object_manager(void **state)
{
    (void)state;
    expect_nt(W("C:\\file"), W("\\??\\C:\\file"));
    expect_nt(W("\\\\.\\slVirtToPhys"), W("\\??\\slVirtToPhys"));
    expect_nt(W("\\\\?\\C:\\a b. "), W("\\??\\C:\\a b. "));
    expect_nt(W("\\\\server\\share\\f"), W("\\??\\UNC\\server\\share\\f"));
    expect_nt(W("\\\\."), W("\\??\\"));
}

/* Any text of these pieces has a full path that is its own full path and has no doubled backslash. */
static void random_paths(void **state)
{
    static const uint16_t *const pieces[] = {u"\\", u"/", u"..", u".",  u"a", u"bc",
                                             u" ",  u":", u"C:", u"\\", u"?", u"x.y"};
    struct unit_random random = unit_random(31);

    (void)state;
    for (int i = 0; i < 20000; i++) {
        uint16_t path[64] = {0}, once[128], again[256];
        size_t length = 0;

        for (uint32_t n = 1 + random_below(&random, 9); n; n--) {
            const uint16_t *piece = pieces[random_below(&random, ARRAY_SIZE(pieces))];

            while (*piece)
                path[length++] = *piece++;
        }
        assert_true(path_room(W("C:\\dir\\"), path) <= ARRAY_SIZE(once));
        path_full(W("C:\\dir\\"), path, once);
        path_full(W("C:\\"), once, again);
        if (path_kind(once) == PATH_DRIVE_ABSOLUTE)
            assert_wide_equal(again, once);
        for (size_t at = 1; once[at] && once[at + 1]; at++)
            assert_false(once[at] == '\\' && once[at + 1] == '\\');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(kinds),        TEST(full_paths), TEST(file_parts), TEST(names_for_the_object_manager),
        TEST(random_paths),
    };

    return RUN_TESTS(tests);
}

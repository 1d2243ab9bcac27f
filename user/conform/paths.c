/* GetFullPathName and its kin. */
#include "conform.h"

/* docs: GetFullPathName; Naming Files, Paths, and Namespaces. Wine: kernel32/tests/path.c, ntdll/tests/path.c */
static const struct {
    const char *path, *expected, *file_part, *name;
} paths[] = {
    {"C:\\a\\b.txt", "C:\\a\\b.txt", "b.txt", "a full path is itself"},
    {"C:/a/b.txt", "C:\\a\\b.txt", "b.txt", "slashes become backslashes"},
    {"C:\\a\\..\\b", "C:\\b", "b", "two dots go up"},
    {"C:\\..\\..\\b", "C:\\b", "b", "but not above the root"},
    {"C:\\a\\.\\b", "C:\\a\\b", "b", "one dot stays"},
    {"C:\\a\\\\b", "C:\\a\\b", "b", "two backslashes are one"},
    {"C:\\a.", "C:\\a", "a", "a dot at the end goes"},
    {"C:\\a ", "C:\\a", "a", "a blank at the end goes"},
    {"C:\\a\\", "C:\\a\\", NULL, "a folder has no file's name"},
    {"C:\\", "C:\\", NULL, "nor has the root"},
    {"\\\\.\\slVirtToPhys", "\\\\.\\slVirtToPhys", "slVirtToPhys", "a device is itself"},
    {"\\\\server\\share\\x", "\\\\server\\share\\x", "x", "a share is itself"},
    {"nul", "\\\\.\\nul", NULL, "NUL is a device everywhere"},
    {"C:\\a\\b\\..\\..\\c\\.\\d", "C:\\c\\d", "d", "all of it together"},
};

static void check_full_paths(void)
{
    char buffer[TEXT_SIZE], name[TEXT_SIZE], *file_part;
    unsigned i;

    for (i = 0; i < COUNT(paths); i++) {
        file_part = NULL;
        buffer[0] = '\0';
        GetFullPathNameA(paths[i].path, sizeof(buffer), buffer, &file_part);
        expect_text(buffer, paths[i].expected, paths[i].name);
        text_append(text_append(name, paths[i].path), " has its file's name");
        if (paths[i].file_part != NULL)
            expect_text(file_part != NULL ? file_part : "(null)", paths[i].file_part, name);
    }
}

/* docs: GetFullPathName, GetCurrentDirectory; tutorial 4.2.1 asks for the driver's path so */
static void check_relative(void)
{
    char buffer[TEXT_SIZE], expected[TEXT_SIZE], *end, *file_part = NULL;
    DWORD length = GetCurrentDirectoryA(sizeof(expected), expected);

    expect(length >= 3 && expected[1] == ':' && expected[2] == '\\',
           "the current folder has a drive");
    expect_value(GetCurrentDirectoryA(0, NULL), length + 1,
                 "its length with the NUL can be asked for");
    end = expected + length;
    if (end[-1] != '\\')
        end = text_append(end, "\\");
    text_append(end, "VirtToPhys.sys");
    GetFullPathNameA("VirtToPhys.sys", sizeof(buffer), buffer, &file_part);
    expect_text(buffer, expected, "a name alone is in the current folder");
    expect_text(file_part != NULL ? file_part : "", "VirtToPhys.sys", "and is its file's name");
    GetFullPathNameA("\\x", sizeof(buffer), buffer, NULL);
    expect(buffer[0] == expected[0] && text_equal(buffer + 1, ":\\x"),
           "a backslash is the current drive's root");
}

/* docs: GetFullPathName, return value */
static void check_lengths(void)
{
    char buffer[TEXT_SIZE] = "kept";

    expect_value(GetFullPathNameA("C:\\a\\b", sizeof(buffer), buffer, NULL), 6,
                 "the length without the NUL");
    expect_value(GetFullPathNameA("C:\\a\\b", 6, buffer, NULL), 7,
                 "too small: the length with the NUL");
    expect_value(GetFullPathNameA("C:\\a\\b", 0, NULL, NULL), 7, "without a buffer too");
    expect_value(GetFullPathNameA("C:\\a\\b", 7, buffer, NULL), 6, "exactly enough");
}

/* docs: SetCurrentDirectory */
static void check_current(void)
{
    char before[TEXT_SIZE], after[TEXT_SIZE];

    GetCurrentDirectoryA(sizeof(before), before);
    expect_error(CALL(SetCurrentDirectoryA("C:\\no such folder")), 2, "a missing folder is 2");
    GetCurrentDirectoryA(sizeof(after), after);
    expect_text(after, before, "and nothing changes");
    expect_success(CALL(SetCurrentDirectoryA("C:\\")), "the root can be the current folder");
    GetCurrentDirectoryA(sizeof(after), after);
    expect_text(after, "C:\\", "and is");
    SetCurrentDirectoryA(before);
}

/* docs: GetSystemDirectory, GetWindowsDirectory */
static void check_system(void)
{
    char buffer[TEXT_SIZE] = "";
    DWORD length = GetSystemDirectoryA(buffer, sizeof(buffer));

    expect(length >= 3 && buffer[1] == ':' && buffer[length] == '\0', "the system has a folder");
    expect(GetFileAttributesA(buffer) & FILE_ATTRIBUTE_DIRECTORY, "which is one");
    expect_value(GetSystemDirectoryA(buffer, 1), length + 1, "its length can be asked for");
    length = GetWindowsDirectoryA(buffer, sizeof(buffer));
    expect(length >= 3 && buffer[1] == ':', "Windows has one too");
}

void check_paths(void)
{
    check_full_paths();
    check_relative();
    check_lengths();
    check_current();
    check_system();
}

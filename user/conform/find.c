/* Attributes and listings of folders. */
#include "conform.h"

/* docs: GetFileAttributes */
static void check_attributes(const char *path)
{
    DWORD attributes = GetFileAttributesA(path);

    expect(attributes != INVALID_FILE_ATTRIBUTES && !(attributes & FILE_ATTRIBUTE_DIRECTORY),
           "a file is no folder");
    attributes = GetFileAttributesA("C:\\");
    expect(attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY,
           "C:\\ is a folder");
    expect_failure(CALL(GetFileAttributesA("C:\\no such file")), INVALID_FILE_ATTRIBUTES, 2,
                   "a missing one is 2");
    expect_failure(CALL(GetFileAttributesA("C:\\no such folder\\x")), INVALID_FILE_ATTRIBUTES, 3,
                   "one in a missing folder is 3");
}

/* docs: FindFirstFile */
static void check_one(const char *path)
{
    WIN32_FIND_DATAA data = {0};
    HANDLE find = FindFirstFileA(path, &data);
    HANDLE file = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);

    expect(find != INVALID_HANDLE_VALUE, "a whole name is found");
    expect(data.cFileName[0] != '\0' && text_ends_with(path, data.cFileName), "with its name");
    expect_value(data.nFileSizeLow, GetFileSize(file, NULL), "and its size");
    expect_error(CALL(FindNextFileA(find, &data)), ERROR_NO_MORE_FILES, "once: then 18");
    expect_success(CALL(FindClose(find)), "and closed");
    CloseHandle(file);
}

/* docs: FindFirstFile, FindNextFile. Wine: kernel32/tests/file.c */
static void check_all(const char *path)
{
    char pattern[TEXT_SIZE], *end = text_append(pattern, path);
    WIN32_FIND_DATAA data;
    unsigned seen = 0;
    HANDLE find;

    while (end[-1] != '\\')
        end--;
    text_append(end, "*");
    find = FindFirstFileA(pattern, &data);
    expect(find != INVALID_HANDLE_VALUE, "a star finds something");
    do {
        seen += text_ends_with(path, data.cFileName) && data.cFileName[0] != '.';
    } while (FindNextFileA(find, &data));
    expect_value(GetLastError(), ERROR_NO_MORE_FILES, "the list ends with 18");
    expect_value(seen, 1, "and names the program once");
    FindClose(find);
    text_append(end, "CONF*.EXE");
    find = FindFirstFileA(pattern, &data);
    expect(find != INVALID_HANDLE_VALUE && text_find(data.cFileName, "conf") == data.cFileName,
           "a pattern in capitals finds it");
    FindClose(find);
}

void check_find(void)
{
    char path[TEXT_SIZE];
    WIN32_FIND_DATAA data;

    own_path(path);
    check_attributes(path);
    check_one(path);
    check_all(path);
    expect_failure(CALL(FindFirstFileA("C:\\no such*", &data)), (DWORD_PTR)INVALID_HANDLE_VALUE, 2,
                   "nothing found is 2");
    expect_failure(CALL(FindFirstFileA("C:\\no such folder\\*", &data)),
                   (DWORD_PTR)INVALID_HANDLE_VALUE, 3, "no folder is 3");
}

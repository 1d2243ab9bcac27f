/* Files: opening, reading, the file pointer. The file is the program's own: it is there and begins with MZ. */
#include "conform.h"

#define NT_HEADER_OFFSET 0x3C /* docs: PE Format, where the offset of the signature stands */

static HANDLE open_path(const char *path, DWORD access, DWORD disposition)
{
    return CreateFileA(path, access, FILE_SHARE_READ, NULL, disposition, 0, NULL);
}

/* docs: CreateFile. Wine: kernel32/tests/file.c */
static const struct {
    const char *path;
    DWORD access, disposition, error;
    const char *name;
} refusals[] = {
    {"C:\\no such file", GENERIC_READ, OPEN_EXISTING, 2, "a missing file is 2"},
    {"C:\\no such folder\\file", GENERIC_READ, OPEN_EXISTING, 3, "a missing folder is 3"},
    {"no such file", GENERIC_READ, OPEN_EXISTING, 2, "so is one relative to the current folder"},
    {"", GENERIC_READ, OPEN_EXISTING, 3, "an empty name is 3"},
    {"\\\\.\\no such device", GENERIC_READ, OPEN_EXISTING, 2, "a missing device is 2"},
    {"C:\\", GENERIC_READ, OPEN_EXISTING, 5, "a folder is no file: 5"},
    {"C:\\no such file", GENERIC_READ, 0, 87, "disposition 0 is 87"},
    {"C:\\no such file", GENERIC_READ, 6, 87, "disposition 6 is 87"},
    {"C:\\a*b", GENERIC_READ, OPEN_EXISTING, 123, "a name with a star is 123"},
    {"C:\\a?b", GENERIC_READ, OPEN_EXISTING, 123, "a name with a question mark is 123"},
};

static void check_refusals(void)
{
    unsigned i;

    for (i = 0; i < COUNT(refusals); i++)
        expect_failure(
            CALL(open_path(refusals[i].path, refusals[i].access, refusals[i].disposition)),
            (DWORD_PTR)INVALID_HANDLE_VALUE, refusals[i].error, refusals[i].name);
}

static void check_exists(const char *path)
{
    expect_failure(CALL(open_path(path, GENERIC_READ, CREATE_NEW)), (DWORD_PTR)INVALID_HANDLE_VALUE,
                   80, "CREATE_NEW of what exists is 80"); /* docs: CreateFile, ERROR_FILE_EXISTS */
}

/* docs: ReadFile */
static void check_reading(HANDLE file)
{
    char bytes[4] = "....";
    DWORD offset = 0, read = UNTOUCHED;

    expect_success(CALL(ReadFile(file, bytes, 2, &read, NULL)), "reading succeeds");
    expect(read == 2 && bytes[0] == 'M' && bytes[1] == 'Z' && bytes[2] == '.',
           "exactly what was asked for");
    expect_value(SetFilePointer(file, 0, NULL, FILE_CURRENT), 2, "the pointer moves along");
    expect_value(SetFilePointer(file, NT_HEADER_OFFSET, NULL, FILE_BEGIN), NT_HEADER_OFFSET,
                 "and can be set");
    ReadFile(file, &offset, sizeof(offset), &read, NULL);
    expect_value(SetFilePointer(file, (LONG)offset - NT_HEADER_OFFSET - 4, NULL, FILE_CURRENT),
                 offset, "from where it is");
    ReadFile(file, bytes, 4, &read, NULL);
    expect(bytes[0] == 'P' && bytes[1] == 'E' && bytes[2] == 0 && bytes[3] == 0,
           "the signature is there");
    expect(ReadFile(file, bytes, 0, &read, NULL) && read == 0, "0 bytes can be read");
    expect_error(CALL(ReadFile((HANDLE)0xFFF0, bytes, 1, &read, NULL)), 6,
                 "without a file it is 6");
    expect_value(read, 0, "and 0 bytes");
}

/* docs: ReadFile, "Testing for the End of a File"; SetFilePointer */
static void check_end(HANDLE file)
{
    DWORD size = GetFileSize(file, NULL), read = UNTOUCHED;
    char bytes[8];

    expect(size > 1024 && size != INVALID_FILE_SIZE, "the size is known");
    expect_value(SetFilePointer(file, 0, NULL, FILE_END), size, "the end is at the size");
    expect_success(CALL(ReadFile(file, bytes, 4, &read, NULL)), "reading at the end succeeds");
    expect_value(read, 0, "with 0 bytes");
    SetFilePointer(file, -3, NULL, FILE_END);
    expect(ReadFile(file, bytes, 8, &read, NULL) && read == 3, "3 before the end there are 3");
    expect_value(SetFilePointer(file, 10, NULL, FILE_END), size + 10, "the pointer may go beyond");
    expect(ReadFile(file, bytes, 4, &read, NULL) && read == 0, "where nothing is");
    expect_failure(CALL(SetFilePointer(file, -1, NULL, FILE_BEGIN)), INVALID_SET_FILE_POINTER, 131,
                   "before the beginning is 131");
    expect_failure(CALL(SetFilePointer(file, 0, NULL, 3)), INVALID_SET_FILE_POINTER, 87,
                   "from nowhere is 87");
    expect_failure(CALL(GetFileSize((HANDLE)0xFFF0, NULL)), INVALID_FILE_SIZE, 6,
                   "no file has no size");
}

/* docs: ReadFile, "Synchronization and File Position": an OVERLAPPED's offset counts, and is left behind */
static void check_offset(HANDLE file)
{
    OVERLAPPED overlapped = {.Offset = 1};
    DWORD read = 0;
    char byte = 0;

    expect(ReadFile(file, &byte, 1, &read, &overlapped) && read == 1 && byte == 'Z',
           "an offset in OVERLAPPED");
    expect_value(SetFilePointer(file, 0, NULL, FILE_CURRENT), 2, "moves the pointer too");
    SetFilePointer(file, 0, NULL, FILE_END);
    overlapped.Offset = SetFilePointer(file, 0, NULL, FILE_CURRENT);
    expect_error(CALL(ReadFile(file, &byte, 1, &read, &overlapped)), 38,
                 "with it the end is an error, 38");
}

/* docs: ReadFile, WriteFile: the handle's access right decides. Wine: kernel32/tests/file.c */
static void check_access(const char *path, HANDLE file)
{
    HANDLE none = open_path(path, 0, OPEN_EXISTING);
    DWORD count;
    char byte;

    expect(none != INVALID_HANDLE_VALUE, "a file can be opened for nothing");
    expect_error(CALL(ReadFile(none, &byte, 1, &count, NULL)), 5, "then reading is 5");
    expect_error(CALL(WriteFile(file, "", 1, &count, NULL)), 5,
                 "writing to one opened to read is 5");
    expect_value(GetFileType(none), FILE_TYPE_DISK, "it is on a disk");
    expect_value(GetFileSize(none, NULL), GetFileSize(file, NULL), "and has its size");
    CloseHandle(none);
    expect_error(CALL(ReadFile(none, &byte, 1, &count, NULL)), 6, "closed it is none");
}

/* docs: ReadFile; ERROR_NOACCESS stands for STATUS_ACCESS_VIOLATION */
static void check_buffers_of_ours(HANDLE file)
{
    DWORD read = UNTOUCHED;

    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    expect_error(CALL(ReadFile(file, NULL, 16, &read, NULL)), 998, "a buffer at 0 is 998");
    expect_error(CALL(ReadFile(file, (void *)0x10, 16, &read, NULL)), 998,
                 "a buffer on the first page is 998");
    expect_error(CALL(ReadFile(file, GetModuleHandleA(NULL), 16, &read, NULL)), 998,
                 "a read-only buffer is 998");
    expect_value(SetFilePointer(file, 0, NULL, FILE_CURRENT), 0, "the pointer stays where it was");
}

void check_files(void)
{
    char path[TEXT_SIZE];
    HANDLE file;

    own_path(path);
    check_refusals();
    check_exists(path);
    file = open_path(path, GENERIC_READ, OPEN_EXISTING);
    expect(file != INVALID_HANDLE_VALUE, "the program's file can be opened");
    check_reading(file);
    check_end(file);
    check_offset(file);
    check_buffers_of_ours(file);
    check_access(path, file);
    expect_success(CALL(CloseHandle(file)), "and closed");
}

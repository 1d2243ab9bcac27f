/* CreateFileMapping and views. docs: CreateFileMapping, MapViewOfFile. Wine: kernel32/tests/virtual.c */
#include "conform.h"

static HANDLE memory_of(DWORD size, const char *name)
{
    return CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, size, name);
}

static void check_views(void)
{
    HANDLE section = memory_of(0x3000, NULL);
    char *first = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    char *second = MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0);
    MEMORY_BASIC_INFORMATION information;

    expect(first != NULL && second != NULL && first != second, "a section can be mapped twice");
    first[0x2FFF] = 'x';
    expect_value(second[0x2FFF], 'x', "both views are the same memory");
    expect_value(second[0], 0, "which begins as zero");
    expect_value((DWORD_PTR)first % 0x10000, 0, "at a multiple of 64 KiB");
    VirtualQuery(second, &information, sizeof(information));
    expect_value(information.Type, MEM_MAPPED, "it is mapped memory");
    expect_value(information.Protect, PAGE_READONLY, "as it was asked for");
    expect_success(CALL(UnmapViewOfFile(first)), "a view is unmapped");
    expect_error(CALL(UnmapViewOfFile(first)), 487, "but once: 487");
    CloseHandle(section);
    expect_value(second[0x2FFF], 'x', "the other outlives the section's handle");
    UnmapViewOfFile(second);
}

static void check_names(void)
{
    HANDLE first = memory_of(0x1000, "conform section"), second;
    char *view = MapViewOfFile(first, FILE_MAP_WRITE, 0, 0, 0), *other;

    SetLastError(UNTOUCHED);
    second = memory_of(0x1000, "conform section");
    expect_value(GetLastError(), ERROR_ALREADY_EXISTS,
                 "a name that exists is opened, and 183 says so");
    CloseHandle(second);
    second = OpenFileMappingA(FILE_MAP_READ, FALSE, "conform section");
    other = MapViewOfFile(second, FILE_MAP_READ, 0, 0, 0);
    view[7] = 'y';
    expect(other != NULL && other[7] == 'y', "a section is opened by its name");
    expect_failure(CALL(MapViewOfFile(second, FILE_MAP_WRITE, 0, 0, 0)), 0, 5,
                   "opened to read it is not written");
    UnmapViewOfFile(view);
    UnmapViewOfFile(other);
    CloseHandle(first);
    CloseHandle(second);
    expect_failure(CALL(OpenFileMappingA(FILE_MAP_READ, FALSE, "conform section")), 0, 2,
                   "without handles it is gone");
}

void check_sections(void)
{
    check_views();
    check_names();
    expect_failure(CALL(memory_of(0, NULL)), 0, 87, "a section of 0 bytes is 87");
    expect_failure(CALL(MapViewOfFile((HANDLE)0xFFF0, FILE_MAP_READ, 0, 0, 0)), 0, 6,
                   "no section is 6");
}

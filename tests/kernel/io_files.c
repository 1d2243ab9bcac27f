/* Files of the boot volume, \??\C:, held against the boot modules' own bytes. */
#include "tests/kernel/io_support.h"

#include "bootinfo.h"
#include "mm/layout.h"
#include "paging.h"

#define PROGRAM u"\\??\\C:\\VirtToPhys.exe"

static const struct boot_module *program(void)
{
    UNICODE_STRING name = UNICODE_STRING_INIT(u"VirtToPhys.exe");
    const struct boot_module *module = bootinfo_find(&name);

    CHECK(module && module->size > 0x400);
    return module;
}

static HANDLE open_program(void)
{
    HANDLE file = NULL;

    CHECK_STATUS(io_test_open_to_read(PROGRAM, &file), STATUS_SUCCESS);
    return file;
}

static NTSTATUS read_at(HANDLE file, LONGLONG at, PVOID buffer, ULONG length, ULONG *got)
{
    LARGE_INTEGER offset = {.QuadPart = at};
    IO_STATUS_BLOCK iosb = {{STATUS_SUCCESS}, 0};
    NTSTATUS status =
        NtReadFile(file, NULL, NULL, NULL, &iosb, buffer, length, at < 0 ? NULL : &offset, NULL);

    *got = iosb.Information;
    return status;
}

SELFTEST(io_files_are_the_boot_modules)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.exe");
    struct test_mark mark = io_test_begin();
    const struct boot_module *module = program();
    const UCHAR *bytes = direct_map(module->physical);
    UCHAR *copy = ExAllocatePool(NonPagedPool, module->size + 1);
    HANDLE file = open_program();
    ULONG got;

    copy[module->size] = 0x77;
    CHECK_STATUS(read_at(file, 0, copy, module->size + 1, &got), STATUS_SUCCESS);
    CHECK_EQUAL(got, module->size);
    CHECK(memcmp(copy, bytes, module->size) == 0);
    CHECK_EQUAL(copy[module->size], 0x77);
    NtClose(file);
    ExFreePool(copy);
    CHECK_NO_LEAK(mark);
}

/* In pieces that divide nothing, up to the end and no further. */
SELFTEST(io_files_are_read_in_sequence)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.exe");
    struct test_mark mark = io_test_begin();
    const struct boot_module *module = program();
    const UCHAR *bytes = direct_map(module->physical);
    HANDLE file = open_program();
    UCHAR piece[107];
    ULONG at = 0, got;
    NTSTATUS status;

    while (NT_SUCCESS(status = read_at(file, -1, piece, sizeof piece, &got)) && got) {
        if (!CHECK(at + got <= module->size) || !CHECK(memcmp(piece, bytes + at, got) == 0))
            break;
        at += got;
    }
    CHECK_STATUS(status, STATUS_END_OF_FILE);
    CHECK_EQUAL(at, module->size);
    CHECK_STATUS(read_at(file, -1, piece, sizeof piece, &got), STATUS_END_OF_FILE);
    NtClose(file);
    CHECK_NO_LEAK(mark);
}

SELFTEST(io_files_end_where_they_end)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.exe");
    struct test_mark mark = io_test_begin();
    ULONG size = program()->size, got;
    HANDLE file = open_program();
    UCHAR bytes[8];

    CHECK_STATUS(read_at(file, size - 3, bytes, 8, &got), STATUS_SUCCESS);
    CHECK_EQUAL(got, 3);
    CHECK_STATUS(read_at(file, size - 1, bytes, 1, &got), STATUS_SUCCESS);
    CHECK_STATUS(read_at(file, size, bytes, 1, &got), STATUS_END_OF_FILE);
    CHECK_STATUS(read_at(file, 0x7FFFFFFF, bytes, 1, &got), STATUS_END_OF_FILE);
    CHECK_STATUS(read_at(file, 0x100000000LL, bytes, 1, &got), STATUS_END_OF_FILE);
    CHECK_STATUS(read_at(file, 0x7FFFFFFFFFFFFFFFLL, bytes, 1, &got), STATUS_END_OF_FILE);
    CHECK_STATUS(read_at(file, 0, bytes, 0, &got), STATUS_SUCCESS);
    CHECK_EQUAL(got, 0);
    NtClose(file);
    CHECK_NO_LEAK(mark);
}

static NTSTATUS query(HANDLE file, FILE_STANDARD_INFORMATION *information, ULONG length,
                      ULONG class)
{
    IO_STATUS_BLOCK iosb = {{STATUS_SUCCESS}, 0};
    NTSTATUS status = NtQueryInformationFile(file, &iosb, information, length, class);

    CHECK_EQUAL(iosb.Information, NT_SUCCESS(status) ? sizeof *information : 0);
    return status;
}

SELFTEST(io_files_tell_their_size)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.exe");
    struct test_mark mark = io_test_begin();
    FILE_STANDARD_INFORMATION information;
    ULONG size = program()->size;
    HANDLE file = open_program();

    memset(&information, 0xFF, sizeof information);
    CHECK_STATUS(query(file, &information, sizeof information - 1, FileStandardInformation),
                 STATUS_INFO_LENGTH_MISMATCH);
    CHECK_STATUS(query(file, NULL, 0, FileStandardInformation), STATUS_INFO_LENGTH_MISMATCH);
    CHECK_STATUS(query(file, NULL, sizeof information, FileStandardInformation),
                 STATUS_INFO_LENGTH_MISMATCH);
    CHECK_STATUS(query(file, &information, sizeof information, 99), STATUS_INVALID_INFO_CLASS);
    CHECK_EQUAL(information.Directory, 0xFF);
    CHECK_STATUS(query(file, &information, sizeof information, FileStandardInformation),
                 STATUS_SUCCESS);
    CHECK(information.EndOfFile.QuadPart == size);
    CHECK(information.AllocationSize.QuadPart == (size + 0xFFF) / 0x1000 * 0x1000);
    CHECK_EQUAL(information.NumberOfLinks, 1);
    CHECK(!information.Directory && !information.DeletePending);
    NtClose(file);
    CHECK_NO_LEAK(mark);
}

static NTSTATUS try(PCWSTR path)
{
    HANDLE file;
    NTSTATUS status = io_test_open_to_read(path, &file);

    if (NT_SUCCESS(status))
        NtClose(file);
    return status;
}

SELFTEST(io_files_have_many_paths)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.exe");
    struct test_mark mark = io_test_begin();

    CHECK_STATUS(try(u"\\DosDevices\\c:\\virttophys.EXE"), STATUS_SUCCESS);
    CHECK_STATUS(try(u"\\Device\\HarddiskVolume1\\VirtToPhys.exe"), STATUS_SUCCESS);
    CHECK_STATUS(try(u"\\??\\C:"), STATUS_SUCCESS);
    CHECK_STATUS(try(u"\\??\\C:\\VirtToPhys.ex"), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(try(u"\\??\\C:\\VirtToPhys.exe "), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(try(u"\\??\\C:\\"), STATUS_SUCCESS); /* the root directory */
    CHECK_STATUS(try(u"\\??\\C:\\VirtToPhys.exe\\"), STATUS_OBJECT_NAME_INVALID);
    CHECK_STATUS(try(u"\\??\\C:\\*.exe"), STATUS_OBJECT_NAME_INVALID);
    CHECK_STATUS(try(u"\\??\\C:\\sub\\VirtToPhys.exe"), STATUS_OBJECT_PATH_NOT_FOUND);
    CHECK_STATUS(try(u"\\??\\D:\\VirtToPhys.exe"), STATUS_OBJECT_PATH_NOT_FOUND);
    CHECK_NO_LEAK(mark);
}

/* The volume itself is no file, and nothing here is written to. */
SELFTEST(io_volume_is_no_file)
{
    struct test_mark mark = io_test_begin();
    FILE_STANDARD_INFORMATION information;
    IO_STATUS_BLOCK iosb;
    UCHAR bytes[8] = {0};
    HANDLE volume;
    ULONG got;

    CHECK_STATUS(io_test_open(u"\\Device\\HarddiskVolume1", &volume), STATUS_SUCCESS);
    CHECK_STATUS(read_at(volume, 0, bytes, 8, &got), STATUS_INVALID_DEVICE_REQUEST);
    CHECK_STATUS(query(volume, &information, sizeof information, FileStandardInformation),
                 STATUS_INVALID_DEVICE_REQUEST);
    CHECK_STATUS(NtWriteFile(volume, NULL, NULL, NULL, &iosb, bytes, 8, NULL, NULL),
                 STATUS_INVALID_DEVICE_REQUEST);
    CHECK_STATUS(io_test_control(volume, &iosb, bytes, 8, bytes, 8), STATUS_INVALID_DEVICE_REQUEST);
    NtClose(volume);
    CHECK_STATUS(io_test_unload(u"bootvol"), STATUS_INVALID_DEVICE_REQUEST);
    CHECK_NO_LEAK(mark);
}

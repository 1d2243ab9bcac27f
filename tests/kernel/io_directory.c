/* The boot volume's root directory, its files' attributes, its own label, and who shares what. */
#include "tests/kernel/io_support.h"

#include "bootinfo.h"

#define ROOT    u"\\??\\C:\\"
#define PROGRAM u"\\??\\C:\\VirtToPhys.exe"

static UCHAR records[1024] __attribute__((aligned(8)));

static NTSTATUS list(HANDLE directory, ULONG class, PCWSTR pattern, ULONG length, BOOLEAN single,
                     BOOLEAN restart, ULONG *bytes)
{
    IO_STATUS_BLOCK iosb = {{STATUS_SUCCESS}, 0};
    UNICODE_STRING name;

    RtlInitUnicodeString(&name, pattern);
    NTSTATUS status = NtQueryDirectoryFile(directory, NULL, NULL, NULL, &iosb, records, length,
                                           class, single, pattern ? &name : NULL, restart);
    *bytes = iosb.Information;
    return status;
}

static HANDLE open_root(void)
{
    HANDLE handle = NULL;

    CHECK_STATUS(io_test_open_to_read(ROOT, &handle), STATUS_SUCCESS);
    return handle;
}

/* How many records there are; the boot modules follow in their order from `first`. */
static ULONG count_records(ULONG first)
{
    ULONG count = 0;

    for (ULONG at = 0;; count++) {
        const FILE_BOTH_DIR_INFORMATION *record = (PVOID)(records + at);
        const struct boot_module *module = &boot_info.modules[first + count];

        CHECK_EQUAL(record->FileNameLength, strlen(module->name) * 2);
        CHECK_EQUAL(record->FileName[0], module->name[0]);
        CHECK_EQUAL(record->EndOfFile.LowPart, module->size);
        CHECK_EQUAL(record->FileAttributes, FILE_ATTRIBUTE_READONLY);
        if (!record->NextEntryOffset)
            return count + 1;
        at += record->NextEntryOffset;
    }
}

/* In pieces, every file once. */
SELFTEST(io_directory_lists_every_file)
{
    struct test_mark mark = io_test_begin();
    HANDLE root = open_root();
    ULONG files = 0, bytes;
    NTSTATUS status;

    for (ULONG round = 0; round < 2; round++, files = 0) {
        while (NT_SUCCESS(status = list(root, FileBothDirectoryInformation, NULL, 400, FALSE,
                                        round && !files, &bytes)))
            files += count_records(files);
        CHECK_STATUS(status, STATUS_NO_MORE_FILES);
        CHECK_EQUAL(files, boot_info.module_count);
    }
    NtClose(root);
    CHECK_NO_LEAK(mark);
}

static ULONG count_matches(PCWSTR pattern)
{
    HANDLE root = open_root();
    ULONG count = 0, bytes;

    while (
        NT_SUCCESS(list(root, FileNamesInformation, pattern, sizeof records, TRUE, FALSE, &bytes)))
        count++;
    NtClose(root);
    return count;
}

SELFTEST(io_directory_matches_patterns)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.sys");
    struct test_mark mark = io_test_begin();

    CHECK_EQUAL(count_matches(u"*"), boot_info.module_count);
    CHECK_EQUAL(count_matches(u"virttophys.SYS"), 1);
    CHECK_EQUAL(count_matches(u"virttophys.???"), 2);
    CHECK_EQUAL(count_matches(u"v*t*P*.s*"), 1);
    CHECK_EQUAL(count_matches(u"VirtToPhys.sys*"), 1);
    CHECK_EQUAL(count_matches(u"VirtToPhys.sys?"), 0);
    CHECK_EQUAL(count_matches(u"irtToPhys.sys"), 0);
    CHECK_NO_LEAK(mark);
}

SELFTEST(io_directory_says_what_is_missing)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.exe");
    struct test_mark mark = io_test_begin();
    HANDLE root = open_root(), file = NULL;
    ULONG bytes;

    CHECK_STATUS(list(root, 99, NULL, 400, FALSE, FALSE, &bytes), STATUS_INVALID_INFO_CLASS);
    CHECK_STATUS(list(root, FileBothDirectoryInformation, NULL, 94, FALSE, FALSE, &bytes),
                 STATUS_INFO_LENGTH_MISMATCH);
    CHECK_STATUS(list(root, FileNamesInformation, u"nothing.*", 400, FALSE, FALSE, &bytes),
                 STATUS_NO_SUCH_FILE);
    NtClose(root);
    root = open_root();
    CHECK_STATUS(list(root, FileNamesInformation, NULL, 16, FALSE, FALSE, &bytes),
                 STATUS_BUFFER_OVERFLOW); /* two units of the name have room */
    CHECK_EQUAL(bytes, 16);
    NtClose(root);
    CHECK_STATUS(io_test_open_to_read(PROGRAM, &file), STATUS_SUCCESS);
    CHECK_STATUS(list(file, FileNamesInformation, NULL, 400, FALSE, FALSE, &bytes),
                 STATUS_INVALID_PARAMETER);
    NtClose(file);
    CHECK_NO_LEAK(mark);
}

/* ---- Opening ---- */

static NTSTATUS try(PCWSTR path, ACCESS_MASK access, ULONG share, ULONG disposition, ULONG options)
{
    IO_STATUS_BLOCK iosb;
    struct test_name name;
    HANDLE handle;
    NTSTATUS status =
        NtCreateFile(&handle, access, test_name(&name, NULL, path, OBJ_CASE_INSENSITIVE), &iosb,
                     NULL, 0, share, disposition, options, NULL, 0);

    if (NT_SUCCESS(status))
        NtClose(handle);
    return status;
}

SELFTEST(io_files_cannot_be_written)
{
    static const struct {
        ULONG disposition;
        NTSTATUS there, missing;
    } cases[] = {
        {FILE_OPEN, STATUS_SUCCESS, STATUS_OBJECT_NAME_NOT_FOUND},
        {FILE_OPEN_IF, STATUS_SUCCESS, STATUS_MEDIA_WRITE_PROTECTED},
        {FILE_CREATE, STATUS_OBJECT_NAME_COLLISION, STATUS_MEDIA_WRITE_PROTECTED},
        {FILE_OVERWRITE, STATUS_MEDIA_WRITE_PROTECTED, STATUS_OBJECT_NAME_NOT_FOUND},
        {FILE_OVERWRITE_IF, STATUS_MEDIA_WRITE_PROTECTED, STATUS_MEDIA_WRITE_PROTECTED},
        {FILE_SUPERSEDE, STATUS_MEDIA_WRITE_PROTECTED, STATUS_MEDIA_WRITE_PROTECTED},
    };
    SELFTEST_NEEDS_FILE("VirtToPhys.exe");
    struct test_mark mark = io_test_begin();

    for (ULONG i = 0; i < ARRAY_SIZE(cases); i++) {
        ULONG disposition = cases[i].disposition;

        CHECK_STATUS(try(PROGRAM, GENERIC_READ, 0, disposition, 0), cases[i].there);
        CHECK_STATUS(try(u"\\??\\C:\\none", GENERIC_READ, 0, disposition, 0), cases[i].missing);
    }
    CHECK_STATUS(try(PROGRAM, GENERIC_WRITE, 7, FILE_OPEN, 0), STATUS_MEDIA_WRITE_PROTECTED);
    CHECK_STATUS(try(PROGRAM, DELETE, 7, FILE_OPEN, 0), STATUS_MEDIA_WRITE_PROTECTED);
    CHECK_STATUS(try(PROGRAM, GENERIC_READ, 7, FILE_OPEN, FILE_DIRECTORY_FILE),
                 STATUS_NOT_A_DIRECTORY);
    CHECK_STATUS(try(ROOT, GENERIC_READ, 7, FILE_OPEN, FILE_NON_DIRECTORY_FILE),
                 STATUS_FILE_IS_A_DIRECTORY);
    CHECK_NO_LEAK(mark);
}

SELFTEST(io_files_are_shared_as_their_openers_say)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.exe");
    struct test_mark mark = io_test_begin();
    HANDLE file = NULL;

    CHECK_STATUS(io_test_open_to_read(PROGRAM, &file), STATUS_SUCCESS); /* shares reading */
    CHECK_STATUS(try(PROGRAM, GENERIC_READ, FILE_SHARE_READ, FILE_OPEN, 0), STATUS_SUCCESS);
    CHECK_STATUS(try(PROGRAM, GENERIC_READ, 0, FILE_OPEN, 0), STATUS_SHARING_VIOLATION);
    CHECK_STATUS(try(PROGRAM, FILE_READ_ATTRIBUTES, 0, FILE_OPEN, 0), STATUS_SUCCESS);
    NtClose(file);
    CHECK_STATUS(try(PROGRAM, GENERIC_READ, 0, FILE_OPEN, 0), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* ---- Information ---- */

static NTSTATUS query(HANDLE file, ULONG class, ULONG length, ULONG *bytes)
{
    IO_STATUS_BLOCK iosb = {{STATUS_SUCCESS}, 0};
    NTSTATUS status = NtQueryInformationFile(file, &iosb, records, length, class);

    *bytes = iosb.Information;
    return status;
}

SELFTEST(io_files_tell_about_themselves)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.exe");
    struct test_mark mark = io_test_begin();
    const FILE_ALL_INFORMATION *all = (PVOID)records;
    FILE_POSITION_INFORMATION position = {{.QuadPart = 77}};
    IO_STATUS_BLOCK iosb;
    HANDLE file = NULL;
    ULONG bytes;

    CHECK_STATUS(io_test_open_to_read(PROGRAM, &file), STATUS_SUCCESS);
    CHECK_STATUS(
        NtSetInformationFile(file, &iosb, &position, sizeof position, FilePositionInformation),
        STATUS_SUCCESS);
    CHECK_STATUS(query(file, FileAllInformation, sizeof records, &bytes), STATUS_SUCCESS);
    CHECK_EQUAL(bytes, 100 + 2 * 15); /* "\VirtToPhys.exe" */
    CHECK_EQUAL(all->BasicInformation.FileAttributes, FILE_ATTRIBUTE_READONLY);
    CHECK_EQUAL(all->PositionInformation.CurrentByteOffset.LowPart, 77);
    CHECK_EQUAL(all->NameInformation.FileNameLength, 2 * 15);
    CHECK_STATUS(query(file, FileNameInformation, 10, &bytes), STATUS_BUFFER_OVERFLOW);
    CHECK_EQUAL(bytes, 10);
    CHECK_STATUS(query(file, FileBasicInformation, 40, &bytes), STATUS_SUCCESS);
    CHECK_STATUS(query(file, FileNetworkOpenInformation, 56, &bytes), STATUS_SUCCESS);
    CHECK_STATUS(query(file, FileNetworkOpenInformation, 55, &bytes), STATUS_INFO_LENGTH_MISMATCH);
    CHECK_STATUS(query(file, FilePositionInformation, 8, &bytes), STATUS_SUCCESS);
    CHECK_EQUAL(*(ULONG *)(PVOID)records, 77);
    position.CurrentByteOffset.QuadPart = -1;
    CHECK_STATUS(
        NtSetInformationFile(file, &iosb, &position, sizeof position, FilePositionInformation),
        STATUS_INVALID_PARAMETER);
    NtClose(file);
    CHECK_NO_LEAK(mark);
}

static ULONG attributes(PCWSTR path, NTSTATUS expected)
{
    FILE_BASIC_INFORMATION basic = {.FileAttributes = 0};
    struct test_name name;

    CHECK_STATUS(NtQueryAttributesFile(test_name(&name, NULL, path, OBJ_CASE_INSENSITIVE), &basic),
                 expected);
    return basic.FileAttributes;
}

SELFTEST(io_names_have_attributes)
{
    SELFTEST_NEEDS_FILE("VirtToPhys.exe");
    struct test_mark mark = io_test_begin();

    CHECK_EQUAL(attributes(PROGRAM, STATUS_SUCCESS), FILE_ATTRIBUTE_READONLY);
    CHECK_EQUAL(attributes(ROOT, STATUS_SUCCESS),
                FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_DIRECTORY);
    attributes(u"\\??\\C:\\none", STATUS_OBJECT_NAME_NOT_FOUND);
    attributes(u"\\Device", STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_NO_LEAK(mark);
}

SELFTEST(io_volume_tells_about_itself)
{
    struct test_mark mark = io_test_begin();
    const FILE_FS_VOLUME_INFORMATION *volume = (PVOID)records;
    const FILE_FS_DEVICE_INFORMATION *device = (PVOID)records;
    HANDLE root = open_root();
    IO_STATUS_BLOCK iosb;

    CHECK_STATUS(
        NtQueryVolumeInformationFile(root, &iosb, records, sizeof records, FileFsVolumeInformation),
        STATUS_SUCCESS);
    CHECK_EQUAL(volume->VolumeLabelLength, 20);
    CHECK_EQUAL(volume->VolumeLabel[0], 'V');
    CHECK_STATUS(NtQueryVolumeInformationFile(root, &iosb, records, 8, FileFsDeviceInformation),
                 STATUS_SUCCESS);
    CHECK_EQUAL(device->DeviceType, FILE_DEVICE_DISK);
    CHECK_STATUS(NtQueryVolumeInformationFile(root, &iosb, records, 23, FileFsSizeInformation),
                 STATUS_INFO_LENGTH_MISMATCH);
    NtClose(root);
    CHECK_NO_LEAK(mark);
}

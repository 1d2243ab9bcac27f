/* Every service that takes a file handle, with what is none. */
#include "tests/kernel/io_support.h"

/* Calls them all; none may write to its results. */
static void check_services(HANDLE handle, NTSTATUS expected)
{
    IO_STATUS_BLOCK iosb = {{0x55555555}, 0x66666666};
    UCHAR bytes[8] = {1, 2, 3, 4, 5, 6, 7, 8};

    CHECK_STATUS(io_test_control(handle, &iosb, bytes, 8, bytes, 8), expected);
    CHECK_STATUS(NtReadFile(handle, NULL, NULL, NULL, &iosb, bytes, 8, NULL, NULL), expected);
    CHECK_STATUS(NtWriteFile(handle, NULL, NULL, NULL, &iosb, bytes, 8, NULL, NULL), expected);
    CHECK_STATUS(NtQueryInformationFile(handle, &iosb, bytes, 8, FileStandardInformation),
                 expected);
    CHECK_STATUS(iosb.Status, 0x55555555);
    CHECK_EQUAL(iosb.Information, 0x66666666);
    CHECK(bytes[0] == 1 && bytes[7] == 8);
}

SELFTEST(io_services_refuse_what_is_no_handle)
{
    struct test_mark mark = io_test_begin();
    HANDLE stale;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    stale = io_test_handle();
    NtClose(stale);
    HANDLE file = io_test_handle();

    check_services(NULL, STATUS_INVALID_HANDLE);
    check_services(stale, STATUS_INVALID_HANDLE);
    check_services((HANDLE)0x7FFFFFFC, STATUS_INVALID_HANDLE);
    check_services((HANDLE)-1, STATUS_INVALID_HANDLE);
    check_services((HANDLE)0x80000000, STATUS_INVALID_HANDLE);
    CHECK_TEXT(io_test.trace, "Ac Au Ax Ac");
    NtClose(file);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

SELFTEST(io_services_refuse_handles_of_other_types)
{
    struct test_mark mark = io_test_begin();
    PDEVICE_OBJECT device = io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    HANDLE handle;

    CHECK_STATUS(test_open_directory(u"\\Device", &handle), STATUS_SUCCESS);
    check_services(handle, STATUS_OBJECT_TYPE_MISMATCH);
    NtClose(handle);
    CHECK_STATUS(ObOpenObjectByPointer(device, 0, NULL, 0, NULL, KernelMode, &handle),
                 STATUS_SUCCESS);
    check_services(handle, STATUS_OBJECT_TYPE_MISMATCH);
    NtClose(handle);
    CHECK_TEXT(io_test.trace, "");
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

/* A file's name is its device's with what lies behind. */
SELFTEST(io_files_have_full_names)
{
    struct test_mark mark = io_test_begin();
    UNICODE_STRING expected = UNICODE_STRING_INIT(TEST_DEVICE u"\\sub\\file");
    UCHAR record[128];
    POBJECT_NAME_INFORMATION name = (POBJECT_NAME_INFORMATION)(void *)record;
    HANDLE handle;

    io_test_load(TEST_SERVICE, 'A', TEST_DEVICE);
    CHECK_STATUS(io_test_open(TEST_DEVICE u"\\sub\\file", &handle), STATUS_SUCCESS);
    CHECK_STATUS(NtQueryObject(handle, ObjectNameInformation, record, sizeof record, NULL),
                 STATUS_SUCCESS);
    CHECK(RtlEqualUnicodeString(&name->Name, &expected, FALSE));
    NtClose(handle);
    CHECK_STATUS(io_test_unload(TEST_SERVICE), STATUS_SUCCESS);
    CHECK_NO_LEAK(mark);
}

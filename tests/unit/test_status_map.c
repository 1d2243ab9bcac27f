/*
 * status_to_error against what RtlNtStatusToDosError was seen to return (Wine 8.0's ntdll, one call
 * a status).
 */
#include "ntdll/status_map.h"
#include "unit.h"

static const struct {
    uint32_t status, error;
} seen[] = {
    /* clang-format off */
    {0x00000000, 0u}, /* SUCCESS */
    {0x00000103, 997u}, /* PENDING */
    {0x80000005, 234u}, /* BUFFER_OVERFLOW */
    {0x80000006, 18u}, /* NO_MORE_FILES */
    {0x8000001A, 259u}, /* NO_MORE_ENTRIES */
    {0x80000001, 2147483649u}, /* GUARD_PAGE_VIOLATION */
    {0x80000002, 998u}, /* DATATYPE_MISALIGNMENT */
    {0x80000011, 170u}, /* DEVICE_BUSY */
    {0xC0000001, 31u}, /* UNSUCCESSFUL */
    {0xC0000002, 1u}, /* NOT_IMPLEMENTED */
    {0xC0000003, 87u}, /* INVALID_INFO_CLASS */
    {0xC0000004, 24u}, /* INFO_LENGTH_MISMATCH */
    {0xC0000005, 998u}, /* ACCESS_VIOLATION */
    {0xC0000008, 6u}, /* INVALID_HANDLE */
    {0xC000000D, 87u}, /* INVALID_PARAMETER */
    {0xC000000E, 433u}, /* NO_SUCH_DEVICE */
    {0xC000000F, 2u}, /* NO_SUCH_FILE */
    {0xC0000010, 1u}, /* INVALID_DEVICE_REQUEST */
    {0xC0000011, 38u}, /* END_OF_FILE */
    {0xC0000016, 234u}, /* MORE_PROCESSING_REQUIRED */
    {0xC0000017, 8u}, /* NO_MEMORY */
    {0xC0000018, 487u}, /* CONFLICTING_ADDRESSES */
    {0xC000001D, 3221225501u}, /* ILLEGAL_INSTRUCTION */
    {0xC0000022, 5u}, /* ACCESS_DENIED */
    {0xC0000023, 122u}, /* BUFFER_TOO_SMALL */
    {0xC0000024, 6u}, /* OBJECT_TYPE_MISMATCH */
    {0xC0000033, 123u}, /* OBJECT_NAME_INVALID */
    {0xC0000034, 2u}, /* OBJECT_NAME_NOT_FOUND */
    {0xC0000035, 183u}, /* OBJECT_NAME_COLLISION */
    {0xC0000039, 161u}, /* OBJECT_PATH_INVALID */
    {0xC000003A, 3u}, /* OBJECT_PATH_NOT_FOUND */
    {0xC000003B, 161u}, /* OBJECT_PATH_SYNTAX_BAD */
    {0xC0000043, 32u}, /* SHARING_VIOLATION */
    {0xC0000056, 5u}, /* DELETE_PENDING */
    {0xC0000061, 1314u}, /* PRIVILEGE_NOT_HELD */
    {0xC000007B, 193u}, /* INVALID_IMAGE_FORMAT */
    {0xC000009A, 1450u}, /* INSUFFICIENT_RESOURCES */
    {0xC00000A3, 21u}, /* DEVICE_NOT_READY */
    {0xC00000B5, 121u}, /* IO_TIMEOUT */
    {0xC00000BB, 50u}, /* NOT_SUPPORTED */
    {0xC00000E8, 1784u}, /* INVALID_USER_BUFFER */
    {0xC0000121, 5u}, /* CANNOT_DELETE */
    {0xC0000120, 995u}, /* CANCELLED */
    {0xC000010E, 1056u}, /* IMAGE_ALREADY_LOADED */
    {0xC0000128, 6u}, /* FILE_CLOSED */
    {0xC000012F, 193u}, /* INVALID_IMAGE_NOT_MZ */
    {0xC0000135, 126u}, /* DLL_NOT_FOUND */
    {0xC0000138, 182u}, /* ORDINAL_NOT_FOUND */
    {0xC0000139, 127u}, /* ENTRYPOINT_NOT_FOUND */
    {0xC000026C, 2001u}, /* DRIVER_UNABLE_TO_LOAD */
    {0xC0000225, 1168u}, /* NOT_FOUND */
    {0xC0000182, 87u}, /* DEVICE_CONFIGURATION_ERROR */
    {0xC000001C, 1u}, /* INVALID_SYSTEM_SERVICE */
    {0xC0000262, 182u}, /* DRIVER_ORDINAL_NOT_FOUND */
    {0xC0000263, 127u}, /* DRIVER_ENTRYPOINT_NOT_FOUND */
    {0xC0000365, 647u}, /* FAILED_DRIVER_ENTRY */
    {0xC0000038, 548u}, /* DEVICE_ALREADY_ATTACHED */
    {0xC00000C0, 55u}, /* DEVICE_DOES_NOT_EXIST */
    {0xC000009D, 1167u}, /* DEVICE_NOT_CONNECTED */
    {0x40000000, 698u}, /* OBJECT_NAME_EXISTS */
    {0xC0000184, 22u}, /* INVALID_DEVICE_STATE */
    {0xC0000299, 8218u}, /* SHARED_POLICY */
    /* clang-format on */
};

static void what_was_seen(void **state)
{
    (void)state;
    assert_int_equal(ARRAY_SIZE(seen), 62);
    for (size_t i = 0; i < ARRAY_SIZE(seen); i++)
        if (status_to_error(seen[i].status) != seen[i].error)
            fail_msg("%08X: %u, expected %u", (unsigned)seen[i].status,
                     (unsigned)status_to_error(seen[i].status), (unsigned)seen[i].error);
}

static void unknown_statuses(void **state)
{
    static const uint32_t unknown[] = {1, 0x80000007, 0xC000FFFF, 0x400000FF, 0xCFFFFFFF};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(unknown); i++)
        assert_int_equal(status_to_error(unknown[i]), STATUS_MAP_UNKNOWN);
}

/* A customer's status is its own error; one that carries an error gives it back. */
static void statuses_that_are_errors(void **state)
{
    (void)state;
    assert_int_equal(status_to_error(0xE0000001), 0xE0000001);
    assert_int_equal(status_to_error(0x20000005), 0x20000005);
    assert_int_equal(status_to_error(0x80070005), 5);
    assert_int_equal(status_to_error(0xC0010006), 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_seen),
        TEST(unknown_statuses),
        TEST(statuses_that_are_errors),
    };

    return RUN_TESTS(tests);
}

#include "tests/kernel/cm_support.h"

union record {
    KEY_VALUE_BASIC_INFORMATION basic;
    KEY_VALUE_FULL_INFORMATION full;
    KEY_VALUE_PARTIAL_INFORMATION partial;
    char bytes[64];
};

SELFTEST(cm_values_of_every_type)
{
    static const ULONG number = 0x12345678;
    static const struct {
        PCWSTR name;
        ULONG type;
        const void *data;
        ULONG bytes;
    } values[] = {
        {u"", REG_SZ, u"default", 16},         {u"Sz", REG_SZ, u"text", 10},
        {u"Expand", REG_EXPAND_SZ, u"%a%", 8}, {u"Dword", REG_DWORD, &number, 4},
        {u"Binary", REG_BINARY, "\1\2\3", 3},  {u"Multi", REG_MULTI_SZ, u"a\0b\0", 10},
        {u"None", REG_NONE, NULL, 0},
    };
    struct test_mark mark = test_mark();
    HANDLE key = test_new_key();
    union record record;
    ULONG needed;

    for (ULONG i = 0; i < ARRAY_SIZE(values); i++)
        CHECK_STATUS(
            test_set_value(key, values[i].name, values[i].type, values[i].data, values[i].bytes),
            STATUS_SUCCESS);
    for (ULONG i = 0; i < ARRAY_SIZE(values); i++) {
        CHECK_STATUS(test_query_value(key, values[i].name, KeyValuePartialInformation, &record,
                                      sizeof(record), &needed),
                     STATUS_SUCCESS);
        CHECK_EQUAL(record.partial.Type, values[i].type);
        CHECK_EQUAL(record.partial.DataLength, values[i].bytes);
        CHECK(memcmp(record.partial.Data, values[i].data, values[i].bytes) == 0);
        CHECK_EQUAL(needed, offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data) + values[i].bytes);
    }
    test_delete_key(key);
    CHECK_NO_LEAK(mark);
}

SELFTEST(cm_values_are_replaced)
{
    struct test_mark mark = test_mark();
    HANDLE key = test_new_key();
    union record record;
    ULONG needed;

    CHECK_STATUS(test_set_value(key, u"Value", REG_SZ, u"long text", 20), STATUS_SUCCESS);
    CHECK_STATUS(test_set_value(key, u"Other", REG_SZ, u"", 2), STATUS_SUCCESS);
    CHECK_STATUS(test_set_value(key, u"VALUE", REG_BINARY, "x", 1), STATUS_SUCCESS);
    CHECK_STATUS(test_query_value(key, u"value", KeyValuePartialInformation, &record,
                                  sizeof(record), &needed),
                 STATUS_SUCCESS);
    CHECK_EQUAL(record.partial.Type, REG_BINARY);
    CHECK_EQUAL(record.partial.DataLength, 1);
    CHECK_STATUS(
        NtEnumerateValueKey(key, 2, KeyValueBasicInformation, &record, sizeof(record), &needed),
        STATUS_NO_MORE_ENTRIES);
    test_delete_key(key);
    CHECK_NO_LEAK(mark);
}

SELFTEST(cm_partial_information_in_short_buffers)
{
    const ULONG fixed = offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data);
    struct test_mark mark = test_mark();
    HANDLE key = test_new_key();
    union record record;
    ULONG needed = 0;

    memset(&record, 0xEE, sizeof(record));
    CHECK_STATUS(test_set_value(key, u"v", REG_BINARY, "abcd", 4), STATUS_SUCCESS);
    for (ULONG length = 0; length < fixed; length++)
        CHECK_STATUS(
            test_query_value(key, u"v", KeyValuePartialInformation, &record, length, &needed),
            STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(record.partial.Type, 0xEEEEEEEE);
    CHECK_EQUAL(needed, fixed + 4);
    CHECK_STATUS(
        test_query_value(key, u"v", KeyValuePartialInformation, &record, fixed + 2, &needed),
        STATUS_BUFFER_OVERFLOW);
    CHECK_EQUAL(needed, fixed + 4);
    CHECK_EQUAL(record.partial.DataLength, 4);
    CHECK(memcmp(record.partial.Data, "ab\xEE\xEE", 4) == 0);
    CHECK_STATUS(test_query_value(key, u"v", KeyValuePartialInformation, NULL, 0, &needed),
                 STATUS_BUFFER_TOO_SMALL);
    CHECK_STATUS(test_query_value(key, u"w", KeyValuePartialInformation, NULL, 0, &needed),
                 STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(test_query_value(key, u"v", 99, &record, sizeof(record), &needed),
                 STATUS_INVALID_PARAMETER);
    test_delete_key(key);
    CHECK_NO_LEAK(mark);
}

SELFTEST(cm_full_information)
{
    const ULONG fixed = offsetof(KEY_VALUE_FULL_INFORMATION, Name);
    struct test_mark mark = test_mark();
    HANDLE key = test_new_key();
    union record record;
    ULONG needed = 0;

    CHECK_STATUS(test_set_value(key, u"abc", REG_SZ, u"xy", 6), STATUS_SUCCESS);
    CHECK_STATUS(
        test_query_value(key, u"ABC", KeyValueFullInformation, &record, sizeof(record), &needed),
        STATUS_SUCCESS);
    CHECK_EQUAL(record.full.NameLength, 6);
    CHECK_EQUAL(record.full.DataLength, 6);
    CHECK_EQUAL(record.full.DataOffset, fixed + 8);
    CHECK_EQUAL(needed, fixed + 8 + 6);
    CHECK(memcmp(record.full.Name, u"abc", 6) == 0);
    CHECK(memcmp(record.bytes + record.full.DataOffset, u"xy", 6) == 0);
    CHECK_STATUS(NtEnumerateValueKey(key, 0, KeyValueFullInformation, &record, needed - 1, &needed),
                 STATUS_BUFFER_OVERFLOW);
    CHECK_STATUS(NtEnumerateValueKey(key, 0, KeyValueFullInformation, &record, needed, &needed),
                 STATUS_SUCCESS);
    CHECK_STATUS(NtEnumerateValueKey(key, 0, KeyValueFullInformation, &record, fixed - 1, &needed),
                 STATUS_BUFFER_TOO_SMALL);
    test_delete_key(key);
    CHECK_NO_LEAK(mark);
}

SELFTEST(cm_enumerates_values)
{
    struct test_mark mark = test_mark();
    HANDLE key = test_new_key();
    union record record;
    ULONG needed = 0;

    CHECK_STATUS(test_set_value(key, u"one", REG_DWORD, "1234", 4), STATUS_SUCCESS);
    CHECK_STATUS(test_set_value(key, u"second", REG_SZ, u"", 2), STATUS_SUCCESS);
    CHECK_STATUS(
        NtEnumerateValueKey(key, 1, KeyValueBasicInformation, &record, sizeof(record), &needed),
        STATUS_SUCCESS);
    CHECK_EQUAL(record.basic.Type, REG_SZ);
    CHECK_EQUAL(record.basic.NameLength, 12);
    CHECK_EQUAL(needed, offsetof(KEY_VALUE_BASIC_INFORMATION, Name) + 12);
    CHECK(memcmp(record.basic.Name, u"second", 12) == 0);
    CHECK_STATUS(
        NtEnumerateValueKey(key, 2, KeyValueBasicInformation, &record, sizeof(record), &needed),
        STATUS_NO_MORE_ENTRIES);
    test_delete_key(key);
    CHECK_NO_LEAK(mark);
}

SELFTEST(cm_deletes_values)
{
    struct test_mark mark = test_mark();
    HANDLE key = test_new_key();
    UNICODE_STRING name = UNICODE_STRING_INIT(u"V");
    ULONG needed;

    CHECK_STATUS(test_set_value(key, u"v", REG_SZ, u"", 2), STATUS_SUCCESS);
    CHECK_STATUS(NtDeleteValueKey(key, &name), STATUS_SUCCESS);
    CHECK_STATUS(NtDeleteValueKey(key, &name), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(test_query_value(key, u"v", KeyValuePartialInformation, NULL, 0, &needed),
                 STATUS_OBJECT_NAME_NOT_FOUND);
    test_delete_key(key);
    CHECK_NO_LEAK(mark);
}

SELFTEST(cm_value_limits)
{
    struct test_mark mark = test_mark();
    HANDLE key = test_new_key();
    UNICODE_STRING odd = {3, 4, (PWSTR)u"ab"};

    CHECK_STATUS(test_set_value(key, u"v", REG_BINARY, "", CM_MAX_DATA + 1),
                 STATUS_INVALID_PARAMETER);
    CHECK_STATUS(test_set_value(key, u"v", REG_BINARY, "", 0xFFFFFFFF), STATUS_INVALID_PARAMETER);
    CHECK_STATUS(NtSetValueKey(key, &odd, 0, REG_SZ, (PVOID)u"", 2), STATUS_INVALID_PARAMETER);
    CHECK_STATUS(NtSetValueKey(NULL, &odd, 0, REG_SZ, (PVOID)u"", 2), STATUS_INVALID_HANDLE);
    test_delete_key(key);
    CHECK_NO_LEAK(mark);
}

#include "bootinfo.h"
#include "tests/kernel/cm_support.h"

SELFTEST(cm_first_tree_exists)
{
    struct test_mark mark = test_mark();
    HANDLE handle;

    CHECK_STATUS(test_try_key(u"\\Registry"), STATUS_SUCCESS);
    CHECK_STATUS(test_try_key(u"\\REGISTRY\\machine\\SYSTEM\\currentcontrolset"), STATUS_SUCCESS);
    CHECK_STATUS(test_open_directory(u"\\Registry", &handle), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_STATUS(test_open_key(u"\\Device", &handle), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_NO_LEAK(mark);
}

SELFTEST(cm_keeps_the_command_line)
{
    struct test_mark mark = test_mark();
    static struct {
        KEY_VALUE_PARTIAL_INFORMATION information;
        char more[2 * sizeof(boot_info.command_line)];
    } value;
    HANDLE key;
    ULONG needed, length = (ULONG)strlen(boot_info.command_line);

    CHECK_STATUS(test_open_key(u"\\Registry\\Machine\\System\\CurrentControlSet\\Control", &key),
                 STATUS_SUCCESS);
    CHECK_STATUS(test_query_value(key, u"SystemStartOptions", KeyValuePartialInformation, &value,
                                  sizeof(value), &needed),
                 STATUS_SUCCESS);
    CHECK_EQUAL(value.information.Type, REG_SZ);
    CHECK_EQUAL(value.information.DataLength, 2 * (length + 1));
    for (ULONG i = 0; i <= length; i++)
        CHECK_EQUAL(value.information.Data[2 * i], (UCHAR)boot_info.command_line[i]);
    NtClose(key);
    CHECK_NO_LEAK(mark);
}

SELFTEST(cm_creates_or_opens_keys)
{
    struct test_mark mark = test_mark();
    HANDLE key = test_new_key(), again, child;
    ULONG disposition = 0;

    CHECK_STATUS(test_create_key(u"\\Registry\\Machine\\SELFTEST", &again, &disposition),
                 STATUS_SUCCESS);
    CHECK_EQUAL(disposition, REG_OPENED_EXISTING_KEY);
    CHECK(test_object(again) != test_object(key));
    CHECK_COUNTS(test_object(again), 1, 1);
    NtClose(again);
    CHECK_STATUS(test_create_key(CM_TEST u"\\a\\b", &child, NULL), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(test_open_key(CM_TEST u"\\a", &child), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK(child == NULL);
    test_delete_key(key);
    CHECK_STATUS(test_try_key(CM_TEST), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_NO_LEAK(mark);
}

SELFTEST(cm_keys_live_without_handles)
{
    struct test_mark mark = test_mark();
    HANDLE key = test_new_key();

    CHECK_STATUS(test_set_value(key, u"v", REG_SZ, u"text", 10), STATUS_SUCCESS);
    NtClose(key);
    CHECK_STATUS(test_open_key(CM_TEST, &key), STATUS_SUCCESS);
    test_delete_key(key);
    CHECK_NO_LEAK(mark);
}

SELFTEST(cm_backslashes_may_repeat)
{
    struct test_mark mark = test_mark();
    HANDLE key, child;
    ULONG disposition = 0;

    CHECK_STATUS(test_create_key(CM_TEST u"\\", &key, &disposition), STATUS_SUCCESS);
    CHECK_EQUAL(disposition, REG_CREATED_NEW_KEY);
    CHECK_STATUS(test_create_key(u"\\Registry\\\\Machine\\SelfTest\\\\a\\\\", &child, &disposition),
                 STATUS_SUCCESS);
    CHECK_EQUAL(disposition, REG_CREATED_NEW_KEY);
    CHECK_STATUS(test_try_key(CM_TEST u"\\a"), STATUS_SUCCESS);
    test_delete_key(child);
    test_delete_key(key);
    CHECK_NO_LEAK(mark);
}

SELFTEST(cm_names_below_a_key)
{
    struct test_mark mark = test_mark();
    HANDLE key = test_new_key(), child, same;
    struct test_name name;

    CHECK_STATUS(NtCreateKey(&child, KEY_READ | DELETE, test_name(&name, key, u"child", 0), 0, NULL,
                             0, NULL),
                 STATUS_SUCCESS);
    CHECK_STATUS(test_try_key(CM_TEST u"\\child"), STATUS_SUCCESS);
    CHECK_STATUS(NtOpenKey(&same, KEY_READ, test_name(&name, child, u"", 0)), STATUS_SUCCESS);
    NtClose(same);
    CHECK_STATUS(NtOpenKey(&same, KEY_READ, test_name(&name, key, u"\\child", 0)),
                 STATUS_OBJECT_PATH_SYNTAX_BAD);
    CHECK_STATUS(NtDeleteKey(child), STATUS_SUCCESS);
    CHECK_STATUS(NtOpenKey(&same, KEY_READ, test_name(&name, child, u"", 0)), STATUS_KEY_DELETED);
    NtClose(child);
    test_delete_key(key);
    CHECK_NO_LEAK(mark);
}

SELFTEST(cm_component_limit)
{
    struct test_mark mark = test_mark();
    WCHAR text[258];
    struct test_name name;
    HANDLE key = test_new_key(), child = NULL;

    for (ULONG i = 0; i < ARRAY_SIZE(text); i++)
        text[i] = 'k';
    test_name(&name, key, u"", 0);
    name.string = (UNICODE_STRING){CM_MAX_KEY_NAME, CM_MAX_KEY_NAME, text};
    CHECK_STATUS(NtCreateKey(&child, KEY_ALL_ACCESS, &name.attributes, 0, NULL, 0, NULL),
                 STATUS_SUCCESS);
    test_delete_key(child);
    name.string.Length += 2;
    CHECK_STATUS(NtCreateKey(&child, KEY_ALL_ACCESS, &name.attributes, 0, NULL, 0, NULL),
                 STATUS_INVALID_PARAMETER);
    CHECK_STATUS(NtOpenKey(&child, KEY_READ, &name.attributes), STATUS_INVALID_PARAMETER);
    test_delete_key(key);
    CHECK_NO_LEAK(mark);
}

SELFTEST(cm_deleted_keys_wait_for_the_last_close)
{
    struct test_mark mark = test_mark();
    HANDLE key = test_new_key(), other, none;
    char buffer[16];
    ULONG needed;

    CHECK_STATUS(test_open_key(CM_TEST, &other), STATUS_SUCCESS);
    CHECK_STATUS(NtDeleteKey(key), STATUS_SUCCESS);
    CHECK_STATUS(NtDeleteKey(other), STATUS_KEY_DELETED);
    CHECK_STATUS(test_set_value(other, u"v", REG_SZ, u"", 2), STATUS_KEY_DELETED);
    CHECK_STATUS(
        test_query_value(other, u"v", KeyValuePartialInformation, buffer, sizeof(buffer), &needed),
        STATUS_KEY_DELETED);
    CHECK_STATUS(NtEnumerateKey(other, 0, KeyBasicInformation, buffer, sizeof(buffer), &needed),
                 STATUS_KEY_DELETED);
    CHECK_STATUS(test_create_key(CM_TEST, &none, NULL), STATUS_KEY_DELETED);
    CHECK_STATUS(test_create_key(CM_TEST u"\\a", &none, NULL), STATUS_KEY_DELETED);
    NtClose(key);
    CHECK_STATUS(test_try_key(CM_TEST), STATUS_KEY_DELETED);
    NtClose(other);
    CHECK_STATUS(test_try_key(CM_TEST), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_NO_LEAK(mark);
}

SELFTEST(cm_keys_with_subkeys_stay)
{
    struct test_mark mark = test_mark();
    HANDLE key = test_new_key(), child, root;

    CHECK_STATUS(test_create_key(CM_TEST u"\\a", &child, NULL), STATUS_SUCCESS);
    CHECK_STATUS(NtDeleteKey(key), STATUS_CANNOT_DELETE);
    test_delete_key(child);
    CHECK_STATUS(test_open_key(u"\\Registry", &root), STATUS_SUCCESS);
    CHECK_STATUS(NtDeleteKey(root), STATUS_CANNOT_DELETE);
    NtClose(root);
    test_delete_key(key);
    CHECK_NO_LEAK(mark);
}

SELFTEST(cm_enumerates_keys)
{
    struct test_mark mark = test_mark();
    HANDLE key = test_new_key(), first, second;
    union {
        KEY_BASIC_INFORMATION basic;
        char bytes[32];
    } buffer;
    const ULONG fixed = offsetof(KEY_BASIC_INFORMATION, Name);
    ULONG needed = 0;

    CHECK_STATUS(test_create_key(CM_TEST u"\\First", &first, NULL), STATUS_SUCCESS);
    CHECK_STATUS(test_create_key(CM_TEST u"\\Second", &second, NULL), STATUS_SUCCESS);
    CHECK_STATUS(NtEnumerateKey(key, 1, KeyBasicInformation, &buffer, sizeof(buffer), &needed),
                 STATUS_SUCCESS);
    CHECK_EQUAL(needed, fixed + 12);
    CHECK_EQUAL(buffer.basic.NameLength, 12);
    CHECK(memcmp(buffer.basic.Name, u"Second", 12) == 0);
    CHECK_STATUS(NtEnumerateKey(key, 0, KeyBasicInformation, &buffer, fixed + 4, &needed),
                 STATUS_BUFFER_OVERFLOW);
    CHECK_EQUAL(needed, fixed + 10);
    CHECK(memcmp(buffer.basic.Name, u"Ficond", 12) == 0);
    CHECK_STATUS(NtEnumerateKey(key, 0, KeyBasicInformation, &buffer, fixed - 1, &needed),
                 STATUS_BUFFER_TOO_SMALL);
    CHECK_STATUS(NtEnumerateKey(key, 2, KeyBasicInformation, &buffer, sizeof(buffer), &needed),
                 STATUS_NO_MORE_ENTRIES);
    CHECK_STATUS(NtEnumerateKey(key, 0, 99, &buffer, sizeof(buffer), &needed),
                 STATUS_INVALID_PARAMETER);
    test_delete_key(second);
    test_delete_key(first);
    test_delete_key(key);
    CHECK_NO_LEAK(mark);
}

SELFTEST(cm_queries_keys)
{
    struct test_mark mark = test_mark();
    HANDLE key = test_new_key(), child;
    union {
        KEY_BASIC_INFORMATION basic;
        KEY_FULL_INFORMATION full;
        char bytes[64];
    } buffer;
    const ULONG fixed = offsetof(KEY_FULL_INFORMATION, Class);
    ULONG needed = 0;

    CHECK_STATUS(test_create_key(CM_TEST u"\\Child", &child, NULL), STATUS_SUCCESS);
    CHECK_STATUS(test_set_value(key, u"a", REG_SZ, u"text", 10), STATUS_SUCCESS);
    CHECK_STATUS(test_set_value(key, u"long", REG_BINARY, "x", 1), STATUS_SUCCESS);
    CHECK_STATUS(NtQueryKey(key, KeyFullInformation, &buffer, fixed, &needed), STATUS_SUCCESS);
    CHECK_EQUAL(needed, fixed);
    CHECK_EQUAL(buffer.full.SubKeys, 1);
    CHECK_EQUAL(buffer.full.MaxNameLen, 10);
    CHECK_EQUAL(buffer.full.Values, 2);
    CHECK_EQUAL(buffer.full.MaxValueNameLen, 8);
    CHECK_EQUAL(buffer.full.MaxValueDataLen, 10);
    CHECK_STATUS(NtQueryKey(key, KeyFullInformation, &buffer, fixed - 1, &needed),
                 STATUS_BUFFER_TOO_SMALL);
    CHECK_STATUS(NtQueryKey(child, KeyBasicInformation, &buffer, sizeof(buffer), &needed),
                 STATUS_SUCCESS);
    CHECK_EQUAL(buffer.basic.NameLength, 10);
    CHECK(memcmp(buffer.basic.Name, u"Child", 10) == 0);
    CHECK_STATUS(NtQueryKey(key, 99, &buffer, sizeof(buffer), &needed), STATUS_INVALID_PARAMETER);
    test_delete_key(child);
    test_delete_key(key);
    CHECK_NO_LEAK(mark);
}

SELFTEST(cm_keys_tell_their_name)
{
    struct test_mark mark = test_mark();
    HANDLE key = test_new_key();
    union {
        OBJECT_NAME_INFORMATION information;
        char bytes[96];
    } buffer;
    UNICODE_STRING expected = UNICODE_STRING_INIT(CM_TEST);

    CHECK_STATUS(NtQueryObject(key, ObjectNameInformation, &buffer, sizeof(buffer), NULL),
                 STATUS_SUCCESS);
    CHECK(RtlEqualUnicodeString(&buffer.information.Name, &expected, FALSE));
    test_delete_key(key);
    CHECK_NO_LEAK(mark);
}

SELFTEST(cm_another_types_context_creates_nothing)
{
    struct test_mark mark = test_mark();
    struct test_name name;
    POBJECT_ATTRIBUTES attributes = test_name(&name, NULL, CM_TEST, 0);
    ULONG context[4] = {0};
    HANDLE handle;

    CHECK_STATUS(ObOpenObjectByName(attributes, NULL, KernelMode, NULL, 0, context, &handle),
                 STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(
        ObOpenObjectByName(attributes, ob_type_type, KernelMode, NULL, 0, context, &handle),
        STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_NO_LEAK(mark);
}

SELFTEST(cm_no_key_without_its_handle)
{
    struct test_mark mark = test_mark();
    struct ob_handle_table *before = ob_current_handles(), *table = ob_handle_table_create();
    HANDLE key, handle;

    ob_set_current_handles(table);
    while (NT_SUCCESS(test_open_directory(u"\\Device", &handle)))
        ;
    CHECK_STATUS(test_create_key(CM_TEST, &key, NULL), STATUS_INSUFFICIENT_RESOURCES);
    ob_set_current_handles(before);
    ob_handle_table_destroy(table);
    CHECK_STATUS(test_try_key(CM_TEST), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_NO_LEAK(mark);
}

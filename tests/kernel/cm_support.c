#include "tests/kernel/cm_support.h"

NTSTATUS test_create_key(PCWSTR path, HANDLE *key, ULONG *disposition)
{
    struct test_name name;

    return NtCreateKey(key, KEY_ALL_ACCESS, test_name(&name, NULL, path, OBJ_CASE_INSENSITIVE), 0,
                       NULL, REG_OPTION_NON_VOLATILE, disposition);
}

NTSTATUS test_open_key(PCWSTR path, HANDLE *key)
{
    struct test_name name;

    return NtOpenKey(key, KEY_ALL_ACCESS, test_name(&name, NULL, path, OBJ_CASE_INSENSITIVE));
}

NTSTATUS test_try_key(PCWSTR path)
{
    HANDLE key;
    NTSTATUS status = test_open_key(path, &key);

    if (NT_SUCCESS(status))
        NtClose(key);
    return status;
}

HANDLE test_new_key(void)
{
    HANDLE key = NULL;
    ULONG disposition = 0;

    CHECK_STATUS(test_create_key(CM_TEST, &key, &disposition), STATUS_SUCCESS);
    CHECK_EQUAL(disposition, REG_CREATED_NEW_KEY);
    return key;
}

void test_delete_key(HANDLE key)
{
    CHECK_STATUS(NtDeleteKey(key), STATUS_SUCCESS);
    CHECK_STATUS(NtClose(key), STATUS_SUCCESS);
}

NTSTATUS test_set_value(HANDLE key, PCWSTR name, ULONG type, const void *data, ULONG bytes)
{
    UNICODE_STRING string;

    RtlInitUnicodeString(&string, name);
    return NtSetValueKey(key, &string, 0, type, (PVOID)(uintptr_t)data, bytes);
}

NTSTATUS test_query_value(HANDLE key, PCWSTR name, ULONG class, void *buffer, ULONG length,
                          ULONG *needed)
{
    UNICODE_STRING string;

    RtlInitUnicodeString(&string, name);
    return NtQueryValueKey(key, &string, class, buffer, length, needed);
}

#include "tests/kernel/ob_support.h"

#define T u"\\BaseNamedObjects\\test" /* a directory that tests create */

SELFTEST(ob_namespace_is_laid_out)
{
    static const PCWSTR directories[] = {u"\\",   u"\\Device",           u"\\Driver",
                                         u"\\??", u"\\BaseNamedObjects", u"\\ObjectTypes"};
    static const PCWSTR types[] = {u"\\ObjectTypes\\Type", u"\\ObjectTypes\\Directory",
                                   u"\\ObjectTypes\\SymbolicLink"};

    for (ULONG i = 0; i < ARRAY_SIZE(directories); i++)
        CHECK_STATUS(test_try_directory(directories[i]), STATUS_SUCCESS);
    for (ULONG i = 0; i < ARRAY_SIZE(types); i++) {
        UNICODE_STRING name;
        PVOID type;

        RtlInitUnicodeString(&name, types[i]);
        CHECK_STATUS(
            ObReferenceObjectByName(&name, 0, NULL, 0, ob_type_type, KernelMode, NULL, &type),
            STATUS_SUCCESS);
        CHECK(ob_header(type)->Flags & OB_FLAG_PERMANENT);
        ObDereferenceObject(type);
    }
}

SELFTEST(ob_dos_devices_is_a_link)
{
    HANDLE through_link, directory;

    CHECK_STATUS(test_open_directory(u"\\DosDevices", &through_link), STATUS_SUCCESS);
    CHECK_STATUS(test_open_directory(u"\\??", &directory), STATUS_SUCCESS);
    CHECK(test_object(through_link) == test_object(directory));
    NtClose(through_link);
    NtClose(directory);
}

SELFTEST(ob_refuses_a_name_twice)
{
    struct test_mark mark = test_mark();
    HANDLE first, second;

    CHECK_STATUS(test_create_directory(T, 0, &first), STATUS_SUCCESS);
    CHECK_STATUS(test_create_directory(T, 0, &second), STATUS_OBJECT_NAME_COLLISION);
    CHECK_STATUS(test_create_directory(u"\\basenamedobjects\\TEST", 0, &second),
                 STATUS_OBJECT_NAME_COLLISION);
    CHECK_STATUS(test_create_link(T, u"\\Device", 0, &second), STATUS_OBJECT_NAME_COLLISION);
    CHECK_STATUS(test_create_link(T, u"\\Device", OBJ_OPENIF, &second),
                 STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_STATUS(test_create_directory(u"\\", 0, &second), STATUS_OBJECT_NAME_COLLISION);
    CHECK_COUNTS(test_object(first), 1, 2);
    NtClose(first);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_openif_opens_what_exists)
{
    struct test_mark mark = test_mark();
    HANDLE first, second;

    CHECK_STATUS(test_create_directory(T, OBJ_OPENIF, &first), STATUS_SUCCESS);
    CHECK_STATUS(test_create_directory(T, OBJ_OPENIF, &second), STATUS_OBJECT_NAME_EXISTS);
    CHECK(test_object(first) == test_object(second));
    CHECK_COUNTS(test_object(first), 2, 3);
    NtClose(first);
    CHECK_STATUS(test_try_directory(T), STATUS_SUCCESS);
    NtClose(second);
    CHECK_STATUS(test_try_directory(T), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_openif_without_a_handle_collides)
{
    struct test_mark mark = test_mark();
    struct test_name name;
    POBJECT_ATTRIBUTES attributes = test_name(&name, NULL, u"\\Device", OBJ_OPENIF);
    PVOID object;

    CHECK_STATUS(ob_create_object(ob_directory_type, attributes, sizeof(OBJECT_DIRECTORY), &object),
                 STATUS_SUCCESS);
    CHECK_STATUS(ob_insert_object(object, attributes, 0, NULL), STATUS_OBJECT_NAME_COLLISION);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_case_matters_only_if_asked)
{
    struct test_mark mark = test_mark();
    struct test_name name;
    HANDLE lower, upper, found;

    CHECK_STATUS(NtCreateDirectoryObject(&lower, DIRECTORY_QUERY, test_name(&name, NULL, T, 0)),
                 STATUS_SUCCESS);
    CHECK_STATUS(
        NtOpenDirectoryObject(&found, 0, test_name(&name, NULL, u"\\BaseNamedObjects\\TEST", 0)),
        STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(
        NtOpenDirectoryObject(&found, 0, test_name(&name, NULL, u"\\BASENamedObjects\\test", 0)),
        STATUS_OBJECT_PATH_NOT_FOUND);
    CHECK_STATUS(NtCreateDirectoryObject(&upper, DIRECTORY_QUERY,
                                         test_name(&name, NULL, u"\\BaseNamedObjects\\TEST", 0)),
                 STATUS_SUCCESS);
    CHECK(test_object(lower) != test_object(upper));
    NtClose(lower);
    NtClose(upper);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_syntax_of_names)
{
    static const struct {
        PCWSTR name;
        NTSTATUS status;
    } names[] = {
        {u"", STATUS_OBJECT_PATH_SYNTAX_BAD},
        {u"Device", STATUS_OBJECT_PATH_SYNTAX_BAD},
        {u"Device\\", STATUS_OBJECT_PATH_SYNTAX_BAD},
        {u"\\", STATUS_SUCCESS},
        {u"\\Device", STATUS_SUCCESS},
        {u"\\Device\\", STATUS_OBJECT_NAME_INVALID},
        {u"\\\\", STATUS_OBJECT_NAME_INVALID},
        {u"\\\\Device", STATUS_OBJECT_NAME_INVALID},
        {u"\\BaseNamedObjects\\\\x", STATUS_OBJECT_NAME_INVALID},
        {u"\\BaseNamedObjects\\x", STATUS_OBJECT_NAME_NOT_FOUND},
        {u"\\BaseNamedObjects\\x\\", STATUS_OBJECT_PATH_NOT_FOUND},
        {u"\\BaseNamedObjects\\x\\y", STATUS_OBJECT_PATH_NOT_FOUND},
        {u"\\x", STATUS_OBJECT_NAME_NOT_FOUND},
        {u"\\x\\Device", STATUS_OBJECT_PATH_NOT_FOUND},
        {u"\\ObjectTypes\\Type", STATUS_OBJECT_TYPE_MISMATCH},
        {u"\\ObjectTypes\\Type\\x", STATUS_OBJECT_TYPE_MISMATCH},
        {u"\\Device/x", STATUS_OBJECT_NAME_NOT_FOUND},
    };
    struct test_mark mark = test_mark();

    for (ULONG i = 0; i < ARRAY_SIZE(names); i++)
        if (!CHECK_STATUS(test_try_directory(names[i].name), names[i].status))
            CHECK_EQUAL(i, ARRAY_SIZE(names)); /* names the line of the table */
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_names_below_a_root_directory)
{
    struct test_mark mark = test_mark();
    struct test_name name;
    HANDLE root, child, found;

    CHECK_STATUS(test_create_directory(T, 0, &root), STATUS_SUCCESS);
    CHECK_STATUS(NtCreateDirectoryObject(&child, 0, test_name(&name, root, u"a", 0)),
                 STATUS_SUCCESS);
    CHECK_STATUS(test_open_directory(T u"\\a", &found), STATUS_SUCCESS);
    CHECK(test_object(found) == test_object(child));
    NtClose(found);
    CHECK_STATUS(NtOpenDirectoryObject(&found, 0, test_name(&name, root, u"", 0)), STATUS_SUCCESS);
    CHECK(test_object(found) == test_object(root));
    NtClose(found);
    CHECK_STATUS(NtOpenDirectoryObject(&found, 0, test_name(&name, root, u"\\a", 0)),
                 STATUS_OBJECT_PATH_SYNTAX_BAD);
    CHECK_STATUS(NtOpenDirectoryObject(&found, 0, test_name(&name, root, u"a\\", 0)),
                 STATUS_OBJECT_NAME_INVALID);
    CHECK_STATUS(NtOpenDirectoryObject(&found, 0, test_name(&name, root, u"b\\c", 0)),
                 STATUS_OBJECT_PATH_NOT_FOUND);
    NtClose(child);
    NtClose(root);
    CHECK_STATUS(NtOpenDirectoryObject(&found, 0, test_name(&name, root, u"a", 0)),
                 STATUS_INVALID_HANDLE);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_root_directory_must_hold_names)
{
    struct test_mark mark = test_mark();
    POBJECT_TYPE type = test_create_type(NULL);
    struct test_body *body = test_create_object(type, u"", 0);
    struct test_name name;
    HANDLE plain, link, found;

    CHECK_STATUS(ObOpenObjectByPointer(body, 0, NULL, 0, NULL, KernelMode, &plain), STATUS_SUCCESS);
    CHECK_STATUS(NtOpenDirectoryObject(&found, 0, test_name(&name, plain, u"a", 0)),
                 STATUS_INVALID_HANDLE);
    CHECK_STATUS(test_open_link(u"\\DosDevices", &link), STATUS_SUCCESS);
    CHECK_STATUS(NtOpenDirectoryObject(&found, 0, test_name(&name, link, u"a", 0)),
                 STATUS_OBJECT_TYPE_MISMATCH);
    NtClose(link);
    NtClose(plain);
    ObDereferenceObject(body);
    test_destroy_type(type);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_names_are_counted)
{
    struct test_mark mark = test_mark();
    struct test_name name;
    HANDLE handle;

    test_name(&name, NULL, u"\\DeviceBeyond", OBJ_CASE_INSENSITIVE);
    name.string.Length = sizeof(u"\\Device") - 2;
    CHECK_STATUS(NtOpenDirectoryObject(&handle, 0, &name.attributes), STATUS_SUCCESS);
    NtClose(handle);
    name.string.Length--;
    CHECK_STATUS(NtOpenDirectoryObject(&handle, 0, &name.attributes), STATUS_OBJECT_NAME_INVALID);
    CHECK_STATUS(NtCreateDirectoryObject(&handle, 0, &name.attributes), STATUS_OBJECT_NAME_INVALID);
    name.string.Length = 0xFFFE;
    CHECK_STATUS(NtOpenDirectoryObject(&handle, 0, &name.attributes), STATUS_OBJECT_NAME_INVALID);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_long_names)
{
    struct test_mark mark = test_mark();
    PWSTR text = ExAllocatePoolWithTag(PagedPool, 0x10000, POOL_TAG('T', 'e', 's', 't'));
    struct test_name name;
    HANDLE first, found = NULL;

    if (!CHECK(text))
        return;
    for (ULONG i = 0; i < 0x8000; i++)
        text[i] = (WCHAR)(i ? 'a' : '\\');
    test_name(&name, NULL, u"", 0);
    name.string = (UNICODE_STRING){0xFFFC, 0xFFFC, text};
    CHECK_STATUS(NtCreateDirectoryObject(&first, 0, &name.attributes), STATUS_SUCCESS);
    CHECK_STATUS(NtOpenDirectoryObject(&found, 0, &name.attributes), STATUS_SUCCESS);
    CHECK(test_object(found) == test_object(first));
    NtClose(found);
    NtClose(first);
    ExFreePool(text);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_malformed_attributes)
{
    struct test_mark mark = test_mark();
    struct test_name name;
    HANDLE root, handle;

    CHECK_STATUS(NtOpenDirectoryObject(&handle, 0, NULL), STATUS_INVALID_PARAMETER);
    CHECK_STATUS(NtCreateDirectoryObject(&handle, 0, NULL), STATUS_SUCCESS);
    CHECK_COUNTS(test_object(handle), 1, 1);
    NtClose(handle);
    test_name(&name, NULL, u"\\Device", 0)->Length--;
    CHECK_STATUS(NtOpenDirectoryObject(&handle, 0, &name.attributes), STATUS_INVALID_PARAMETER);
    CHECK(handle == NULL);
    CHECK_STATUS(NtCreateDirectoryObject(&handle, 0, &name.attributes), STATUS_INVALID_PARAMETER);
    test_name(&name, NULL, u"", 0)->ObjectName = NULL;
    CHECK_STATUS(NtOpenDirectoryObject(&handle, 0, &name.attributes),
                 STATUS_OBJECT_PATH_SYNTAX_BAD);
    CHECK_STATUS(test_open_directory(u"\\Device", &root), STATUS_SUCCESS);
    name.attributes.RootDirectory = root;
    CHECK_STATUS(NtOpenDirectoryObject(&handle, 0, &name.attributes), STATUS_OBJECT_NAME_INVALID);
    CHECK_STATUS(NtCreateDirectoryObject(&handle, 0, &name.attributes), STATUS_OBJECT_NAME_INVALID);
    NtClose(root);
    CHECK_NO_LEAK(mark);
}

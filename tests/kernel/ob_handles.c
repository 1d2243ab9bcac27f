#include "tests/kernel/ob_support.h"
#include "ps/process.h"

static HANDLE plus(HANDLE handle, ULONG more)
{
    return (HANDLE)((ULONG_PTR)handle + more);
}

static HANDLE open_device_directory(void)
{
    HANDLE handle = NULL;

    CHECK_STATUS(test_open_directory(u"\\Device", &handle), STATUS_SUCCESS);
    return handle;
}

/* Makes a new table current until leave(), which destroys it. */
static struct ob_handle_table *enter(struct ob_handle_table **before)
{
    struct ob_handle_table *table = ob_handle_table_create();

    CHECK(table);
    *before = ob_current_handles();
    ob_set_current_handles(table);
    return table;
}

static void leave(struct ob_handle_table *table, struct ob_handle_table *before)
{
    ob_set_current_handles(before);
    ob_handle_table_destroy(table);
}

SELFTEST(ob_first_handles_are_small)
{
    struct test_mark mark = test_mark();
    struct ob_handle_table *before, *table = enter(&before);

    for (ULONG i = 1; i <= 20; i++)
        CHECK_EQUAL(open_device_directory(), 4 * i);
    CHECK_EQUAL(ob_handle_table_count(table), 20);
    leave(table, before);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_handles_ignore_their_low_bits)
{
    HANDLE handle = open_device_directory();
    PVOID directory = test_object(handle);

    CHECK(directory);
    for (ULONG i = 1; i < 4; i++)
        CHECK(test_object(plus(handle, i)) == directory);
    CHECK(test_object(plus(handle, 4)) == NULL);
    CHECK_STATUS(NtClose(plus(handle, 3)), STATUS_SUCCESS);
    CHECK(test_object(handle) == NULL);
}

SELFTEST(ob_refuses_what_is_no_handle)
{
    static const ULONG none[] = {0,          1,          3,          0xFFFFFFFF, 0xFFFFFFFE,
                                 0xFFFFFFFC, 0x80000004, 0x7FFFFFFC, 0x0000FFFC, 0x80100000};

    for (ULONG i = 0; i < ARRAY_SIZE(none); i++)
        CHECK_STATUS(NtClose((HANDLE)(ULONG_PTR)none[i]), STATUS_INVALID_HANDLE);
}

/* Every handle that was ever given stays dead, and no value comes twice. */
SELFTEST(ob_stale_handles_are_refused)
{
    enum { ROUNDS = 3000 };
    struct test_mark mark = test_mark();
    HANDLE *given = ExAllocatePoolWithTag(PagedPool, ROUNDS * sizeof(HANDLE), 0);
    struct ob_handle_table *before, *table = enter(&before);
    HANDLE keep = open_device_directory();

    for (ULONG i = 0; i < ROUNDS; i++) {
        given[i] = open_device_directory();
        CHECK((LONG)(ULONG_PTR)given[i] > 0);
        CHECK_STATUS(NtClose(given[i]), STATUS_SUCCESS);
        CHECK_STATUS(NtClose(given[i]), STATUS_INVALID_HANDLE);
    }
    for (ULONG i = 0; i < ROUNDS; i++)
        CHECK(test_object(given[i]) == NULL);
    CHECK(given[254] != given[0]);
    CHECK_EQUAL((ULONG_PTR)given[254] & 0xFFFF, (ULONG_PTR)given[0] & 0xFFFF); /* slot reused */
    CHECK(test_object(keep));
    leave(table, before);
    ExFreePool(given);
    CHECK_NO_LEAK(mark);
}

/* All slots of the table but one are live; that one is reused through all its generations. */
SELFTEST(ob_generations_of_one_slot_differ)
{
    struct test_mark mark = test_mark();
    struct ob_handle_table *before, *table = enter(&before);
    HANDLE first, previous, handle;

    for (ULONG i = 0; i < 254; i++)
        open_device_directory();
    first = previous = open_device_directory();
    for (ULONG i = 1; i < 32768; i++) {
        NtClose(previous);
        ObfReferenceObject(ob_root_directory);
        CHECK_STATUS(ob_create_handle(ob_root_directory, 0, 0, &handle), STATUS_SUCCESS);
        if (!CHECK(handle != previous && (LONG)(ULONG_PTR)handle > 0 && !test_object(first)))
            break;
        previous = handle;
    }
    CHECK_EQUAL(ob_handle_table_count(table), 255);
    leave(table, before);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_tables_grow_to_their_limit)
{
    struct test_mark mark = test_mark();
    struct ob_handle_table *before, *table = enter(&before);
    HANDLE last = NULL, handle;
    ULONG opened = 0;

    while (NT_SUCCESS(test_open_directory(u"\\Device", &handle))) {
        last = handle;
        opened++;
    }
    CHECK_STATUS(test_open_directory(u"\\Device", &handle), STATUS_INSUFFICIENT_RESOURCES);
    CHECK(handle == NULL);
    CHECK_EQUAL(opened, OB_HANDLE_SLOTS - 1);
    CHECK_EQUAL(ob_handle_table_count(table), opened);
    CHECK(test_object((HANDLE)4) && test_object(last));
    NtClose(last);
    CHECK_STATUS(test_open_directory(u"\\Device", &handle), STATUS_SUCCESS);
    CHECK_STATUS(test_create_directory(u"\\Device\\full", 0, &handle),
                 STATUS_INSUFFICIENT_RESOURCES);
    CHECK_STATUS(test_create_directory(u"\\Device\\full", OBJ_PERMANENT, &handle),
                 STATUS_INSUFFICIENT_RESOURCES);
    CHECK_STATUS(test_try_directory(u"\\Device"), STATUS_INSUFFICIENT_RESOURCES);
    leave(table, before);
    CHECK_STATUS(test_try_directory(u"\\Device\\full"), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_tables_are_separate)
{
    struct test_mark mark = test_mark();
    HANDLE mine = open_device_directory();
    struct ob_handle_table *before, *table = enter(&before);
    HANDLE other = open_device_directory();

    CHECK(test_object(other));
    ob_set_current_handles(before);
    CHECK(test_object(mine));
    ob_set_current_handles(table);
    NtClose(other);
    if (mine != other)
        CHECK(test_object(mine) == NULL);
    leave(table, before);
    NtClose(mine);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_destroying_a_table_closes_its_handles)
{
    struct test_mark mark = test_mark();
    POBJECT_TYPE type = test_create_type(NULL);
    struct test_body *body = test_create_object(type, u"\\Device\\devTest", 0);
    struct ob_handle_table *before, *table = enter(&before);
    HANDLE handle;

    for (ULONG i = 0; i < 300; i++)
        CHECK_STATUS(ObOpenObjectByPointer(body, 0, NULL, 0, NULL, KernelMode, &handle),
                     STATUS_SUCCESS);
    ObDereferenceObject(body);
    leave(table, before);
    CHECK_EQUAL(test_calls.closes, 300);
    CHECK_EQUAL(test_calls.last_handles_before, 1);
    CHECK_EQUAL(test_calls.deletes, 1);
    test_destroy_type(type);
    CHECK_NO_LEAK(mark);
}

static NTSTATUS try_access(HANDLE handle, ACCESS_MASK access, POBJECT_TYPE type,
                           KPROCESSOR_MODE mode)
{
    PVOID object = &object;
    NTSTATUS status = ObReferenceObjectByHandle(handle, access, type, mode, &object, NULL);

    CHECK((object != NULL) == NT_SUCCESS(status));
    if (NT_SUCCESS(status))
        ObDereferenceObject(object);
    return status;
}

SELFTEST(ob_handles_have_a_type_and_rights)
{
    struct test_mark mark = test_mark();
    HANDLE handle = open_device_directory();

    CHECK_STATUS(try_access(handle, 0, ob_directory_type, UserMode), STATUS_SUCCESS);
    CHECK_STATUS(try_access(handle, 0, ob_type_type, UserMode), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_STATUS(try_access(handle, 0, ob_type_type, KernelMode), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_STATUS(try_access(handle, DIRECTORY_QUERY, NULL, UserMode), STATUS_SUCCESS);
    CHECK_STATUS(try_access(handle, DIRECTORY_QUERY | DIRECTORY_TRAVERSE, NULL, UserMode),
                 STATUS_ACCESS_DENIED);
    CHECK_STATUS(try_access(handle, DIRECTORY_ALL_ACCESS, NULL, KernelMode), STATUS_SUCCESS);
    NtClose(handle);
    CHECK_STATUS(try_access(handle, 0, NULL, KernelMode), STATUS_INVALID_HANDLE);
    CHECK_NO_LEAK(mark);
}

/* The rights that a handle gets for `desired`. */
static ACCESS_MASK rights_for(struct test_body *body, ACCESS_MASK desired)
{
    OBJECT_HANDLE_INFORMATION information = {0};
    HANDLE handle;
    PVOID object;

    ObOpenObjectByPointer(body, OBJ_INHERIT | OBJ_CASE_INSENSITIVE, NULL, desired, NULL, KernelMode,
                          &handle);
    CHECK_STATUS(ObReferenceObjectByHandle(handle, 0, NULL, KernelMode, &object, &information),
                 STATUS_SUCCESS);
    CHECK_EQUAL(information.HandleAttributes, OBJ_INHERIT);
    ObDereferenceObject(object);
    NtClose(handle);
    return information.GrantedAccess;
}

SELFTEST(ob_maps_generic_rights)
{
    struct test_mark mark = test_mark();
    POBJECT_TYPE type = test_create_type(NULL);
    struct test_body *body = test_create_object(type, u"", 0);

    CHECK_EQUAL(rights_for(body, 0), 0);
    CHECK_EQUAL(rights_for(body, GENERIC_READ), READ_CONTROL | 1);
    CHECK_EQUAL(rights_for(body, GENERIC_WRITE), READ_CONTROL | 2);
    CHECK_EQUAL(rights_for(body, GENERIC_EXECUTE), READ_CONTROL | 4);
    CHECK_EQUAL(rights_for(body, GENERIC_READ | GENERIC_WRITE), READ_CONTROL | 3);
    CHECK_EQUAL(rights_for(body, GENERIC_ALL), 0x000F0007);
    CHECK_EQUAL(rights_for(body, MAXIMUM_ALLOWED), 0x000F0007);
    CHECK_EQUAL(rights_for(body, DELETE | 4 | 8 | SYNCHRONIZE), DELETE | 4); /* 8: unknown */
    ObDereferenceObject(body);
    test_destroy_type(type);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_open_procedures_may_refuse)
{
    struct test_mark mark = test_mark();
    POBJECT_TYPE type = test_create_type(NULL);
    struct test_body *body = test_create_object(type, u"\\Device\\devTest", 0);
    struct test_name name;
    HANDLE handle;

    test_calls.open_status = STATUS_ACCESS_DENIED;
    CHECK_STATUS(ObOpenObjectByName(test_name(&name, NULL, u"\\Device\\devTest", 0), type,
                                    KernelMode, NULL, 0, NULL, &handle),
                 STATUS_ACCESS_DENIED);
    CHECK(handle == NULL);
    CHECK_COUNTS(body, 0, 2);
    CHECK_EQUAL(test_calls.closes, 0);
    ObMakeTemporaryObject(body);
    ObDereferenceObject(body);
    test_destroy_type(type);
    CHECK_NO_LEAK(mark);
}

static NTSTATUS duplicate(HANDLE source, HANDLE *target, ACCESS_MASK access, ULONG options)
{
    return NtDuplicateObject(NtCurrentProcess(), source, NtCurrentProcess(), target, access, 0,
                             options);
}

SELFTEST(ob_duplicates_handles)
{
    struct test_mark mark = test_mark();
    HANDLE first = open_device_directory(), second, third, none;
    PVOID directory = test_object(first);
    LONG pointers = ob_header(directory)->PointerCount;

    CHECK_STATUS(duplicate(first, &second, 0, DUPLICATE_SAME_ACCESS), STATUS_SUCCESS);
    CHECK(second != first && test_object(second) == directory);
    CHECK_COUNTS(directory, 2, pointers + 1);
    CHECK_STATUS(try_access(second, DIRECTORY_QUERY, NULL, UserMode), STATUS_SUCCESS);
    CHECK_STATUS(duplicate(first, &none, DIRECTORY_ALL_ACCESS, 0), STATUS_ACCESS_DENIED);
    CHECK(none == NULL);
    CHECK_STATUS(duplicate(second, &third, 0, DUPLICATE_CLOSE_SOURCE), STATUS_SUCCESS);
    CHECK_STATUS(try_access(third, DIRECTORY_QUERY, NULL, UserMode), STATUS_ACCESS_DENIED);
    CHECK_STATUS(NtClose(second), STATUS_INVALID_HANDLE);
    CHECK_STATUS(duplicate(second, &none, 0, DUPLICATE_CLOSE_SOURCE), STATUS_INVALID_HANDLE);
    CHECK_STATUS(NtDuplicateObject(first, first, NtCurrentProcess(), &none, 0, 0, 0),
                 STATUS_OBJECT_TYPE_MISMATCH); /* a directory is no process */
    CHECK_COUNTS(directory, 2, pointers + 1);
    NtClose(third);
    NtClose(first);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_protects_handles)
{
    struct test_mark mark = test_mark();
    HANDLE handle = open_device_directory(), copy;
    UCHAR flags[2] = {FALSE, TRUE}, found[2] = {9, 9};
    ULONG needed;

    CHECK_STATUS(NtQueryObject(handle, ObjectHandleFlagInformation, found, 1, &needed),
                 STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(needed, 2);
    CHECK_STATUS(NtQueryObject(handle, ObjectHandleFlagInformation, found, 2, NULL),
                 STATUS_SUCCESS);
    CHECK(!found[0] && !found[1]);
    CHECK_STATUS(NtSetInformationObject(handle, ObjectHandleFlagInformation, flags, 2),
                 STATUS_SUCCESS);
    CHECK_STATUS(NtQueryObject(handle, ObjectHandleFlagInformation, found, 2, NULL),
                 STATUS_SUCCESS);
    CHECK(!found[0] && found[1]);
    CHECK_STATUS(NtClose(handle), STATUS_HANDLE_NOT_CLOSABLE);
    CHECK_STATUS(duplicate(handle, &copy, 0, DUPLICATE_SAME_ACCESS), STATUS_SUCCESS);
    CHECK_STATUS(NtClose(copy), STATUS_SUCCESS); /* the flag is the handle's own */
    flags[1] = FALSE;
    CHECK_STATUS(NtSetInformationObject(handle, ObjectHandleFlagInformation, flags, 2),
                 STATUS_SUCCESS);
    CHECK_STATUS(NtSetInformationObject(handle, ObjectBasicInformation, flags, 2),
                 STATUS_INVALID_INFO_CLASS);
    CHECK_STATUS(NtClose(handle), STATUS_SUCCESS);
    CHECK_STATUS(NtSetInformationObject(handle, ObjectHandleFlagInformation, flags, 2),
                 STATUS_INVALID_HANDLE);
    CHECK_NO_LEAK(mark);
}

/* The number of the current process becomes a handle like others, good wherever one is taken. */
SELFTEST(ob_duplicates_pseudo_handles)
{
    struct test_mark mark = test_mark();
    HANDLE process, copy, none;

    CHECK_STATUS(duplicate(NtCurrentProcess(), &process, 0, DUPLICATE_SAME_ACCESS), STATUS_SUCCESS);
    CHECK(test_object(process) == ps_current());
    CHECK_STATUS(NtDuplicateObject(process, process, process, &copy, PROCESS_DUP_HANDLE, 0,
                                   DUPLICATE_CLOSE_SOURCE),
                 STATUS_SUCCESS);
    CHECK(test_object(copy) == ps_current());
    CHECK_STATUS(duplicate(process, &none, 0, DUPLICATE_SAME_ACCESS), STATUS_INVALID_HANDLE);
    NtClose(copy);
    CHECK_NO_LEAK(mark);
}

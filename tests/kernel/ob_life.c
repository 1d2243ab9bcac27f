#include "tests/kernel/ob_support.h"

#define B u"\\BaseNamedObjects\\"

/* Figure 4-6: a permanent link whose handle is closed has 0 handles and 1 reference, its name. */
SELFTEST(ob_counts_of_figure_4_6)
{
    struct test_mark mark = test_mark();
    HANDLE handle;
    PVOID link;

    CHECK_STATUS(test_create_link(u"\\??\\slTest", u"\\Device\\devTest", OBJ_PERMANENT, &handle),
                 STATUS_SUCCESS);
    link = test_object(handle);
    CHECK_COUNTS(link, 1, 2);
    NtClose(handle);
    CHECK_COUNTS(link, 0, 1);

    CHECK_STATUS(test_open_link(u"\\DosDevices\\slTest", &handle), STATUS_SUCCESS);
    CHECK(test_object(handle) == link);
    CHECK_STATUS(NtMakeTemporaryObject(handle), STATUS_SUCCESS);
    CHECK_COUNTS(link, 1, 2);
    NtClose(handle);
    CHECK_STATUS(test_open_link(u"\\??\\slTest", &handle), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_NO_LEAK(mark);
}

/* Figure 4-3: what IoCreateDevice makes has its name and the driver's pointer, and no handle. */
SELFTEST(ob_counts_of_figure_4_3)
{
    struct test_mark mark = test_mark();
    POBJECT_TYPE type = test_create_type(NULL);
    struct test_body *device = test_create_object(type, u"\\Device\\devTest", OBJ_PERMANENT);

    CHECK_COUNTS(device, 0, 2);
    CHECK_EQUAL(type->TotalNumberOfObjects, 1);
    ObMakeTemporaryObject(device);
    CHECK_COUNTS(device, 0, 1);
    CHECK_EQUAL(test_calls.deletes, 0);
    CHECK_EQUAL(ObfDereferenceObject(device), 0);
    CHECK_EQUAL(test_calls.deletes, 1);
    test_destroy_type(type);
    CHECK_NO_LEAK(mark);
}

static POBJECT_TYPE file_type;

static NTSTATUS open_file(PVOID device, struct ob_parse *parse)
{
    (void)device;
    return ob_create_object(file_type, NULL, sizeof(struct test_body), &parse->object);
}

/*
 * Figure 4-8: an open file has one handle and one reference; a query of it says 2, because it
 * counts its own.
 */
SELFTEST(ob_counts_of_figure_4_8)
{
    struct test_mark mark = test_mark();
    POBJECT_TYPE device_type = file_type = test_create_type(open_file);
    struct test_body *device = test_create_object(device_type, u"\\Device\\devTest", 0);
    struct test_name name;
    OBJECT_BASIC_INFORMATION basic = {0};
    HANDLE file;

    CHECK_STATUS(ObOpenObjectByName(test_name(&name, NULL, u"\\Device\\devTest", 0), NULL,
                                    KernelMode, NULL, GENERIC_READ, NULL, &file),
                 STATUS_SUCCESS);
    CHECK(test_object(file) != device);
    CHECK_COUNTS(test_object(file), 1, 1);
    CHECK_COUNTS(device, 0, 2);
    CHECK_STATUS(NtQueryObject(file, ObjectBasicInformation, &basic, sizeof(basic), NULL),
                 STATUS_SUCCESS);
    CHECK_EQUAL(basic.HandleCount, 1);
    CHECK_EQUAL(basic.PointerCount, 2);
    CHECK_COUNTS(test_object(file), 1, 1);
    CHECK_STATUS(NtClose(file), STATUS_SUCCESS);
    CHECK_EQUAL(test_calls.deletes, 1);
    ObMakeTemporaryObject(device);
    ObDereferenceObject(device);
    test_destroy_type(device_type);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_permanent_names_outlive_handles)
{
    struct test_mark mark = test_mark();
    HANDLE handle;

    CHECK_STATUS(test_create_directory(B u"d", OBJ_PERMANENT, &handle), STATUS_SUCCESS);
    NtClose(handle);
    CHECK_STATUS(test_open_directory(B u"d", &handle), STATUS_SUCCESS);
    CHECK_COUNTS(test_object(handle), 1, 2);
    ObMakeTemporaryObject(test_object(handle));
    CHECK_COUNTS(test_object(handle), 1, 2);
    NtClose(handle);
    CHECK_STATUS(test_try_directory(B u"d"), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_temporary_names_go_with_the_last_handle)
{
    struct test_mark mark = test_mark();
    HANDLE handle, another;
    PVOID directory;

    CHECK_STATUS(test_create_directory(B u"d", 0, &handle), STATUS_SUCCESS);
    directory = test_object(handle);
    ObfReferenceObject(directory);
    CHECK_STATUS(test_open_directory(B u"d", &another), STATUS_SUCCESS);
    CHECK_COUNTS(directory, 2, 4);
    NtClose(handle);
    CHECK_STATUS(test_try_directory(B u"d"), STATUS_SUCCESS);
    NtClose(another);
    CHECK_STATUS(test_try_directory(B u"d"), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_COUNTS(directory, 0, 1);
    CHECK_STATUS(test_create_directory(B u"d", 0, &handle), STATUS_SUCCESS);
    CHECK(test_object(handle) != directory);
    NtClose(handle);
    ObDereferenceObject(directory);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_names_keep_their_directory)
{
    struct test_mark mark = test_mark();
    HANDLE outer, inner;
    PVOID directory;

    CHECK_STATUS(test_create_directory(B u"o", 0, &outer), STATUS_SUCCESS);
    CHECK_STATUS(test_create_directory(B u"o\\i", 0, &inner), STATUS_SUCCESS);
    directory = test_object(outer);
    CHECK_COUNTS(directory, 1, 3);
    NtClose(outer);
    CHECK_COUNTS(directory, 0, 1);
    CHECK_STATUS(test_try_directory(B u"o\\i"), STATUS_OBJECT_PATH_NOT_FOUND);
    NtClose(inner);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_procedures_run_once_and_in_order)
{
    struct test_mark mark = test_mark();
    POBJECT_TYPE type = test_create_type(NULL);
    struct test_body *body = test_create_object(type, B u"o", 0);
    HANDLE first, second;

    body->reference_itself = TRUE;
    CHECK_STATUS(ObOpenObjectByPointer(body, 0, NULL, 1, type, KernelMode, &first), STATUS_SUCCESS);
    CHECK_STATUS(ObOpenObjectByPointer(body, 0, NULL, 3, type, KernelMode, &second),
                 STATUS_SUCCESS);
    CHECK_EQUAL(test_calls.opens, 2);
    ObDereferenceObject(body);
    NtClose(first);
    CHECK_EQUAL(test_calls.last_handles_before, 2);
    CHECK_EQUAL(test_calls.last_granted, 1);
    CHECK_EQUAL(test_calls.deletes, 0);
    NtClose(second);
    CHECK_EQUAL(test_calls.last_handles_before, 1);
    CHECK_EQUAL(test_calls.last_granted, 3);
    CHECK_EQUAL(test_calls.closes, 2);
    CHECK_EQUAL(test_calls.deletes, 1);
    test_destroy_type(type);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_close_procedures_may_delete)
{
    struct test_mark mark = test_mark();
    POBJECT_TYPE type = test_create_type(NULL);
    struct test_body *outer = test_create_object(type, B u"o", 0);
    struct test_body *inner = test_create_object(type, B u"i", 0);
    HANDLE outer_handle, same, inner_handle;

    ObOpenObjectByPointer(outer, 0, NULL, 0, type, KernelMode, &outer_handle);
    ObOpenObjectByPointer(outer, 0, NULL, 0, type, KernelMode, &same);
    ObOpenObjectByPointer(inner, 0, NULL, 0, type, KernelMode, &inner_handle);
    inner->close_in_close = same;
    outer->close_in_close = inner_handle;
    ObDereferenceObject(outer);
    ObDereferenceObject(inner);
    CHECK_STATUS(NtClose(outer_handle), STATUS_SUCCESS);
    CHECK_EQUAL(test_calls.closes, 3);
    CHECK_EQUAL(test_calls.deletes, 2);
    CHECK_STATUS(NtClose(same), STATUS_INVALID_HANDLE);
    CHECK_STATUS(NtClose(inner_handle), STATUS_INVALID_HANDLE);
    test_destroy_type(type);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_types_are_objects_too)
{
    struct test_mark mark = test_mark();
    POBJECT_TYPE type = test_create_type(NULL), again = NULL;
    struct ob_counts counts = ob_counts();

    CHECK(ob_header(type)->Type == ob_type_type);
    CHECK_EQUAL(counts.types, mark.objects.types + 1);
    CHECK_STATUS(ob_create_type(u"SELFTEST", &type->info, &again), STATUS_OBJECT_NAME_COLLISION);
    CHECK_COUNTS(type, 0, 2);
    test_destroy_type(type);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_totals_return)
{
    struct test_mark mark = test_mark();
    POBJECT_TYPE type = test_create_type(NULL);

    for (ULONG i = 0; i < 1000; i++) {
        struct test_body *body = test_create_object(type, B u"o", OBJ_PERMANENT);
        HANDLE handle;

        CHECK_STATUS(ObOpenObjectByPointer(body, 0, NULL, 0, type, KernelMode, &handle),
                     STATUS_SUCCESS);
        CHECK_EQUAL(type->TotalNumberOfHandles, 1);
        ObMakeTemporaryObject(body);
        ObDereferenceObject(body);
        NtClose(handle);
    }
    CHECK_EQUAL(test_calls.deletes, 1000);
    test_destroy_type(type);
    CHECK_NO_LEAK(mark);
}

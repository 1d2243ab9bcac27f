#include "tests/kernel/ob_support.h"

struct test_calls test_calls;

POBJECT_ATTRIBUTES test_name(struct test_name *name, HANDLE root, PCWSTR text, ULONG flags)
{
    RtlInitUnicodeString(&name->string, text);
    name->attributes = (OBJECT_ATTRIBUTES)OBJECT_ATTRIBUTES_INIT(&name->string, flags);
    name->attributes.RootDirectory = root;
    return &name->attributes;
}

NTSTATUS test_create_directory(PCWSTR path, ULONG flags, HANDLE *handle)
{
    struct test_name name;

    return NtCreateDirectoryObject(handle, DIRECTORY_ALL_ACCESS,
                                   test_name(&name, NULL, path, flags | OBJ_CASE_INSENSITIVE));
}

NTSTATUS test_open_directory(PCWSTR path, HANDLE *handle)
{
    struct test_name name;

    return NtOpenDirectoryObject(handle, DIRECTORY_QUERY,
                                 test_name(&name, NULL, path, OBJ_CASE_INSENSITIVE));
}

NTSTATUS test_create_link(PCWSTR path, PCWSTR target, ULONG flags, HANDLE *handle)
{
    struct test_name name;
    UNICODE_STRING to;

    RtlInitUnicodeString(&to, target);
    return NtCreateSymbolicLinkObject(handle, SYMBOLIC_LINK_ALL_ACCESS,
                                      test_name(&name, NULL, path, flags | OBJ_CASE_INSENSITIVE),
                                      &to);
}

NTSTATUS test_open_link(PCWSTR path, HANDLE *handle)
{
    struct test_name name;

    return NtOpenSymbolicLinkObject(handle, SYMBOLIC_LINK_ALL_ACCESS,
                                    test_name(&name, NULL, path, OBJ_CASE_INSENSITIVE));
}

NTSTATUS test_try_directory(PCWSTR path)
{
    HANDLE handle;
    NTSTATUS status = test_open_directory(path, &handle);

    if (NT_SUCCESS(status))
        NtClose(handle);
    return status;
}

PVOID test_object(HANDLE handle)
{
    PVOID object;

    if (!NT_SUCCESS(ObReferenceObjectByHandle(handle, 0, NULL, KernelMode, &object, NULL)))
        return NULL;
    ObDereferenceObject(object);
    return object;
}

struct test_mark test_mark(void)
{
    struct pool_counts pool = pool_counts();

    return (struct test_mark){ob_counts(), pool.blocks, pool.bytes};
}

static NTSTATUS open_procedure(PVOID object, ACCESS_MASK granted)
{
    (void)object, (void)granted;
    test_calls.opens++;
    return test_calls.open_status;
}

static void close_procedure(PVOID object, ULONG handles_before, ACCESS_MASK granted)
{
    struct test_body *body = object;
    HANDLE another = body->close_in_close;

    test_calls.closes++;
    test_calls.last_handles_before = handles_before;
    test_calls.last_granted = granted;
    body->close_in_close = NULL;
    if (another)
        NtClose(another);
}

static void delete_procedure(PVOID object)
{
    test_calls.deletes++;
    if (((struct test_body *)object)->reference_itself) {
        ObfReferenceObject(object);
        ObfDereferenceObject(object);
    }
}

POBJECT_TYPE test_create_type(NTSTATUS (*parse)(PVOID object, struct ob_parse *parse))
{
    const struct ob_type_info info = {
        .mapping = {READ_CONTROL | 1, READ_CONTROL | 2, READ_CONTROL | 4, 0x000F0007},
        .valid_access = 0x000F0007,
        .pool_tag = POOL_TAG('T', 'e', 's', 't'),
        .open = open_procedure,
        .close = close_procedure,
        .delete = delete_procedure,
        .parse = parse,
    };
    POBJECT_TYPE type = NULL;

    test_calls = (struct test_calls){0};
    CHECK_STATUS(ob_create_type(u"SelfTest", &info, &type), STATUS_SUCCESS);
    return type;
}

void test_destroy_type(POBJECT_TYPE type)
{
    CHECK_EQUAL(type->TotalNumberOfObjects, 0);
    CHECK_EQUAL(type->TotalNumberOfHandles, 0);
    ObMakeTemporaryObject(type);
    ObDereferenceObject(type);
}

struct test_body *test_create_object(POBJECT_TYPE type, PCWSTR path, ULONG flags)
{
    struct test_name name;
    POBJECT_ATTRIBUTES attributes = test_name(&name, NULL, path, flags | OBJ_CASE_INSENSITIVE);
    PVOID object = NULL;

    CHECK_STATUS(ob_create_object(type, attributes, sizeof(struct test_body), &object),
                 STATUS_SUCCESS);
    CHECK_STATUS(ob_insert_object(object, attributes, 0, NULL), STATUS_SUCCESS);
    return object;
}

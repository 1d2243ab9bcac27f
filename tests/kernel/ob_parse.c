#include "tests/kernel/ob_support.h"

#define DEVICE u"\\Device\\devTest"

/* What the parse procedure got, and what it shall do. */
static struct {
    ULONG calls;
    BOOLEAN named_right;
    ACCESS_MASK desired_access;
    KPROCESSOR_MODE mode;
    POBJECT_TYPE type;
    PVOID context;
    PCWSTR complete, remaining; /* expected */
    PCWSTR reparse_to;          /* once, then NULL */
    NTSTATUS refuse;
} seen;

static BOOLEAN equals(PCUNICODE_STRING string, PCWSTR text)
{
    UNICODE_STRING expected;

    RtlInitUnicodeString(&expected, text);
    return RtlEqualUnicodeString(string, &expected, FALSE);
}

static NTSTATUS parse(PVOID object, struct ob_parse *parse)
{
    UNICODE_STRING target;

    seen.calls++;
    seen.named_right = equals(&parse->complete_name, seen.complete) &&
                       equals(&parse->remaining_name, seen.remaining);
    seen.desired_access = parse->desired_access;
    seen.mode = parse->mode;
    seen.type = parse->type;
    seen.context = parse->context;
    if (seen.reparse_to) {
        RtlInitUnicodeString(&target, seen.reparse_to);
        seen.reparse_to = NULL;
        return ob_reparse(parse, &target);
    }
    if (seen.refuse)
        return seen.refuse;
    ObfReferenceObject(object);
    parse->object = object;
    return STATUS_SUCCESS;
}

static NTSTATUS open(POBJECT_TYPE type, PCWSTR path, HANDLE *handle)
{
    struct test_name name;

    return ObOpenObjectByName(test_name(&name, NULL, path, OBJ_CASE_INSENSITIVE), type, UserMode,
                              NULL, GENERIC_READ, &seen, handle);
}

static struct test_body *begin(PCWSTR complete, PCWSTR remaining, POBJECT_TYPE *type)
{
    *type = test_create_type(parse);
    memset(&seen, 0, sizeof(seen));
    seen.complete = complete;
    seen.remaining = remaining;
    return test_create_object(*type, DEVICE, OBJ_PERMANENT);
}

static void end(struct test_body *body, POBJECT_TYPE type)
{
    ObMakeTemporaryObject(body);
    ObDereferenceObject(body);
    test_destroy_type(type);
}

SELFTEST(ob_parse_procedures_get_the_rest)
{
    struct test_mark mark = test_mark();
    POBJECT_TYPE type;
    struct test_body *body = begin(DEVICE u"\\sub\\\\file\\", u"\\sub\\\\file\\", &type);
    HANDLE handle;

    CHECK_STATUS(open(type, DEVICE u"\\sub\\\\file\\", &handle), STATUS_SUCCESS);
    CHECK(seen.named_right);
    CHECK_EQUAL(seen.calls, 1);
    CHECK_EQUAL(seen.desired_access, GENERIC_READ);
    CHECK_EQUAL(seen.mode, UserMode);
    CHECK(seen.type == type);
    CHECK(seen.context == &seen);
    CHECK_COUNTS(body, 1, 3);
    NtClose(handle);
    end(body, type);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_parse_procedures_get_an_empty_rest)
{
    struct test_mark mark = test_mark();
    POBJECT_TYPE type;
    struct test_body *body = begin(DEVICE, u"", &type);
    UNICODE_STRING name = UNICODE_STRING_INIT(DEVICE);
    PVOID object;

    CHECK_STATUS(ObReferenceObjectByName(&name, 0, NULL, 0, type, KernelMode, NULL, &object),
                 STATUS_SUCCESS);
    CHECK(seen.named_right && object == body && !seen.context);
    CHECK_COUNTS(body, 0, 3);
    ObDereferenceObject(object);
    CHECK_STATUS(
        ObReferenceObjectByName(&name, 0, NULL, 0, ob_type_type, KernelMode, NULL, &object),
        STATUS_OBJECT_TYPE_MISMATCH);
    CHECK(object == NULL);
    CHECK_COUNTS(body, 0, 2);
    end(body, type);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_parse_procedures_see_links_resolved)
{
    struct test_mark mark = test_mark();
    POBJECT_TYPE type;
    struct test_body *body = begin(DEVICE u"\\x", u"\\x", &type);
    HANDLE link, handle;

    CHECK_STATUS(test_create_link(u"\\??\\slTest", DEVICE, 0, &link), STATUS_SUCCESS);
    CHECK_STATUS(open(type, u"\\DosDevices\\SLTEST\\x", &handle), STATUS_SUCCESS);
    CHECK(seen.named_right);
    NtClose(handle);
    NtClose(link);
    end(body, type);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_parse_procedures_may_reparse)
{
    struct test_mark mark = test_mark();
    POBJECT_TYPE type;
    struct test_body *body = begin(DEVICE u"\\a\\b", u"\\a\\b", &type);
    HANDLE handle;

    seen.reparse_to = u"\\nowhere";
    CHECK_STATUS(open(type, DEVICE u"\\a\\b", &handle), STATUS_OBJECT_PATH_NOT_FOUND);
    CHECK(handle == NULL);
    seen.reparse_to = DEVICE u"\\new";
    seen.complete = DEVICE u"\\new\\a\\b";
    seen.remaining = u"\\new\\a\\b";
    CHECK_STATUS(open(type, DEVICE u"\\a\\b", &handle), STATUS_SUCCESS);
    CHECK(seen.named_right);
    CHECK_EQUAL(seen.calls, 3);
    NtClose(handle);
    end(body, type);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_parse_procedures_may_refuse)
{
    struct test_mark mark = test_mark();
    POBJECT_TYPE type;
    struct test_body *body = begin(DEVICE, u"", &type);
    HANDLE handle;

    seen.refuse = STATUS_NO_SUCH_DEVICE;
    CHECK_STATUS(open(type, DEVICE, &handle), STATUS_NO_SUCH_DEVICE);
    CHECK(handle == NULL);
    CHECK_EQUAL(test_calls.opens, 0);
    CHECK_COUNTS(body, 0, 2);
    end(body, type);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_parse_procedures_serve_relative_names)
{
    struct test_mark mark = test_mark();
    POBJECT_TYPE type;
    struct test_body *body = begin(DEVICE, u"", &type);
    struct test_name name;
    HANDLE root, handle;

    CHECK_STATUS(open(type, DEVICE, &root), STATUS_SUCCESS);
    seen.complete = seen.remaining = u"sub\\file";
    CHECK_STATUS(ObOpenObjectByName(test_name(&name, root, u"sub\\file", 0), type, KernelMode, NULL,
                                    0, NULL, &handle),
                 STATUS_SUCCESS);
    CHECK(seen.named_right);
    NtClose(handle);
    NtClose(root);
    end(body, type);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_creating_does_not_parse)
{
    struct test_mark mark = test_mark();
    POBJECT_TYPE type;
    struct test_body *body = begin(DEVICE, u"", &type);
    HANDLE handle;

    CHECK_STATUS(test_create_directory(DEVICE, 0, &handle), STATUS_OBJECT_NAME_COLLISION);
    CHECK_STATUS(test_create_directory(DEVICE u"\\sub", 0, &handle), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_EQUAL(seen.calls, 0);
    end(body, type);
    CHECK_NO_LEAK(mark);
}

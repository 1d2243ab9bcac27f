#include "tests/kernel/ob_support.h"

#define B u"\\BaseNamedObjects\\"

SELFTEST(ob_links_lead_on)
{
    struct test_mark mark = test_mark();
    HANDLE directory, link, found;

    CHECK_STATUS(test_create_directory(B u"d", 0, &directory), STATUS_SUCCESS);
    CHECK_STATUS(test_create_link(B u"l", u"\\BaseNamedObjects", 0, &link), STATUS_SUCCESS);
    CHECK_STATUS(test_open_directory(B u"l\\l\\l\\D", &found), STATUS_SUCCESS);
    CHECK(test_object(found) == test_object(directory));
    NtClose(found);
    CHECK_STATUS(test_open_directory(B u"l", &found), STATUS_SUCCESS);
    CHECK(test_object(found) != test_object(link));
    NtClose(found);
    CHECK_STATUS(test_try_directory(B u"l\\x"), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(test_try_directory(B u"l\\x\\y"), STATUS_OBJECT_PATH_NOT_FOUND);
    CHECK_STATUS(test_try_directory(B u"l\\"), STATUS_OBJECT_NAME_INVALID);
    NtClose(link);
    NtClose(directory);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_links_are_opened_as_links)
{
    struct test_mark mark = test_mark();
    HANDLE link, outer, found;

    CHECK_STATUS(test_create_link(B u"l", u"\\Device", 0, &link), STATUS_SUCCESS);
    CHECK_STATUS(test_create_link(B u"o", u"\\BaseNamedObjects", 0, &outer), STATUS_SUCCESS);
    CHECK_STATUS(test_open_link(B u"o\\l", &found), STATUS_SUCCESS);
    CHECK(test_object(found) == test_object(link));
    NtClose(found);
    CHECK_STATUS(test_open_link(u"\\Device", &found), STATUS_OBJECT_TYPE_MISMATCH);
    NtClose(outer);
    NtClose(link);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_link_targets_need_not_exist)
{
    struct test_mark mark = test_mark();
    HANDLE nowhere, relative;

    CHECK_STATUS(test_create_link(B u"n", u"\\nowhere\\at all", 0, &nowhere), STATUS_SUCCESS);
    CHECK_STATUS(test_create_link(B u"r", u"anywhere", 0, &relative), STATUS_SUCCESS);
    CHECK_STATUS(test_try_directory(B u"n"), STATUS_OBJECT_PATH_NOT_FOUND);
    CHECK_STATUS(test_try_directory(B u"r"), STATUS_OBJECT_PATH_SYNTAX_BAD);
    NtClose(relative);
    NtClose(nowhere);
    CHECK_STATUS(test_create_link(B u"e", u"", 0, &nowhere), STATUS_INVALID_PARAMETER);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_link_loops_end)
{
    struct test_mark mark = test_mark();
    HANDLE a, b, self, growing;

    CHECK_STATUS(test_create_link(B u"a", B u"b", 0, &a), STATUS_SUCCESS);
    CHECK_STATUS(test_create_link(B u"b", B u"a", 0, &b), STATUS_SUCCESS);
    CHECK_STATUS(test_create_link(B u"s", B u"s", 0, &self), STATUS_SUCCESS);
    CHECK_STATUS(test_create_link(B u"g", B u"g\\more", 0, &growing), STATUS_SUCCESS);
    CHECK_STATUS(test_try_directory(B u"a"), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(test_try_directory(B u"b\\x"), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(test_try_directory(B u"s"), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(test_try_directory(B u"g"), STATUS_OBJECT_NAME_NOT_FOUND);
    NtClose(growing);
    NtClose(self);
    NtClose(b);
    NtClose(a);
    CHECK_NO_LEAK(mark);
}

/* \BaseNamedObjects\0 -> \BaseNamedObjects\1 -> ... -> \Device, `links` of them. */
static NTSTATUS open_through_chain(ULONG links)
{
    HANDLE handles[OB_MAX_REPARSES + 1];
    WCHAR path[] = B u"0", next[] = B u"0";
    const ULONG digit = ARRAY_SIZE(path) - 2;
    NTSTATUS status;

    for (ULONG i = 0; i < links; i++) {
        path[digit] = (WCHAR)('0' + i);
        next[digit] = (WCHAR)('1' + i);
        status = test_create_link(path, i + 1 < links ? next : u"\\Device", 0, &handles[i]);
        CHECK_STATUS(status, STATUS_SUCCESS);
    }
    path[digit] = '0';
    status = test_try_directory(path);
    for (ULONG i = 0; i < links; i++)
        NtClose(handles[i]);
    return status;
}

SELFTEST(ob_follows_32_links_and_no_more)
{
    struct test_mark mark = test_mark();

    CHECK_STATUS(open_through_chain(32), STATUS_SUCCESS);
    CHECK_STATUS(open_through_chain(33), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_reparsed_names_stay_below_64_kib)
{
    struct test_mark mark = test_mark();
    PWSTR text = ExAllocatePoolWithTag(PagedPool, 0x8002, POOL_TAG('T', 'e', 's', 't'));
    struct test_name name;
    UNICODE_STRING target = {0x8000, 0x8000, text};
    HANDLE link, found;

    if (!CHECK(text))
        return;
    for (ULONG i = 0; i < 0x4001; i++)
        text[i] = 'a';
    text[0] = '\\';
    CHECK_STATUS(NtCreateSymbolicLinkObject(&link, 0, test_name(&name, NULL, u"\\l", 0), &target),
                 STATUS_SUCCESS);
    text[1] = 'l';
    text[2] = '\\';
    name.string = target;
    name.string.Length = 0x8002;
    CHECK_STATUS(NtOpenDirectoryObject(&found, 0, &name.attributes), STATUS_OBJECT_NAME_INVALID);
    name.string.Length = 0x8000;
    CHECK_STATUS(NtOpenDirectoryObject(&found, 0, &name.attributes), STATUS_OBJECT_PATH_NOT_FOUND);
    NtClose(link);
    ExFreePool(text);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_creates_behind_links)
{
    struct test_mark mark = test_mark();
    HANDLE link, dangling, directory, found;

    CHECK_STATUS(test_create_link(B u"l", u"\\BaseNamedObjects", 0, &link), STATUS_SUCCESS);
    CHECK_STATUS(test_create_link(B u"x", B u"target", 0, &dangling), STATUS_SUCCESS);
    CHECK_STATUS(test_create_link(B u"l\\x", u"\\", 0, &found), STATUS_OBJECT_NAME_COLLISION);
    CHECK_STATUS(test_create_directory(B u"l\\d", 0, &directory), STATUS_SUCCESS);
    CHECK_STATUS(test_try_directory(B u"d"), STATUS_SUCCESS);
    NtClose(directory);
    CHECK_STATUS(test_create_directory(B u"x", 0, &directory), STATUS_SUCCESS);
    CHECK_STATUS(test_try_directory(B u"target"), STATUS_SUCCESS);
    CHECK_STATUS(test_create_directory(B u"x", 0, &found), STATUS_OBJECT_NAME_COLLISION);
    NtClose(directory);
    NtClose(dangling);
    NtClose(link);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_tells_a_links_target)
{
    struct test_mark mark = test_mark();
    WCHAR text[8];
    UNICODE_STRING target = {0, sizeof(text), text};
    UNICODE_STRING expected = UNICODE_STRING_INIT(u"\\Device");
    ULONG needed = 0;
    HANDLE link, directory;

    CHECK_STATUS(test_create_link(B u"l", u"\\Device", 0, &link), STATUS_SUCCESS);
    CHECK_STATUS(NtQuerySymbolicLinkObject(link, &target, &needed), STATUS_SUCCESS);
    CHECK(RtlEqualUnicodeString(&target, &expected, FALSE));
    CHECK_EQUAL(needed, 16);
    CHECK_EQUAL(text[7], 0);
    target.MaximumLength = 14;
    CHECK_STATUS(NtQuerySymbolicLinkObject(link, &target, &needed), STATUS_BUFFER_TOO_SMALL);
    CHECK_STATUS(NtQuerySymbolicLinkObject(link, &target, NULL), STATUS_SUCCESS);
    target.MaximumLength = 0;
    CHECK_STATUS(NtQuerySymbolicLinkObject(link, &target, NULL), STATUS_BUFFER_TOO_SMALL);
    CHECK_STATUS(test_open_directory(u"\\", &directory), STATUS_SUCCESS);
    CHECK_STATUS(NtQuerySymbolicLinkObject(directory, &target, NULL), STATUS_OBJECT_TYPE_MISMATCH);
    NtClose(directory);
    NtClose(link);
    CHECK_STATUS(NtQuerySymbolicLinkObject(link, &target, NULL), STATUS_INVALID_HANDLE);
    CHECK_NO_LEAK(mark);
}

#include "tests/kernel/ob_support.h"

#define B u"\\BaseNamedObjects\\"

/* Whether an object's full name is `expected`. */
static BOOLEAN is_named(PVOID object, PCWSTR expected)
{
    union {
        OBJECT_NAME_INFORMATION information;
        char bytes[128];
    } buffer;
    UNICODE_STRING name;
    ULONG needed = 0;

    RtlInitUnicodeString(&name, expected);
    CHECK_STATUS(ObQueryNameString(object, &buffer.information, sizeof(buffer), &needed),
                 STATUS_SUCCESS);
    CHECK_EQUAL(needed, name.Length ? sizeof(UNICODE_STRING) + name.Length + 2 : 8);
    if (name.Length)
        CHECK_EQUAL(buffer.information.Name.Buffer[name.Length / 2], 0);
    return RtlEqualUnicodeString(&buffer.information.Name, &name, FALSE);
}

SELFTEST(ob_full_names)
{
    struct test_mark mark = test_mark();
    HANDLE outer, inner, unnamed;

    CHECK(is_named(ob_root_directory, u"\\"));
    CHECK(is_named(ob_type_type, u"\\ObjectTypes\\Type"));
    CHECK_STATUS(test_create_directory(B u"Outer", 0, &outer), STATUS_SUCCESS);
    CHECK_STATUS(test_create_directory(u"\\basenamedobjects\\outer\\Inner", 0, &inner),
                 STATUS_SUCCESS);
    CHECK(is_named(test_object(inner), B u"Outer\\Inner"));
    NtClose(outer);
    CHECK(is_named(test_object(inner), u"...\\Inner"));
    NtClose(inner);
    CHECK_STATUS(NtCreateDirectoryObject(&unnamed, 0, NULL), STATUS_SUCCESS);
    CHECK(is_named(test_object(unnamed), u""));
    NtClose(unnamed);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_full_names_need_room)
{
    struct test_mark mark = test_mark();
    char buffer[64];
    ULONG needed = 0;
    HANDLE handle;

    CHECK_STATUS(test_open_directory(u"\\Device", &handle), STATUS_SUCCESS);
    CHECK_STATUS(NtQueryObject(handle, ObjectNameInformation, buffer, 0, &needed),
                 STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(needed, sizeof(UNICODE_STRING) + 16);
    CHECK_STATUS(NtQueryObject(handle, ObjectNameInformation, buffer, needed - 1, NULL),
                 STATUS_INFO_LENGTH_MISMATCH);
    CHECK_STATUS(NtQueryObject(handle, ObjectNameInformation, buffer, needed, NULL),
                 STATUS_SUCCESS);
    CHECK_STATUS(NtQueryObject(handle, 77, buffer, needed, NULL), STATUS_INVALID_INFO_CLASS);
    NtClose(handle);
    CHECK_STATUS(NtQueryObject(handle, ObjectNameInformation, buffer, needed, NULL),
                 STATUS_INVALID_HANDLE);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_basic_information)
{
    struct test_mark mark = test_mark();
    OBJECT_BASIC_INFORMATION basic = {0};
    HANDLE handle;
    ULONG needed = 0;

    CHECK_STATUS(test_create_link(B u"l", u"\\", OBJ_PERMANENT | OBJ_INHERIT, &handle),
                 STATUS_SUCCESS);
    CHECK_STATUS(NtQueryObject(handle, ObjectBasicInformation, &basic, sizeof(basic) - 1, &needed),
                 STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(needed, 56);
    CHECK_STATUS(NtQueryObject(handle, ObjectBasicInformation, &basic, sizeof(basic), NULL),
                 STATUS_SUCCESS);
    CHECK_EQUAL(basic.Attributes, OBJ_PERMANENT | OBJ_INHERIT);
    CHECK_EQUAL(basic.GrantedAccess, SYMBOLIC_LINK_ALL_ACCESS);
    CHECK_EQUAL(basic.HandleCount, 1);
    CHECK_EQUAL(basic.PointerCount, 3); /* name, handle, this query */
    NtMakeTemporaryObject(handle);
    NtClose(handle);
    CHECK_NO_LEAK(mark);
}

/* A directory with three entries: links one, two and a directory called three. */
static HANDLE create_listed(HANDLE handles[3])
{
    HANDLE directory = NULL;

    CHECK_STATUS(test_create_directory(B u"dir", 0, &directory), STATUS_SUCCESS);
    CHECK_STATUS(test_create_link(B u"dir\\one", u"\\", 0, &handles[0]), STATUS_SUCCESS);
    CHECK_STATUS(test_create_link(B u"dir\\two", u"\\", 0, &handles[1]), STATUS_SUCCESS);
    CHECK_STATUS(test_create_directory(B u"dir\\three", 0, &handles[2]), STATUS_SUCCESS);
    return directory;
}

static void close_listed(HANDLE directory, HANDLE handles[3])
{
    for (ULONG i = 0; i < 3; i++)
        NtClose(handles[i]);
    NtClose(directory);
}

union listing {
    OBJECT_DIRECTORY_INFORMATION records[1];
    char bytes[512];
};

/* A bit for each of the three entries that the records tell of; 8 for anything else. */
static ULONG entries_in(const union listing *listing)
{
    static const UNICODE_STRING names[] = {UNICODE_STRING_INIT(u"one"), UNICODE_STRING_INIT(u"two"),
                                           UNICODE_STRING_INIT(u"three")},
                                types[] = {UNICODE_STRING_INIT(u"SymbolicLink"),
                                           UNICODE_STRING_INIT(u"SymbolicLink"),
                                           UNICODE_STRING_INIT(u"Directory")};
    ULONG found = 0;

    for (const OBJECT_DIRECTORY_INFORMATION *r = listing->records; r->Name.Buffer; r++) {
        ULONG bit = 8;

        for (ULONG i = 0; i < 3; i++)
            if (RtlEqualUnicodeString(&r->Name, &names[i], FALSE) &&
                RtlEqualUnicodeString(&r->TypeName, &types[i], FALSE))
                bit = 1u << i;
        found |= bit;
    }
    return found;
}

SELFTEST(ob_lists_a_directory)
{
    struct test_mark mark = test_mark();
    HANDLE handles[3], directory = create_listed(handles);
    union listing listing;
    ULONG context = 99, bytes = 0;

    CHECK_STATUS(
        NtQueryDirectoryObject(directory, &listing, sizeof(listing), FALSE, TRUE, &context, &bytes),
        STATUS_SUCCESS);
    CHECK_EQUAL(entries_in(&listing), 7);
    CHECK_EQUAL(context, 3);
    CHECK_EQUAL(bytes, 4 * sizeof(*listing.records) + 2 * (8 + 26) + 12 + 20);
    CHECK_STATUS(
        NtQueryDirectoryObject(directory, &listing, sizeof(listing), FALSE, FALSE, &context, NULL),
        STATUS_NO_MORE_ENTRIES);
    CHECK_STATUS(
        NtQueryDirectoryObject(directory, &listing, bytes - 1, FALSE, TRUE, &context, NULL),
        STATUS_MORE_ENTRIES);
    CHECK_EQUAL(context, 2);
    CHECK_STATUS(NtQueryDirectoryObject(handles[0], &listing, bytes, FALSE, TRUE, &context, NULL),
                 STATUS_OBJECT_TYPE_MISMATCH);
    close_listed(directory, handles);
    CHECK_NO_LEAK(mark);
}

SELFTEST(ob_lists_one_by_one)
{
    struct test_mark mark = test_mark();
    HANDLE handles[3], directory = create_listed(handles);
    union listing listing;
    ULONG context = 0, found = 0, bytes = 0;

    CHECK_STATUS(NtQueryDirectoryObject(directory, &listing, 0, TRUE, TRUE, &context, &bytes),
                 STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(context, 0);
    CHECK(bytes > 2 * sizeof(*listing.records));
    CHECK_STATUS(NtQueryDirectoryObject(directory, &listing, bytes, TRUE, FALSE, &context, NULL),
                 STATUS_SUCCESS);
    found |= entries_in(&listing);
    for (ULONG i = 1; i < 3; i++) {
        CHECK_STATUS(NtQueryDirectoryObject(directory, &listing, sizeof(listing), TRUE, FALSE,
                                            &context, NULL),
                     STATUS_SUCCESS);
        CHECK_EQUAL(found & entries_in(&listing), 0);
        found |= entries_in(&listing);
    }
    CHECK_EQUAL(found, 7);
    CHECK_STATUS(
        NtQueryDirectoryObject(directory, &listing, sizeof(listing), TRUE, FALSE, &context, NULL),
        STATUS_NO_MORE_ENTRIES);
    close_listed(directory, handles);
    CHECK_NO_LEAK(mark);
}

/* A host-side tool reads the namespace from memory: this is the walk that it does. */
SELFTEST(ob_namespace_can_be_read_from_memory)
{
    ULONG names = 0;
    BOOLEAN device_seen = FALSE;
    UNICODE_STRING device = UNICODE_STRING_INIT(u"Device");

    for (ULONG i = 0; i < OB_HASH_BUCKETS; i++) {
        POBJECT_DIRECTORY_ENTRY entry = ob_root_directory->HashBuckets[i];

        for (; entry; entry = entry->ChainLink, names++) {
            POBJECT_HEADER_NAME_INFO info = ob_name_info(entry->Object);

            CHECK(info->Directory == ob_root_directory);
            device_seen |= RtlEqualUnicodeString(&info->Name, &device, FALSE);
        }
    }
    CHECK(names >= 6);
    CHECK(device_seen);
}

/* DOS devices: the symbolic links in \?? that name devices for Win32. */
#include "base.h"

/* ---- Links ---- */

/* \?? itself, or one link in it. */
static NTSTATUS open_directory(PHANDLE directory)
{
    static WCHAR path[] = L"\\??";
    OBJECT_ATTRIBUTES where;
    UNICODE_STRING name;

    RtlInitUnicodeString(&name, path);
    InitializeObjectAttributes(&where, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenDirectoryObject(directory, DIRECTORY_QUERY | DIRECTORY_TRAVERSE, &where);
}

/* The attributes of a link in a directory; `name` has to stay as long as they. */
static OBJECT_ATTRIBUTES in_directory(HANDLE directory, PUNICODE_STRING name, LPCWSTR device,
                                      ULONG flags)
{
    OBJECT_ATTRIBUTES where;

    RtlInitUnicodeString(name, device);
    InitializeObjectAttributes(&where, name, OBJ_CASE_INSENSITIVE | flags, directory, NULL);
    return where;
}

static NTSTATUS open_link(LPCWSTR device, ACCESS_MASK access, PHANDLE link)
{
    OBJECT_ATTRIBUTES where;
    UNICODE_STRING name;
    HANDLE directory;
    NTSTATUS status = open_directory(&directory);

    if (!NT_SUCCESS(status))
        return status;
    where = in_directory(directory, &name, device, 0);
    status = NtOpenSymbolicLinkObject(link, access, &where);
    NtClose(directory);
    return status;
}

/* ---- QueryDosDevice ---- */

/* A list of texts, each with its NUL, one more NUL at the end. */
struct list {
    LPWSTR buffer;
    SIZE_T size, used;
};

static BOOL append(struct list *list, const UNICODE_STRING *text)
{
    SIZE_T length = text->Length / sizeof(WCHAR);

    if (list->size - list->used < length + 2)
        return base_fail_with(ERROR_INSUFFICIENT_BUFFER);
    memcpy(list->buffer + list->used, text->Buffer, text->Length);
    list->used += length + 1;
    list->buffer[list->used - 1] = L'\0';
    return TRUE;
}

static DWORD finish(struct list *list)
{
    list->buffer[list->used++] = L'\0';
    return (DWORD)list->used;
}

static DWORD query_target(LPCWSTR device, struct list *list)
{
    WCHAR text[MAX_PATH];
    UNICODE_STRING target = {0, sizeof(text), text};
    HANDLE link;
    NTSTATUS status = open_link(device, SYMBOLIC_LINK_QUERY, &link);

    if (!NT_SUCCESS(status))
        return (DWORD)base_fail(status);
    status = NtQuerySymbolicLinkObject(link, &target, NULL);
    NtClose(link);
    if (!NT_SUCCESS(status))
        return (DWORD)base_fail(status);
    return append(list, &target) ? finish(list) : 0;
}

/* An entry of a directory with its name and its type. */
union entry {
    struct nt_directory_entry data;
    WCHAR room[2 * MAX_PATH];
};

static BOOL is_link(const UNICODE_STRING *type)
{
    static const WCHAR name[] = L"SymbolicLink";

    return type->Length == sizeof(name) - sizeof(WCHAR) &&
           memcmp(type->Buffer, name, type->Length) == 0;
}

static BOOL list_links(HANDLE directory, struct list *list)
{
    union entry entry;
    ULONG context = 0;
    NTSTATUS status;

    for (;;) {
        status = NtQueryDirectoryObject(directory, &entry, sizeof(entry), TRUE, context == 0,
                                        &context, NULL);
        if (status == STATUS_NO_MORE_ENTRIES)
            return TRUE;
        if (!NT_SUCCESS(status))
            return base_fail(status);
        if (is_link(&entry.data.type) && !append(list, &entry.data.name))
            return FALSE;
    }
}

static DWORD query_names(struct list *list)
{
    HANDLE directory;
    NTSTATUS status = open_directory(&directory);
    BOOL done;

    if (!NT_SUCCESS(status))
        return (DWORD)base_fail(status);
    done = list_links(directory, list);
    NtClose(directory);
    return done ? finish(list) : 0;
}

DWORD WINAPI QueryDosDeviceW(LPCWSTR device, LPWSTR buffer, DWORD size)
{
    struct list list = {buffer, size, 0};

    if (size == 0)
        return (DWORD)base_fail_with(ERROR_INSUFFICIENT_BUFFER);
    return device == NULL ? query_names(&list) : query_target(device, &list);
}

DWORD WINAPI QueryDosDeviceA(LPCSTR device, LPSTR buffer, DWORD size)
{
    LPWSTR wide_device, wide;
    DWORD length = 0;

    if (!base_widen(device, &wide_device))
        return 0;
    wide = base_allocate(((SIZE_T)size + 1) * sizeof(WCHAR));
    if (wide != NULL)
        length = QueryDosDeviceW(wide_device, wide, size);
    if (length != 0)
        WideCharToMultiByte(CP_ACP, 0, wide, (int)length, buffer, (int)size, NULL, NULL);
    base_free(wide);
    base_free(wide_device);
    return length;
}

/* ---- DefineDosDevice ---- */

static NTSTATUS create_link(LPCWSTR device, PUNICODE_STRING target)
{
    OBJECT_ATTRIBUTES where;
    UNICODE_STRING name;
    HANDLE directory, link;
    NTSTATUS status = open_directory(&directory);

    if (!NT_SUCCESS(status))
        return status;
    where = in_directory(directory, &name, device, OBJ_PERMANENT);
    status = NtCreateSymbolicLinkObject(&link, SYMBOLIC_LINK_ALL_ACCESS, &where, target);
    NtClose(directory);
    if (NT_SUCCESS(status))
        NtClose(link);
    return status;
}

static BOOL starts_with(const UNICODE_STRING *text, const UNICODE_STRING *start, BOOL exact)
{
    UNICODE_STRING part = *text;

    if (start->Length > text->Length || (exact && start->Length != text->Length))
        return FALSE;
    part.Length = start->Length;
    return RtlEqualUnicodeString(&part, start, TRUE);
}

/* Is the link's target the one that is to go? NULL: any is. */
static NTSTATUS check_target(HANDLE link, const UNICODE_STRING *wanted, BOOL exact)
{
    WCHAR text[MAX_PATH];
    UNICODE_STRING target = {0, sizeof(text), text};
    NTSTATUS status;

    if (wanted == NULL)
        return STATUS_SUCCESS;
    status = NtQuerySymbolicLinkObject(link, &target, NULL);
    if (!NT_SUCCESS(status))
        return status;
    return starts_with(&target, wanted, exact) ? STATUS_SUCCESS : STATUS_OBJECT_NAME_NOT_FOUND;
}

/* A temporary object goes with its last handle. */
static NTSTATUS remove_link(LPCWSTR device, const UNICODE_STRING *wanted, BOOL exact)
{
    HANDLE link;
    NTSTATUS status = open_link(device, SYMBOLIC_LINK_QUERY | DELETE, &link);

    if (!NT_SUCCESS(status))
        return status;
    status = check_target(link, wanted, exact);
    if (NT_SUCCESS(status))
        status = NtMakeTemporaryObject(link);
    NtClose(link);
    return status;
}

/* A name has one definition: a new one takes the old one's place. */
static NTSTATUS define(DWORD flags, LPCWSTR device, PUNICODE_STRING target)
{
    NTSTATUS status;

    if (flags & DDD_REMOVE_DEFINITION)
        return remove_link(device, target, (flags & DDD_EXACT_MATCH_ON_REMOVE) != 0);
    if (target == NULL)
        return STATUS_INVALID_PARAMETER;
    status = remove_link(device, NULL, FALSE);
    if (!NT_SUCCESS(status) && status != STATUS_OBJECT_NAME_NOT_FOUND)
        return status;
    return create_link(device, target);
}

static BOOL are_flags_valid(DWORD flags)
{
    const DWORD known = DDD_RAW_TARGET_PATH | DDD_REMOVE_DEFINITION | DDD_EXACT_MATCH_ON_REMOVE |
                        DDD_NO_BROADCAST_SYSTEM;

    return !(flags & ~known) &&
           (!(flags & DDD_EXACT_MATCH_ON_REMOVE) || flags & DDD_REMOVE_DEFINITION);
}

BOOL WINAPI DefineDosDeviceW(DWORD flags, LPCWSTR device, LPCWSTR path)
{
    UNICODE_STRING target;
    NTSTATUS status;

    if (!are_flags_valid(flags) || device == NULL)
        return base_fail_with(ERROR_INVALID_PARAMETER);
    if (path == NULL)
        return base_result(define(flags, device, NULL));
    if (flags & DDD_RAW_TARGET_PATH) {
        RtlInitUnicodeString(&target, path);
        return base_result(define(flags, device, &target));
    }
    if (!base_nt_path(path, &target))
        return FALSE;
    status = define(flags, device, &target);
    base_free(target.Buffer);
    return base_result(status);
}

BOOL WINAPI DefineDosDeviceA(DWORD flags, LPCSTR device, LPCSTR path)
{
    LPWSTR wide_device, wide_path;
    BOOL done;

    if (!base_widen(device, &wide_device))
        return FALSE;
    if (!base_widen(path, &wide_path)) {
        base_free(wide_device);
        return FALSE;
    }
    done = DefineDosDeviceW(flags, wide_device, wide_path);
    base_free(wide_device);
    base_free(wide_path);
    return done;
}

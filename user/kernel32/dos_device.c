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
    WCHAR text[2 * MAX_PATH];
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

/* ---- The definitions of a device: texts with a NUL between them, the one that counts first ---- */

struct definitions {
    WCHAR text[2 * MAX_PATH];
    USHORT length;
};

/* Reads them from a link; none where there is no link. */
static NTSTATUS read_definitions(LPCWSTR device, struct definitions *definitions)
{
    UNICODE_STRING target = {0, sizeof(definitions->text), definitions->text};
    HANDLE link;
    NTSTATUS status = open_link(device, SYMBOLIC_LINK_QUERY, &link);

    definitions->length = 0;
    if (status == STATUS_OBJECT_NAME_NOT_FOUND)
        return STATUS_SUCCESS;
    if (!NT_SUCCESS(status))
        return status;
    status = NtQuerySymbolicLinkObject(link, &target, NULL);
    NtClose(link);
    definitions->length = target.Length / sizeof(WCHAR);
    return status;
}

/* A temporary object goes with its last handle. */
static NTSTATUS remove_link(LPCWSTR device)
{
    HANDLE link;
    NTSTATUS status = open_link(device, DELETE, &link);

    if (status == STATUS_OBJECT_NAME_NOT_FOUND)
        return STATUS_SUCCESS;
    if (!NT_SUCCESS(status))
        return status;
    status = NtMakeTemporaryObject(link);
    NtClose(link);
    return status;
}

static NTSTATUS write_definitions(LPCWSTR device, struct definitions *definitions)
{
    USHORT bytes = (USHORT)(definitions->length * sizeof(WCHAR));
    UNICODE_STRING target = {bytes, bytes, definitions->text};
    NTSTATUS status = remove_link(device);

    if (!NT_SUCCESS(status) || bytes == 0)
        return status;
    return create_link(device, &target);
}

static NTSTATUS push(struct definitions *definitions, const UNICODE_STRING *target)
{
    USHORT length = target->Length / sizeof(WCHAR);
    SIZE_T moved = definitions->length == 0 ? 0 : definitions->length + 1u;

    if (length + moved > ARRAYSIZE(definitions->text))
        return STATUS_INVALID_PARAMETER;
    memmove(definitions->text + length + 1, definitions->text, definitions->length * sizeof(WCHAR));
    memcpy(definitions->text, target->Buffer, target->Length);
    if (moved != 0)
        definitions->text[length] = L'\0';
    definitions->length = (USHORT)(length + moved);
    return STATUS_SUCCESS;
}

/* The length of the definition at `at`. */
static USHORT length_at(const struct definitions *definitions, USHORT at)
{
    USHORT length = 0;

    while (at + length < definitions->length && definitions->text[at + length] != L'\0')
        length++;
    return length;
}

/* NULL is any; else it is how a definition begins, or, exactly, all of it. */
static BOOL matches(LPCWSTR text, USHORT length, const UNICODE_STRING *wanted, BOOL exact)
{
    UNICODE_STRING part = {(USHORT)(length * sizeof(WCHAR)), 0, (PWSTR)text};

    if (wanted == NULL)
        return TRUE;
    if (wanted->Length > part.Length || (exact && wanted->Length != part.Length))
        return FALSE;
    part.Length = wanted->Length;
    return RtlEqualUnicodeString(&part, wanted, TRUE);
}

static void cut(struct definitions *definitions, USHORT at, USHORT length)
{
    USHORT behind = (USHORT)(at + length + 1);

    if (behind < definitions->length) {
        memmove(definitions->text + at, definitions->text + behind,
                (definitions->length - behind) * sizeof(WCHAR));
        definitions->length = (USHORT)(definitions->length - length - 1);
    } else {
        definitions->length = at == 0 ? 0 : at - 1;
    }
}

static NTSTATUS take_out(struct definitions *definitions, const UNICODE_STRING *wanted, BOOL exact)
{
    for (USHORT at = 0; at < definitions->length;) {
        USHORT length = length_at(definitions, at);

        if (matches(definitions->text + at, length, wanted, exact)) {
            cut(definitions, at, length);
            return STATUS_SUCCESS;
        }
        at = (USHORT)(at + length + 1);
    }
    return STATUS_OBJECT_NAME_NOT_FOUND;
}

static NTSTATUS define(DWORD flags, LPCWSTR device, const UNICODE_STRING *target)
{
    struct definitions definitions;
    NTSTATUS status = read_definitions(device, &definitions);

    if (!NT_SUCCESS(status))
        return status;
    if (flags & DDD_REMOVE_DEFINITION)
        status = take_out(&definitions, target, (flags & DDD_EXACT_MATCH_ON_REMOVE) != 0);
    else
        status = target == NULL ? STATUS_INVALID_PARAMETER : push(&definitions, target);
    return NT_SUCCESS(status) ? write_definitions(device, &definitions) : status;
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

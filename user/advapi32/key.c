/*
 * Registry keys over the kernel's. An HKEY is the kernel's handle, or a predefined one; the registry
 * has only what lies below HKEY_LOCAL_MACHINE.
 */
#include "advapi32/advapi32.h"

enum { MAX_SUBKEY = 512, MAX_NAME = 256 }; /* units, NUL included */

/* The name of a subkey, from either kind of text; NULL means the key itself. */
struct subkey {
    WCHAR text[MAX_SUBKEY];
};

static BOOL subkey_from_wide(struct subkey *subkey, const WCHAR *text)
{
    return text_copy(subkey->text, MAX_SUBKEY, text);
}

static BOOL subkey_from_ansi(struct subkey *subkey, const char *text)
{
    return text_widen(subkey->text, MAX_SUBKEY, text ? text : "");
}

static NTSTATUS open_machine(HANDLE *handle)
{
    static HANDLE machine; /* kept: NULL until first needed */
    struct nt_named named;
    HANDLE mine;
    NTSTATUS status = STATUS_SUCCESS;

    if (!machine) {
        status =
            NtOpenKey(&mine, MAXIMUM_ALLOWED, nt_name(&named, NULL, L"\\Registry\\Machine", 0));
        if (NT_SUCCESS(status) && !__sync_bool_compare_and_swap(&machine, NULL, mine))
            NtClose(mine);
    }
    *handle = machine;
    return status;
}

static BOOL is_predefined(HKEY key)
{
    return (LONG)(LONG_PTR)key < 0;
}

LONG key_handle(HKEY key, HANDLE *handle)
{
    *handle = key;
    if (!is_predefined(key))
        return ERROR_SUCCESS;
    return key == HKEY_LOCAL_MACHINE ? (LONG)RtlNtStatusToDosError(open_machine(handle))
                                     : ERROR_FILE_NOT_FOUND;
}

/* ---- Opening and creating ---- */

static LONG open_key(HKEY key, const struct subkey *subkey, ACCESS_MASK access, HKEY *result)
{
    struct nt_named named;
    HANDLE root, handle;
    LONG error = key_handle(key, &root);
    NTSTATUS status;

    if (error != ERROR_SUCCESS || !result)
        return result ? error : ERROR_INVALID_PARAMETER;
    status = subkey->text[0] ? NtOpenKey(&handle, access, nt_name(&named, root, subkey->text, 0))
                             : NtDuplicateObject(NtCurrentProcess(), root, NtCurrentProcess(),
                                                 &handle, access, 0, 0);
    if (NT_SUCCESS(status))
        *result = handle;
    return (LONG)RtlNtStatusToDosError(status);
}

LONG WINAPI RegOpenKeyExW(HKEY key, LPCWSTR name, DWORD options, REGSAM access, PHKEY result)
{
    struct subkey subkey;

    (void)options;
    return subkey_from_wide(&subkey, name) ? open_key(key, &subkey, access, result)
                                           : ERROR_INVALID_PARAMETER;
}

LONG WINAPI RegOpenKeyExA(HKEY key, LPCSTR name, DWORD options, REGSAM access, PHKEY result)
{
    struct subkey subkey;

    (void)options;
    return subkey_from_ansi(&subkey, name) ? open_key(key, &subkey, access, result)
                                           : ERROR_INVALID_PARAMETER;
}

static NTSTATUS create(HANDLE root, const WCHAR *name, ACCESS_MASK access, HANDLE *handle,
                       ULONG *disposition)
{
    struct nt_named named;

    return NtCreateKey(handle, access, nt_name(&named, root, name, 0), 0, NULL,
                       REG_OPTION_NON_VOLATILE, disposition);
}

/* The kernel creates the last component only: the ones before it first, one after the other. */
static NTSTATUS create_path(HANDLE root, struct subkey *subkey, ACCESS_MASK access, HANDLE *handle,
                            ULONG *disposition)
{
    for (WCHAR *at = subkey->text + 1; subkey->text[0] && *at; at++) {
        NTSTATUS status;

        if (*at != '\\' || !at[1])
            continue;
        *at = 0;
        status = create(root, subkey->text, KEY_CREATE_SUB_KEY, handle, disposition);
        *at = '\\';
        if (!NT_SUCCESS(status))
            return status;
        NtClose(*handle);
    }
    return create(root, subkey->text, access, handle, disposition);
}

static LONG create_key(HKEY key, struct subkey *subkey, ACCESS_MASK access, HKEY *result,
                       DWORD *disposition)
{
    HANDLE root, handle;
    ULONG done = REG_OPENED_EXISTING_KEY;
    LONG error = key_handle(key, &root);

    if (error == ERROR_SUCCESS && !result)
        error = ERROR_INVALID_PARAMETER;
    if (error == ERROR_SUCCESS && !subkey->text[0])
        error = open_key(key, subkey, access, result);
    else if (error == ERROR_SUCCESS) {
        error = (LONG)RtlNtStatusToDosError(create_path(root, subkey, access, &handle, &done));
        if (error == ERROR_SUCCESS)
            *result = handle;
    }
    if (error == ERROR_SUCCESS && disposition)
        *disposition = done;
    return error;
}

LONG WINAPI RegCreateKeyExW(HKEY key, LPCWSTR name, DWORD reserved, LPWSTR class, DWORD options,
                            REGSAM access, const LPSECURITY_ATTRIBUTES security, PHKEY result,
                            LPDWORD disposition)
{
    struct subkey subkey;

    (void)reserved, (void)class, (void)options, (void)security;
    return subkey_from_wide(&subkey, name) ? create_key(key, &subkey, access, result, disposition)
                                           : ERROR_INVALID_PARAMETER;
}

LONG WINAPI RegCreateKeyExA(HKEY key, LPCSTR name, DWORD reserved, LPSTR class, DWORD options,
                            REGSAM access, const LPSECURITY_ATTRIBUTES security, PHKEY result,
                            LPDWORD disposition)
{
    struct subkey subkey;

    (void)reserved, (void)class, (void)options, (void)security;
    return subkey_from_ansi(&subkey, name) ? create_key(key, &subkey, access, result, disposition)
                                           : ERROR_INVALID_PARAMETER;
}

LONG WINAPI RegCloseKey(HKEY key)
{
    return is_predefined(key) ? ERROR_SUCCESS : (LONG)RtlNtStatusToDosError(NtClose(key));
}

/* ---- Deleting and listing ---- */

static LONG delete_key(HKEY key, const struct subkey *subkey)
{
    HKEY handle;
    LONG error = open_key(key, subkey, DELETE, &handle);

    if (error != ERROR_SUCCESS)
        return error;
    error = (LONG)RtlNtStatusToDosError(NtDeleteKey(handle));
    NtClose(handle);
    return error;
}

LONG WINAPI RegDeleteKeyW(HKEY key, LPCWSTR name)
{
    struct subkey subkey;

    return name && subkey_from_wide(&subkey, name) ? delete_key(key, &subkey)
                                                   : ERROR_INVALID_PARAMETER;
}

LONG WINAPI RegDeleteKeyA(HKEY key, LPCSTR name)
{
    struct subkey subkey;

    return name && subkey_from_ansi(&subkey, name) ? delete_key(key, &subkey)
                                                   : ERROR_INVALID_PARAMETER;
}

/* The name of a subkey by number into a buffer of *count characters; *count: without the NUL. */
static LONG enumerate_key(HKEY key, DWORD index, void *name, DWORD *count, BOOL wide)
{
    union {
        struct nt_key_basic head;
        UCHAR bytes[sizeof(struct nt_key_basic) + sizeof(WCHAR[MAX_NAME])];
    } record;
    ULONG unit = wide ? sizeof(WCHAR) : 1, needed, bytes;
    HANDLE handle;
    LONG error = key_handle(key, &handle);
    NTSTATUS status;

    if (error != ERROR_SUCCESS)
        return error;
    status = NtEnumerateKey(handle, index, NT_KEY_BASIC, &record, sizeof(record) - sizeof(WCHAR),
                            &needed);
    if (!NT_SUCCESS(status))
        return (LONG)RtlNtStatusToDosError(status);
    record.head.name[record.head.name_bytes / sizeof(WCHAR)] = 0;
    bytes = text_bytes(record.head.name, wide);
    if (*count < bytes / unit)
        return ERROR_MORE_DATA;
    text_put(name, record.head.name, wide);
    *count = bytes / unit - 1;
    return ERROR_SUCCESS;
}

LONG WINAPI RegEnumKeyExW(HKEY key, DWORD index, LPWSTR name, LPDWORD count, LPDWORD reserved,
                          LPWSTR class, LPDWORD class_count, PFILETIME written)
{
    (void)reserved, (void)class, (void)class_count, (void)written;
    return enumerate_key(key, index, name, count, TRUE);
}

LONG WINAPI RegEnumKeyExA(HKEY key, DWORD index, LPSTR name, LPDWORD count, LPDWORD reserved,
                          LPSTR class, LPDWORD class_count, PFILETIME written)
{
    (void)reserved, (void)class, (void)class_count, (void)written;
    return enumerate_key(key, index, name, count, FALSE);
}

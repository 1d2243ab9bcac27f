/*
 * Values of registry keys. Texts are UTF-16 in the registry: the ANSI calls convert the data of the
 * three types of text, and pass all others on.
 */
#include "advapi32/advapi32.h"

enum { MAX_VALUE_NAME = 256 }; /* units, NUL included */

static BOOL is_text(DWORD type)
{
    return type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ;
}

/* The data of a value, and how the caller wants it. */
struct data {
    DWORD type;
    const void *bytes;
    ULONG length;
    BOOL wide;
};

/* Bytes that the caller gets. */
static ULONG data_bytes(const struct data *data)
{
    if (data->wide || !is_text(data->type))
        return data->length;
    return (ULONG)WideCharToMultiByte(CP_ACP, 0, data->bytes, (int)(data->length / sizeof(WCHAR)),
                                      NULL, 0, NULL, NULL);
}

/* Gives data to a buffer of *size bytes; both are optional, but no buffer without a size. */
static LONG give(const struct data *data, DWORD *type, void *buffer, DWORD *size)
{
    ULONG needed = data_bytes(data), room = size ? *size : 0;

    if (type)
        *type = data->type;
    if (size)
        *size = needed;
    if (!buffer)
        return ERROR_SUCCESS;
    if (room < needed)
        return ERROR_MORE_DATA;
    if (data->wide || !is_text(data->type))
        memcpy(buffer, data->bytes, needed);
    else
        WideCharToMultiByte(CP_ACP, 0, data->bytes, (int)(data->length / sizeof(WCHAR)), buffer,
                            (int)needed, NULL, NULL);
    return ERROR_SUCCESS;
}

/* ---- By name ---- */

/* The whole record of a value, which the caller frees. */
static NTSTATUS read_value(HANDLE key, const WCHAR *name, struct nt_value_partial **record)
{
    struct nt_value_partial head;
    UNICODE_STRING string;
    ULONG needed;
    NTSTATUS status;

    RtlInitUnicodeString(&string, name);
    status = NtQueryValueKey(key, &string, NT_VALUE_PARTIAL, &head, sizeof(head), &needed);
    if (status != STATUS_BUFFER_OVERFLOW && !NT_SUCCESS(status))
        return status;
    *record = nt_allocate(needed);
    if (!*record)
        return STATUS_NO_MEMORY;
    status = NtQueryValueKey(key, &string, NT_VALUE_PARTIAL, *record, needed, &needed);
    if (!NT_SUCCESS(status))
        nt_free(*record);
    return status;
}

static LONG query(HKEY key, const WCHAR *name, DWORD *type, void *buffer, DWORD *size, BOOL wide)
{
    struct nt_value_partial *record = NULL;
    HANDLE handle;
    LONG error = key_handle(key, &handle);

    if (buffer && !size)
        return ERROR_INVALID_PARAMETER;
    if (error == ERROR_SUCCESS)
        error = (LONG)RtlNtStatusToDosError(read_value(handle, name, &record));
    if (error != ERROR_SUCCESS)
        return error;
    struct data data = {record->type, record->data, record->data_bytes, wide};

    error = give(&data, type, buffer, size);
    nt_free(record);
    return error;
}

LONG WINAPI RegQueryValueExW(HKEY key, LPCWSTR name, LPDWORD reserved, LPDWORD type, LPBYTE data,
                             LPDWORD size)
{
    (void)reserved;
    return query(key, name, type, data, size, TRUE);
}

LONG WINAPI RegQueryValueExA(HKEY key, LPCSTR name, LPDWORD reserved, LPDWORD type, LPBYTE data,
                             LPDWORD size)
{
    WCHAR wide[MAX_VALUE_NAME];

    (void)reserved;
    return text_widen(wide, MAX_VALUE_NAME, name ? name : "")
               ? query(key, wide, type, data, size, FALSE)
               : ERROR_FILE_NOT_FOUND;
}

static LONG set(HKEY key, const WCHAR *name, DWORD type, const void *data, DWORD size)
{
    UNICODE_STRING string;
    HANDLE handle;
    LONG error = key_handle(key, &handle);

    if (error != ERROR_SUCCESS)
        return error;
    RtlInitUnicodeString(&string, name);
    return (LONG)RtlNtStatusToDosError(NtSetValueKey(handle, &string, 0, type, data, size));
}

LONG WINAPI RegSetValueExW(HKEY key, LPCWSTR name, DWORD reserved, DWORD type, const BYTE *data,
                           DWORD size)
{
    (void)reserved;
    return set(key, name, type, data, size);
}

static LONG set_text(HKEY key, const WCHAR *name, DWORD type, const char *text, DWORD size)
{
    int units = MultiByteToWideChar(CP_ACP, 0, text, (int)size, NULL, 0);
    WCHAR *wide = nt_allocate((SIZE_T)units * sizeof(WCHAR));
    LONG error;

    if (!wide)
        return ERROR_NOT_ENOUGH_MEMORY;
    MultiByteToWideChar(CP_ACP, 0, text, (int)size, wide, units);
    error = set(key, name, type, wide, (DWORD)units * sizeof(WCHAR));
    nt_free(wide);
    return error;
}

LONG WINAPI RegSetValueExA(HKEY key, LPCSTR name, DWORD reserved, DWORD type, const BYTE *data,
                           DWORD size)
{
    WCHAR wide[MAX_VALUE_NAME];

    (void)reserved;
    if (!text_widen(wide, MAX_VALUE_NAME, name ? name : ""))
        return ERROR_INVALID_PARAMETER;
    return is_text(type) && size ? set_text(key, wide, type, (const char *)data, size)
                                 : set(key, wide, type, data, size);
}

static LONG delete_value(HKEY key, const WCHAR *name)
{
    UNICODE_STRING string;
    HANDLE handle;
    LONG error = key_handle(key, &handle);

    if (error != ERROR_SUCCESS)
        return error;
    RtlInitUnicodeString(&string, name);
    return (LONG)RtlNtStatusToDosError(NtDeleteValueKey(handle, &string));
}

LONG WINAPI RegDeleteValueW(HKEY key, LPCWSTR name)
{
    return delete_value(key, name);
}

LONG WINAPI RegDeleteValueA(HKEY key, LPCSTR name)
{
    WCHAR wide[MAX_VALUE_NAME];

    return text_widen(wide, MAX_VALUE_NAME, name ? name : "") ? delete_value(key, wide)
                                                              : ERROR_FILE_NOT_FOUND;
}

/* ---- By number ---- */

/* The whole record of a value, which the caller frees. */
static NTSTATUS read_number(HANDLE key, DWORD index, struct nt_value_full **record)
{
    struct nt_value_full head;
    ULONG needed;
    NTSTATUS status = NtEnumerateValueKey(key, index, NT_VALUE_FULL, &head, sizeof(head), &needed);

    if (status != STATUS_BUFFER_OVERFLOW && !NT_SUCCESS(status))
        return status;
    *record = nt_allocate(needed);
    if (!*record)
        return STATUS_NO_MEMORY;
    status = NtEnumerateValueKey(key, index, NT_VALUE_FULL, *record, needed, &needed);
    if (!NT_SUCCESS(status))
        nt_free(*record);
    return status;
}

/* A name of `bytes` bytes, not NUL-terminated, to a buffer of *count characters. */
static LONG give_name(const struct nt_value_full *record, void *name, DWORD *count, BOOL wide)
{
    WCHAR text[MAX_VALUE_NAME];
    ULONG unit = wide ? sizeof(WCHAR) : 1, bytes;

    if (record->name_bytes >= sizeof(text))
        return ERROR_MORE_DATA;
    memcpy(text, record->name, record->name_bytes);
    text[record->name_bytes / sizeof(WCHAR)] = 0;
    bytes = text_bytes(text, wide);
    if (*count < bytes / unit)
        return ERROR_MORE_DATA;
    text_put(name, text, wide);
    *count = bytes / unit - 1;
    return ERROR_SUCCESS;
}

/* Where the parts of a value go. */
struct buffers {
    void *name;
    DWORD *count, *type;
    void *data;
    DWORD *size;
};

static LONG enumerate(HKEY key, DWORD index, const struct buffers *to, BOOL wide)
{
    struct nt_value_full *record = NULL;
    HANDLE handle;
    LONG error = key_handle(key, &handle);

    if (!to->name || !to->count || (to->data && !to->size))
        return ERROR_INVALID_PARAMETER;
    if (error == ERROR_SUCCESS)
        error = (LONG)RtlNtStatusToDosError(read_number(handle, index, &record));
    if (error != ERROR_SUCCESS)
        return error;
    struct data data = {record->type, (char *)record + record->data_offset, record->data_bytes,
                        wide};

    error = give_name(record, to->name, to->count, wide);
    if (error == ERROR_SUCCESS)
        error = give(&data, to->type, to->data, to->size);
    nt_free(record);
    return error;
}

LONG WINAPI RegEnumValueW(HKEY key, DWORD index, LPWSTR name, LPDWORD count, LPDWORD reserved,
                          LPDWORD type, LPBYTE data, LPDWORD size)
{
    struct buffers to = {name, count, type, data, size};

    (void)reserved;
    return enumerate(key, index, &to, TRUE);
}

LONG WINAPI RegEnumValueA(HKEY key, DWORD index, LPSTR name, LPDWORD count, LPDWORD reserved,
                          LPDWORD type, LPBYTE data, LPDWORD size)
{
    struct buffers to = {name, count, type, data, size};

    (void)reserved;
    return enumerate(key, index, &to, FALSE);
}

/* FindFirstFile: a directory's entries by a pattern, one after the other. */
#include "base.h"

/* What a find handle points to. */
struct find {
    HANDLE directory;
};

/* An entry as the file system gives it, with room for the longest name. */
union entry {
    FILE_BOTH_DIR_INFORMATION data;
    UCHAR room[sizeof(FILE_BOTH_DIR_INFORMATION) + MAX_PATH * sizeof(WCHAR)];
};

/* ---- One entry ---- */

static NTSTATUS query(HANDLE directory, PUNICODE_STRING pattern, union entry *entry)
{
    IO_STATUS_BLOCK io;

    return NtQueryDirectoryFile(directory, NULL, NULL, NULL, &io, entry, sizeof(*entry),
                                FileBothDirectoryInformation, TRUE, pattern, pattern != NULL);
}

static FILETIME to_filetime(LARGE_INTEGER time)
{
    return (FILETIME){time.LowPart, (DWORD)time.HighPart};
}

static void copy_name(LPWSTR to, SIZE_T size, const WCHAR *name, ULONG bytes)
{
    SIZE_T length = min(bytes / sizeof(WCHAR), size - 1);

    memcpy(to, name, length * sizeof(WCHAR));
    to[length] = L'\0';
}

static void tell(const FILE_BOTH_DIR_INFORMATION *from, LPWIN32_FIND_DATAW to)
{
    *to = (WIN32_FIND_DATAW){
        .dwFileAttributes = from->FileAttributes,
        .ftCreationTime = to_filetime(from->CreationTime),
        .ftLastAccessTime = to_filetime(from->LastAccessTime),
        .ftLastWriteTime = to_filetime(from->LastWriteTime),
        .nFileSizeHigh = (DWORD)from->EndOfFile.HighPart,
        .nFileSizeLow = from->EndOfFile.LowPart,
    };
    copy_name(to->cFileName, ARRAYSIZE(to->cFileName), from->FileName, from->FileNameLength);
    copy_name(to->cAlternateFileName, ARRAYSIZE(to->cAlternateFileName), from->ShortName,
              (ULONG)from->ShortNameLength);
}

/* ---- The directory ---- */

static NTSTATUS open_directory(PUNICODE_STRING path, PHANDLE directory)
{
    OBJECT_ATTRIBUTES where;
    IO_STATUS_BLOCK io;

    InitializeObjectAttributes(&where, path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(directory, FILE_LIST_DIRECTORY | SYNCHRONIZE, &where, &io,
                      FILE_SHARE_READ | FILE_SHARE_WRITE,
                      FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT |
                          FILE_OPEN_FOR_BACKUP_INTENT);
}

/*
 * Takes the part behind the last backslash off path: the pattern. The backslash goes with it, unless
 * path is a root then. DOS's "*.*" means every name.
 */
static UNICODE_STRING split_pattern(PUNICODE_STRING path)
{
    static WCHAR all[] = L"*";
    UNICODE_STRING pattern;
    USHORT length = path->Length / sizeof(WCHAR);

    while (length != 0 && path->Buffer[length - 1] != L'\\')
        length--;
    RtlInitUnicodeString(&pattern, path->Buffer + length);
    if (lstrcmpW(pattern.Buffer, L"*.*") == 0)
        RtlInitUnicodeString(&pattern, all);
    if (length > 1 && path->Buffer[length - 2] != L':')
        length--;
    path->Length = (USHORT)(length * sizeof(WCHAR));
    return pattern;
}

/* Opens the directory and reads the first entry; a failure leaves nothing open. */
static NTSTATUS begin(PUNICODE_STRING path, PHANDLE directory, union entry *entry)
{
    UNICODE_STRING pattern = split_pattern(path);
    NTSTATUS status;

    if (pattern.Length == 0)
        return STATUS_NO_SUCH_FILE;
    status = open_directory(path, directory);
    if (!NT_SUCCESS(status))
        return status == STATUS_OBJECT_NAME_NOT_FOUND ? STATUS_OBJECT_PATH_NOT_FOUND : status;
    status = query(*directory, &pattern, entry);
    if (!NT_SUCCESS(status))
        NtClose(*directory);
    return status;
}

/* ---- The calls ---- */

HANDLE WINAPI FindFirstFileW(LPCWSTR path, LPWIN32_FIND_DATAW data)
{
    struct find *find;
    union entry entry;
    UNICODE_STRING name;
    NTSTATUS status;

    if (!base_nt_path(path, &name))
        return INVALID_HANDLE_VALUE;
    find = base_allocate(sizeof(*find));
    status = find == NULL ? STATUS_NO_MEMORY : begin(&name, &find->directory, &entry);
    base_free(name.Buffer);
    if (!NT_SUCCESS(status)) {
        base_free(find);
        base_fail(status);
        return INVALID_HANDLE_VALUE;
    }
    tell(&entry.data, data);
    return find;
}

BOOL WINAPI FindNextFileW(HANDLE handle, LPWIN32_FIND_DATAW data)
{
    struct find *find = handle;
    union entry entry;
    NTSTATUS status;

    if (handle == NULL || handle == INVALID_HANDLE_VALUE)
        return base_fail_with(ERROR_INVALID_HANDLE);
    status = query(find->directory, NULL, &entry);
    if (!NT_SUCCESS(status))
        return base_fail(status);
    tell(&entry.data, data);
    return TRUE;
}

BOOL WINAPI FindClose(HANDLE handle)
{
    struct find *find = handle;

    if (handle == NULL || handle == INVALID_HANDLE_VALUE)
        return base_fail_with(ERROR_INVALID_HANDLE);
    NtClose(find->directory);
    base_free(find);
    return TRUE;
}

/* ---- In ANSI ---- */

static void tell_ansi(const WIN32_FIND_DATAW *from, LPWIN32_FIND_DATAA to)
{
    memcpy(to, from, offsetof(WIN32_FIND_DATAA, cFileName));
    base_return_ansi(from->cFileName, (DWORD)lstrlenW(from->cFileName), to->cFileName,
                     sizeof(to->cFileName));
    base_return_ansi(from->cAlternateFileName, (DWORD)lstrlenW(from->cAlternateFileName),
                     to->cAlternateFileName, sizeof(to->cAlternateFileName));
}

HANDLE WINAPI FindFirstFileA(LPCSTR path, LPWIN32_FIND_DATAA data)
{
    WIN32_FIND_DATAW wide_data;
    HANDLE handle;
    LPWSTR wide;

    if (!base_widen(path, &wide))
        return INVALID_HANDLE_VALUE;
    handle = FindFirstFileW(wide, &wide_data);
    base_free(wide);
    if (handle != INVALID_HANDLE_VALUE)
        tell_ansi(&wide_data, data);
    return handle;
}

BOOL WINAPI FindNextFileA(HANDLE handle, LPWIN32_FIND_DATAA data)
{
    WIN32_FIND_DATAW wide_data;

    if (!FindNextFileW(handle, &wide_data))
        return FALSE;
    tell_ansi(&wide_data, data);
    return TRUE;
}

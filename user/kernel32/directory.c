/* Paths as programs say them: their full form, and the directories that they are seen from. */
#include "base.h"

#include "path.h"

/* ---- Full paths ---- */

/* The full form of a path (not empty) for base_free, and its length; NULL, last error set: no memory. */
static LPWSTR make_full(LPCWSTR path, DWORD *length)
{
    LPCWSTR directory = nt_peb()->parameters->current_directory.Buffer;
    LPWSTR full = base_allocate(path_room(directory, path) * sizeof(WCHAR));

    if (full != NULL)
        *length = (DWORD)path_full(directory, path, full);
    return full;
}

DWORD WINAPI GetFullPathNameW(LPCWSTR path, DWORD size, LPWSTR buffer, LPWSTR *file_part)
{
    DWORD length, result;
    LPWSTR full;

    if (file_part != NULL)
        *file_part = NULL;
    if (path == NULL || *path == L'\0')
        return base_fail_with(ERROR_INVALID_NAME);
    full = make_full(path, &length);
    if (full == NULL)
        return 0;
    result = base_return_wide(full, length, buffer, size);
    base_free(full);
    if (result < size && file_part != NULL)
        *file_part = path_file_part(buffer);
    return result;
}

/* The last name in an ANSI path: a byte is a unit of UTF-16 in these code pages, so it is the same. */
static LPSTR ansi_file_part(LPCWSTR full, LPCWSTR part, LPSTR buffer)
{
    return part == NULL ? NULL : buffer + (part - full);
}

DWORD WINAPI GetFullPathNameA(LPCSTR path, DWORD size, LPSTR buffer, LPSTR *file_part)
{
    LPWSTR wide, full;
    DWORD length, result;

    if (file_part != NULL)
        *file_part = NULL;
    if (path == NULL || *path == '\0')
        return base_fail_with(ERROR_INVALID_NAME);
    if (!base_widen(path, &wide))
        return 0;
    full = make_full(wide, &length);
    base_free(wide);
    if (full == NULL)
        return 0;
    result = base_return_ansi(full, length, buffer, size);
    if (result < size && file_part != NULL)
        *file_part = ansi_file_part(full, path_file_part(full), buffer);
    base_free(full);
    return result;
}

/* ---- Names for the object manager ---- */

static BOOL to_nt_path(LPCWSTR full, DWORD length, PUNICODE_STRING name)
{
    SIZE_T bytes = (length + PATH_NT_ROOM) * sizeof(WCHAR);

    if (bytes > UNICODE_STRING_MAX_BYTES)
        return base_fail_with(ERROR_FILENAME_EXCED_RANGE);
    name->Buffer = base_allocate(bytes);
    if (name->Buffer == NULL)
        return FALSE;
    name->MaximumLength = (USHORT)bytes;
    name->Length = (USHORT)(path_to_nt(full, name->Buffer) * sizeof(WCHAR));
    return TRUE;
}

/* A name behind \\?\ is meant as it stands. */
static BOOL is_literal(LPCWSTR path)
{
    return path[0] == L'\\' && path[1] == L'\\' && path[2] == L'?' && path[3] == L'\\';
}

BOOL base_nt_path(LPCWSTR path, PUNICODE_STRING name)
{
    DWORD length;
    LPWSTR full;
    BOOL done;

    if (path == NULL || *path == L'\0')
        return base_fail_with(ERROR_PATH_NOT_FOUND);
    if (is_literal(path))
        return to_nt_path(path, (DWORD)lstrlenW(path), name);
    full = make_full(path, &length);
    if (full == NULL)
        return FALSE;
    done = to_nt_path(full, length, name);
    base_free(full);
    return done;
}

/* ---- The current directory ---- */

/* It ends with a backslash in the parameters; to programs, only a root does. */
static DWORD shown_length(const UNICODE_STRING *directory)
{
    DWORD length = directory->Length / sizeof(WCHAR);

    return length > 3 && directory->Buffer[length - 1] == L'\\' ? length - 1 : length;
}

DWORD WINAPI GetCurrentDirectoryW(DWORD size, LPWSTR buffer)
{
    const UNICODE_STRING *directory = &nt_peb()->parameters->current_directory;

    return base_return_wide(directory->Buffer, shown_length(directory), buffer, size);
}

DWORD WINAPI GetCurrentDirectoryA(DWORD size, LPSTR buffer)
{
    const UNICODE_STRING *directory = &nt_peb()->parameters->current_directory;

    return base_return_ansi(directory->Buffer, shown_length(directory), buffer, size);
}

/* Opens it, so that it is there, and is a directory. */
static BOOL is_directory(LPCWSTR path)
{
    OBJECT_ATTRIBUTES where;
    UNICODE_STRING name;
    IO_STATUS_BLOCK io;
    HANDLE directory;
    NTSTATUS status;

    if (!base_nt_path(path, &name))
        return FALSE;
    InitializeObjectAttributes(&where, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    status = NtOpenFile(&directory, FILE_TRAVERSE | SYNCHRONIZE, &where, &io,
                        FILE_SHARE_READ | FILE_SHARE_WRITE,
                        FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT);
    base_free(name.Buffer);
    if (NT_SUCCESS(status))
        NtClose(directory);
    return base_result(status);
}

/*
 * The parameters' own buffer is part of their block: a new directory has a block of its own, which
 * stays for ever, because another thread may be reading the old one.
 */
static BOOL set_directory(LPCWSTR full, DWORD length)
{
    BOOL ends = full[length - 1] == L'\\';
    SIZE_T bytes = (length + 2) * sizeof(WCHAR);
    UNICODE_STRING directory = {(USHORT)((length + !ends) * sizeof(WCHAR)), (USHORT)bytes,
                                base_allocate(bytes)};

    if (directory.Buffer == NULL)
        return FALSE;
    memcpy(directory.Buffer, full, length * sizeof(WCHAR));
    directory.Buffer[length] = ends ? L'\0' : L'\\';
    directory.Buffer[length + !ends] = L'\0';
    RtlEnterCriticalSection(&base_lock);
    nt_peb()->parameters->current_directory = directory;
    RtlLeaveCriticalSection(&base_lock);
    return TRUE;
}

BOOL WINAPI SetCurrentDirectoryW(LPCWSTR path)
{
    DWORD length;
    LPWSTR full;
    BOOL done;

    if (path == NULL || *path == L'\0')
        return base_fail_with(ERROR_PATH_NOT_FOUND);
    full = make_full(path, &length);
    if (full == NULL)
        return FALSE;
    if (length > MAX_PATH)
        done = base_fail_with(ERROR_FILENAME_EXCED_RANGE);
    else
        done = is_directory(full) && set_directory(full, length);
    base_free(full);
    return done;
}

BOOL WINAPI SetCurrentDirectoryA(LPCSTR path)
{
    LPWSTR wide;
    BOOL done;

    if (!base_widen(path, &wide))
        return FALSE;
    done = SetCurrentDirectoryW(wide);
    base_free(wide);
    return done;
}

/* ---- The system's directories: all files lie flat in the root ---- */

static const WCHAR system_directory[] = L"C:\\";

#define SYSTEM_DIRECTORY_LENGTH (ARRAYSIZE(system_directory) - 1)

UINT WINAPI GetSystemDirectoryW(LPWSTR buffer, UINT size)
{
    return base_return_wide(system_directory, SYSTEM_DIRECTORY_LENGTH, buffer, size);
}

UINT WINAPI GetSystemDirectoryA(LPSTR buffer, UINT size)
{
    return base_return_ansi(system_directory, SYSTEM_DIRECTORY_LENGTH, buffer, size);
}

UINT WINAPI GetWindowsDirectoryW(LPWSTR buffer, UINT size)
{
    return GetSystemDirectoryW(buffer, size);
}

UINT WINAPI GetWindowsDirectoryA(LPSTR buffer, UINT size)
{
    return GetSystemDirectoryA(buffer, size);
}

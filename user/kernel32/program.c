#include "program.h"

#include "command_line.h"

/* ---- One file ---- */

static BOOL is_file(LPCWSTR path)
{
    DWORD attributes = GetFileAttributesW(path);

    return attributes != INVALID_FILE_ATTRIBUTES && !(attributes & FILE_ATTRIBUTE_DIRECTORY);
}

/* The full path of a file that is there, for base_free; NULL: it is not. */
static LPWSTR full_path_of_file(LPCWSTR name)
{
    DWORD size = GetFullPathNameW(name, 0, NULL, NULL);
    LPWSTR full = size == 0 ? NULL : base_allocate(size * sizeof(WCHAR));

    if (full == NULL)
        return NULL;
    GetFullPathNameW(name, size, full, NULL);
    if (is_file(full))
        return full;
    base_free(full);
    return NULL;
}

/* ---- Directories ---- */

/* The file in a directory of `length` units, with a backslash between them if there is none. */
static LPWSTR try_directory(LPCWSTR directory, SIZE_T length, LPCWSTR name)
{
    LPWSTR path = base_allocate((length + (SIZE_T)lstrlenW(name) + 2) * sizeof(WCHAR)), found;

    if (path == NULL)
        return NULL;
    memcpy(path, directory, length * sizeof(WCHAR));
    path[length] = L'\0';
    if (length != 0 && path[length - 1] != L'\\')
        lstrcatW(path, L"\\");
    lstrcatW(path, name);
    found = full_path_of_file(path);
    base_free(path);
    return found;
}

static LPWSTR try_own_directory(LPCWSTR name)
{
    const UNICODE_STRING *path = &nt_peb()->parameters->image_path;
    SIZE_T length = path->Length / sizeof(WCHAR);

    while (length != 0 && path->Buffer[length - 1] != L'\\')
        length--;
    return try_directory(path->Buffer, length, name);
}

static LPWSTR try_system_directory(LPCWSTR name)
{
    WCHAR directory[MAX_PATH];

    return try_directory(directory, GetSystemDirectoryW(directory, ARRAYSIZE(directory)), name);
}

/* The directories of PATH lie between semicolons. */
static LPWSTR try_path(LPCWSTR name)
{
    DWORD size = GetEnvironmentVariableW(L"PATH", NULL, 0);
    LPWSTR path = size == 0 ? NULL : base_allocate(size * sizeof(WCHAR)), found = NULL;

    base_fail_with(ERROR_FILE_NOT_FOUND);
    if (path == NULL)
        return NULL;
    GetEnvironmentVariableW(L"PATH", path, size);
    for (LPCWSTR at = path; *at != L'\0' && found == NULL;) {
        SIZE_T length = 0;

        while (at[length] != L'\0' && at[length] != L';')
            length++;
        if (length != 0)
            found = try_directory(at, length, name);
        at += length + (at[length] != L'\0');
    }
    base_free(path);
    return found;
}

static BOOL has_directory(LPCWSTR name)
{
    for (; *name != L'\0'; name++)
        if (*name == L'\\' || *name == L'/' || *name == L':')
            return TRUE;
    return FALSE;
}

static LPWSTR search(LPCWSTR name)
{
    LPWSTR found;

    if (has_directory(name))
        return full_path_of_file(name);
    found = try_own_directory(name);
    if (found == NULL)
        found = full_path_of_file(name);
    if (found == NULL)
        found = try_system_directory(name);
    return found != NULL ? found : try_path(name);
}

/* ---- A command line's program ---- */

static BOOL has_extension(LPCWSTR name)
{
    BOOL dot = FALSE;

    for (; *name != L'\0'; name++)
        if (*name == L'.' || *name == L'\\' || *name == L'/')
            dot = *name == L'.';
    return dot;
}

/* A word of the line as a file's name, with its extension, for base_free. */
static LPWSTR name_of(struct command_word word)
{
    LPWSTR name = base_allocate((word.length + sizeof ".exe") * sizeof(WCHAR));

    if (name == NULL)
        return NULL;
    memcpy(name, word.text, word.length * sizeof(WCHAR));
    name[word.length] = L'\0';
    if (!has_extension(name))
        lstrcatW(name, L".exe");
    return name;
}

static LPWSTR search_command(LPCWSTR line)
{
    LPWSTR found = NULL;

    base_fail_with(ERROR_FILE_NOT_FOUND);
    for (SIZE_T n = 0; found == NULL; n++) {
        struct command_word word = command_program(line, n);
        LPWSTR name = word.length == 0 ? NULL : name_of(word);

        if (name == NULL)
            return NULL;
        found = search(name);
        base_free(name);
    }
    return found;
}

LPWSTR program_find(LPCWSTR application, LPCWSTR command_line)
{
    return application != NULL ? full_path_of_file(application) : search_command(command_line);
}

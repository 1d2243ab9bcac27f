/* The environment of the process, which lies in its parameters. Guarded by base_lock. */
#include "base.h"

#include "variables.h"

/* The block that this process made itself; the first one belongs to its parameters. */
static LPWSTR own_block;

/* ---- One variable ---- */

/* A copy of a value for base_free; NULL, last error set: there is none, or no memory. */
static LPWSTR copy_value(LPCWSTR name)
{
    const uint16_t *value;
    LPWSTR copy = NULL;

    if (name == NULL) {
        base_fail_with(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    RtlEnterCriticalSection(&base_lock);
    value = variables_find(nt_peb()->parameters->environment, name, (SIZE_T)lstrlenW(name));
    if (value != NULL)
        copy = base_allocate(((SIZE_T)lstrlenW(value) + 1) * sizeof(WCHAR));
    else
        base_fail_with(ERROR_ENVVAR_NOT_FOUND);
    if (copy != NULL)
        lstrcpyW(copy, value);
    RtlLeaveCriticalSection(&base_lock);
    return copy;
}

DWORD WINAPI GetEnvironmentVariableW(LPCWSTR name, LPWSTR buffer, DWORD size)
{
    LPWSTR value = copy_value(name);
    DWORD length = 0;

    if (value != NULL)
        length = base_return_wide(value, (DWORD)lstrlenW(value), buffer, size);
    base_free(value);
    return length;
}

DWORD WINAPI GetEnvironmentVariableA(LPCSTR name, LPSTR buffer, DWORD size)
{
    LPWSTR wide, value;
    DWORD length = 0;

    if (!base_widen(name, &wide))
        return 0;
    value = copy_value(wide);
    base_free(wide);
    if (value != NULL)
        length = base_return_ansi(value, (DWORD)lstrlenW(value), buffer, size);
    base_free(value);
    return length;
}

/* Under the lock. */
static BOOL set(LPCWSTR name, LPCWSTR value)
{
    struct nt_process_parameters *parameters = nt_peb()->parameters;
    SIZE_T units = variables_size(parameters->environment) + (SIZE_T)lstrlenW(name) +
                   (SIZE_T)lstrlenW(value) + 2;
    LPWSTR block = base_allocate(units * sizeof(WCHAR));

    if (block == NULL)
        return FALSE;
    variables_set(parameters->environment, name, value, block);
    parameters->environment = block;
    base_free(own_block);
    own_block = block;
    return TRUE;
}

static BOOL is_name(LPCWSTR name)
{
    if (name == NULL || *name == L'\0')
        return FALSE;
    while (*++name != L'\0')
        if (*name == L'=')
            return FALSE;
    return TRUE;
}

BOOL WINAPI SetEnvironmentVariableW(LPCWSTR name, LPCWSTR value)
{
    BOOL done;

    if (!is_name(name))
        return base_fail_with(ERROR_INVALID_PARAMETER);
    RtlEnterCriticalSection(&base_lock);
    if (value == NULL &&
        variables_find(nt_peb()->parameters->environment, name, (SIZE_T)lstrlenW(name)) == NULL)
        done = base_fail_with(ERROR_ENVVAR_NOT_FOUND);
    else
        done = set(name, value);
    RtlLeaveCriticalSection(&base_lock);
    return done;
}

BOOL WINAPI SetEnvironmentVariableA(LPCSTR name, LPCSTR value)
{
    LPWSTR wide_name, wide_value;
    BOOL done;

    if (!base_widen(name, &wide_name))
        return FALSE;
    if (!base_widen(value, &wide_value)) {
        base_free(wide_name);
        return FALSE;
    }
    done = SetEnvironmentVariableW(wide_name, wide_value);
    base_free(wide_name);
    base_free(wide_value);
    return done;
}

/* ---- All of them ---- */

LPWSTR WINAPI GetEnvironmentStringsW(void)
{
    SIZE_T bytes;
    LPWSTR copy;

    RtlEnterCriticalSection(&base_lock);
    bytes = variables_size(nt_peb()->parameters->environment) * sizeof(WCHAR);
    copy = base_allocate(bytes);
    if (copy != NULL)
        memcpy(copy, nt_peb()->parameters->environment, bytes);
    RtlLeaveCriticalSection(&base_lock);
    return copy;
}

BOOL WINAPI FreeEnvironmentStringsW(LPWSTR strings)
{
    base_free(strings);
    return TRUE;
}

/* The call whose name has no letter at its end is the ANSI one (kernel32.def). */
LPSTR WINAPI base_environment_strings_ansi(void)
{
    LPWSTR wide = GetEnvironmentStringsW();
    LPSTR ansi = NULL;
    int units, bytes;

    if (wide == NULL)
        return NULL;
    units = (int)variables_size(wide);
    bytes = WideCharToMultiByte(CP_ACP, 0, wide, units, NULL, 0, NULL, NULL);
    ansi = base_allocate((SIZE_T)bytes);
    if (ansi != NULL)
        WideCharToMultiByte(CP_ACP, 0, wide, units, ansi, bytes, NULL, NULL);
    base_free(wide);
    return ansi;
}

BOOL WINAPI FreeEnvironmentStringsA(LPSTR strings)
{
    base_free(strings);
    return TRUE;
}

/* ---- Expanding ---- */

DWORD WINAPI ExpandEnvironmentStringsW(LPCWSTR text, LPWSTR buffer, DWORD size)
{
    DWORD needed;

    if (text == NULL)
        return base_fail_with(ERROR_INVALID_PARAMETER);
    RtlEnterCriticalSection(&base_lock);
    needed = (DWORD)variables_expand(nt_peb()->parameters->environment, text, buffer, size);
    RtlLeaveCriticalSection(&base_lock);
    return needed;
}

/* The expanded text for base_free, and its length; NULL, last error set: no memory. */
static LPWSTR expand(LPCWSTR text, DWORD *length)
{
    DWORD size = ExpandEnvironmentStringsW(text, NULL, 0);
    LPWSTR expanded = size == 0 ? NULL : base_allocate(size * sizeof(WCHAR));

    if (expanded != NULL)
        *length = ExpandEnvironmentStringsW(text, expanded, size) - 1;
    return expanded;
}

DWORD WINAPI ExpandEnvironmentStringsA(LPCSTR text, LPSTR buffer, DWORD size)
{
    LPWSTR wide, expanded;
    DWORD length, result;

    if (!base_widen(text, &wide))
        return 0;
    expanded = expand(wide, &length);
    base_free(wide);
    if (expanded == NULL)
        return 0;
    result = base_return_ansi(expanded, length, buffer, size);
    base_free(expanded);
    return result < size ? result + 1 : result;
}

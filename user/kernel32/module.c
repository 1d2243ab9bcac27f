/* The modules of the process: the program and its DLLs. */
#include "base.h"

/* ---- Names ---- */

/* The loader's record of a module; NULL: no module begins there. Under the loader's lock. */
static const struct nt_loader_entry *find(PVOID base)
{
    const LIST_ENTRY *head = &nt_peb()->loader->in_load_order;

    for (const LIST_ENTRY *link = head->Flink; link != head; link = link->Flink) {
        const struct nt_loader_entry *entry =
            CONTAINING_RECORD(link, struct nt_loader_entry, in_load_order);

        if (entry->base == base)
            return entry;
    }
    return NULL;
}

static PVOID base_of(HMODULE module)
{
    return module == NULL ? nt_peb()->image_base : (PVOID)module;
}

/* Calls a function with the path of a module, which stays as it is meanwhile. */
static DWORD with_path(HMODULE module, PVOID buffer, DWORD size,
                       DWORD (*copy)(const UNICODE_STRING *, PVOID, DWORD))
{
    PRTL_CRITICAL_SECTION lock = nt_peb()->loader_lock;
    const struct nt_loader_entry *entry;
    DWORD length = 0;

    RtlEnterCriticalSection(lock);
    entry = find(base_of(module));
    if (entry != NULL)
        length = copy(&entry->full_name, buffer, size);
    else
        base_fail_with(ERROR_MOD_NOT_FOUND);
    RtlLeaveCriticalSection(lock);
    return length;
}

/* A path that does not fit is cut off, and ends with NUL all the same. */
static DWORD copy_wide(const UNICODE_STRING *path, PVOID buffer, DWORD size)
{
    DWORD length = path->Length / sizeof(WCHAR);
    LPWSTR to = buffer;

    if (length < size)
        return base_return_wide(path->Buffer, length, to, size);
    base_fail_with(ERROR_INSUFFICIENT_BUFFER);
    if (size != 0)
        base_return_wide(path->Buffer, size - 1, to, size);
    return size;
}

static DWORD copy_ansi(const UNICODE_STRING *path, PVOID buffer, DWORD size)
{
    DWORD length = base_return_ansi(path->Buffer, path->Length / sizeof(WCHAR), buffer, size);

    if (length < size)
        return length;
    base_fail_with(ERROR_INSUFFICIENT_BUFFER);
    if (size != 0)
        base_return_ansi(path->Buffer, size - 1, buffer, size);
    return size;
}

DWORD WINAPI GetModuleFileNameW(HMODULE module, LPWSTR buffer, DWORD size)
{
    return with_path(module, buffer, size, copy_wide);
}

DWORD WINAPI GetModuleFileNameA(HMODULE module, LPSTR buffer, DWORD size)
{
    return with_path(module, buffer, size, copy_ansi);
}

/* ---- Handles, which are the modules' addresses ---- */

HMODULE WINAPI GetModuleHandleW(LPCWSTR name)
{
    UNICODE_STRING string;
    PVOID base;

    if (name == NULL)
        return nt_peb()->image_base;
    RtlInitUnicodeString(&string, name);
    return base_result(LdrGetDllHandle(NULL, NULL, &string, &base)) ? base : NULL;
}

HMODULE WINAPI GetModuleHandleA(LPCSTR name)
{
    HMODULE module;
    LPWSTR wide;

    if (!base_widen(name, &wide))
        return NULL;
    module = GetModuleHandleW(wide);
    base_free(wide);
    return module;
}

HMODULE WINAPI LoadLibraryExW(LPCWSTR name, HANDLE file, DWORD flags)
{
    UNICODE_STRING string;
    PVOID base;

    UNREFERENCED_PARAMETER(file);
    if (name == NULL || *name == L'\0' || flags & ~(DWORD)LOAD_WITH_ALTERED_SEARCH_PATH) {
        base_fail_with(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    RtlInitUnicodeString(&string, name);
    return base_result(LdrLoadDll(NULL, NULL, &string, &base)) ? base : NULL;
}

HMODULE WINAPI LoadLibraryExA(LPCSTR name, HANDLE file, DWORD flags)
{
    HMODULE module;
    LPWSTR wide;

    if (!base_widen(name, &wide))
        return NULL;
    module = LoadLibraryExW(wide, file, flags);
    base_free(wide);
    return module;
}

HMODULE WINAPI LoadLibraryW(LPCWSTR name)
{
    return LoadLibraryExW(name, NULL, 0);
}

HMODULE WINAPI LoadLibraryA(LPCSTR name)
{
    return LoadLibraryExA(name, NULL, 0);
}

BOOL WINAPI FreeLibrary(HMODULE module)
{
    return base_result(LdrUnloadDll(module));
}

VOID WINAPI FreeLibraryAndExitThread(HMODULE module, DWORD code)
{
    LdrUnloadDll(module);
    ExitThread(code);
}

BOOL WINAPI DisableThreadLibraryCalls(HMODULE module)
{
    return base_result(LdrDisableThreadCalloutsForDll(module));
}

/* ---- Functions ---- */

/* A name below 64 KiB is no address of text, but an ordinal. */
FARPROC WINAPI GetProcAddress(HMODULE module, LPCSTR name)
{
    ANSI_STRING string;
    PVOID address;
    NTSTATUS status;

    if ((ULONG_PTR)name <= 0xFFFF) {
        status = LdrGetProcedureAddress(base_of(module), NULL, (ULONG)(ULONG_PTR)name, &address);
    } else {
        RtlInitAnsiString(&string, name);
        status = LdrGetProcedureAddress(base_of(module), &string, 0, &address);
    }
    return base_result(status) ? (FARPROC)address : NULL;
}

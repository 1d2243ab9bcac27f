/* File mappings. */
#include "base.h"

/* What a handle needs for a view of each protection. */
static ACCESS_MASK access_for(DWORD protection)
{
    return STANDARD_RIGHTS_REQUIRED | SECTION_QUERY | SECTION_MAP_READ |
           (protection & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE) ? SECTION_MAP_WRITE : 0) |
           (protection & (PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE) ? SECTION_MAP_EXECUTE : 0);
}

HANDLE WINAPI CreateFileMappingW(HANDLE file, LPSECURITY_ATTRIBUTES security, DWORD protection,
                                 DWORD high, DWORD low, LPCWSTR name)
{
    const DWORD kinds = SEC_FILE | SEC_IMAGE | SEC_RESERVE | SEC_COMMIT | SEC_NOCACHE;
    DWORD attributes = protection & kinds;
    struct base_attributes where;
    LARGE_INTEGER size = {.LowPart = low, .HighPart = (LONG)high};
    HANDLE section = NULL;
    NTSTATUS status;

    if (file == INVALID_HANDLE_VALUE && size.QuadPart == 0) {
        base_fail_with(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    status = NtCreateSection(
        &section, access_for(protection), base_attributes(&where, name, security),
        size.QuadPart == 0 ? NULL : &size, protection & ~kinds,
        attributes == 0 ? SEC_COMMIT : attributes, file == INVALID_HANDLE_VALUE ? NULL : file);
    return base_created(status, section);
}

HANDLE WINAPI CreateFileMappingA(HANDLE file, LPSECURITY_ATTRIBUTES security, DWORD protection,
                                 DWORD high, DWORD low, LPCSTR name)
{
    HANDLE section;
    LPWSTR wide;

    if (!base_widen(name, &wide))
        return NULL;
    section = CreateFileMappingW(file, security, protection, high, low, wide);
    base_free(wide);
    return section;
}

static ACCESS_MASK map_access(DWORD access)
{
    return access == FILE_MAP_COPY ? SECTION_MAP_READ : access;
}

HANDLE WINAPI OpenFileMappingW(DWORD access, BOOL inherit, LPCWSTR name)
{
    struct base_attributes where;
    HANDLE section = NULL;

    if (name == NULL) {
        base_fail_with(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return base_opened(
        NtOpenSection(&section, map_access(access), base_open_attributes(&where, name, inherit)),
        &section);
}

HANDLE WINAPI OpenFileMappingA(DWORD access, BOOL inherit, LPCSTR name)
{
    HANDLE section;
    LPWSTR wide;

    if (!base_widen(name, &wide))
        return NULL;
    section = OpenFileMappingW(access, inherit, wide);
    base_free(wide);
    return section;
}

static ULONG view_protection(DWORD access)
{
    if (access == FILE_MAP_COPY)
        return PAGE_WRITECOPY;
    if (access & FILE_MAP_WRITE)
        return PAGE_READWRITE;
    return access & FILE_MAP_READ ? PAGE_READONLY : PAGE_NOACCESS;
}

LPVOID WINAPI MapViewOfFileEx(HANDLE section, DWORD access, DWORD high, DWORD low, SIZE_T bytes,
                              LPVOID address)
{
    LARGE_INTEGER offset = {.LowPart = low, .HighPart = (LONG)high};
    NTSTATUS status = NtMapViewOfSection(section, NtCurrentProcess(), &address, 0, 0, &offset,
                                         &bytes, NT_VIEW_SHARE, 0, view_protection(access));

    return base_result(status) ? address : NULL;
}

LPVOID WINAPI MapViewOfFile(HANDLE section, DWORD access, DWORD high, DWORD low, SIZE_T bytes)
{
    return MapViewOfFileEx(section, access, high, low, bytes, NULL);
}

BOOL WINAPI UnmapViewOfFile(LPCVOID address)
{
    return base_result(NtUnmapViewOfSection(NtCurrentProcess(), (PVOID)address));
}

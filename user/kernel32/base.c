#include "base.h"

#include "codepage.h"

/* ---- Errors ---- */

BOOL base_fail_with(DWORD error)
{
    nt_teb()->last_error = error;
    return FALSE;
}

BOOL base_fail(NTSTATUS status)
{
    return base_fail_with(RtlNtStatusToDosError(status));
}

/* ---- Memory ---- */

RTL_CRITICAL_SECTION base_lock = {.LockCount = -1};

PVOID base_allocate(SIZE_T bytes)
{
    PVOID block = RtlAllocateHeap(nt_peb()->process_heap, 0, bytes);

    if (block == NULL)
        base_fail_with(ERROR_NOT_ENOUGH_MEMORY);
    return block;
}

void base_free(PVOID block)
{
    if (block != NULL)
        RtlFreeHeap(nt_peb()->process_heap, 0, block);
}

/* ---- Text ---- */

/* 1252 makes one unit of each byte. */
BOOL base_widen(LPCSTR text, LPWSTR *wide)
{
    SIZE_T length = text == NULL ? 0 : lstrlenA(text);

    *wide = NULL;
    if (text == NULL)
        return TRUE;
    *wide = base_allocate((length + 1) * sizeof(WCHAR));
    if (*wide == NULL)
        return FALSE;
    MultiByteToWideChar(CP_ACP, 0, text, (int)length + 1, *wide, (int)length + 1);
    return TRUE;
}

DWORD base_return_ansi(LPCWSTR wide, DWORD length, LPSTR buffer, DWORD size)
{
    DWORD bytes = 0;

    if (length != 0)
        bytes = (DWORD)WideCharToMultiByte(CP_ACP, 0, wide, (int)length, NULL, 0, NULL, NULL);
    if (bytes >= size)
        return bytes + 1;
    if (length != 0)
        WideCharToMultiByte(CP_ACP, 0, wide, (int)length, buffer, (int)bytes, NULL, NULL);
    buffer[bytes] = '\0';
    return bytes;
}

DWORD base_return_wide(LPCWSTR wide, DWORD length, LPWSTR buffer, DWORD size)
{
    if (length >= size)
        return length + 1;
    memcpy(buffer, wide, length * sizeof(WCHAR));
    buffer[length] = L'\0';
    return length;
}

/* ---- Names ---- */

/* \BaseNamedObjects, opened when it is first needed. */
static HANDLE named_objects(void)
{
    static HANDLE directory;
    static const WCHAR path[] = L"\\BaseNamedObjects";
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES where;
    HANDLE opened;

    if (directory != NULL)
        return directory;
    RtlInitUnicodeString(&name, path);
    InitializeObjectAttributes(&where, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (!NT_SUCCESS(NtOpenDirectoryObject(&opened, DIRECTORY_ALL_ACCESS, &where)))
        return NULL;
    if (InterlockedCompareExchangePointer(&directory, opened, NULL) != NULL)
        NtClose(opened);
    return directory;
}

static POBJECT_ATTRIBUTES named(struct base_attributes *attributes, LPCWSTR name, ULONG flags)
{
    RtlInitUnicodeString(&attributes->name, name);
    InitializeObjectAttributes(&attributes->object, &attributes->name, flags, named_objects(),
                               NULL);
    return &attributes->object;
}

POBJECT_ATTRIBUTES base_attributes(struct base_attributes *attributes, LPCWSTR name,
                                   const SECURITY_ATTRIBUTES *security)
{
    ULONG inherit = security != NULL && security->bInheritHandle ? OBJ_INHERIT : 0;

    if (name != NULL)
        return named(attributes, name, inherit | OBJ_OPENIF);
    if (inherit == 0)
        return NULL;
    InitializeObjectAttributes(&attributes->object, NULL, inherit, NULL, NULL);
    return &attributes->object;
}

POBJECT_ATTRIBUTES base_open_attributes(struct base_attributes *attributes, LPCWSTR name,
                                        BOOL inherit)
{
    return named(attributes, name, inherit ? OBJ_INHERIT : 0);
}

HANDLE base_created(NTSTATUS status, HANDLE handle)
{
    if (!NT_SUCCESS(status)) {
        base_fail(status);
        return NULL;
    }
    base_fail_with(status == STATUS_OBJECT_NAME_EXISTS ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return handle;
}

HANDLE base_opened(NTSTATUS status, const HANDLE *handle)
{
    return base_result(status) ? *handle : NULL;
}

/* ---- Time ---- */

PLARGE_INTEGER base_interval(PLARGE_INTEGER interval, DWORD milliseconds)
{
    if (milliseconds == INFINITE)
        return NULL;
    interval->QuadPart = (LONGLONG)milliseconds * -10000;
    return interval;
}

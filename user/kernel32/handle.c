/* Handles of any kind. */
#include "base.h"

/* The standard handles by the numbers that stand for them; NULL for other numbers. */
static PHANDLE standard_handle(DWORD which)
{
    struct nt_process_parameters *parameters = nt_peb()->parameters;

    switch (which) {
    case STD_INPUT_HANDLE:
        return &parameters->std_input;
    case STD_OUTPUT_HANDLE:
        return &parameters->std_output;
    case STD_ERROR_HANDLE:
        return &parameters->std_error;
    default:
        return NULL;
    }
}

HANDLE WINAPI GetStdHandle(DWORD which)
{
    PHANDLE handle = standard_handle(which);

    if (handle != NULL)
        return *handle;
    base_fail_with(ERROR_INVALID_HANDLE);
    return INVALID_HANDLE_VALUE;
}

BOOL WINAPI SetStdHandle(DWORD which, HANDLE handle)
{
    PHANDLE slot = standard_handle(which);

    if (slot == NULL)
        return base_fail_with(ERROR_INVALID_HANDLE);
    *slot = handle;
    return TRUE;
}

HANDLE base_handle(HANDLE handle)
{
    PHANDLE standard = standard_handle((DWORD)(ULONG_PTR)handle);

    return standard == NULL ? handle : *standard;
}

BOOL WINAPI CloseHandle(HANDLE handle)
{
    return base_result(NtClose(base_handle(handle)));
}

BOOL WINAPI DuplicateHandle(HANDLE source_process, HANDLE source, HANDLE target_process,
                            LPHANDLE target, DWORD access, BOOL inherit, DWORD options)
{
    return base_result(NtDuplicateObject(source_process, base_handle(source), target_process,
                                         target, access, inherit ? OBJ_INHERIT : 0, options));
}

/* The kernel takes no record that is not aligned to 4. */
#define ALIGNED __attribute__((aligned(4)))

static NTSTATUS query_flags(HANDLE handle, OBJECT_DATA_INFORMATION *flags)
{
    return NtQueryObject(handle, OBJECT_HANDLE_FLAGS, flags, sizeof(*flags), NULL);
}

BOOL WINAPI GetHandleInformation(HANDLE handle, LPDWORD flags)
{
    OBJECT_DATA_INFORMATION data ALIGNED;
    NTSTATUS status = query_flags(base_handle(handle), &data);

    if (!NT_SUCCESS(status))
        return base_fail(status);
    *flags = (data.InheritHandle ? HANDLE_FLAG_INHERIT : 0) |
             (data.ProtectFromClose ? HANDLE_FLAG_PROTECT_FROM_CLOSE : 0);
    return TRUE;
}

BOOL WINAPI SetHandleInformation(HANDLE handle, DWORD mask, DWORD flags)
{
    OBJECT_DATA_INFORMATION data ALIGNED;
    NTSTATUS status = query_flags(base_handle(handle), &data);

    if (!NT_SUCCESS(status))
        return base_fail(status);
    if (mask & HANDLE_FLAG_INHERIT)
        data.InheritHandle = (flags & HANDLE_FLAG_INHERIT) != 0;
    if (mask & HANDLE_FLAG_PROTECT_FROM_CLOSE)
        data.ProtectFromClose = (flags & HANDLE_FLAG_PROTECT_FROM_CLOSE) != 0;
    return base_result(
        NtSetInformationObject(base_handle(handle), OBJECT_HANDLE_FLAGS, &data, sizeof(data)));
}

/*
 * What the files of kernel32 share: how a status becomes a last error, how text of the ANSI calls
 * becomes UTF-16 and back, and how names become object attributes.
 */
#pragma once

#include "native.h"

/* ---- Errors ---- */

/*
 * Sets the last error to the Win32 error of a status; returns FALSE, so that a call that failed can
 * return it.
 */
BOOL base_fail(NTSTATUS status);

/* Sets the last error itself; returns FALSE. */
BOOL base_fail_with(DWORD error);

/* TRUE with the last error as it was, or base_fail. */
static inline BOOL base_result(NTSTATUS status)
{
    return NT_SUCCESS(status) ? TRUE : base_fail(status);
}

/* ---- Memory ---- */

/* Guards what the whole process has once: its environment, current directory, TLS slots. */
extern RTL_CRITICAL_SECTION base_lock;

/* From the process's heap; NULL, with the last error set, if it has no more. */
PVOID base_allocate(SIZE_T bytes);

/* NULL does nothing. The last error stays. */
void base_free(PVOID block);

/* ---- Text (the code page CP_ACP) ---- */

/* A UTF-16 copy of text for base_free; NULL stays NULL. FALSE: no memory (the last error is set). */
BOOL base_widen(LPCSTR text, LPWSTR *wide);

/*
 * What most calls of the A kind that return text do with it: wide (length units) goes to buffer as
 * ANSI, NUL-terminated, and its length without the NUL is returned; if it does not fit in size
 * bytes, nothing is written and the bytes needed, NUL included, are returned.
 */
DWORD base_return_ansi(LPCWSTR wide, DWORD length, LPSTR buffer, DWORD size);

/* The same for the W kind. */
DWORD base_return_wide(LPCWSTR wide, DWORD length, LPWSTR buffer, DWORD size);

/* ---- Handles ---- */

/* The handle itself; of STD_INPUT_HANDLE and its like, the handle that this number stands for. */
HANDLE base_handle(HANDLE handle);

/* ---- Names ---- */

/*
 * The object manager's name of a path as a program says it, seen from its current directory: in
 * name->Buffer, for base_free. FALSE, with the last error set: no memory, ERROR_PATH_NOT_FOUND for an
 * empty one, ERROR_FILENAME_EXCED_RANGE.
 */
BOOL base_nt_path(LPCWSTR path, PUNICODE_STRING name);

/* The attributes of an object named by a program, and the records they point to. */
struct base_attributes {
    OBJECT_ATTRIBUTES object;
    UNICODE_STRING name;
};

/*
 * Attributes for a kernel object that Win32 knows by name: in \BaseNamedObjects, without one if name
 * is NULL. security (NULL: none) tells whether the handle is inherited. The texts stay the caller's.
 * Returns what the Nt calls take: NULL if there is nothing to say.
 */
POBJECT_ATTRIBUTES base_attributes(struct base_attributes *attributes, LPCWSTR name,
                                   const SECURITY_ATTRIBUTES *security);

/* The same for an object that is to be opened: it has a name. */
POBJECT_ATTRIBUTES base_open_attributes(struct base_attributes *attributes, LPCWSTR name,
                                        BOOL inherit);

/*
 * Win32's last word on a creation: sets the last error to ERROR_ALREADY_EXISTS if the object was there
 * (STATUS_OBJECT_NAME_EXISTS), else to 0, and returns the handle; on failure base_fail and NULL.
 */
HANDLE base_created(NTSTATUS status, HANDLE handle);

/* *handle, read only when the call that gave the status has stored it; or base_fail and NULL. */
HANDLE base_opened(NTSTATUS status, const HANDLE *handle);

/* ---- Time ---- */

/* Milliseconds as a relative NT interval; NULL for INFINITE. */
PLARGE_INTEGER base_interval(PLARGE_INTEGER interval, DWORD milliseconds);

/*
 * advapi32.dll: the calls of the service control manager, which services.exe answers
 * (common/svcctl.h), and those of the registry, which the kernel does.
 *
 *   text.c       texts of callers, ANSI or UTF-16
 *   svcctl.c     the connection to services.exe
 *   manager.c    calls by a manager's handle      service.c   calls by a service's handle
 *   enumerate.c  lists that go into one buffer
 *   key.c        registry keys                    value.c     their values
 */
#pragma once

#include "common/native.h"
#include "common/svcctl.h"

/* ---- text.c ---- */

/* A caller's text of up to SVCCTL_MAX_PATH units as UTF-16; `text` is NULL if the caller's was. */
struct wide {
    const WCHAR *text;
    WCHAR buffer[SVCCTL_MAX_PATH + 1];
};

/* TRUE, or FALSE with ERROR_INVALID_NAME as last error: it is too long. */
BOOL wide_from(struct wide *wide, const char *text);

/* The same into any buffer of `size` units: FALSE if it is too long for it. */
BOOL text_widen(WCHAR *buffer, ULONG size, const char *text);

/* Copies `text` into a field of `size` units; FALSE if it is too long. NULL gives an empty one. */
BOOL text_copy(WCHAR *field, ULONG size, const WCHAR *text);

/* Bytes of a text with its NUL, in UTF-16 or ANSI. */
ULONG text_bytes(const WCHAR *text, BOOL wide);

/* Writes it there, as many bytes. */
void text_put(void *to, const WCHAR *text, BOOL wide);

/* ---- svcctl.c ---- */

/*
 * Sends a call and receives its answer in the same record. ERROR_SUCCESS or the call's error;
 * RPC_S_SERVER_UNAVAILABLE: there is no service control manager; RPC_S_CALL_FAILED: it has ended, and
 * the handles that it gave with it: the next call is the first one of a new connection.
 */
DWORD svcctl_call(struct svcctl_message *message, enum svcctl_operation operation,
                  SC_HANDLE handle);

/* TRUE for ERROR_SUCCESS; otherwise FALSE, with the error as last error. */
BOOL svcctl_result(DWORD error);

/* The handle that a call has given, or NULL with the error as last error. */
SC_HANDLE svcctl_handle(const struct svcctl_message *message, DWORD error);

/* ---- key.c ---- */

/*
 * The kernel's handle behind a key; predefined ones are opened when first needed.
 * ERROR_SUCCESS; ERROR_FILE_NOT_FOUND: the registry has nothing there (all but HKEY_LOCAL_MACHINE).
 */
LONG key_handle(HKEY key, HANDLE *handle);

/* Calls by a handle of the service control manager. Their errors: MSDN, and nt-facts of this project. */
#include "advapi32/advapi32.h"

static BOOL is_equal(const WCHAR *a, const WCHAR *b)
{
    UNICODE_STRING first, second;

    RtlInitUnicodeString(&first, a);
    RtlInitUnicodeString(&second, b);
    return RtlEqualUnicodeString(&first, &second, TRUE);
}

/* There is one machine and one database. */
static DWORD check_manager(const WCHAR *machine, const WCHAR *database)
{
    if (machine && *machine && !is_equal(machine, L".") && !is_equal(machine, L"\\\\."))
        return RPC_S_SERVER_UNAVAILABLE;
    if (!database || is_equal(database, SERVICES_ACTIVE_DATABASEW))
        return ERROR_SUCCESS;
    return is_equal(database, SERVICES_FAILED_DATABASEW) ? ERROR_DATABASE_DOES_NOT_EXIST
                                                         : ERROR_INVALID_NAME;
}

SC_HANDLE WINAPI OpenSCManagerW(LPCWSTR machine, LPCWSTR database, DWORD access)
{
    struct svcctl_message message = {.access = access};
    DWORD error = check_manager(machine, database);

    if (error == ERROR_SUCCESS)
        error = svcctl_call(&message, SVCCTL_OPEN_MANAGER, NULL);
    return svcctl_handle(&message, error);
}

SC_HANDLE WINAPI OpenSCManagerA(LPCSTR machine, LPCSTR database, DWORD access)
{
    struct wide wide_machine, wide_database;

    if (!wide_from(&wide_machine, machine) || !wide_from(&wide_database, database))
        return NULL;
    return OpenSCManagerW(wide_machine.text, wide_database.text, access);
}

/* Load order, dependencies and accounts are for services that this system does not offer. */
static BOOL is_plain(const WCHAR *group, DWORD *tag, const WCHAR *dependencies,
                     const WCHAR *account)
{
    return !(group && *group) && !tag && !(dependencies && *dependencies) && !(account && *account);
}

static DWORD check_texts(SC_HANDLE manager, const WCHAR *name, const WCHAR *path)
{
    if (!manager)
        return ERROR_INVALID_HANDLE;
    return name && path ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
}

static DWORD set_texts(struct svcctl_message *message, const WCHAR *name, const WCHAR *display,
                       const WCHAR *path)
{
    if (!text_copy(message->name, ARRAY_SIZE(message->name), name) ||
        !text_copy(message->display, ARRAY_SIZE(message->display), display))
        return ERROR_INVALID_NAME;
    return text_copy(message->path, ARRAY_SIZE(message->path), path) ? ERROR_SUCCESS
                                                                     : ERROR_INVALID_PARAMETER;
}

SC_HANDLE WINAPI CreateServiceW(SC_HANDLE manager, LPCWSTR name, LPCWSTR display, DWORD access,
                                DWORD type, DWORD start, DWORD error_control, LPCWSTR path,
                                LPCWSTR group, LPDWORD tag, LPCWSTR dependencies, LPCWSTR account,
                                LPCWSTR password)
{
    struct svcctl_message message = {
        .access = access, .type = type, .start = start, .error_control = error_control};
    DWORD error = check_texts(manager, name, path);

    (void)password;
    if (error == ERROR_SUCCESS)
        error = set_texts(&message, name, display, path);
    if (error == ERROR_SUCCESS && !is_plain(group, tag, dependencies, account))
        error = ERROR_NOT_SUPPORTED;
    if (error == ERROR_SUCCESS)
        error = svcctl_call(&message, SVCCTL_CREATE_SERVICE, manager);
    return svcctl_handle(&message, error);
}

SC_HANDLE WINAPI CreateServiceA(SC_HANDLE manager, LPCSTR name, LPCSTR display, DWORD access,
                                DWORD type, DWORD start, DWORD error_control, LPCSTR path,
                                LPCSTR group, LPDWORD tag, LPCSTR dependencies, LPCSTR account,
                                LPCSTR password)
{
    struct wide wide_name, wide_display, wide_path;

    (void)password;
    if (!wide_from(&wide_name, name) || !wide_from(&wide_display, display) ||
        !wide_from(&wide_path, path))
        return NULL;
    return CreateServiceW(manager, wide_name.text, wide_display.text, access, type, start,
                          error_control, wide_path.text, group && *group ? L"?" : NULL, tag,
                          dependencies && *dependencies ? L"?" : NULL,
                          account && *account ? L"?" : NULL, NULL);
}

SC_HANDLE WINAPI OpenServiceW(SC_HANDLE manager, LPCWSTR name, DWORD access)
{
    struct svcctl_message message = {.access = access};
    DWORD error = check_texts(manager, name, L"");

    if (error == ERROR_SUCCESS)
        error = set_texts(&message, name, NULL, NULL);
    if (error == ERROR_SUCCESS)
        error = svcctl_call(&message, SVCCTL_OPEN_SERVICE, manager);
    return svcctl_handle(&message, error);
}

SC_HANDLE WINAPI OpenServiceA(SC_HANDLE manager, LPCSTR name, DWORD access)
{
    struct wide wide;

    return wide_from(&wide, name) ? OpenServiceW(manager, wide.text, access) : NULL;
}

/* ---- One name for the other ---- */

/*
 * Gives a text to a buffer of *count characters; *count becomes its length without NUL. Windows wants
 * one character more than the text has.
 */
static DWORD give(const WCHAR *text, void *buffer, DWORD *count, BOOL wide)
{
    ULONG unit = wide ? sizeof(WCHAR) : 1, needed = text_bytes(text, wide) / unit - 1;
    DWORD room = *count;

    *count = needed;
    if (!buffer || room <= needed)
        return ERROR_INSUFFICIENT_BUFFER;
    text_put(buffer, text, wide);
    return ERROR_SUCCESS;
}

static BOOL get_display_name(SC_HANDLE manager, const WCHAR *name, void *buffer, DWORD *count,
                             BOOL wide)
{
    struct svcctl_message message = {.access = 0};
    DWORD error = check_texts(manager, name, L"");

    if (error == ERROR_SUCCESS)
        error = set_texts(&message, name, NULL, NULL);
    if (error == ERROR_SUCCESS)
        error = svcctl_call(&message, SVCCTL_GET_DISPLAY_NAME, manager);
    if (error == ERROR_SUCCESS)
        error = give(message.display, buffer, count, wide);
    return svcctl_result(error);
}

static BOOL get_key_name(SC_HANDLE manager, const WCHAR *display, void *buffer, DWORD *count,
                         BOOL wide)
{
    struct svcctl_message message = {.access = 0};
    DWORD error = check_texts(manager, display, L"");

    if (error == ERROR_SUCCESS)
        error = set_texts(&message, NULL, display, NULL);
    if (error == ERROR_SUCCESS)
        error = svcctl_call(&message, SVCCTL_GET_KEY_NAME, manager);
    if (error == ERROR_SUCCESS)
        error = give(message.name, buffer, count, wide);
    return svcctl_result(error);
}

BOOL WINAPI GetServiceDisplayNameW(SC_HANDLE manager, LPCWSTR name, LPWSTR buffer, LPDWORD count)
{
    return get_display_name(manager, name, buffer, count, TRUE);
}

BOOL WINAPI GetServiceDisplayNameA(SC_HANDLE manager, LPCSTR name, LPSTR buffer, LPDWORD count)
{
    struct wide wide;

    return wide_from(&wide, name) && get_display_name(manager, wide.text, buffer, count, FALSE);
}

BOOL WINAPI GetServiceKeyNameW(SC_HANDLE manager, LPCWSTR display, LPWSTR buffer, LPDWORD count)
{
    return get_key_name(manager, display, buffer, count, TRUE);
}

BOOL WINAPI GetServiceKeyNameA(SC_HANDLE manager, LPCSTR display, LPSTR buffer, LPDWORD count)
{
    struct wide wide;

    return wide_from(&wide, display) && get_key_name(manager, wide.text, buffer, count, FALSE);
}

/*
 * Records whose texts lie in the same buffer behind them. ANSI and UTF-16 records differ in their
 * texts only, so the code here is one for both.
 */
#include "advapi32/advapi32.h"

/* ---- QueryServiceConfig: the record, then its texts ---- */

/* Puts a text at *at, which moves on; where it begins. */
static void *append(char **at, const WCHAR *text, BOOL wide)
{
    void *start = *at;

    text_put(start, text, wide);
    *at += text_bytes(text, wide);
    return start;
}

static void fill_config(QUERY_SERVICE_CONFIGW *config, const struct svcctl_message *message,
                        BOOL wide)
{
    char *at = (char *)(config + 1);

    config->dwServiceType = message->type;
    config->dwStartType = message->start;
    config->dwErrorControl = message->error_control;
    config->dwTagId = 0;
    config->lpBinaryPathName = append(&at, message->path, wide);
    config->lpDisplayName = append(&at, message->display, wide);
    config->lpLoadOrderGroup = append(&at, L"", wide);
    config->lpDependencies = append(&at, L"", wide);
    config->lpServiceStartName = append(&at, L"", wide);
}

static BOOL query_config(SC_HANDLE service, void *buffer, DWORD size, DWORD *needed, BOOL wide)
{
    struct svcctl_message message = {.access = 0};
    DWORD error;

    if (!service)
        return svcctl_result(ERROR_INVALID_HANDLE);
    if (!needed || (!buffer && size))
        return svcctl_result(ERROR_INVALID_PARAMETER);
    error = svcctl_call(&message, SVCCTL_QUERY_CONFIG, service);
    if (error != ERROR_SUCCESS)
        return svcctl_result(error);
    *needed = sizeof(QUERY_SERVICE_CONFIGW) + text_bytes(message.path, wide) +
              text_bytes(message.display, wide) + 3 * text_bytes(L"", wide);
    if (size < *needed)
        return svcctl_result(ERROR_INSUFFICIENT_BUFFER);
    fill_config(buffer, &message, wide);
    return TRUE;
}

BOOL WINAPI QueryServiceConfigW(SC_HANDLE service, LPQUERY_SERVICE_CONFIGW buffer, DWORD size,
                                LPDWORD needed)
{
    return query_config(service, buffer, size, needed, TRUE);
}

BOOL WINAPI QueryServiceConfigA(SC_HANDLE service, LPQUERY_SERVICE_CONFIGA buffer, DWORD size,
                                LPDWORD needed)
{
    return query_config(service, buffer, size, needed, FALSE);
}

/* ---- EnumServicesStatus: records from the buffer's start, texts from its end ---- */

struct list {
    ENUM_SERVICE_STATUSW *next; /* where the next record goes */
    char *texts;                /* where the last text begins */
    BOOL wide;
    BOOL full;     /* one did not fit; no more are put in */
    DWORD count;   /* records in the buffer */
    DWORD resume;  /* the number of the first service behind them */
    DWORD missing; /* bytes that the others need */
};

static void *prepend(struct list *list, const WCHAR *text)
{
    list->texts -= text_bytes(text, list->wide);
    text_put(list->texts, text, list->wide);
    return list->texts;
}

static void add(struct list *list, const struct svcctl_message *message)
{
    ULONG texts = text_bytes(message->name, list->wide) + text_bytes(message->display, list->wide);
    ULONG room = (ULONG)(list->texts - (char *)list->next);

    if (list->full || room < sizeof(*list->next) + texts) {
        list->full = TRUE;
        list->missing += sizeof(*list->next) + texts;
        return;
    }
    list->next->ServiceStatus = message->status;
    list->next->lpDisplayName = prepend(list, message->display);
    list->next->lpServiceName = prepend(list, message->name);
    list->next++;
    list->count++;
    list->resume = message->number;
}

/* Asks for one service after the other. */
static DWORD collect(struct list *list, SC_HANDLE manager, DWORD type, DWORD state)
{
    struct svcctl_message message = {.number = list->resume};
    DWORD error;

    for (;;) {
        message.type = type;
        message.start = state;
        error = svcctl_call(&message, SVCCTL_ENUMERATE, manager);
        if (error != ERROR_SUCCESS)
            break;
        add(list, &message);
    }
    if (error != ERROR_NO_MORE_ITEMS)
        return error;
    return list->full ? ERROR_MORE_DATA : ERROR_SUCCESS;
}

static DWORD check_masks(DWORD type, DWORD state)
{
    const DWORD types = SERVICE_DRIVER | SERVICE_WIN32;

    return type & types && !(type & ~types) && state & SERVICE_STATE_ALL &&
                   !(state & ~SERVICE_STATE_ALL)
               ? ERROR_SUCCESS
               : ERROR_INVALID_PARAMETER;
}

/* What the caller gets its answers in. */
struct answers {
    DWORD *needed, *returned, *resume; /* the last one is optional */
};

static BOOL enumerate(SC_HANDLE manager, DWORD type, DWORD state, void *buffer, DWORD size,
                      const struct answers *answers, BOOL wide)
{
    struct list list = {.next = buffer, .wide = wide};
    DWORD error;

    if (!manager)
        return svcctl_result(ERROR_INVALID_HANDLE);
    if (!answers->needed || !answers->returned || (!buffer && size))
        return svcctl_result(ERROR_INVALID_PARAMETER);
    list.texts = (char *)buffer + (size & ~1u);
    list.resume = answers->resume ? *answers->resume : 0;
    error = check_masks(type, state);
    if (error == ERROR_SUCCESS)
        error = collect(&list, manager, type, state);
    if (error == ERROR_SUCCESS)
        list.resume = 0;
    *answers->needed = list.missing;
    *answers->returned = list.count;
    if (answers->resume)
        *answers->resume = list.resume;
    return svcctl_result(error);
}

BOOL WINAPI EnumServicesStatusW(SC_HANDLE manager, DWORD type, DWORD state,
                                LPENUM_SERVICE_STATUSW buffer, DWORD size, LPDWORD needed,
                                LPDWORD returned, LPDWORD resume)
{
    struct answers answers = {needed, returned, resume};

    return enumerate(manager, type, state, buffer, size, &answers, TRUE);
}

BOOL WINAPI EnumServicesStatusA(SC_HANDLE manager, DWORD type, DWORD state,
                                LPENUM_SERVICE_STATUSA buffer, DWORD size, LPDWORD needed,
                                LPDWORD returned, LPDWORD resume)
{
    struct answers answers = {needed, returned, resume};

    return enumerate(manager, type, state, buffer, size, &answers, FALSE);
}

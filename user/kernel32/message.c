/* FormatMessage. */
#include "base.h"

#include "message_format.h"
#include "message_table.h"

#define MAX_MESSAGE 0x8000 /* units: 64 KiB, as documented */

/* What both kinds of the call are about. */
struct request {
    DWORD flags;
    LPCVOID source;
    DWORD id;
    va_list *arguments;
    BOOL ansi;
};

/* ---- The text before its inserts ---- */

/* The system's message of this number with the line break that each of them ends with. */
static BOOL find_system_text(DWORD id, LPWSTR *text)
{
    const char *found = message_find(id);

    if (found == NULL)
        return base_fail_with(ERROR_MR_MID_NOT_FOUND);
    *text = base_allocate(((SIZE_T)lstrlenA(found) + 3) * sizeof(WCHAR));
    if (*text == NULL)
        return FALSE;
    MultiByteToWideChar(CP_ACP, 0, found, -1, *text, lstrlenA(found) + 1);
    lstrcatW(*text, L"\r\n");
    return TRUE;
}

static BOOL copy_source(const struct request *request, LPWSTR *text)
{
    SIZE_T bytes;

    if (request->source == NULL)
        return base_fail_with(ERROR_INVALID_PARAMETER);
    if (request->ansi)
        return base_widen(request->source, text);
    bytes = ((SIZE_T)lstrlenW(request->source) + 1) * sizeof(WCHAR);
    *text = base_allocate(bytes);
    if (*text != NULL)
        memcpy(*text, request->source, bytes);
    return *text != NULL;
}

/* Messages in a module are not offered: no module has the resource that they would lie in. */
static BOOL find_text(const struct request *request, LPWSTR *text)
{
    if (request->flags & FORMAT_MESSAGE_FROM_STRING)
        return copy_source(request, text);
    if (request->flags & FORMAT_MESSAGE_FROM_SYSTEM)
        return find_system_text(request->id, text);
    return base_fail_with(request->flags & FORMAT_MESSAGE_FROM_HMODULE
                              ? ERROR_RESOURCE_TYPE_NOT_FOUND
                              : ERROR_INVALID_PARAMETER);
}

/* ---- The message ---- */

/* A va_list of words is the words themselves, as an argument array is. */
static const uintptr_t *argument_words(const struct request *request)
{
    if (request->arguments == NULL)
        return NULL;
    if (request->flags & FORMAT_MESSAGE_ARGUMENT_ARRAY)
        return (const uintptr_t *)request->arguments;
    return *(const uintptr_t **)request->arguments;
}

static DWORD error_of(enum message_result result)
{
    return result == MESSAGE_TOO_LONG ? ERROR_INSUFFICIENT_BUFFER : ERROR_INVALID_PARAMETER;
}

/* The message for base_free, and its length: it is measured first. */
static BOOL make(const struct request *request, LPWSTR *message, DWORD *length)
{
    struct message_format format = {
        .ignore_inserts = (request->flags & FORMAT_MESSAGE_IGNORE_INSERTS) != 0,
        .ignore_breaks = (request->flags & FORMAT_MESSAGE_MAX_WIDTH_MASK) != 0,
        .ansi = request->ansi,
        .arguments = argument_words(request),
        .argument_limit = MAX_MESSAGE,
    };
    enum message_result result;
    size_t used;
    LPWSTR text;

    if (!find_text(request, &text))
        return FALSE;
    *message = NULL;
    result = message_format(text, &format, NULL, 0, &used);
    if (result == MESSAGE_TOO_LONG && used < MAX_MESSAGE)
        *message = base_allocate((used + 1) * sizeof(WCHAR));
    else
        base_fail_with(error_of(result));
    if (*message != NULL)
        message_format(text, &format, *message, used + 1, &used);
    base_free(text);
    *length = (DWORD)used;
    return *message != NULL;
}

/* ---- The calls ---- */

/* Where the message goes: a block of at least `size` units of its own, for LocalFree, if asked for. */
static PVOID result_buffer(DWORD flags, PVOID buffer, DWORD needed, DWORD size, SIZE_T unit)
{
    if (!(flags & FORMAT_MESSAGE_ALLOCATE_BUFFER))
        return buffer;
    return *(PVOID *)buffer = LocalAlloc(LMEM_FIXED, max(needed, size) * unit);
}

DWORD WINAPI FormatMessageW(DWORD flags, LPCVOID source, DWORD id, DWORD language, LPWSTR buffer,
                            DWORD size, va_list *arguments)
{
    const struct request request = {flags, source, id, arguments, FALSE};
    LPWSTR message, to;
    DWORD length;

    UNREFERENCED_PARAMETER(language);
    if (!make(&request, &message, &length))
        return 0;
    to = result_buffer(flags, buffer, length + 1, size, sizeof(WCHAR));
    if (to == NULL || (to == buffer && length >= size))
        length =
            (DWORD)base_fail_with(to == NULL ? ERROR_NOT_ENOUGH_MEMORY : ERROR_INSUFFICIENT_BUFFER);
    else
        memcpy(to, message, (length + 1) * sizeof(WCHAR));
    base_free(message);
    return length;
}

DWORD WINAPI FormatMessageA(DWORD flags, LPCVOID source, DWORD id, DWORD language, LPSTR buffer,
                            DWORD size, va_list *arguments)
{
    const struct request request = {flags, source, id, arguments, TRUE};
    LPWSTR message;
    DWORD length, needed;
    LPSTR to;

    UNREFERENCED_PARAMETER(language);
    if (!make(&request, &message, &length))
        return 0;
    needed = base_return_ansi(message, length, NULL, 0);
    to = result_buffer(flags, buffer, needed, size, 1);
    if (to == NULL || (to == buffer && needed > size))
        needed = 1 + (DWORD)base_fail_with(to == NULL ? ERROR_NOT_ENOUGH_MEMORY
                                                      : ERROR_INSUFFICIENT_BUFFER);
    else
        base_return_ansi(message, length, to, needed);
    base_free(message);
    return needed - 1;
}

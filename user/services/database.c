#include "services/services.h"

#define SERVICES_KEY L"\\Registry\\Machine\\System\\CurrentControlSet\\Services"

LIST_ENTRY services = {&services, &services};

/* A value's record with room for the longest text. */
union value {
    struct nt_value_partial head;
    UCHAR bytes[sizeof(struct nt_value_partial) + sizeof(WCHAR[SVCCTL_MAX_PATH + 1])];
};

static ULONG text_length(const WCHAR *text)
{
    ULONG length = 0;

    while (text[length])
        length++;
    return length;
}

/* Copies up to `limit` units and a NUL. */
static void copy_text(WCHAR *to, const WCHAR *from, ULONG limit)
{
    ULONG i;

    for (i = 0; i < limit && from[i]; i++)
        to[i] = from[i];
    to[i] = 0;
}

static BOOLEAN equal_text(const WCHAR *a, const WCHAR *b)
{
    UNICODE_STRING first, second;

    RtlInitUnicodeString(&first, a);
    RtlInitUnicodeString(&second, b);
    return RtlEqualUnicodeString(&first, &second, TRUE);
}

void database_path(const struct service *service, struct service_path *path)
{
    const ULONG length = ARRAY_SIZE(SERVICES_KEY) - 1;

    copy_text(path->text, SERVICES_KEY, length);
    path->text[length] = '\\';
    copy_text(path->text + length + 1, service->name, SVCCTL_MAX_NAME);
}

/* ---- Keys and values ---- */

static NTSTATUS open_key(const WCHAR *path, ACCESS_MASK access, HANDLE *key)
{
    struct nt_named named;

    return NtOpenKey(key, access, nt_name(&named, NULL, path, 0));
}

static NTSTATUS open_service_key(const struct service *service, ACCESS_MASK access, HANDLE *key)
{
    struct service_path path;

    database_path(service, &path);
    return open_key(path.text, access, key);
}

static NTSTATUS set_value(HANDLE key, const WCHAR *name, ULONG type, const void *data, ULONG bytes)
{
    UNICODE_STRING string;

    RtlInitUnicodeString(&string, name);
    return NtSetValueKey(key, &string, 0, type, data, bytes);
}

static NTSTATUS set_text(HANDLE key, const WCHAR *name, ULONG type, const WCHAR *text)
{
    return set_value(key, name, type, text, (text_length(text) + 1) * sizeof(WCHAR));
}

static NTSTATUS set_number(HANDLE key, const WCHAR *name, ULONG number)
{
    return set_value(key, name, REG_DWORD, &number, sizeof(number));
}

/* The bytes of a value's data, 0 if there is none that fits. */
static ULONG get_value(HANDLE key, const WCHAR *name, union value *value)
{
    UNICODE_STRING string;
    ULONG needed;

    RtlInitUnicodeString(&string, name);
    if (!NT_SUCCESS(
            NtQueryValueKey(key, &string, NT_VALUE_PARTIAL, value, sizeof(*value), &needed)))
        return 0;
    return value->head.data_bytes;
}

static ULONG get_number(HANDLE key, const WCHAR *name, ULONG otherwise)
{
    union value value;

    return get_value(key, name, &value) == sizeof(ULONG) ? *(ULONG *)value.head.data : otherwise;
}

/* A text of up to `limit` units into `to`; what is missing reads as `otherwise`. */
static void get_text(HANDLE key, const WCHAR *name, WCHAR *to, ULONG limit, const WCHAR *otherwise)
{
    union value value;
    ULONG units = get_value(key, name, &value) / sizeof(WCHAR);

    if (units > limit)
        units = limit;
    copy_text(to, units ? (WCHAR *)value.head.data : otherwise, units ? units : limit);
}

/* ---- Records ---- */

static struct service *add(const WCHAR *name)
{
    struct service *service = nt_allocate(sizeof(*service));

    if (!service)
        return NULL;
    copy_text(service->name, name, SVCCTL_MAX_NAME);
    service->exit_code = ERROR_SERVICE_NEVER_STARTED;
    InsertTailList(&services, &service->link);
    return service;
}

static void drop(struct service *service)
{
    RemoveEntryList(&service->link);
    nt_free(service);
}

BOOLEAN database_exists(void)
{
    HANDLE key;

    if (!NT_SUCCESS(open_key(SERVICES_KEY, KEY_READ, &key)))
        return FALSE;
    NtClose(key);
    return TRUE;
}

void database_read(void)
{
    union {
        struct nt_key_basic head;
        UCHAR bytes[sizeof(struct nt_key_basic) + sizeof(WCHAR[SVCCTL_MAX_NAME + 1])];
    } record;
    ULONG needed;
    HANDLE key;

    if (!NT_SUCCESS(open_key(SERVICES_KEY, KEY_READ, &key)))
        return;
    for (ULONG i = 0;; i++) {
        NTSTATUS status =
            NtEnumerateKey(key, i, NT_KEY_BASIC, &record, sizeof(record) - sizeof(WCHAR), &needed);

        if (status == STATUS_NO_MORE_ENTRIES)
            break;
        if (!NT_SUCCESS(status)) /* too long a name for a service */
            continue;
        record.head.name[record.head.name_bytes / sizeof(WCHAR)] = 0;
        add(record.head.name);
    }
    NtClose(key);
}

struct service *database_find(const WCHAR *name)
{
    LIST_FOR_EACH(service, &services, struct service, link)
    if (equal_text(service->name, name))
        return service;
    return NULL;
}

struct service *database_find_display(const WCHAR *display)
{
    struct svcctl_message config;

    LIST_FOR_EACH(service, &services, struct service, link)
    if (database_get_config(service, &config) == ERROR_SUCCESS &&
        equal_text(config.display, display))
        return service;
    return NULL;
}

DWORD database_get_config(const struct service *service, struct svcctl_message *message)
{
    HANDLE key;
    NTSTATUS status = open_service_key(service, KEY_READ, &key);

    if (!NT_SUCCESS(status))
        return RtlNtStatusToDosError(status);
    message->type = get_number(key, L"Type", SERVICE_KERNEL_DRIVER);
    message->start = get_number(key, L"Start", SERVICE_DEMAND_START);
    message->error_control = get_number(key, L"ErrorControl", SERVICE_ERROR_IGNORE);
    get_text(key, L"DisplayName", message->display, SVCCTL_MAX_DISPLAY, service->name);
    get_text(key, L"ImagePath", message->path, SVCCTL_MAX_PATH, L"");
    NtClose(key);
    return ERROR_SUCCESS;
}

static NTSTATUS write_config(HANDLE key, const struct svcctl_message *message)
{
    NTSTATUS status = set_number(key, L"Type", message->type);

    if (NT_SUCCESS(status))
        status = set_number(key, L"Start", message->start);
    if (NT_SUCCESS(status))
        status = set_number(key, L"ErrorControl", message->error_control);
    if (NT_SUCCESS(status))
        status = set_text(key, L"ImagePath", REG_EXPAND_SZ, message->path);
    if (NT_SUCCESS(status) && message->display[0])
        status = set_text(key, L"DisplayName", REG_SZ, message->display);
    return status;
}

/* A key of that name which somebody made by hand is a service that exists, too. */
static DWORD create_key(const struct service *service, const struct svcctl_message *message)
{
    struct service_path path;
    struct nt_named named;
    ULONG disposition;
    HANDLE key;
    NTSTATUS status;

    database_path(service, &path);
    status = NtCreateKey(&key, KEY_ALL_ACCESS, nt_name(&named, NULL, path.text, 0), 0, NULL,
                         REG_OPTION_NON_VOLATILE, &disposition);
    if (!NT_SUCCESS(status))
        return RtlNtStatusToDosError(status);
    if (disposition == REG_OPENED_EXISTING_KEY) {
        NtClose(key);
        return ERROR_SERVICE_EXISTS;
    }
    status = write_config(key, message);
    if (!NT_SUCCESS(status))
        NtDeleteKey(key);
    NtClose(key);
    return NT_SUCCESS(status) ? ERROR_SUCCESS : RtlNtStatusToDosError(status);
}

static BOOLEAN is_taken(const WCHAR *display)
{
    return display[0] && (database_find(display) || database_find_display(display));
}

DWORD database_create(const struct svcctl_message *message, struct service **service)
{
    struct service *old = database_find(message->name);
    DWORD error;

    if (old)
        return old->deleted ? ERROR_SERVICE_MARKED_FOR_DELETE : ERROR_SERVICE_EXISTS;
    if (is_taken(message->display))
        return ERROR_DUPLICATE_SERVICE_NAME;
    *service = add(message->name);
    if (!*service)
        return ERROR_NOT_ENOUGH_MEMORY;
    error = create_key(*service, message);
    if (error != ERROR_SUCCESS)
        drop(*service);
    return error;
}

static void delete_service(struct service *service)
{
    HANDLE key;

    if (NT_SUCCESS(open_service_key(service, DELETE, &key))) {
        NtDeleteKey(key);
        NtClose(key);
    }
    drop(service);
}

void database_sweep(void)
{
    PLIST_ENTRY next;

    for (PLIST_ENTRY entry = services.Flink; entry != &services; entry = next) {
        struct service *service = CONTAINING_RECORD(entry, struct service, link);

        next = entry->Flink;
        if (service->deleted && !service->handles && driver_state(service) == SERVICE_STOPPED)
            delete_service(service);
    }
}

/*
 * What the children need, made for them, and what they leave behind by right, taken away: keys,
 * processes without threads, an event, requests and a driver.
 */
#include "hostile/hostile.h"

#include <winioctl.h>

#include "ioctl/async.h"

NTSTATUS NTAPI NtMakeTemporaryObject(HANDLE handle);

/* ---- The driver ---- */

#define SERVICES L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\"

static HANDLE create_key(const WCHAR *path)
{
    struct nt_named named;
    HANDLE key = NULL;

    NtCreateKey(&key, KEY_ALL_ACCESS, nt_name(&named, NULL, path, 0), 0, NULL, 0, NULL);
    return key;
}

static void set_value(HANDLE key, const WCHAR *name, ULONG type, const void *data, ULONG bytes)
{
    UNICODE_STRING string;

    RtlInitUnicodeString(&string, name);
    NtSetValueKey(key, &string, 0, type, data, bytes);
}

static void create_service(const WCHAR *path, const WCHAR *image, ULONG image_bytes)
{
    ULONG type = SERVICE_KERNEL_DRIVER, start = SERVICE_DEMAND_START;
    HANDLE key = create_key(path);

    set_value(key, L"Type", REG_DWORD, &type, sizeof type);
    set_value(key, L"Start", REG_DWORD, &start, sizeof start);
    set_value(key, L"ImagePath", REG_EXPAND_SZ, image, image_bytes);
    NtClose(key);
}

static NTSTATUS load_driver(const WCHAR *key, const WCHAR *image, ULONG image_bytes)
{
    UNICODE_STRING path;

    create_service(key, image, image_bytes);
    RtlInitUnicodeString(&path, key);
    return NtLoadDriver(&path);
}

NTSTATUS load_drivers(void)
{
    static const WCHAR async[] = L"\\??\\C:\\async.sys", walk[] = L"\\??\\C:\\pagewalk.sys";
    NTSTATUS status = load_driver(SERVICES L"async", async, sizeof async);

    return NT_SUCCESS(status) ? load_driver(SERVICES L"pagewalk", walk, sizeof walk) : status;
}

static void unload_other(void)
{
    UNICODE_STRING path;

    RtlInitUnicodeString(&path, HOSTILE_SERVICE);
    NtUnloadDriver(&path);
}

/* Requests that only this ends: their threads and processes wait for them. */
void release_requests(void)
{
    struct nt_named named;
    IO_STATUS_BLOCK io;
    HANDLE device;

    if (!NT_SUCCESS(NtOpenFile(&device, SYNCHRONIZE, nt_name(&named, NULL, ASYNC_DEVICE, 0), &io,
                               FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_SYNCHRONOUS_IO_NONALERT)))
        return;
    NtDeviceIoControlFile(device, NULL, NULL, NULL, &io, IOCTL_ASYNC_RELEASE, NULL, 0, NULL, 0);
    NtClose(device);
}

/* ---- What the children leave by right ---- */

struct key_record {
    struct nt_key_basic basic;
    WCHAR name[256];
};

static BOOLEAN next_key(HANDLE parent, ULONG index, struct key_record *record)
{
    ULONG needed;

    return NT_SUCCESS(NtEnumerateKey(parent, index, NT_KEY_BASIC, record, sizeof *record, &needed));
}

/* With all that is below it. */
static BOOLEAN remove_key_in(HANDLE parent, struct key_record *record)
{
    struct key_record below;
    struct nt_named named;
    HANDLE key = NULL;
    ULONG index = 0;
    BOOLEAN removed;

    nt_name(&named, parent, L"", 0);
    named.name.Buffer = record->basic.name; /* there may be NULs in it */
    named.name.Length = named.name.MaximumLength = (USHORT)record->basic.name_bytes;
    NtOpenKey(&key, KEY_ALL_ACCESS, &named.attributes);
    while (next_key(key, index, &below))
        index += !remove_key_in(key, &below);
    removed = NT_SUCCESS(NtDeleteKey(key));
    NtClose(key);
    return removed;
}

/* Makes what the children use by name. */
void set_out(void)
{
    static const WCHAR image[] = L"\\??\\C:\\VirtToPhys.sys";

    NtClose(create_key(HOSTILE_KEY));
    NtClose(create_key(HOSTILE_KEYS));
    create_service(HOSTILE_SERVICE, image, sizeof image);
}

/* ---- Keys where there were none ---- */

/* Keys that others use, in which a name that was overwritten meanwhile may have made new ones. */
static const WCHAR *const shared_keys[] = {
    L"\\Registry",
    L"\\Registry\\Machine",
    L"\\Registry\\Machine\\System",
    L"\\Registry\\Machine\\System\\CurrentControlSet",
    L"\\Registry\\Machine\\System\\CurrentControlSet\\Control",
    L"\\Registry\\Machine\\System\\CurrentControlSet\\Services",
};

enum { KNOWN_MAX = 32 };

static struct known {
    ULONG parent, hash;
} known[KNOWN_MAX];
static ULONG known_count;

static ULONG hash(ULONG parent, const struct key_record *record)
{
    ULONG hash = parent;

    for (ULONG i = 0; i < record->basic.name_bytes / sizeof(WCHAR); i++)
        hash = hash * 31 + record->basic.name[i];
    return hash;
}

static BOOLEAN is_known(ULONG parent, const struct key_record *record)
{
    for (ULONG i = 0; i < known_count; i++)
        if (known[i].parent == parent && known[i].hash == hash(parent, record))
            return TRUE;
    return FALSE;
}

static HANDLE open_shared(ULONG i)
{
    struct nt_named named;
    HANDLE key = NULL;

    NtOpenKey(&key, KEY_READ, nt_name(&named, NULL, shared_keys[i], 0));
    return key;
}

void remember_keys(void)
{
    struct key_record record;

    for (ULONG i = 0; i < COUNT_OF(shared_keys); i++) {
        HANDLE key = open_shared(i);

        for (ULONG index = 0; next_key(key, index, &record) && known_count < KNOWN_MAX; index++)
            known[known_count++] = (struct known){i, hash(i, &record)};
        NtClose(key);
    }
}

static void remove_strangers(void)
{
    struct key_record record;

    for (ULONG i = 0; i < COUNT_OF(shared_keys); i++) {
        HANDLE parent = open_shared(i);
        ULONG index = 0;

        while (next_key(parent, index, &record))
            index += is_known(i, &record) || !remove_key_in(parent, &record);
        NtClose(parent);
    }
}

/* ---- Other things ---- */

static void remove_event(void)
{
    struct nt_named named;
    HANDLE event;

    if (!NT_SUCCESS(NtOpenEvent(&event, DELETE, nt_name(&named, NULL, HOSTILE_PERMANENT, 0))))
        return;
    NtMakeTemporaryObject(event);
    NtClose(event);
}

/* Processes that children made and gave no thread: a handle to itself keeps such a one for ever. */
static void end_unstarted(const SYSTEM_PROCESS_INFORMATION *record)
{
    OBJECT_ATTRIBUTES attributes = {.Length = sizeof attributes};
    struct nt_client_id id = {record->UniqueProcessId, NULL};
    HANDLE process = NULL;
    ULONG arguments[] = {(ULONG)&process, PROCESS_TERMINATE, (ULONG)&attributes, (ULONG)&id};

    if (record->NumberOfThreads || !NT_SUCCESS(enter_by_int(SERVICE_NtOpenProcess, arguments)))
        return;
    NtTerminateProcess(process, STATUS_CANCELLED);
    NtClose(process);
}

static void remove_processes(void)
{
    static UCHAR buffer[0x10000];
    UCHAR *at = buffer;
    ULONG step;

    if (!NT_SUCCESS(
            NtQuerySystemInformation(SystemProcessInformation, buffer, sizeof buffer, NULL)))
        return;
    do {
        const SYSTEM_PROCESS_INFORMATION *record = (PVOID)at;

        step = record->NextEntryOffset;
        at += step;
        end_unstarted(record);
    } while (step);
}

void tidy(void)
{
    remove_processes();
    release_requests();
    unload_other();
    remove_strangers();
    remove_event();
}

#include "pagewalk.h"

#define SERVICE_NAME "PageWalk"
#define ANSWER_BYTES 0x10000 /* of one answer with many records */

static SC_HANDLE manager, service;
static BOOL created, started;
static HANDLE device = INVALID_HANDLE_VALUE;

static SC_HANDLE register_driver(void)
{
    char path[MAX_PATH], *file_part;

    GetFullPathNameA("pagewalk.sys", sizeof(path), path, &file_part);
    return CreateServiceA(manager, SERVICE_NAME, "Page Table Walker", SERVICE_ALL_ACCESS,
                          SERVICE_KERNEL_DRIVER, SERVICE_DEMAND_START, SERVICE_ERROR_IGNORE, path,
                          NULL, NULL, NULL, NULL, NULL);
}

/* A service that is there already stays as it is. */
static BOOL open_service(void)
{
    manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    if (manager == NULL)
        return FALSE;
    service = register_driver();
    created = service != NULL;
    if (service == NULL && GetLastError() == ERROR_SERVICE_EXISTS)
        service = OpenServiceA(manager, SERVICE_NAME, SERVICE_ALL_ACCESS);
    return service != NULL;
}

static BOOL open_device(void)
{
    if (!open_service())
        return FALSE;
    started = StartServiceA(service, 0, NULL);
    if (!started && GetLastError() != ERROR_SERVICE_ALREADY_RUNNING)
        return FALSE;
    device = CreateFileA("\\\\.\\" SERVICE_NAME, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE,
                         NULL, OPEN_EXISTING, 0, NULL);
    return device != INVALID_HANDLE_VALUE;
}

void device_end(void)
{
    SERVICE_STATUS status;

    if (device != INVALID_HANDLE_VALUE)
        CloseHandle(device);
    if (started)
        ControlService(service, SERVICE_CONTROL_STOP, &status);
    if (created)
        DeleteService(service);
    if (service != NULL)
        CloseServiceHandle(service);
    if (manager != NULL)
        CloseServiceHandle(manager);
}

BOOL device_ask(DWORD code, const struct pagewalk_question *question, void *answer, DWORD bytes,
                DWORD *returned)
{
    if (device == INVALID_HANDLE_VALUE && !open_device())
        return FALSE;
    return DeviceIoControl(device, code, (void *)question, sizeof(*question), answer, bytes,
                           returned, NULL);
}

/* One answer's records; FALSE if that was all. */
static BOOL show_answer(const struct pagewalk_head *head, DWORD record_bytes,
                        struct pagewalk_question *question, void (*show)(const void *record))
{
    const char *record = (const char *)(head + 1);

    for (DWORD i = 0; i < head->count; i++)
        show(record + i * record_bytes);
    question->process = head->process;
    question->address = head->address;
    return head->more != 0;
}

BOOL device_list(DWORD code, struct pagewalk_question question, DWORD record_bytes,
                 const char *heading, void (*show)(const void *record))
{
    struct pagewalk_head *head = HeapAlloc(GetProcessHeap(), 0, ANSWER_BYTES);
    DWORD returned;
    BOOL done;

    if (head == NULL)
        return FALSE;
    done = device_ask(code, &question, head, ANSWER_BYTES, &returned);
    if (done)
        say("%s", heading);
    while (done && show_answer(head, record_bytes, &question, show))
        done = device_ask(code, &question, head, ANSWER_BYTES, &returned);
    HeapFree(GetProcessHeap(), 0, head);
    return done;
}

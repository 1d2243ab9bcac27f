#include "services/services.h"

/*
 * Whether \Driver\NAME exists. Drivers cannot be opened from ring 3; but asking for something that is
 * no directory as a directory tells that from asking for nothing at all.
 */
static BOOLEAN is_loaded(const struct service *service)
{
    WCHAR path[ARRAY_SIZE(L"\\Driver\\") + SVCCTL_MAX_NAME];
    UNICODE_STRING name = {0, sizeof(path) - sizeof(WCHAR), path}, part;
    OBJECT_ATTRIBUTES attributes;
    HANDLE handle;

    RtlInitUnicodeString(&part, L"\\Driver\\");
    RtlAppendUnicodeStringToString(&name, &part);
    RtlInitUnicodeString(&part, service->name);
    RtlAppendUnicodeStringToString(&name, &part);
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenDirectoryObject(&handle, DIRECTORY_ALL_ACCESS, &attributes) ==
           STATUS_OBJECT_TYPE_MISMATCH;
}

DWORD driver_state(struct service *service)
{
    if (!is_loaded(service)) {
        service->stopping = FALSE;
        return SERVICE_STOPPED;
    }
    return service->stopping ? SERVICE_STOP_PENDING : SERVICE_RUNNING;
}

static NTSTATUS call_with_path(NTSTATUS(NTAPI *call)(PUNICODE_STRING),
                               const struct service *service)
{
    struct service_path path;
    UNICODE_STRING name;

    database_path(service, &path);
    RtlInitUnicodeString(&name, path.text);
    return call(&name);
}

DWORD driver_load(struct service *service)
{
    NTSTATUS status = call_with_path(NtLoadDriver, service);

    service->exit_code = NT_SUCCESS(status) ? ERROR_SUCCESS : RtlNtStatusToDosError(status);
    return service->exit_code;
}

/*
 * With files open on its devices the driver stays until the last is closed. One without DriverUnload
 * cannot be stopped: Windows says ERROR_INVALID_SERVICE_CONTROL then.
 */
DWORD driver_unload(struct service *service)
{
    NTSTATUS status = call_with_path(NtUnloadDriver, service);

    if (status == STATUS_INVALID_DEVICE_REQUEST)
        return ERROR_INVALID_SERVICE_CONTROL;
    if (!NT_SUCCESS(status))
        return RtlNtStatusToDosError(status);
    service->stopping = TRUE;
    return ERROR_SUCCESS;
}

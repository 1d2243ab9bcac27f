/* A driver is registered and started, and stopped and deleted again, as the tutorial's program does it. */
#include "conform.h"

static SC_HANDLE service_of(SC_HANDLE manager, const char *name, const char *file)
{
    char path[TEXT_SIZE];

    GetFullPathNameA(file, sizeof(path), path, NULL);
    return CreateServiceA(manager, name, NULL, SERVICE_ALL_ACCESS, SERVICE_KERNEL_DRIVER,
                          SERVICE_DEMAND_START, SERVICE_ERROR_IGNORE, path, NULL, NULL, NULL, NULL,
                          NULL);
}

BOOL driver_start(const char *name, const char *file)
{
    SC_HANDLE manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    SC_HANDLE service = manager != NULL ? service_of(manager, name, file) : NULL;
    BOOL started = service != NULL && StartServiceA(service, 0, NULL);

    if (service != NULL && !started)
        DeleteService(service);
    if (service != NULL)
        CloseServiceHandle(service);
    if (manager != NULL)
        CloseServiceHandle(manager);
    return started;
}

void driver_stop(const char *name)
{
    SC_HANDLE manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    SC_HANDLE service = OpenServiceA(manager, name, SERVICE_ALL_ACCESS);
    SERVICE_STATUS status;

    ControlService(service, SERVICE_CONTROL_STOP, &status);
    DeleteService(service);
    CloseServiceHandle(service);
    CloseServiceHandle(manager);
}

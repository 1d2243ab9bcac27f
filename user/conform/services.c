/* The service control manager. docs: the page of each function; the codes are those of System Error Codes. */
#include "conform.h"

#define NAME    "ConformSvc"
#define FILE_OF "VirtToPhys.sys"

static SC_HANDLE create(SC_HANDLE manager, const char *name, const char *path)
{
    return CreateServiceA(manager, name, "Shown name", SERVICE_ALL_ACCESS, SERVICE_KERNEL_DRIVER,
                          SERVICE_DEMAND_START, SERVICE_ERROR_IGNORE, path, NULL, NULL, NULL, NULL,
                          NULL);
}

static void check_refusals(SC_HANDLE manager)
{
    expect_failure(CALL(OpenServiceA(manager, "NoSuchService", SERVICE_ALL_ACCESS)), 0, 1060,
                   "a missing service is 1060");
    expect_failure(CALL(OpenServiceA(manager, "a/b", SERVICE_ALL_ACCESS)), 0, 123,
                   "a name with a slash is 123");
    expect_error(CALL(CloseServiceHandle((SC_HANDLE)NULL)), 6, "no handle is 6");
    /* Wine: advapi32/tests/service.c */
    expect_failure(CALL(OpenSCManagerA(NULL, "NoSuchDatabase", SC_MANAGER_CONNECT)), 0, 123,
                   "a database of another name is 123");
    expect_failure(CALL(OpenSCManagerA(NULL, SERVICES_FAILED_DATABASEA, SC_MANAGER_CONNECT)), 0,
                   1065, "the other database is not there: 1065");
}

/* docs: QueryServiceStatus, QueryServiceConfig */
static void check_stopped(SC_HANDLE service)
{
    SERVICE_STATUS status = {0};
    DWORD needed = 0, room[256];
    QUERY_SERVICE_CONFIGA *config = (QUERY_SERVICE_CONFIGA *)room;

    expect_success(CALL(QueryServiceStatus(service, &status)), "its status can be asked for");
    expect_value(status.dwServiceType, SERVICE_KERNEL_DRIVER, "it is a driver");
    expect_value(status.dwCurrentState, SERVICE_STOPPED, "that is stopped");
    expect_error(CALL(ControlService(service, SERVICE_CONTROL_STOP, &status)), 1062,
                 "stopping it is 1062");
    expect_error(CALL(QueryServiceConfigA(service, NULL, 0, &needed)), 122,
                 "no room for its configuration is 122");
    expect(needed > sizeof(*config), "and what is needed is told");
    expect(QueryServiceConfigA(service, config, sizeof(room), &needed), "with room it is given");
    expect_value(config->dwStartType, SERVICE_DEMAND_START, "it starts on demand");
    expect_value(config->dwErrorControl, SERVICE_ERROR_IGNORE, "its errors are ignored");
    expect(text_ends_with(config->lpBinaryPathName, FILE_OF), "its file is the one");
    expect_text(config->lpDisplayName, "Shown name", "and its shown name");
}

/* docs: OpenService: what is not asked for is refused with 5 */
static void check_access(SC_HANDLE manager)
{
    SC_HANDLE service = OpenServiceA(manager, NAME, SERVICE_QUERY_STATUS);
    SC_HANDLE connected = OpenSCManagerA(NULL, NULL, SC_MANAGER_CONNECT);
    SERVICE_STATUS status;

    expect_success(CALL(QueryServiceStatus(service, &status)), "opened to query it can be");
    expect_error(CALL(StartServiceA(service, 0, NULL)), 5, "but not started: 5");
    expect_error(CALL(ControlService(service, SERVICE_CONTROL_STOP, &status)), 5, "nor stopped: 5");
    expect_error(CALL(DeleteService(service)), 5, "nor deleted: 5");
    expect_failure(CALL(create(connected, "Another", "C:\\x.sys")), 0, 5,
                   "a manager for connecting creates none: 5");
    CloseServiceHandle(service);
    CloseServiceHandle(connected);
}

/* docs: EnumServicesStatus */
static void check_list(SC_HANDLE manager)
{
    static ENUM_SERVICE_STATUSA room[512];
    DWORD needed = 0, count = 0, resume = 0, i;
    BOOL found = FALSE;

    expect_error(CALL(EnumServicesStatusA(manager, SERVICE_DRIVER, SERVICE_STATE_ALL, room, 0,
                                          &needed, &count, &resume)),
                 ERROR_MORE_DATA, "no room for the list is 234");
    expect(needed > 0, "and the list's size is told");
    resume = 0;
    expect(EnumServicesStatusA(manager, SERVICE_DRIVER, SERVICE_STATE_ALL, room, sizeof(room),
                               &needed, &count, &resume),
           "with room the list is given");
    for (i = 0; i < count; i++)
        found = found || text_equal_caseless(room[i].lpServiceName, NAME);
    expect(found, "the service is in it");
}

/* docs: DeleteService: marked at once, removed when the last handle is closed */
static void check_delete(SC_HANDLE manager, SC_HANDLE service)
{
    expect_success(CALL(DeleteService(service)), "it is deleted");
    expect_error(CALL(DeleteService(service)), 1072, "twice is 1072");
    expect_failure(CALL(create(manager, NAME, "C:\\x.sys")), 0, 1072,
                   "as long as a handle is open it blocks its name: 1072");
    CloseServiceHandle(service);
    expect_failure(CALL(OpenServiceA(manager, NAME, SERVICE_ALL_ACCESS)), 0, 1060,
                   "without one it is gone");
}

/* docs: StartService, ERROR_FILE_NOT_FOUND; the state that follows is the one before */
static void check_missing_file(SC_HANDLE manager)
{
    SC_HANDLE service = create(manager, "ConformNone", "C:\\no such file.sys");
    SERVICE_STATUS status = {0};

    expect_success((struct outcome){(DWORD_PTR)service, UNTOUCHED},
                   "a missing file can be registered");
    expect_error(CALL(StartServiceA(service, 0, NULL)), 2, "but not started: 2");
    QueryServiceStatus(service, &status);
    expect_value(status.dwCurrentState, SERVICE_STOPPED, "it stays stopped");
    DeleteService(service);
    CloseServiceHandle(service);
}

static void check_service(SC_HANDLE manager)
{
    SC_HANDLE service;
    char path[TEXT_SIZE];

    GetFullPathNameA(FILE_OF, sizeof(path), path, NULL);
    service = create(manager, NAME, path);
    if (service == NULL) {
        skip("a service can be created", "this machine does not let us");
        return;
    }
    expect(TRUE, "a service can be created");
    expect_failure(CALL(create(manager, NAME, path)), 0, 1073, "a name that exists is 1073");
    expect_failure(CALL(create(manager, "CONFORMSVC", path)), 0, 1073, "in any case");
    check_stopped(service);
    check_access(manager);
    check_list(manager);
    check_delete(manager, service);
    check_missing_file(manager);
}

void check_services(void)
{
    SC_HANDLE manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_ALL_ACCESS);

    if (manager == NULL) {
        skip("the manager can be opened", "this machine does not let us");
        return;
    }
    expect(TRUE, "the manager can be opened");
    check_refusals(manager);
    check_service(manager);
    expect_success(CALL(CloseServiceHandle(manager)), "and closed");
}

/* sc: services by the service control manager. */
#include "cmd.h"

#define FIRST_SIZE 4096

/* Does a subcommand; `service` is open with `rights`, or NULL where it is not to be opened. */
struct action {
    const char *name, *usage;
    int least, most; /* words behind it */
    DWORD manager_rights, service_rights;
    BOOL (*run)(SC_HANDLE manager, SC_HANDLE service, const struct line *line);
};

/* ---- query ---- */

static const char *state_name(DWORD state)
{
    static const char *const names[] = {
        "?",       "STOPPED",          "START_PENDING", "STOP_PENDING",
        "RUNNING", "CONTINUE_PENDING", "PAUSE_PENDING", "PAUSED",
    };

    return state < sizeof(names) / sizeof(names[0]) ? names[state] : names[0];
}

static const char *type_name(DWORD type)
{
    switch (type) {
    case SERVICE_KERNEL_DRIVER:
        return "KERNEL_DRIVER";
    case SERVICE_FILE_SYSTEM_DRIVER:
        return "FILE_SYSTEM_DRIVER";
    default:
        return "PROCESS";
    }
}

static void list_heading(void)
{
    say("%-11s  %-13s  %-12s  %s\r\n", "Name", "Type", "State", "Display name");
}

static void list_service(const char *name, const char *display, const SERVICE_STATUS *status)
{
    say("%-11s  %-13s  %-12s  %s\r\n", name, type_name(status->dwServiceType),
        state_name(status->dwCurrentState), display);
}

/* All services, for HeapFree; NULL with the last error set. */
static ENUM_SERVICE_STATUSA *read_list(SC_HANDLE manager, DWORD *count)
{
    DWORD needed, resume;

    for (DWORD size = FIRST_SIZE;; size *= 2) {
        ENUM_SERVICE_STATUSA *list = HeapAlloc(GetProcessHeap(), 0, size);
        DWORD error;

        resume = 0;
        if (list == NULL ||
            EnumServicesStatusA(manager, SERVICE_DRIVER | SERVICE_WIN32, SERVICE_STATE_ALL, list,
                                size, &needed, count, &resume))
            return list;
        error = GetLastError();
        HeapFree(GetProcessHeap(), 0, list);
        SetLastError(error);
        if (error != ERROR_MORE_DATA)
            return NULL;
    }
}

static BOOL query_all(SC_HANDLE manager)
{
    DWORD count;
    ENUM_SERVICE_STATUSA *list = read_list(manager, &count);

    if (list == NULL)
        return FALSE;
    if (count == 0)
        say("There are no services.\r\n");
    else
        list_heading();
    for (DWORD i = 0; i < count; i++)
        list_service(list[i].lpServiceName, list[i].lpDisplayName, &list[i].ServiceStatus);
    HeapFree(GetProcessHeap(), 0, list);
    return TRUE;
}

static BOOL query_one(SC_HANDLE service, const char *name)
{
    union {
        QUERY_SERVICE_CONFIGA config;
        char room[2048];
    } buffer;
    SERVICE_STATUS status;
    DWORD needed;

    if (!QueryServiceStatus(service, &status) ||
        !QueryServiceConfigA(service, &buffer.config, sizeof(buffer), &needed))
        return FALSE;
    list_heading();
    list_service(name, buffer.config.lpDisplayName, &status);
    say("Image: %s\r\n", buffer.config.lpBinaryPathName);
    return TRUE;
}

static BOOL query(SC_HANDLE manager, SC_HANDLE service, const struct line *line)
{
    return service != NULL ? query_one(service, line->words[2]) : query_all(manager);
}

/* ---- The others ---- */

/* The driver's file: `create NAME FILE`, or as Windows writes it, `create NAME binPath= FILE`. */
static BOOL create(SC_HANDLE manager, SC_HANDLE service, const struct line *line)
{
    const char *name = line->words[2], *file = line->words[line->count - 1];
    char path[MAX_PATH], *name_part;

    UNREFERENCED_PARAMETER(service);
    if (line->count == 5 && words_compare(line->words[3], "binPath=") != 0) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    if (GetFullPathNameA(file, sizeof(path), path, &name_part) == 0)
        return FALSE;
    service = CreateServiceA(manager, name, name, SERVICE_QUERY_STATUS, SERVICE_KERNEL_DRIVER,
                             SERVICE_DEMAND_START, SERVICE_ERROR_IGNORE, path, NULL, NULL, NULL,
                             NULL, NULL);
    return service != NULL && CloseServiceHandle(service);
}

static BOOL start_service(SC_HANDLE manager, SC_HANDLE service, const struct line *line)
{
    UNREFERENCED_PARAMETER(manager);
    UNREFERENCED_PARAMETER(line);
    return StartServiceA(service, 0, NULL);
}

static BOOL stop_service(SC_HANDLE manager, SC_HANDLE service, const struct line *line)
{
    SERVICE_STATUS status;

    UNREFERENCED_PARAMETER(manager);
    UNREFERENCED_PARAMETER(line);
    return ControlService(service, SERVICE_CONTROL_STOP, &status);
}

static BOOL delete_service(SC_HANDLE manager, SC_HANDLE service, const struct line *line)
{
    UNREFERENCED_PARAMETER(manager);
    UNREFERENCED_PARAMETER(line);
    return DeleteService(service);
}

static const struct action actions[] = {
    {"query", "query [NAME]", 0, 1, SC_MANAGER_ENUMERATE_SERVICE,
     SERVICE_QUERY_STATUS | SERVICE_QUERY_CONFIG, query},
    {"create", "create NAME [binPath=] FILE", 2, 3, SC_MANAGER_CREATE_SERVICE, 0, create},
    {"start", "start NAME", 1, 1, SC_MANAGER_CONNECT, SERVICE_START, start_service},
    {"stop", "stop NAME", 1, 1, SC_MANAGER_CONNECT, SERVICE_STOP, stop_service},
    {"delete", "delete NAME", 1, 1, SC_MANAGER_CONNECT, DELETE, delete_service},
};

static const struct action *find(const struct line *line)
{
    const char *name = line->count > 1 ? line->words[1] : "";
    int words = line->count - 2;

    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        if (words_compare(actions[i].name, name) == 0 && words >= actions[i].least &&
            words <= actions[i].most)
            return &actions[i];
    return NULL;
}

static void say_usage(void)
{
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        say("%s sc %s\r\n", i == 0 ? "Usage:" : "      ", actions[i].usage);
    errorlevel = 1;
}

/* With the manager open; FALSE with the last error set. */
static BOOL perform(const struct action *action, SC_HANDLE manager, const struct line *line)
{
    SC_HANDLE service = NULL;
    DWORD error;
    BOOL done;

    if (action->service_rights != 0 && line->count > 2) {
        service = OpenServiceA(manager, line->words[2], action->service_rights);
        if (service == NULL)
            return FALSE;
    }
    done = action->run(manager, service, line);
    error = GetLastError();
    if (service != NULL)
        CloseServiceHandle(service);
    SetLastError(error);
    return done;
}

void command_sc(const struct line *line)
{
    const struct action *action = find(line);
    const char *subject = line->count > 2 ? line->words[2] : "sc";
    SC_HANDLE manager;

    if (action == NULL) {
        say_usage();
        return;
    }
    manager = OpenSCManagerA(NULL, NULL, action->manager_rights);
    if (manager == NULL) {
        commands_fail("sc", GetLastError());
        return;
    }
    if (!perform(action, manager, line))
        commands_fail(subject, GetLastError());
    CloseServiceHandle(manager);
}

#include "services/services.h"

/* A call on its way: what was asked, and the handle that it was asked of. */
struct call {
    struct client *client;
    struct sc_handle *handle; /* NULL for OpenSCManager */
    struct service *service;  /* the handle's */
    struct svcctl_message *message;
};

/* ---- What is a valid name, path, type? ---- */

static BOOLEAN is_name(const WCHAR *name)
{
    for (const WCHAR *at = name; *at; at++)
        if (*at == '/' || *at == '\\')
            return FALSE;
    return name[0] != 0;
}

/* What Windows calls services and this system does not offer. */
static BOOLEAN is_other_type(ULONG type)
{
    return type == SERVICE_FILE_SYSTEM_DRIVER ||
           (type & ~SERVICE_INTERACTIVE_PROCESS) == SERVICE_WIN32_OWN_PROCESS ||
           (type & ~SERVICE_INTERACTIVE_PROCESS) == SERVICE_WIN32_SHARE_PROCESS;
}

static DWORD check_config(const struct svcctl_message *message)
{
    if (!is_name(message->name))
        return ERROR_INVALID_NAME;
    if (is_other_type(message->type))
        return ERROR_NOT_SUPPORTED;
    if (message->type != SERVICE_KERNEL_DRIVER || message->start > SERVICE_DISABLED ||
        message->error_control > SERVICE_ERROR_CRITICAL || !message->path[0])
        return ERROR_INVALID_PARAMETER;
    return ERROR_SUCCESS;
}

/*
 * A driver's path as the kernel takes it: "C:\x.sys" becomes "\??\C:\x.sys"; one that begins with a
 * backslash is the kernel's own already, and any other is kept as it is, too. FALSE: too long.
 */
static BOOLEAN make_native(WCHAR path[SVCCTL_MAX_PATH + 1])
{
    static const WCHAR prefix[] = {'\\', '?', '?', '\\'};
    ULONG length = 0;

    if (path[1] != ':')
        return TRUE;
    while (path[length])
        length++;
    if (length + ARRAY_SIZE(prefix) > SVCCTL_MAX_PATH)
        return FALSE;
    memmove(path + ARRAY_SIZE(prefix), path, (length + 1) * sizeof(WCHAR));
    memcpy(path, prefix, sizeof(prefix));
    return TRUE;
}

/* ---- Calls of the manager ---- */

static DWORD open_manager(struct call *call)
{
    if (!database_exists())
        return ERROR_DATABASE_DOES_NOT_EXIST;
    return handle_open(call->client, NULL, call->message->access, &call->message->handle);
}

static DWORD create_service(struct call *call)
{
    struct svcctl_message *message = call->message;
    struct service *service;
    DWORD error = check_config(message);

    if (error != ERROR_SUCCESS)
        return error;
    if (!make_native(message->path))
        return ERROR_INVALID_PARAMETER;
    error = database_create(message, &service);
    if (error != ERROR_SUCCESS)
        return error;
    error = handle_open(call->client, service, message->access, &message->handle);
    if (error != ERROR_SUCCESS)
        service->deleted = TRUE; /* nothing of it is left after the next sweep */
    return error;
}

static DWORD open_service(struct call *call)
{
    struct svcctl_message *message = call->message;
    struct service *service = database_find(message->name);

    if (!is_name(message->name))
        return ERROR_INVALID_NAME;
    if (!service)
        return ERROR_SERVICE_DOES_NOT_EXIST;
    return handle_open(call->client, service, message->access, &message->handle);
}

static void copy_name(WCHAR *to, const struct service *service)
{
    memcpy(to, service->name, sizeof(service->name));
}

static DWORD get_display_name(struct call *call)
{
    struct service *service = database_find(call->message->name);

    return service ? database_get_config(service, call->message) : ERROR_SERVICE_DOES_NOT_EXIST;
}

static DWORD get_key_name(struct call *call)
{
    struct service *service = database_find_display(call->message->display);

    if (!service)
        return ERROR_SERVICE_DOES_NOT_EXIST;
    copy_name(call->message->name, service);
    return ERROR_SUCCESS;
}

/* ---- Calls of a service ---- */

static void fill_status(struct service *service, SERVICE_STATUS *status)
{
    *status = (SERVICE_STATUS){
        .dwServiceType = SERVICE_KERNEL_DRIVER,
        .dwCurrentState = driver_state(service),
        .dwWin32ExitCode = service->exit_code,
    };
    if (status->dwCurrentState == SERVICE_RUNNING)
        status->dwControlsAccepted = SERVICE_ACCEPT_STOP;
}

/* `type` and `start` of the message are masks here: which types, and which states. */
static BOOLEAN is_wanted(const struct svcctl_message *message, DWORD state)
{
    ULONG group = state == SERVICE_STOPPED ? SERVICE_INACTIVE : SERVICE_ACTIVE;

    return message->type & SERVICE_KERNEL_DRIVER && message->start & group;
}

static DWORD enumerate(struct call *call)
{
    struct svcctl_message *message = call->message;
    ULONG number = 0;

    LIST_FOR_EACH(service, &services, struct service, link)
    {
        if (number++ < message->number || !is_wanted(message, driver_state(service)))
            continue;
        copy_name(message->name, service);
        fill_status(service, &message->status);
        message->number = number;
        return database_get_config(service, message);
    }
    return ERROR_NO_MORE_ITEMS;
}

static DWORD start_service(struct call *call)
{
    struct svcctl_message config;
    DWORD error = database_get_config(call->service, &config);

    if (error != ERROR_SUCCESS)
        return error;
    if (config.start == SERVICE_DISABLED)
        return ERROR_SERVICE_DISABLED;
    if (call->service->deleted)
        return ERROR_SERVICE_MARKED_FOR_DELETE;
    if (driver_state(call->service) != SERVICE_STOPPED)
        return ERROR_SERVICE_ALREADY_RUNNING;
    return driver_load(call->service);
}

/* The right that a control needs; 0: there is no such control. */
static ACCESS_MASK control_access(ULONG control)
{
    switch (control) {
    case SERVICE_CONTROL_STOP:
        return SERVICE_STOP;
    case SERVICE_CONTROL_PAUSE:
    case SERVICE_CONTROL_CONTINUE:
    case SERVICE_CONTROL_PARAMCHANGE:
        return SERVICE_PAUSE_CONTINUE;
    case SERVICE_CONTROL_INTERROGATE:
        return SERVICE_INTERROGATE;
    default:
        return control >= 128 && control <= 255 ? SERVICE_USER_DEFINED_CONTROL : 0;
    }
}

/* A driver takes two controls: stop and, which is answered here, interrogate. */
static DWORD control_driver(struct service *service, ULONG control)
{
    DWORD state = driver_state(service);

    if (control != SERVICE_CONTROL_STOP && control != SERVICE_CONTROL_INTERROGATE)
        return ERROR_INVALID_SERVICE_CONTROL;
    if (state == SERVICE_STOPPED)
        return ERROR_SERVICE_NOT_ACTIVE;
    if (control == SERVICE_CONTROL_INTERROGATE)
        return ERROR_SUCCESS;
    return state == SERVICE_STOP_PENDING ? ERROR_SERVICE_CANNOT_ACCEPT_CTRL
                                         : driver_unload(service);
}

static DWORD control_service(struct call *call)
{
    ULONG control = call->message->number;
    ACCESS_MASK needed = control_access(control);
    DWORD error;

    if (!needed)
        return ERROR_INVALID_PARAMETER;
    if (!(call->handle->access & needed))
        return ERROR_ACCESS_DENIED;
    error = control_driver(call->service, control);
    fill_status(call->service, &call->message->status);
    return error;
}

static DWORD query_status(struct call *call)
{
    fill_status(call->service, &call->message->status);
    return ERROR_SUCCESS;
}

static DWORD query_config(struct call *call)
{
    return database_get_config(call->service, call->message);
}

static DWORD delete_service(struct call *call)
{
    if (call->service->deleted)
        return ERROR_SERVICE_MARKED_FOR_DELETE;
    call->service->deleted = TRUE;
    return ERROR_SUCCESS;
}

static DWORD close_handle(struct call *call)
{
    handle_close(call->handle);
    return ERROR_SUCCESS;
}

/* ---- Which call is which ---- */

enum target { NOBODY, MANAGER, SERVICE, ANY };

static const struct operation {
    DWORD (*perform)(struct call *call);
    enum target target; /* what its handle must be to */
    ACCESS_MASK access; /* and must have been granted */
    const char *logged; /* its name on the log, or NULL */
} operations[SVCCTL_OPERATIONS] = {
    [SVCCTL_OPEN_MANAGER] = {open_manager, NOBODY, 0, "open"},
    [SVCCTL_CREATE_SERVICE] = {create_service, MANAGER, SC_MANAGER_CREATE_SERVICE, "create"},
    [SVCCTL_OPEN_SERVICE] = {open_service, MANAGER, SC_MANAGER_CONNECT, NULL},
    [SVCCTL_START_SERVICE] = {start_service, SERVICE, SERVICE_START, "start"},
    [SVCCTL_CONTROL_SERVICE] = {control_service, SERVICE, 0, "control"},
    [SVCCTL_QUERY_STATUS] = {query_status, SERVICE, SERVICE_QUERY_STATUS, NULL},
    [SVCCTL_QUERY_CONFIG] = {query_config, SERVICE, SERVICE_QUERY_CONFIG, NULL},
    [SVCCTL_ENUMERATE] = {enumerate, MANAGER, SC_MANAGER_ENUMERATE_SERVICE, NULL},
    [SVCCTL_GET_DISPLAY_NAME] = {get_display_name, MANAGER, SC_MANAGER_CONNECT, NULL},
    [SVCCTL_GET_KEY_NAME] = {get_key_name, MANAGER, SC_MANAGER_CONNECT, NULL},
    [SVCCTL_DELETE_SERVICE] = {delete_service, SERVICE, DELETE, "delete"},
    [SVCCTL_CLOSE_HANDLE] = {close_handle, ANY, 0, NULL},
};

static DWORD check_handle(const struct call *call, const struct operation *operation)
{
    if (operation->target == NOBODY)
        return ERROR_SUCCESS;
    if (!call->handle || (operation->target == MANAGER && call->service) ||
        (operation->target == SERVICE && !call->service))
        return ERROR_INVALID_HANDLE;
    return operation->access & ~call->handle->access ? ERROR_ACCESS_DENIED : ERROR_SUCCESS;
}

/* Names come from outside: what is not a plain character stands as '?'. */
void calls_log(const char *call, const WCHAR *service, DWORD error)
{
    char name[SVCCTL_MAX_NAME + 1];
    ULONG i;

    for (i = 0; i < SVCCTL_MAX_NAME && service[i]; i++)
        name[i] =
            service[i] > ' ' && service[i] < 0x7F && service[i] != '"' ? (char)service[i] : '?';
    name[i] = 0;
    DbgPrint("[scm] call=%s service=%s error=%lu\n", call, i ? name : "-", error);
}

static void log_call(const struct operation *operation, const struct call *call)
{
    if (operation->logged)
        calls_log(operation->logged, call->service ? call->service->name : call->message->name,
                  call->message->error);
}

/* Texts of a client end where their fields end. */
static void terminate_texts(struct svcctl_message *message)
{
    message->name[SVCCTL_MAX_NAME] = 0;
    message->display[SVCCTL_MAX_DISPLAY] = 0;
    message->path[SVCCTL_MAX_PATH] = 0;
}

void calls_perform(struct client *client, struct svcctl_message *message)
{
    struct call call = {client, handle_find(client, message->handle), NULL, message};
    const struct operation *operation;

    if (message->operation >= SVCCTL_OPERATIONS) {
        message->error = ERROR_INVALID_PARAMETER;
        return;
    }
    operation = &operations[message->operation];
    call.service = call.handle ? call.handle->service : NULL;
    terminate_texts(message);
    message->error = check_handle(&call, operation);
    if (message->error == ERROR_SUCCESS)
        message->error = operation->perform(&call);
    log_call(operation, &call);
    database_sweep();
}

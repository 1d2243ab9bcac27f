/* services.exe, started by smss.exe: the port, and who is connected to it. */
#include "services/services.h"

struct client {
    HANDLE port;
};

void WINAPI start(void);

/* ---- What clients send ---- */

/* The record is freed when the port has said that the client is gone. */
static void accept_client(struct svcctl_message *request)
{
    struct client *client = nt_allocate(sizeof(*client));
    HANDLE port;

    if (!client) {
        NtAcceptConnectPort(&port, NULL, &request->port, FALSE, NULL, NULL);
        return;
    }
    if (NT_SUCCESS(NtAcceptConnectPort(&client->port, client, &request->port, TRUE, NULL, NULL)))
        NtCompleteConnectPort(client->port);
    else
        nt_free(client);
}

/* The client has ended, or closed its connection: its handles go, and what only they kept. */
static void forget_client(struct client *client)
{
    handle_close_all(client);
    NtClose(client->port);
    nt_free(client);
    database_sweep();
}

/* The reply, in place of the request. */
static PPORT_MESSAGE perform(struct client *client, struct svcctl_message *request)
{
    if (request->port.DataLength == SVCCTL_DATA_BYTES)
        calls_perform(client, request);
    else
        request->error = ERROR_INVALID_PARAMETER;
    request->port.DataLength = SVCCTL_DATA_BYTES;
    request->port.TotalLength = sizeof(*request);
    return &request->port;
}

/* What to send before the next message is received. */
static PPORT_MESSAGE handle(struct client *client, struct svcctl_message *message)
{
    switch (message->port.Type) {
    case LPC_CONNECTION_REQUEST:
        accept_client(message);
        return NULL;
    case LPC_PORT_CLOSED:
        forget_client(client);
        return NULL;
    case LPC_REQUEST:
        return perform(client, message);
    default: /* LPC_CLIENT_DIED: its port will be closed, too */
        return NULL;
    }
}

static NTSTATUS serve(HANDLE port)
{
    static struct svcctl_message message;
    PPORT_MESSAGE reply = NULL;

    for (;;) {
        PVOID client;
        NTSTATUS status = NtReplyWaitReceivePort(port, &client, reply, &message.port);

        if (NT_SUCCESS(status))
            reply = handle(client, &message);
        else if (reply) /* nobody waits for it any longer */
            reply = NULL;
        else
            return status;
    }
}

/* ---- Start ---- */

/* Drivers that shall be there from the start, in the order of the registry. */
static void start_drivers(void)
{
    struct svcctl_message config;

    LIST_FOR_EACH(service, &services, struct service, link)
    if (database_get_config(service, &config) == ERROR_SUCCESS &&
        config.start <= SERVICE_AUTO_START)
        calls_log("autostart", service->name, driver_load(service));
}

static NTSTATUS create_port(HANDLE *port)
{
    struct nt_named named;
    HANDLE directory;
    NTSTATUS status = NtCreateDirectoryObject(&directory, DIRECTORY_ALL_ACCESS,
                                              nt_name(&named, NULL, SVCCTL_DIRECTORY, OBJ_OPENIF));

    if (!NT_SUCCESS(status))
        return status;
    return NtCreatePort(port, nt_name(&named, NULL, SVCCTL_PORT, 0), 0,
                        sizeof(struct svcctl_message), 0);
}

/* Whoever waits for the service control manager may connect now. */
static NTSTATUS set_event(void)
{
    struct nt_named named;
    HANDLE event;
    NTSTATUS status = NtCreateEvent(&event, EVENT_ALL_ACCESS,
                                    nt_name(&named, NULL, SVCCTL_START_EVENT, OBJ_OPENIF),
                                    NT_NOTIFICATION, FALSE);

    return NT_SUCCESS(status) ? NtSetEvent(event, NULL) : status;
}

/* Handles stay open as long as the process lives. */
void WINAPI start(void)
{
    HANDLE port;
    NTSTATUS status = create_port(&port);

    if (NT_SUCCESS(status)) {
        handle_init();
        database_read();
        start_drivers();
        status = set_event();
    }
    if (NT_SUCCESS(status))
        status = serve(port);
    DbgPrint("[scm] problem=\"ends with status %08lX\"\n", status);
    ExitProcess((UINT)status);
}

/* Making a connection: the client asks, the server accepts and completes. */
#include "lpc/lpcp.h"

#include "ps/process.h"

/* A connection port by name, with a pointer for the caller. */
static NTSTATUS find_port(PUNICODE_STRING name, struct lpc_port **port)
{
    NTSTATUS status =
        ObReferenceObjectByName(name, OBJ_CASE_INSENSITIVE, NULL, PORT_CONNECT, lpc_port_type,
                                ke_previous_mode(), NULL, (PVOID *)port);

    if (NT_SUCCESS(status) && (*port)->closed) {
        ObfDereferenceObject(*port);
        status = STATUS_PORT_DISCONNECTED;
    }
    return status;
}

/* What the client says, and then hears, on connecting. */
struct greeting {
    PVOID text;
    ULONG bytes;
};

static NTSTATUS ask(struct lpc_port *client, struct greeting *greeting)
{
    struct lpc_port *connection = client->connection;
    struct lpc_call *call = lpc_call_create(connection, NULL);
    ULONG bytes = greeting->bytes;
    NTSTATUS status;

    if (!call)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (bytes > connection->max_connect_bytes)
        bytes = connection->max_connect_bytes;
    call->client = client;
    lpc_call_set(call, LPC_CONNECTION_REQUEST, bytes);
    status = lpc_copy_in(call->data, greeting->text, bytes);
    if (NT_SUCCESS(status))
        status = lpc_send(&call);
    if (NT_SUCCESS(status) && greeting->bytes > call->message.DataLength)
        greeting->bytes = call->message.DataLength;
    if (NT_SUCCESS(status))
        status = lpc_copy_out(greeting->text, call->data, greeting->bytes);
    if (call)
        lpc_call_free(call);
    return status;
}

/* The new client port gets its handle once it is connected. */
static NTSTATUS connect(struct lpc_port *connection, struct greeting *greeting, PHANDLE handle)
{
    struct lpc_port *client = lpc_port_create(LPC_CLIENT_PORT, connection);
    NTSTATUS status;

    if (!client)
        return STATUS_INSUFFICIENT_RESOURCES;
    status = ask(client, greeting);
    if (NT_SUCCESS(status))
        status = ob_create_handle(client, PORT_ALL_ACCESS, 0, handle);
    if (!NT_SUCCESS(status))
        ObfDereferenceObject(client);
    return status;
}

NTSTATUS NTAPI NtConnectPort(PHANDLE handle, PUNICODE_STRING name, PVOID quality_of_service,
                             PVOID client_view, PVOID server_view, PULONG max_message,
                             PVOID information, PULONG information_bytes)
{
    struct greeting greeting = {information,
                                information && information_bytes ? *information_bytes : 0};
    struct lpc_port *connection;
    NTSTATUS status;

    (void)quality_of_service;
    if (client_view || server_view)
        return STATUS_NOT_SUPPORTED;
    status = find_port(name, &connection);
    if (!NT_SUCCESS(status))
        return status;
    status = connect(connection, &greeting, handle);
    if (NT_SUCCESS(status) && max_message)
        *max_message = connection->max_message;
    if (NT_SUCCESS(status) && information_bytes)
        *information_bytes = greeting.bytes;
    ObfDereferenceObject(connection);
    return status;
}

/* The connection request, received by this process and not yet accepted, that a message answers. */
static struct lpc_call *find_request(const PORT_MESSAGE *answer)
{
    struct lpc_call *call = lpc_find_received(answer);

    return call && call->client && !call->via && call->receiver == ps_current() ? call : NULL;
}

static struct lpc_port *create_server(struct lpc_call *call, PVOID context)
{
    struct lpc_port *server = lpc_port_create(LPC_SERVER_PORT, call->connection);

    if (!server)
        return NULL;
    server->context = context;
    server->farewell = lpc_call_create(call->connection, NULL);
    if (!server->farewell) {
        ObfDereferenceObject(server);
        return NULL;
    }
    server->farewell->orphan = TRUE;
    lpc_call_set(server->farewell, LPC_PORT_CLOSED, 0);
    server->farewell->message.ClientId = call->message.ClientId;
    return server;
}

/* From here on the client port and the new server port are peers. */
static void join(struct lpc_call *call, struct lpc_port *server)
{
    call->via = server;
    ObfReferenceObject(server);
    server->peer = call->client;
    call->client->peer = server;
}

static NTSTATUS accept_call(struct lpc_call *call, PVOID context, PHANDLE handle)
{
    struct lpc_port *server = create_server(call, context);
    NTSTATUS status;

    if (!server)
        return STATUS_INSUFFICIENT_RESOURCES;
    status = ob_create_handle(server, PORT_ALL_ACCESS, 0, handle);
    if (NT_SUCCESS(status))
        join(call, server);
    else
        ObfDereferenceObject(server);
    return status;
}

NTSTATUS NTAPI NtAcceptConnectPort(PHANDLE handle, PVOID context, PPORT_MESSAGE request,
                                   BOOLEAN accept, PVOID server_view, PVOID client_view)
{
    PORT_MESSAGE header;
    NTSTATUS status = lpc_capture_header(request, LPC_MAX_MESSAGE, &header);
    struct lpc_call *call;

    if (!NT_SUCCESS(status))
        return status;
    if (server_view || client_view)
        return STATUS_NOT_SUPPORTED;
    call = find_request(&header);
    if (!call)
        return STATUS_REPLY_MESSAGE_MISMATCH;
    if (!accept) {
        lpc_answer(call, STATUS_PORT_CONNECTION_REFUSED);
        return STATUS_SUCCESS;
    }
    if (header.DataLength > call->connection->max_connect_bytes)
        return STATUS_PORT_MESSAGE_TOO_LONG;
    call->message.DataLength = header.DataLength;
    status = lpc_copy_in(call->data, request + 1, header.DataLength);
    return NT_SUCCESS(status) ? accept_call(call, context, handle) : status;
}

NTSTATUS NTAPI NtCompleteConnectPort(HANDLE handle)
{
    struct lpc_port *server;
    struct lpc_call *call;
    NTSTATUS status = lpc_reference(handle, &server);

    if (!NT_SUCCESS(status))
        return status;
    call = lpc_find_accepted(server);
    if (call)
        lpc_answer(call, STATUS_SUCCESS);
    else if (server->kind != LPC_SERVER_PORT || server->peer)
        status = STATUS_INVALID_PORT_HANDLE;
    else
        status = STATUS_PORT_DISCONNECTED;
    ObfDereferenceObject(server);
    return status;
}

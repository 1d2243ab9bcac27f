/* Ports as objects: made, referenced, closed. */
#include "lpc/lpcp.h"

POBJECT_TYPE lpc_port_type;

NTSTATUS lpc_reference(HANDLE handle, struct lpc_port **port)
{
    return ob_reference(handle, 0, lpc_port_type, (PVOID *)port);
}

struct lpc_port *lpc_port_create(enum lpc_kind kind, struct lpc_port *connection)
{
    struct lpc_port *port;

    if (!NT_SUCCESS(ob_create_object(lpc_port_type, NULL, sizeof(*port), (PVOID *)&port)))
        return NULL;
    port->kind = kind;
    port->connection = connection;
    ObfReferenceObject(connection);
    return port;
}

/* The server learns that its client is gone. */
static void say_farewell(struct lpc_port *server)
{
    struct lpc_call *farewell = server->farewell;

    if (!farewell)
        return;
    server->farewell = NULL;
    farewell->via = server;
    ObfReferenceObject(server);
    if (server->connection->closed)
        lpc_call_free(farewell);
    else
        lpc_enqueue(farewell);
}

static void disconnect(struct lpc_port *port)
{
    struct lpc_port *peer = port->peer;

    if (!peer)
        return;
    port->peer = peer->peer = NULL;
    if (port->kind == LPC_CLIENT_PORT) {
        lpc_end_calls(peer);
        say_farewell(peer);
    }
}

static void close_connection_port(struct lpc_port *port)
{
    port->closed = TRUE;
    lpc_drop_calls(port);
    lpc_wake_receiver(port);
}

static void close_port(PVOID object, ULONG handles_before, ACCESS_MASK granted)
{
    struct lpc_port *port = object;

    (void)granted;
    if (handles_before > 1)
        return;
    if (port->kind == LPC_CONNECTION_PORT) {
        close_connection_port(port);
        return;
    }
    if (port->kind == LPC_SERVER_PORT)
        lpc_drop_calls(port);
    disconnect(port);
}

/* Also for a port that never got a handle. */
static void delete_port(PVOID object)
{
    struct lpc_port *port = object;

    if (port->kind == LPC_CONNECTION_PORT)
        return;
    disconnect(port);
    if (port->farewell)
        lpc_call_free(port->farewell);
    ObfDereferenceObject(port->connection);
}

void lpc_init(void)
{
    static const struct ob_type_info info = {
        .mapping = {PORT_CONNECT, PORT_CONNECT, PORT_CONNECT, PORT_ALL_ACCESS},
        .valid_access = PORT_ALL_ACCESS,
        .pool_tag = POOL_TAG('P', 'o', 'r', 't'),
        .close = close_port,
        .delete = delete_port,
    };
    NTSTATUS status = ob_create_type(u"Port", &info, &lpc_port_type);

    ASSERT(NT_SUCCESS(status));
}

NTSTATUS NTAPI NtCreatePort(PHANDLE handle, POBJECT_ATTRIBUTES attributes, ULONG max_connect_bytes,
                            ULONG max_message, ULONG max_pool_usage)
{
    struct lpc_port *port;
    NTSTATUS status;

    (void)max_pool_usage;
    if (max_message < sizeof(PORT_MESSAGE) || max_message > LPC_MAX_MESSAGE ||
        max_connect_bytes > max_message - sizeof(PORT_MESSAGE))
        return STATUS_INVALID_PARAMETER;
    status = ob_create_object(lpc_port_type, attributes, sizeof(*port), (PVOID *)&port);
    if (!NT_SUCCESS(status))
        return status;
    port->kind = LPC_CONNECTION_PORT;
    port->connection = port;
    port->max_connect_bytes = max_connect_bytes;
    port->max_message = max_message;
    InitializeListHead(&port->queue);
    KeInitializeEvent(&port->arrived, SynchronizationEvent, FALSE);
    return ob_insert_object(port, attributes, PORT_ALL_ACCESS, handle);
}

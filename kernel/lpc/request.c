/* Requests and replies over a connection. */
#include "lpc/lpcp.h"

static NTSTATUS request(struct lpc_port *client, const PORT_MESSAGE *from, PPORT_MESSAGE reply)
{
    PORT_MESSAGE header;
    NTSTATUS status = lpc_capture_header(from, client->connection->max_message, &header);
    struct lpc_call *call;

    if (!NT_SUCCESS(status))
        return status;
    call = lpc_call_create(client->connection, client->peer);
    if (!call)
        return STATUS_INSUFFICIENT_RESOURCES;
    lpc_call_set(call, LPC_REQUEST, header.DataLength);
    status = lpc_copy_in(call->data, from + 1, header.DataLength);
    if (NT_SUCCESS(status))
        status = lpc_send(&call);
    if (NT_SUCCESS(status))
        status = lpc_copy_out(reply, &call->message, call->message.TotalLength);
    if (call)
        lpc_call_free(call);
    return status;
}

NTSTATUS NTAPI NtRequestWaitReplyPort(HANDLE handle, PPORT_MESSAGE from, PPORT_MESSAGE reply)
{
    struct lpc_port *port;
    NTSTATUS status = lpc_reference(handle, &port);

    if (!NT_SUCCESS(status))
        return status;
    if (port->kind != LPC_CLIENT_PORT)
        status = STATUS_INVALID_PORT_HANDLE;
    else if (!port->peer || port->connection->closed)
        status = STATUS_PORT_DISCONNECTED;
    else
        status = request(port, from, reply);
    ObfDereferenceObject(port);
    return status;
}

/* References a port that a server may use. */
static NTSTATUS reference_server(HANDLE handle, struct lpc_port **port)
{
    NTSTATUS status = lpc_reference(handle, port);

    if (!NT_SUCCESS(status) || (*port)->kind != LPC_CLIENT_PORT)
        return status;
    ObfDereferenceObject(*port);
    return STATUS_INVALID_PORT_HANDLE;
}

static NTSTATUS reply_by(const struct lpc_port *port, const PORT_MESSAGE *reply)
{
    PORT_MESSAGE header;
    NTSTATUS status = lpc_capture_header(reply, port->connection->max_message, &header);
    struct lpc_call *call;

    if (!NT_SUCCESS(status))
        return status;
    call = lpc_find_received(&header);
    if (!call || call->message.Type != LPC_REQUEST || call->connection != port->connection)
        return STATUS_REPLY_MESSAGE_MISMATCH;
    status = lpc_copy_in(call->data, reply + 1, header.DataLength);
    if (!NT_SUCCESS(status))
        return status;
    lpc_call_set(call, LPC_REPLY, header.DataLength);
    lpc_answer(call, STATUS_SUCCESS);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtReplyPort(HANDLE handle, PPORT_MESSAGE reply)
{
    struct lpc_port *port;
    NTSTATUS status = reference_server(handle, &port);

    if (!NT_SUCCESS(status))
        return status;
    status = reply_by(port, reply);
    ObfDereferenceObject(port);
    return status;
}

/* Waits for the queue to have an entry, and leaves it there. */
static NTSTATUS wait_for_call(struct lpc_port *connection)
{
    while (IsListEmpty(&connection->queue) && !connection->closed) {
        NTSTATUS status = KeWaitForSingleObject(&connection->arrived, UserRequest,
                                                ke_previous_mode(), FALSE, NULL);

        if (status != STATUS_SUCCESS)
            return status;
    }
    return connection->closed ? STATUS_PORT_DISCONNECTED : STATUS_SUCCESS;
}

/* Gives the first call in the queue to the receiver; *result: the call, NULL if it is no more. */
static NTSTATUS deliver(struct lpc_port *connection, PVOID *context, PPORT_MESSAGE to,
                        struct lpc_call **result)
{
    struct lpc_call *call = CONTAINING_RECORD(connection->queue.Flink, struct lpc_call, link);
    NTSTATUS status = lpc_copy_out(to, &call->message, call->message.TotalLength);

    if (!NT_SUCCESS(status))
        return status;
    if (context)
        *context = call->via ? call->via->context : NULL;
    *result = call->orphan ? NULL : call;
    lpc_take(call);
    return STATUS_SUCCESS;
}

static NTSTATUS receive(struct lpc_port *connection, PVOID *context, PPORT_MESSAGE to,
                        struct lpc_call **result)
{
    NTSTATUS status = wait_for_call(connection);

    if (NT_SUCCESS(status))
        status = deliver(connection, context, to, result);
    if (!IsListEmpty(&connection->queue) || connection->closed)
        lpc_wake_receiver(connection); /* there may be others who wait */
    return status;
}

NTSTATUS NTAPI NtReplyWaitReceivePort(HANDLE handle, PVOID *context, PPORT_MESSAGE reply,
                                      PPORT_MESSAGE message)
{
    struct lpc_port *port;
    struct lpc_call *call;
    NTSTATUS status = reference_server(handle, &port);

    if (!NT_SUCCESS(status))
        return status;
    if (reply)
        status = reply_by(port, reply);
    if (NT_SUCCESS(status))
        status = receive(port->connection, context, message, &call);
    ObfDereferenceObject(port);
    return status;
}

/* Receives until it is a connection request. */
static NTSTATUS listen(struct lpc_port *connection, PPORT_MESSAGE message)
{
    for (;;) {
        struct lpc_call *call;
        NTSTATUS status = receive(connection, NULL, message, &call);

        if (!NT_SUCCESS(status) || (call && call->client))
            return status;
        if (call)
            lpc_answer(call, STATUS_PORT_DISCONNECTED);
    }
}

NTSTATUS NTAPI NtListenPort(HANDLE handle, PPORT_MESSAGE message)
{
    struct lpc_port *port;
    NTSTATUS status = reference_server(handle, &port);

    if (!NT_SUCCESS(status))
        return status;
    status = listen(port->connection, message);
    ObfDereferenceObject(port);
    return status;
}

/* Calls: from the sender's memory into the queue, to the receiver, and back with the answer. */
#include "lpc/lpcp.h"

#include "mm/user.h"
#include "ps/thread.h"

/* Of struct lpc_call: in a server's hands, not yet answered. */
static LIST_ENTRY received = {&received, &received};

static ULONG last_message_id;

NTSTATUS lpc_copy_in(void *to, const void *from, ULONG bytes)
{
    if (ke_previous_mode() == UserMode)
        return mm_copy_from_user(to, from, bytes);
    memcpy(to, from, bytes);
    return STATUS_SUCCESS;
}

NTSTATUS lpc_copy_out(void *to, const void *from, ULONG bytes)
{
    if (ke_previous_mode() == UserMode)
        return mm_copy_to_user(to, from, bytes);
    memcpy(to, from, bytes);
    return STATUS_SUCCESS;
}

struct lpc_call *lpc_call_create(struct lpc_port *connection, struct lpc_port *via)
{
    ULONG room = connection->max_message - sizeof(PORT_MESSAGE);
    struct lpc_call *call = pool_allocate_zeroed(sizeof(*call) + room, LPC_POOL_TAG);

    if (!call)
        return NULL;
    InitializeListHead(&call->link);
    KeInitializeEvent(&call->answered, NotificationEvent, FALSE);
    call->connection = connection;
    call->via = via;
    if (via)
        ObfReferenceObject(via);
    return call;
}

void lpc_call_free(struct lpc_call *call)
{
    struct lpc_port *via = call->via;

    ASSERT(IsListEmpty(&call->link));
    ExFreePool(call);
    if (via)
        ObfDereferenceObject(via);
}

void lpc_call_set(struct lpc_call *call, USHORT type, ULONG data_bytes)
{
    call->message.Type = type;
    call->message.DataLength = (USHORT)data_bytes;
    call->message.TotalLength = (USHORT)(sizeof(PORT_MESSAGE) + data_bytes);
}

NTSTATUS lpc_capture_header(const PORT_MESSAGE *from, ULONG limit, PORT_MESSAGE *header)
{
    NTSTATUS status = lpc_copy_in(header, from, sizeof(*header));

    if (!NT_SUCCESS(status))
        return status;
    if (header->TotalLength < sizeof(*header) + header->DataLength)
        return STATUS_INVALID_PARAMETER;
    return header->TotalLength > limit ? STATUS_PORT_MESSAGE_TOO_LONG : STATUS_SUCCESS;
}

static void unlink_call(struct lpc_call *call)
{
    RemoveEntryList(&call->link);
    InitializeListHead(&call->link);
}

void lpc_enqueue(struct lpc_call *call)
{
    InsertTailList(&call->connection->queue, &call->link);
    lpc_wake_receiver(call->connection);
}

void lpc_answer(struct lpc_call *call, NTSTATUS status)
{
    unlink_call(call);
    call->status = status;
    KeSetEvent(&call->answered, 0, FALSE);
}

/* The sender cannot wait any longer. A server that works on the request is told so. */
static void abandon(struct lpc_call *call)
{
    BOOLEAN tell = call->received && call->message.Type == LPC_REQUEST;

    unlink_call(call);
    if (!tell) {
        lpc_call_free(call);
        return;
    }
    call->orphan = TRUE;
    lpc_call_set(call, LPC_CLIENT_DIED, 0);
    lpc_enqueue(call);
}

/* Who sends. A thread of the kernel that calls by itself may have no id: its address stands for it. */
static struct nt_client_id sender(void)
{
    PVOID thread = ke_current_thread();

    if (ke_previous_mode() == UserMode)
        thread = (PVOID)ps_current_thread()->id;
    return (struct nt_client_id){(HANDLE)ps_current()->id, thread};
}

NTSTATUS lpc_send(struct lpc_call **sent)
{
    struct lpc_call *call = *sent;
    NTSTATUS status;

    call->message.ClientId = sender();
    call->message.MessageId = ++last_message_id;
    lpc_enqueue(call);
    status = KeWaitForSingleObject(&call->answered, UserRequest, ke_previous_mode(), FALSE, NULL);
    if (IsListEmpty(&call->link)) /* answered, whatever ended the wait */
        return call->status;
    *sent = NULL;
    abandon(call);
    return status;
}

void lpc_take(struct lpc_call *call)
{
    unlink_call(call);
    if (call->orphan) {
        lpc_call_free(call);
        return;
    }
    call->received = TRUE;
    call->receiver = ps_current();
    InsertTailList(&received, &call->link);
}

struct lpc_call *lpc_find_received(const PORT_MESSAGE *message)
{
    LIST_FOR_EACH(call, &received, struct lpc_call, link)
    if (call->message.MessageId == message->MessageId &&
        call->message.ClientId.process == message->ClientId.process &&
        call->message.ClientId.thread == message->ClientId.thread)
        return call;
    return NULL;
}

struct lpc_call *lpc_find_accepted(const struct lpc_port *server)
{
    LIST_FOR_EACH(call, &received, struct lpc_call, link)
    if (call->via == server && call->message.Type == LPC_CONNECTION_REQUEST)
        return call;
    return NULL;
}

static void end_call(struct lpc_call *call)
{
    if (!call->orphan)
        lpc_answer(call, STATUS_PORT_DISCONNECTED);
}

static void drop_call(struct lpc_call *call)
{
    end_call(call);
    if (!call->orphan)
        return;
    unlink_call(call);
    lpc_call_free(call);
}

static void for_calls_in(PLIST_ENTRY head, const struct lpc_port *port,
                         void (*end)(struct lpc_call *))
{
    for (PLIST_ENTRY entry = head->Flink, next; entry != head; entry = next) {
        struct lpc_call *call = CONTAINING_RECORD(entry, struct lpc_call, link);

        next = entry->Flink;
        if (call->via == port || call->connection == port)
            end(call);
    }
}

void lpc_end_calls(const struct lpc_port *port)
{
    for_calls_in(&port->connection->queue, port, end_call);
    for_calls_in(&received, port, end_call);
}

void lpc_drop_calls(const struct lpc_port *port)
{
    for_calls_in(&port->connection->queue, port, drop_call);
    for_calls_in(&received, port, drop_call);
}

/* What the files of LPC share. */
#pragma once

#include "ke/event.h"
#include "ke/thread.h"
#include "ke/wait.h"
#include "lpc/lpc.h"
#include "mm/pool.h"
#include "rtl/rtl.h"

#define LPC_POOL_TAG POOL_TAG('L', 'p', 'c', ' ')

enum lpc_kind { LPC_CONNECTION_PORT, LPC_SERVER_PORT, LPC_CLIENT_PORT };

/* The body of a Port object. */
struct lpc_port {
    enum lpc_kind kind;
    struct lpc_port *connection; /* referenced; a connection port's is itself, and is not */
    struct lpc_port *peer;       /* server and client port of a connection; NULL: disconnected */

    /* A server port's. */
    PVOID context;
    struct lpc_call *farewell; /* the LPC_PORT_CLOSED message, made beforehand; NULL: sent */

    /* A connection port's. */
    ULONG max_connect_bytes, max_message;
    LIST_ENTRY queue; /* of struct lpc_call: not yet received */
    KEVENT arrived;   /* for one receiver: the queue is not empty, or the port is closed */
    BOOLEAN closed;
};

/*
 * A message under way, in one pool block with room for the port's longest, since it carries first
 * the request, then the reply. It is the waiting thread's, or, as an orphan, the queue's.
 */
struct lpc_call {
    LIST_ENTRY link;             /* in connection->queue, or in the list of received ones */
    struct lpc_port *connection; /* kept alive by the sender's port, or by `via` */
    struct lpc_port *via;        /* the server port, referenced; NULL: not connected yet */
    struct lpc_port *client;     /* a connection request's: the port to be connected */
    BOOLEAN received;
    PVOID receiver; /* the process that has received it */
    KEVENT answered;
    NTSTATUS status; /* of the answer */
    BOOLEAN orphan;  /* nobody waits for it: freed when it has been received */
    PORT_MESSAGE message;
    UCHAR data[];
};

/* port.c */

/*
 * References a port by handle. STATUS_SUCCESS: the caller gives *port back with
 * ObfDereferenceObject. Handle statuses.
 */
NTSTATUS lpc_reference(HANDLE handle, struct lpc_port **port);

/*
 * A new port without a name, for which the connection port is referenced. NULL: out of memory.
 */
struct lpc_port *lpc_port_create(enum lpc_kind kind, struct lpc_port *connection);

/* call.c */

/* Copies to and from the caller's memory: STATUS_SUCCESS, STATUS_ACCESS_VIOLATION. */
NTSTATUS lpc_copy_in(void *to, const void *from, ULONG bytes);
NTSTATUS lpc_copy_out(void *to, const void *from, ULONG bytes);

/* A call with room for the connection port's longest message, or NULL. `via` is referenced. */
struct lpc_call *lpc_call_create(struct lpc_port *connection, struct lpc_port *via);
void lpc_call_free(struct lpc_call *call);

/* Sets length and type of the message that a call carries. */
void lpc_call_set(struct lpc_call *call, USHORT type, ULONG data_bytes);

/*
 * The header of a caller's message whose length, header included, must not be above `limit`.
 * STATUS_SUCCESS, STATUS_INVALID_PARAMETER, STATUS_PORT_MESSAGE_TOO_LONG, STATUS_ACCESS_VIOLATION.
 */
NTSTATUS lpc_capture_header(const PORT_MESSAGE *from, ULONG limit, PORT_MESSAGE *header);

/* Puts a call into its connection port's queue. */
void lpc_enqueue(struct lpc_call *call);

/* Lets one thread that waits at a connection port look at it. */
static inline void lpc_wake_receiver(struct lpc_port *connection)
{
    KeSetEvent(&connection->arrived, 0, FALSE);
}

/*
 * Puts a call into the queue under a new number and waits for its answer, whose status it returns;
 * the call is no longer in any list and the caller's again, unless it had to become an orphan: then
 * STATUS_THREAD_IS_TERMINATING comes back with *call NULL.
 */
NTSTATUS lpc_send(struct lpc_call **call);

/* Moves a call from the queue to the received ones; orphans are freed. */
void lpc_take(struct lpc_call *call);

/* The received call that a message answers, or NULL. */
struct lpc_call *lpc_find_received(const PORT_MESSAGE *message);

/* The connection request that a server port was made for, if it waits for completion, or NULL. */
struct lpc_call *lpc_find_accepted(const struct lpc_port *server);

/* Takes a call out of its list and wakes the thread that waits for it. */
void lpc_answer(struct lpc_call *call, NTSTATUS status);

/*
 * Ends every call that goes by a server port, or by any of a connection port's: senders get
 * STATUS_PORT_DISCONNECTED. lpc_drop_calls also frees the orphans.
 */
void lpc_end_calls(const struct lpc_port *port);
void lpc_drop_calls(const struct lpc_port *port);

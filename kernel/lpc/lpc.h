/*
 * Local procedure calls: messages between processes, copied once into the kernel and once out.
 *
 *     server                                        client
 *     NtCreatePort       "connection port", named
 *     NtReplyWaitReceivePort <-- CONNECTION_REQUEST -- NtConnectPort (waits)
 *     NtAcceptConnectPort    "server port" --peer-- "client port"
 *     NtCompleteConnectPort ------------------------>  has its handle
 *     NtReplyWaitReceivePort <-------- REQUEST ------- NtRequestWaitReplyPort (waits)
 *          with a reply      --------- REPLY -------->
 *
 * All messages of a connection port's clients go into its one queue; PortContext, which the server
 * chose when it accepted, says whose a message is. A side that is gone ends the other's wait: a
 * client gets STATUS_PORT_DISCONNECTED, the server an LPC_PORT_CLOSED message. Messages travel by
 * copy only: there are no views of sections, no datagrams, no requests from server to client.
 *
 * Pointers of a caller in ring 3 are probed and copied here. Waits are UserMode for it, so a
 * terminated thread leaves them with STATUS_THREAD_IS_TERMINATING.
 */
#pragma once

#include "nt/lpc.h"
#include "ob/ob.h"

/* The longest message that a port may ask for, its header included; a choice. */
#define LPC_MAX_MESSAGE 4096u

extern POBJECT_TYPE lpc_port_type;

/* Creates the type Port. After ob_init. */
void lpc_init(void);

/*
 * Creates a connection port, as a rule with a name. `max_connect_bytes`: what a client can say on
 * connecting; longer texts are cut. `max_message`: a message's largest length, header included.
 * STATUS_SUCCESS, STATUS_INVALID_PARAMETER (max_message below a header's size or above
 * LPC_MAX_MESSAGE; max_connect_bytes above what that leaves), the statuses of ob_insert_object.
 */
NTSTATUS NTAPI NtCreatePort(PHANDLE handle, POBJECT_ATTRIBUTES attributes, ULONG max_connect_bytes,
                            ULONG max_message, ULONG max_pool_usage);

/*
 * Connects to the port `name`; waits until its server has accepted and completed. *max_message
 * (optional): the port's. `information`, `*information_bytes` (both optional): goes to the server;
 * then what it answered, cut to the same size.
 * STATUS_SUCCESS; STATUS_PORT_CONNECTION_REFUSED: the server said no; STATUS_PORT_DISCONNECTED: it
 * has gone; STATUS_INVALID_PORT_HANDLE: no connection port; STATUS_NOT_SUPPORTED: views were asked
 * for; STATUS_ACCESS_VIOLATION, STATUS_INSUFFICIENT_RESOURCES, the statuses of ob_lookup.
 */
NTSTATUS NTAPI NtConnectPort(PHANDLE handle, PUNICODE_STRING name, PVOID quality_of_service,
                             PVOID client_view, PVOID server_view, PULONG max_message,
                             PVOID information, PULONG information_bytes);

/*
 * Answers a connection request that this process has received. `request`: its ClientId and
 * MessageId, and as data what the client is told. With `accept` *handle is a server port, which
 * NtCompleteConnectPort lets the client go on with, and `context` comes with each of its messages.
 * STATUS_SUCCESS; STATUS_REPLY_MESSAGE_MISMATCH: there is no such request (any more);
 * STATUS_PORT_MESSAGE_TOO_LONG: more data than max_connect_bytes; STATUS_NOT_SUPPORTED: views;
 * STATUS_INVALID_PARAMETER (lengths), STATUS_ACCESS_VIOLATION, STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS NTAPI NtAcceptConnectPort(PHANDLE handle, PVOID context, PPORT_MESSAGE request,
                                   BOOLEAN accept, PVOID server_view, PVOID client_view);

/*
 * The client of an accepted connection goes on. STATUS_SUCCESS; STATUS_PORT_DISCONNECTED: it has
 * died meanwhile; STATUS_INVALID_PORT_HANDLE: no server port, or completed before; handle statuses.
 */
NTSTATUS NTAPI NtCompleteConnectPort(HANDLE handle);

/*
 * Sends a request by a client port and waits for its reply. `request` gives the data and the
 * lengths; the kernel fills in the rest. `reply` (may be the same) has room for max_message bytes.
 * STATUS_SUCCESS; STATUS_PORT_DISCONNECTED: the server has gone; STATUS_PORT_MESSAGE_TOO_LONG;
 * STATUS_INVALID_PARAMETER: TotalLength is less than header and data; STATUS_INVALID_PORT_HANDLE:
 * no client port; STATUS_ACCESS_VIOLATION, STATUS_INSUFFICIENT_RESOURCES, handle statuses.
 */
NTSTATUS NTAPI NtRequestWaitReplyPort(HANDLE handle, PPORT_MESSAGE request, PPORT_MESSAGE reply);

/*
 * Answers the request whose ClientId and MessageId stand in `reply`, which came by this port or by
 * the connection port behind it. STATUS_SUCCESS; STATUS_REPLY_MESSAGE_MISMATCH: nobody waits for
 * this reply; STATUS_INVALID_PORT_HANDLE: a client port; lengths as above; STATUS_ACCESS_VIOLATION.
 */
NTSTATUS NTAPI NtReplyPort(HANDLE handle, PPORT_MESSAGE reply);

/*
 * As NtReplyPort if `reply` is given, then waits for the next message, of whatever type and of any
 * of the connection port's clients. *context (optional): that client's PortContext, NULL for a
 * connection request. `message` has room for max_message bytes; one that cannot be written stays in
 * the queue.
 * STATUS_SUCCESS; those of NtReplyPort; STATUS_PORT_DISCONNECTED: the connection port was closed.
 */
NTSTATUS NTAPI NtReplyWaitReceivePort(HANDLE handle, PVOID *context, PPORT_MESSAGE reply,
                                      PPORT_MESSAGE message);

/*
 * Waits for a connection request; other messages that come first are thrown away, as in NT, except
 * that a request's sender gets STATUS_PORT_DISCONNECTED. Statuses of NtReplyWaitReceivePort.
 */
NTSTATUS NTAPI NtListenPort(HANDLE handle, PPORT_MESSAGE request);

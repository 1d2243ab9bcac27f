/* Ports when a side goes away, and callers in ring 3. */
#include "mm/space.h"
#include "mm/user.h"
#include "tests/kernel/lpc_support.h"
#include "tests/kernel/mm_support.h"

#define CONTEXT ((PVOID)0x1234)

SELFTEST(lpc_closing_the_connection_port_ends_all_waits)
{
    struct ke_test_usage usage = ke_test_usage();
    static struct lpc_test_client waiting, connecting;
    struct lpc_test_message message;
    HANDLE port = lpc_test_port(), server;

    ke_test_begin();
    lpc_test_set(&waiting.message, "question");
    ke_test_start(0, 8, lpc_test_request, &waiting);
    server = lpc_test_accept(port, NULL);
    lpc_test_receive(port, LPC_REQUEST, &message);
    ke_test_start(1, 16, lpc_test_only_connect, &connecting);
    ke_yield(); /* it asks */
    NtClose(port);
    ke_test_join(2);
    CHECK_STATUS(waiting.answered, STATUS_PORT_DISCONNECTED);
    CHECK_STATUS(connecting.connected, STATUS_PORT_DISCONNECTED);
    lpc_test_set(&message, "late");
    CHECK_STATUS(NtRequestWaitReplyPort(waiting.port, &message.header, &message.header),
                 STATUS_PORT_DISCONNECTED);
    CHECK_STATUS(NtReplyWaitReceivePort(server, NULL, NULL, &message.header),
                 STATUS_PORT_DISCONNECTED);
    NtClose(waiting.port);
    NtClose(server);
    CHECK_NO_USAGE(usage);
}

SELFTEST(lpc_closing_the_server_port_ends_the_clients_wait)
{
    struct ke_test_usage usage = ke_test_usage();
    struct lpc_test_client client = {.said = ""};
    struct lpc_test_message message;
    HANDLE port = lpc_test_port(), server;

    ke_test_begin();
    lpc_test_set(&client.message, "question");
    ke_test_start(0, 8, lpc_test_request, &client);
    server = lpc_test_accept(port, NULL);
    lpc_test_receive(port, LPC_REQUEST, &message);
    NtClose(server);
    CHECK_STATUS(lpc_test_reply(port, &message, "late"), STATUS_REPLY_MESSAGE_MISMATCH);
    ke_test_join(1);
    CHECK_STATUS(client.answered, STATUS_PORT_DISCONNECTED);
    CHECK_STATUS(NtRequestWaitReplyPort(client.port, &message.header, &message.header),
                 STATUS_PORT_DISCONNECTED);
    NtClose(client.port); /* nobody is told: the server has gone first */
    NtClose(port);
    CHECK_NO_USAGE(usage);
}

SELFTEST(lpc_closing_the_server_port_before_completing)
{
    struct ke_test_usage usage = ke_test_usage();
    struct lpc_test_client client = {.said = ""};
    struct lpc_test_message message;
    HANDLE port = lpc_test_port(), server;

    ke_test_begin();
    ke_test_start(0, 8, lpc_test_only_connect, &client);
    lpc_test_receive(port, LPC_CONNECTION_REQUEST, &message);
    CHECK_STATUS(NtAcceptConnectPort(&server, NULL, &message.header, TRUE, NULL, NULL),
                 STATUS_SUCCESS);
    NtClose(server);
    ke_test_join(1);
    CHECK_STATUS(client.connected, STATUS_PORT_DISCONNECTED);
    NtClose(port);
    CHECK_NO_USAGE(usage);
}

/* ---- A client in ring 3: its messages lie there, and it can be terminated ---- */

#define USER_PAGE 0x00200000u
#define USER      ((struct lpc_test_message *)USER_PAGE)

static void map_user_page(void)
{
    CHECK_STATUS(mm_map(&mm_system_space, USER_PAGE, test_frame(), PAGE_WRITE | PAGE_USER),
                 STATUS_SUCCESS);
}

static void unmap_user_page(void)
{
    frame_free(mm_unmap(&mm_system_space, USER_PAGE));
}

/* The text of a message that the client in ring 3 sends. */
static void put_question(void)
{
    struct lpc_test_message message = {{0}, ""};

    lpc_test_set(&message, "question");
    CHECK_STATUS(mm_copy_to_user(USER, &message, sizeof(message)), STATUS_SUCCESS);
}

static NTSTATUS request_from_user(HANDLE port, PPORT_MESSAGE request, PPORT_MESSAGE reply)
{
    KPROCESSOR_MODE last = ke_set_previous_mode(UserMode);
    NTSTATUS status = NtRequestWaitReplyPort(port, request, reply);

    ke_set_previous_mode(last);
    return status;
}

static void request_as_user(void *argument)
{
    struct lpc_test_client *client = argument;

    lpc_test_connect(client);
    client->answered = request_from_user(client->port, &USER->header, &USER->header);
    NtClose(client->port);
}

SELFTEST(lpc_tells_the_server_of_a_client_that_died)
{
    struct lpc_test_client client = {.said = ""};
    struct lpc_test_message message;
    HANDLE port = lpc_test_port(), server;
    struct ke_thread *thread;
    ULONG id;

    map_user_page();
    put_question();
    ke_test_begin();
    thread = ke_test_start(0, 8, request_as_user, &client);
    server = lpc_test_accept(port, CONTEXT);
    lpc_test_receive(port, LPC_REQUEST, &message);
    id = message.header.MessageId;
    ke_terminate_thread(thread);
    CHECK_EQUAL(lpc_test_receive(port, LPC_CLIENT_DIED, &message), CONTEXT);
    CHECK_EQUAL(message.header.MessageId, id);
    CHECK_EQUAL(message.header.DataLength, 0);
    CHECK_STATUS(lpc_test_reply(port, &message, "late"), STATUS_REPLY_MESSAGE_MISMATCH);
    CHECK_EQUAL(lpc_test_receive(port, LPC_PORT_CLOSED, &message), CONTEXT);
    ke_test_join(1);
    CHECK_STATUS(client.answered, STATUS_THREAD_IS_TERMINATING);
    NtClose(server);
    NtClose(port);
    unmap_user_page();
}

SELFTEST(lpc_a_request_not_yet_received_dies_with_its_client)
{
    struct lpc_test_client client = {.said = ""};
    struct lpc_test_message message;
    HANDLE port = lpc_test_port(), server;
    struct ke_thread *thread;

    map_user_page();
    put_question();
    ke_test_begin();
    thread = ke_test_start(0, 8, request_as_user, &client);
    server = lpc_test_accept(port, CONTEXT);
    ke_yield(); /* it sends */
    ke_terminate_thread(thread);
    ke_test_join(1);
    CHECK_EQUAL(lpc_test_receive(port, LPC_PORT_CLOSED, &message), CONTEXT);
    NtClose(server);
    NtClose(port);
    unmap_user_page();
}

static void request_from_bad_memory(void *argument)
{
    struct lpc_test_client *client = argument;

    lpc_test_connect(client);
    CHECK_STATUS(request_from_user(client->port, &client->message.header, &USER->header),
                 STATUS_ACCESS_VIOLATION); /* the kernel's address */
    CHECK_STATUS(request_from_user(client->port, &(USER + 0x1000)->header, &USER->header),
                 STATUS_ACCESS_VIOLATION); /* nothing there */
    client->answered = request_from_user(client->port, &USER->header, &client->message.header);
    NtClose(client->port);
}

SELFTEST(lpc_probes_what_ring_3_passes)
{
    struct lpc_test_client client = {.said = ""};
    struct lpc_test_message message;
    HANDLE port = lpc_test_port(), server;
    KPROCESSOR_MODE last;

    map_user_page();
    put_question();
    ke_test_begin();
    ke_test_start(0, 8, request_from_bad_memory, &client);
    server = lpc_test_accept(port, CONTEXT);
    ke_yield(); /* it sends */
    last = ke_set_previous_mode(UserMode);
    CHECK_STATUS(NtReplyWaitReceivePort(port, NULL, NULL, &message.header),
                 STATUS_ACCESS_VIOLATION);
    ke_set_previous_mode(last);
    CHECK_EQUAL(lpc_test_receive(port, LPC_REQUEST, &message), CONTEXT); /* it has stayed there */
    CHECK_TEXT(message.data, "question");
    CHECK_STATUS(lpc_test_reply(port, &message, "answer"), STATUS_SUCCESS);
    lpc_test_receive(port, LPC_PORT_CLOSED, &message);
    CHECK_STATUS(client.answered, STATUS_ACCESS_VIOLATION);
    NtClose(server);
    NtClose(port);
    ke_test_join(1);
    unmap_user_page();
}

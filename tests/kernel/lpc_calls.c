/* Ports while both sides live: connecting, requests, replies, wrong uses. */
#include "tests/kernel/lpc_support.h"

#define CONTEXT(n) ((PVOID)(ULONG_PTR)(0x1000 + (n)))

static NTSTATUS try_connect(PCWSTR path)
{
    UNICODE_STRING name;
    HANDLE port;

    RtlInitUnicodeString(&name, path);
    return NtConnectPort(&port, &name, NULL, NULL, NULL, NULL, NULL, NULL);
}

static NTSTATUS try_create(ULONG connect_bytes, ULONG message_bytes)
{
    HANDLE port;
    NTSTATUS status = NtCreatePort(&port, NULL, connect_bytes, message_bytes, 0);

    if (NT_SUCCESS(status))
        NtClose(port);
    return status;
}

SELFTEST(lpc_ports_have_names_and_limits)
{
    struct test_mark mark = test_mark();
    HANDLE port = lpc_test_port(), other;
    struct test_name name;

    CHECK_COUNTS(test_object(port), 1, 2);
    CHECK_STATUS(NtCreatePort(&other, test_name(&name, NULL, LPC_TEST_PORT, 0), 0, 64, 0),
                 STATUS_OBJECT_NAME_COLLISION);
    NtClose(port);
    CHECK_STATUS(try_connect(LPC_TEST_PORT), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(try_connect(u"\\Device"), STATUS_OBJECT_TYPE_MISMATCH);
    CHECK_STATUS(try_create(0, sizeof(PORT_MESSAGE)), STATUS_SUCCESS);
    CHECK_STATUS(try_create(0, sizeof(PORT_MESSAGE) - 1), STATUS_INVALID_PARAMETER);
    CHECK_STATUS(try_create(1, sizeof(PORT_MESSAGE)), STATUS_INVALID_PARAMETER);
    CHECK_STATUS(try_create(LPC_MAX_MESSAGE - sizeof(PORT_MESSAGE), LPC_MAX_MESSAGE),
                 STATUS_SUCCESS);
    CHECK_STATUS(try_create(0, LPC_MAX_MESSAGE + 1), STATUS_INVALID_PARAMETER);
    CHECK_NO_LEAK(mark);
}

SELFTEST(lpc_connects_asks_and_answers)
{
    struct ke_test_usage usage = ke_test_usage();
    struct lpc_test_client client = {.said = "hello", .said_bytes = 6};
    struct lpc_test_message message;
    HANDLE port = lpc_test_port(), server;

    lpc_test_set(&client.message, "question");
    ke_test_begin();
    ke_test_start(0, 8, lpc_test_request_and_close, &client);
    CHECK_EQUAL(lpc_test_receive(port, LPC_CONNECTION_REQUEST, &message), NULL);
    CHECK_EQUAL(message.header.DataLength, 6);
    CHECK_TEXT(message.data, "hello");
    lpc_test_set(&message, "yes");
    CHECK_STATUS(NtAcceptConnectPort(&server, CONTEXT(1), &message.header, TRUE, NULL, NULL),
                 STATUS_SUCCESS);
    CHECK_STATUS(NtCompleteConnectPort(server), STATUS_SUCCESS);

    CHECK_EQUAL(lpc_test_receive(port, LPC_REQUEST, &message), CONTEXT(1));
    CHECK_STATUS(client.connected, STATUS_SUCCESS);
    CHECK_EQUAL(client.max_message, sizeof(struct lpc_test_message));
    CHECK_EQUAL(client.said_bytes, 4);
    CHECK_TEXT(client.said, "yes");
    CHECK_EQUAL(message.header.DataLength, 9);
    CHECK_TEXT(message.data, "question");
    CHECK(message.header.MessageId != 0);
    CHECK_STATUS(lpc_test_reply(port, &message, "answer"), STATUS_SUCCESS);

    CHECK_EQUAL(lpc_test_receive(port, LPC_PORT_CLOSED, &message), CONTEXT(1));
    CHECK_STATUS(client.answered, STATUS_SUCCESS);
    CHECK_EQUAL(client.message.header.Type, LPC_REPLY);
    CHECK_TEXT(client.message.data, "answer");
    NtClose(server);
    NtClose(port);
    ke_test_join(1);
    CHECK_NO_USAGE(usage);
}

SELFTEST(lpc_serves_several_clients)
{
    enum { CLIENTS = 3 };
    struct ke_test_usage usage = ke_test_usage();
    static struct lpc_test_client clients[CLIENTS];
    struct lpc_test_message messages[CLIENTS];
    HANDLE port = lpc_test_port(), servers[CLIENTS];

    ke_test_begin();
    memset(clients, 0, sizeof(clients));
    for (ULONG i = 0; i < CLIENTS; i++) {
        lpc_test_set(&clients[i].message, "question");
        ke_test_start(i, 8, lpc_test_request_and_close, &clients[i]);
        servers[i] = lpc_test_accept(port, CONTEXT(i));
        CHECK_EQUAL(lpc_test_receive(port, LPC_REQUEST, &messages[i]), CONTEXT(i));
    }
    for (ULONG i = CLIENTS; i--;) /* in another order; a server port will do as well */
        CHECK_STATUS(lpc_test_reply(i ? port : servers[0], &messages[i], i ? "later" : "last"),
                     STATUS_SUCCESS);
    for (ULONG i = CLIENTS; i--;)
        CHECK_EQUAL(lpc_test_receive(port, LPC_PORT_CLOSED, &messages[0]), CONTEXT(i));
    for (ULONG i = 0; i < CLIENTS; i++) {
        CHECK_STATUS(clients[i].answered, STATUS_SUCCESS);
        CHECK_TEXT(clients[i].message.data, i ? "later" : "last");
        NtClose(servers[i]);
    }
    NtClose(port);
    ke_test_join(CLIENTS);
    CHECK_NO_USAGE(usage);
}

SELFTEST(lpc_refuses_connections)
{
    struct ke_test_usage usage = ke_test_usage();
    struct lpc_test_client client = {.said = ""};
    struct lpc_test_message message;
    HANDLE port = lpc_test_port(), server = NULL;

    ke_test_begin();
    ke_test_start(0, 8, lpc_test_only_connect, &client);
    CHECK_STATUS(NtListenPort(port, &message.header), STATUS_SUCCESS);
    CHECK_EQUAL(message.header.Type, LPC_CONNECTION_REQUEST);
    CHECK_STATUS(NtAcceptConnectPort(&server, NULL, &message.header, FALSE, NULL, NULL),
                 STATUS_SUCCESS);
    CHECK_EQUAL(server, NULL);
    CHECK_STATUS(NtAcceptConnectPort(&server, NULL, &message.header, TRUE, NULL, NULL),
                 STATUS_REPLY_MESSAGE_MISMATCH);
    ke_test_join(1);
    CHECK_STATUS(client.connected, STATUS_PORT_CONNECTION_REFUSED);
    CHECK_EQUAL(client.port, NULL);
    NtClose(port);
    CHECK_NO_USAGE(usage);
}

SELFTEST(lpc_cuts_what_is_said_on_connecting)
{
    struct ke_test_usage usage = ke_test_usage();
    struct lpc_test_client client = {.said = "123456789012345", .said_bytes = 2};
    struct lpc_test_message message;
    HANDLE port = lpc_test_port(), server;

    ke_test_begin();
    ke_test_start(0, 8, lpc_test_only_connect, &client);
    lpc_test_receive(port, LPC_CONNECTION_REQUEST, &message);
    CHECK_EQUAL(message.header.DataLength, 2);
    lpc_test_set(&message, "1234567890123456"); /* with its NUL a byte too long */
    CHECK_STATUS(NtAcceptConnectPort(&server, NULL, &message.header, TRUE, NULL, NULL),
                 STATUS_PORT_MESSAGE_TOO_LONG);
    CHECK_STATUS(NtAcceptConnectPort(&server, NULL, &message.header, TRUE, &message, NULL),
                 STATUS_NOT_SUPPORTED);
    lpc_test_set(&message, "xyz");
    CHECK_STATUS(NtAcceptConnectPort(&server, NULL, &message.header, TRUE, NULL, NULL),
                 STATUS_SUCCESS);
    CHECK_STATUS(NtAcceptConnectPort(&server, NULL, &message.header, TRUE, NULL, NULL),
                 STATUS_REPLY_MESSAGE_MISMATCH);
    CHECK_STATUS(NtCompleteConnectPort(server), STATUS_SUCCESS);
    CHECK_STATUS(NtCompleteConnectPort(server), STATUS_INVALID_PORT_HANDLE);
    ke_test_join(1);
    CHECK_EQUAL(client.said_bytes, 2);
    CHECK_TEXT(client.said, "xy3456789012345");
    NtClose(client.port);
    NtClose(server);
    NtClose(port);
    CHECK_NO_USAGE(usage);
}

/* What a connected client may not do; it ends by closing its port. */
static void misuse(void *argument)
{
    struct lpc_test_client *client = argument;
    struct lpc_test_message *message = &client->message;
    PPORT_MESSAGE header = &message->header;

    lpc_test_connect(client);
    lpc_test_set(message, "text");
    header->TotalLength--;
    CHECK_STATUS(NtRequestWaitReplyPort(client->port, header, header), STATUS_INVALID_PARAMETER);
    header->TotalLength = sizeof(*message) + 1;
    CHECK_STATUS(NtRequestWaitReplyPort(client->port, header, header),
                 STATUS_PORT_MESSAGE_TOO_LONG);
    CHECK_STATUS(NtReplyPort(client->port, header), STATUS_INVALID_PORT_HANDLE);
    CHECK_STATUS(NtReplyWaitReceivePort(client->port, NULL, NULL, header),
                 STATUS_INVALID_PORT_HANDLE);
    CHECK_STATUS(NtListenPort(client->port, header), STATUS_INVALID_PORT_HANDLE);
    CHECK_STATUS(NtCompleteConnectPort(client->port), STATUS_INVALID_PORT_HANDLE);
    NtClose(client->port);
}

SELFTEST(lpc_ports_have_their_uses)
{
    struct ke_test_usage usage = ke_test_usage();
    struct lpc_test_client client = {.said = ""};
    struct lpc_test_message message;
    HANDLE port = lpc_test_port(), server;

    ke_test_begin();
    ke_test_start(0, 8, misuse, &client);
    server = lpc_test_accept(port, NULL);
    lpc_test_receive(server, LPC_PORT_CLOSED, &message);
    lpc_test_set(&message, "text");
    CHECK_STATUS(NtRequestWaitReplyPort(port, &message.header, &message.header),
                 STATUS_INVALID_PORT_HANDLE);
    CHECK_STATUS(NtRequestWaitReplyPort(server, &message.header, &message.header),
                 STATUS_INVALID_PORT_HANDLE);
    CHECK_STATUS(NtCompleteConnectPort(port), STATUS_INVALID_PORT_HANDLE);
    CHECK_STATUS(NtReplyPort(port, &message.header), STATUS_REPLY_MESSAGE_MISMATCH);
    CHECK_STATUS(NtReplyWaitReceivePort(port, NULL, &message.header, &message.header),
                 STATUS_REPLY_MESSAGE_MISMATCH);
    CHECK_STATUS(NtReplyPort(NULL, &message.header), STATUS_INVALID_HANDLE);
    NtClose(server);
    NtClose(port);
    ke_test_join(1);
    CHECK_NO_USAGE(usage);
}

SELFTEST(lpc_answers_once)
{
    struct ke_test_usage usage = ke_test_usage();
    struct lpc_test_client client = {.said = ""};
    struct lpc_test_message message, other;
    HANDLE port = lpc_test_port(), server;

    lpc_test_set(&client.message, "question");
    ke_test_begin();
    ke_test_start(0, 8, lpc_test_request_and_close, &client);
    server = lpc_test_accept(port, NULL);
    lpc_test_receive(port, LPC_REQUEST, &message);
    other = message;
    other.header.MessageId++;
    CHECK_STATUS(lpc_test_reply(port, &other, "wrong"), STATUS_REPLY_MESSAGE_MISMATCH);
    CHECK_STATUS(lpc_test_reply(port, &message, "right"), STATUS_SUCCESS);
    CHECK_STATUS(lpc_test_reply(port, &message, "again"), STATUS_REPLY_MESSAGE_MISMATCH);
    lpc_test_receive(port, LPC_PORT_CLOSED, &message);
    CHECK_TEXT(client.message.data, "right");
    NtClose(server);
    NtClose(port);
    ke_test_join(1);
    CHECK_NO_USAGE(usage);
}

#include "tests/kernel/lpc_support.h"

HANDLE lpc_test_port(void)
{
    struct test_name name;
    HANDLE port = NULL;

    CHECK_STATUS(NtCreatePort(&port, test_name(&name, NULL, LPC_TEST_PORT, 0), LPC_TEST_CONNECT,
                              sizeof(struct lpc_test_message), 0),
                 STATUS_SUCCESS);
    return port;
}

void lpc_test_set(struct lpc_test_message *message, const char *text)
{
    ULONG bytes = (ULONG)strlen(text) + 1;

    message->header.DataLength = (USHORT)bytes;
    message->header.TotalLength = (USHORT)(sizeof(PORT_MESSAGE) + bytes);
    memcpy(message->data, text, bytes);
}

void lpc_test_connect(struct lpc_test_client *client)
{
    UNICODE_STRING name = UNICODE_STRING_INIT(LPC_TEST_PORT);

    client->port = NULL;
    client->connected = NtConnectPort(&client->port, &name, NULL, NULL, NULL, &client->max_message,
                                      client->said, &client->said_bytes);
}

void lpc_test_only_connect(void *client)
{
    lpc_test_connect(client);
}

void lpc_test_request(void *argument)
{
    struct lpc_test_client *client = argument;

    lpc_test_connect(client);
    if (NT_SUCCESS(client->connected))
        client->answered =
            NtRequestWaitReplyPort(client->port, &client->message.header, &client->message.header);
}

void lpc_test_request_and_close(void *argument)
{
    struct lpc_test_client *client = argument;

    lpc_test_request(client);
    if (NT_SUCCESS(client->connected))
        NtClose(client->port);
}

PVOID lpc_test_receive(HANDLE port, USHORT type, struct lpc_test_message *message)
{
    PVOID context = NULL;

    memset(message, 0, sizeof(*message));
    CHECK_STATUS(NtReplyWaitReceivePort(port, &context, NULL, &message->header), STATUS_SUCCESS);
    CHECK_EQUAL(message->header.Type, type);
    CHECK_EQUAL(message->header.TotalLength, sizeof(PORT_MESSAGE) + message->header.DataLength);
    return context;
}

HANDLE lpc_test_accept(HANDLE port, PVOID context)
{
    struct lpc_test_message message;
    HANDLE server = NULL;

    CHECK_EQUAL(lpc_test_receive(port, LPC_CONNECTION_REQUEST, &message), NULL);
    CHECK_STATUS(NtAcceptConnectPort(&server, context, &message.header, TRUE, NULL, NULL),
                 STATUS_SUCCESS);
    CHECK_STATUS(NtCompleteConnectPort(server), STATUS_SUCCESS);
    return server;
}

NTSTATUS lpc_test_reply(HANDLE port, struct lpc_test_message *request, const char *text)
{
    lpc_test_set(request, text);
    return NtReplyPort(port, &request->header);
}

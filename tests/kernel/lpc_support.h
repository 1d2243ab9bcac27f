/*
 * What the self-tests of ports share. The test itself is the server; its clients are kernel threads,
 * each with a script, and a record of what came of it.
 */
#pragma once

#include "lpc/lpc.h"
#include "tests/kernel/ke_support.h"

#define LPC_TEST_PORT    u"\\LpcTest"
#define LPC_TEST_CONNECT 16 /* bytes on connecting */
#define LPC_TEST_DATA    64

struct lpc_test_message {
    PORT_MESSAGE header;
    char data[LPC_TEST_DATA];
};

struct lpc_test_client {
    NTSTATUS connected;
    HANDLE port;
    char said[LPC_TEST_CONNECT]; /* in: on connecting; out: what the server said */
    ULONG said_bytes, max_message;
    NTSTATUS answered; /* of its one request */
    struct lpc_test_message message;
};

/* A port named LPC_TEST_PORT for a struct lpc_test_message. */
HANDLE lpc_test_port(void);

/* A message with text as its data. */
void lpc_test_set(struct lpc_test_message *message, const char *text);

/* Connects, saying `said`. */
void lpc_test_connect(struct lpc_test_client *client);

/* Scripts for threads: connects; the same, then sends `message` as a request; then closes, too. */
void lpc_test_only_connect(void *client);
void lpc_test_request(void *client);
void lpc_test_request_and_close(void *client);

/* Receives a message of that type; its PortContext. */
PVOID lpc_test_receive(HANDLE port, USHORT type, struct lpc_test_message *message);

/* Receives a connection request and accepts it; the server port. */
HANDLE lpc_test_accept(HANDLE port, PVOID context);

NTSTATUS lpc_test_reply(HANDLE port, struct lpc_test_message *request, const char *text);

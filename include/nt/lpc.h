/*
 * LPC messages, with Windows 2000's layout (no stock header has it). Programs include <windows.h>
 * and <winternl.h> first.
 *
 *   0  DataLength | TotalLength     bytes behind the header; the same with the header
 *   4  Type | DataInfoOffset        LPC_...; 0
 *   8  ClientId                     who sent it: process, thread
 *  16  MessageId                    a request's number, which its reply repeats
 *  20  ClientViewSize               0: there are no views here
 *  24  data
 */
#pragma once

#include "nt/ntdef.h"
#include "nt/peb.h"

enum {
    LPC_REQUEST = 1, /* waits for a reply */
    LPC_REPLY = 2,
    LPC_PORT_CLOSED = 5,         /* the client of this PortContext has closed its port */
    LPC_CLIENT_DIED = 6,         /* the thread that waited for MessageId's reply has ended */
    LPC_CONNECTION_REQUEST = 10, /* NtAcceptConnectPort answers; the data is the client's */
};

/* Rights to a port. */
#define PORT_CONNECT    0x0001u
#define PORT_ALL_ACCESS 0x001F0001u

typedef struct _PORT_MESSAGE {
    USHORT DataLength, TotalLength;
    USHORT Type, DataInfoOffset;
    struct nt_client_id ClientId;
    ULONG MessageId;
    ULONG ClientViewSize;
} PORT_MESSAGE, *PPORT_MESSAGE;

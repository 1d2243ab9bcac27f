#include "advapi32/advapi32.h"

static HANDLE connection; /* NULL: there is none (any more) */

/* Two threads may connect at once; the first one's connection is kept. */
static NTSTATUS get_connection(HANDLE *port)
{
    UNICODE_STRING name;
    HANDLE mine;
    NTSTATUS status;

    if (!connection) {
        RtlInitUnicodeString(&name, SVCCTL_PORT);
        status = NtConnectPort(&mine, &name, NULL, NULL, NULL, NULL, NULL, NULL);
        if (!NT_SUCCESS(status))
            return status;
        if (!__sync_bool_compare_and_swap(&connection, NULL, mine))
            NtClose(mine);
    }
    *port = connection;
    return STATUS_SUCCESS;
}

/*
 * services.exe has ended: the next call connects to the one that runs then. Of threads that find out at
 * once one closes the handle; what another still does by it fails all the same.
 */
static void drop_connection(HANDLE port)
{
    if (__sync_bool_compare_and_swap(&connection, port, NULL))
        NtClose(port);
}

DWORD svcctl_call(struct svcctl_message *message, enum svcctl_operation operation, SC_HANDLE handle)
{
    HANDLE port;

    if (!NT_SUCCESS(get_connection(&port)))
        return RPC_S_SERVER_UNAVAILABLE;
    message->port.DataLength = SVCCTL_DATA_BYTES;
    message->port.TotalLength = sizeof(*message);
    message->operation = operation;
    message->handle = (ULONG)(ULONG_PTR)handle;
    if (NT_SUCCESS(NtRequestWaitReplyPort(port, &message->port, &message->port)))
        return message->error;
    drop_connection(port);
    return RPC_S_CALL_FAILED;
}

BOOL svcctl_result(DWORD error)
{
    if (error != ERROR_SUCCESS)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}

SC_HANDLE svcctl_handle(const struct svcctl_message *message, DWORD error)
{
    return svcctl_result(error) ? (SC_HANDLE)(ULONG_PTR)message->handle : NULL;
}

/*
 * What advapi32 and services.exe say to each other.
 *
 * services.exe listens on the LPC port SVCCTL_PORT. A process connects once, when it first needs the
 * service control manager; each call is one request, and its reply the same record with the answer
 * filled in. An SC_HANDLE is a number that services.exe gave to this connection; it means nothing to
 * any other, and the connection's end closes it.
 */
#pragma once

#include <winsvc.h>

#define SVCCTL_DIRECTORY   L"\\RPC Control"
#define SVCCTL_PORT        L"\\RPC Control\\ntsvcs"
#define SVCCTL_START_EVENT L"\\BaseNamedObjects\\SvcctrlStartEvent" /* set: the port is there */

/* Choices: units of a text without its NUL. Windows has the first two as well. */
#define SVCCTL_MAX_NAME    256
#define SVCCTL_MAX_DISPLAY 256
#define SVCCTL_MAX_PATH    (MAX_PATH + 3) /* a DOS path, and the \\??\\ in front of it */

enum svcctl_operation { /* handle:  in -> out                                      */
                        SVCCTL_OPEN_MANAGER, /* -        access -> handle                               */
                        SVCCTL_CREATE_SERVICE, /* manager  name display access type start error_control
                                            path -> handle                                 */
                        SVCCTL_OPEN_SERVICE, /* manager  name access -> handle                          */
                        SVCCTL_START_SERVICE, /* service                                                 */
                        SVCCTL_CONTROL_SERVICE, /* service  number: the control -> status                  */
                        SVCCTL_QUERY_STATUS, /* service  -> status                                      */
                        SVCCTL_QUERY_CONFIG, /* service  -> type start error_control display path       */
                        SVCCTL_ENUMERATE, /* manager  number: from 0; type, start: masks of type and
                                            state -> name display status number (the next
                                            one's), or ERROR_NO_MORE_ITEMS                 */
                        SVCCTL_GET_DISPLAY_NAME, /* manager  name -> display                                */
                        SVCCTL_GET_KEY_NAME, /* manager  display -> name                                */
                        SVCCTL_DELETE_SERVICE, /* service                                                 */
                        SVCCTL_CLOSE_HANDLE, /* any                                                     */
                        SVCCTL_OPERATIONS,
};

struct svcctl_message {
    PORT_MESSAGE port;
    ULONG operation; /* enum svcctl_operation */
    ULONG error;     /* out: a Win32 error code, ERROR_SUCCESS */
    ULONG handle;
    ULONG access;
    ULONG number;
    ULONG type, start, error_control;
    SERVICE_STATUS status;
    WCHAR name[SVCCTL_MAX_NAME + 1];
    WCHAR display[SVCCTL_MAX_DISPLAY + 1];
    WCHAR path[SVCCTL_MAX_PATH + 1];
};

#define SVCCTL_DATA_BYTES (sizeof(struct svcctl_message) - sizeof(PORT_MESSAGE))

/*
 * The service control manager, services.exe: who knows which drivers there are, and has them loaded.
 *
 *   main.c      the port: connections, requests, and what a client leaves behind
 *   calls.c     what the calls mean
 *   handle.c    SC_HANDLEs
 *   database.c  the services: a record each here, a key each in the registry
 *   driver.c    the kernel's side of a service
 *
 * One thread does all of it, one call after the other. Only kernel drivers are services here: other
 * types are refused with ERROR_NOT_SUPPORTED.
 */
#pragma once

#include "common/native.h"
#include "common/svcctl.h"
#include "rtl/list.h"

struct service {
    LIST_ENTRY link;  /* in `services`, in the order of creation */
    ULONG handles;    /* SC_HANDLEs to it */
    BOOLEAN deleted;  /* DeleteService was called: it goes when it has no handles and is stopped */
    BOOLEAN stopping; /* unloading was asked for, and open files of its devices are in the way */
    DWORD exit_code;  /* of the last start: SERVICE_STATUS.dwWin32ExitCode */
    WCHAR name[SVCCTL_MAX_NAME + 1];
};

/* Room for \Registry\Machine\System\CurrentControlSet\Services\NAME. */
struct service_path {
    WCHAR text[64 + SVCCTL_MAX_NAME];
};

/* ---- database.c ---- */

extern LIST_ENTRY services;

/* Whether the registry has a key Services; without it there is no database. */
BOOLEAN database_exists(void);

/* Makes records of all subkeys. */
void database_read(void);

/* By name or by display name, without regard to case; NULL if there is none. */
struct service *database_find(const WCHAR *name);
struct service *database_find_display(const WCHAR *display);

/*
 * Enters a service: name, display, path, type, start and error_control of `message`.
 * ERROR_SUCCESS: *service. ERROR_SERVICE_EXISTS, ERROR_SERVICE_MARKED_FOR_DELETE,
 * ERROR_DUPLICATE_SERVICE_NAME (the display name is another's name), ERROR_NOT_ENOUGH_MEMORY, or
 * why the registry refuses.
 */
DWORD database_create(const struct svcctl_message *message, struct service **service);

/* Fills in type, start, error_control, display, path. Values that are missing are a driver's. */
DWORD database_get_config(const struct service *service, struct svcctl_message *message);

/* The service goes if it is marked, has no handles and is stopped; all such services go. */
void database_sweep(void);

/* The path of a service's key. */
void database_path(const struct service *service, struct service_path *path);

/* ---- driver.c ---- */

/* SERVICE_STOPPED, SERVICE_RUNNING, SERVICE_STOP_PENDING: by whether the driver is loaded. */
DWORD driver_state(struct service *service);

/* Win32 error codes of NtLoadDriver and NtUnloadDriver. */
DWORD driver_load(struct service *service);
DWORD driver_unload(struct service *service);

/* ---- handle.c ---- */

struct client; /* a connection */

struct sc_handle {
    struct client *client;   /* NULL: free */
    struct service *service; /* NULL: the manager */
    ACCESS_MASK access;      /* what was granted */
    USHORT generation;       /* moves on with each close: a stale handle is refused */
};

/* Before the first client. */
void handle_init(void);

/*
 * A handle for a client; `service` NULL for one to the manager. `access` as asked for, generic rights
 * and MAXIMUM_ALLOWED among it. ERROR_SUCCESS: *value; ERROR_ACCESS_DENIED: there is no such right;
 * ERROR_NOT_ENOUGH_MEMORY: too many are open.
 */
DWORD handle_open(struct client *client, struct service *service, ACCESS_MASK access, ULONG *value);

/* The client's open handle of that value, or NULL. */
struct sc_handle *handle_find(const struct client *client, ULONG value);

void handle_close(struct sc_handle *handle);
void handle_close_all(const struct client *client);

/* ---- calls.c ---- */

/* A line on the log: what was done, or why not (a Win32 error code). */
void calls_log(const char *call, const WCHAR *service, DWORD error);

/* Does what `message` asks for, and puts the answer into it. */
void calls_perform(struct client *client, struct svcctl_message *message);

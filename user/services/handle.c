#include "services/services.h"

enum { HANDLES = 1024 }; /* open at once, of all clients */

static struct sc_handle handles[HANDLES];

/* What generic rights mean (winsvc.h's documentation: "Service Security and Access Rights"). */
static const struct rights {
    GENERIC_MAPPING mapping;
    ACCESS_MASK always; /* granted unasked */
} manager_rights =
    {
        {STANDARD_RIGHTS_READ | SC_MANAGER_ENUMERATE_SERVICE | SC_MANAGER_QUERY_LOCK_STATUS,
         STANDARD_RIGHTS_WRITE | SC_MANAGER_CREATE_SERVICE | SC_MANAGER_MODIFY_BOOT_CONFIG,
         STANDARD_RIGHTS_EXECUTE | SC_MANAGER_CONNECT | SC_MANAGER_LOCK, SC_MANAGER_ALL_ACCESS},
        SC_MANAGER_CONNECT,
},
  service_rights = {
      {STANDARD_RIGHTS_READ | SERVICE_QUERY_CONFIG | SERVICE_QUERY_STATUS | SERVICE_INTERROGATE |
           SERVICE_ENUMERATE_DEPENDENTS,
       STANDARD_RIGHTS_WRITE | SERVICE_CHANGE_CONFIG,
       STANDARD_RIGHTS_EXECUTE | SERVICE_START | SERVICE_STOP | SERVICE_PAUSE_CONTINUE |
           SERVICE_USER_DEFINED_CONTROL,
       SERVICE_ALL_ACCESS},
      0,
};

static ACCESS_MASK map_access(const struct rights *rights, ACCESS_MASK access)
{
    const GENERIC_MAPPING *mapping = &rights->mapping;

    if (access & GENERIC_READ)
        access |= mapping->GenericRead;
    if (access & GENERIC_WRITE)
        access |= mapping->GenericWrite;
    if (access & GENERIC_EXECUTE)
        access |= mapping->GenericExecute;
    if (access & (GENERIC_ALL | MAXIMUM_ALLOWED))
        access |= mapping->GenericAll;
    return (access &
            ~(GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL | MAXIMUM_ALLOWED)) |
           rights->always;
}

static ULONG to_value(const struct sc_handle *handle)
{
    return ((ULONG)handle->generation << 16) + (ULONG)(handle - handles + 1) * 4;
}

static struct sc_handle *find_free(void)
{
    for (ULONG i = 0; i < HANDLES; i++)
        if (!handles[i].client)
            return &handles[i];
    return NULL;
}

DWORD handle_open(struct client *client, struct service *service, ACCESS_MASK access, ULONG *value)
{
    const struct rights *rights = service ? &service_rights : &manager_rights;
    ACCESS_MASK granted = map_access(rights, access);
    struct sc_handle *handle = find_free();

    if (granted & ~rights->mapping.GenericAll)
        return ERROR_ACCESS_DENIED;
    if (!handle)
        return ERROR_NOT_ENOUGH_MEMORY;
    handle->client = client;
    handle->service = service;
    handle->access = granted;
    if (service)
        service->handles++;
    *value = to_value(handle);
    return ERROR_SUCCESS;
}

struct sc_handle *handle_find(const struct client *client, ULONG value)
{
    ULONG index = (value & 0xFFFF) / 4 - 1;

    if (index >= HANDLES || handles[index].client != client || to_value(&handles[index]) != value)
        return NULL;
    return &handles[index];
}

/* What a manager that ran before has given out is no handle of this one. */
void handle_init(void)
{
    for (ULONG i = 0; i < HANDLES; i++)
        handles[i].generation = (USHORT)(GetCurrentProcessId() << 5);
}

void handle_close(struct sc_handle *handle)
{
    if (handle->service)
        handle->service->handles--;
    handle->client = NULL;
    handle->generation++;
}

void handle_close_all(const struct client *client)
{
    for (ULONG i = 0; i < HANDLES; i++)
        if (handles[i].client == client)
            handle_close(&handles[i]);
}

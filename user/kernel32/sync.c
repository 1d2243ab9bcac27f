/* Events, mutexes and semaphores. The A kind of each call stands behind its W kind. */
#include "base.h"

/* ---- What the three have in common ---- */

typedef NTSTATUS(NTAPI *open_service)(PHANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES);

static HANDLE open_wide(open_service service, DWORD access, BOOL inherit, LPCWSTR name)
{
    struct base_attributes where;
    HANDLE handle = NULL;

    if (name == NULL) {
        base_fail_with(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return base_opened(service(&handle, access, base_open_attributes(&where, name, inherit)),
                       &handle);
}

static HANDLE open_ansi(open_service service, DWORD access, BOOL inherit, LPCSTR name)
{
    HANDLE handle;
    LPWSTR wide;

    if (!base_widen(name, &wide))
        return NULL;
    handle = open_wide(service, access, inherit, wide);
    base_free(wide);
    return handle;
}

/* ---- Events ---- */

HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES security, BOOL manual, BOOL signaled, LPCWSTR name)
{
    struct base_attributes where;
    HANDLE event = NULL;
    NTSTATUS status =
        NtCreateEvent(&event, EVENT_ALL_ACCESS, base_attributes(&where, name, security),
                      manual ? NT_NOTIFICATION : NT_SYNCHRONIZATION, signaled != 0);

    return base_created(status, event);
}

HANDLE WINAPI CreateEventA(LPSECURITY_ATTRIBUTES security, BOOL manual, BOOL signaled, LPCSTR name)
{
    HANDLE event;
    LPWSTR wide;

    if (!base_widen(name, &wide))
        return NULL;
    event = CreateEventW(security, manual, signaled, wide);
    base_free(wide);
    return event;
}

HANDLE WINAPI OpenEventW(DWORD access, BOOL inherit, LPCWSTR name)
{
    return open_wide(NtOpenEvent, access, inherit, name);
}

HANDLE WINAPI OpenEventA(DWORD access, BOOL inherit, LPCSTR name)
{
    return open_ansi(NtOpenEvent, access, inherit, name);
}

BOOL WINAPI SetEvent(HANDLE event)
{
    return base_result(NtSetEvent(event, NULL));
}

BOOL WINAPI ResetEvent(HANDLE event)
{
    return base_result(NtResetEvent(event, NULL));
}

BOOL WINAPI PulseEvent(HANDLE event)
{
    return base_result(NtPulseEvent(event, NULL));
}

/* ---- Mutexes ---- */

HANDLE WINAPI CreateMutexW(LPSECURITY_ATTRIBUTES security, BOOL owned, LPCWSTR name)
{
    struct base_attributes where;
    HANDLE mutex = NULL;
    NTSTATUS status = NtCreateMutant(&mutex, MUTEX_ALL_ACCESS,
                                     base_attributes(&where, name, security), owned != 0);

    return base_created(status, mutex);
}

HANDLE WINAPI CreateMutexA(LPSECURITY_ATTRIBUTES security, BOOL owned, LPCSTR name)
{
    HANDLE mutex;
    LPWSTR wide;

    if (!base_widen(name, &wide))
        return NULL;
    mutex = CreateMutexW(security, owned, wide);
    base_free(wide);
    return mutex;
}

HANDLE WINAPI OpenMutexW(DWORD access, BOOL inherit, LPCWSTR name)
{
    return open_wide(NtOpenMutant, access, inherit, name);
}

HANDLE WINAPI OpenMutexA(DWORD access, BOOL inherit, LPCSTR name)
{
    return open_ansi(NtOpenMutant, access, inherit, name);
}

BOOL WINAPI ReleaseMutex(HANDLE mutex)
{
    return base_result(NtReleaseMutant(mutex, NULL));
}

/* ---- Semaphores ---- */

HANDLE WINAPI CreateSemaphoreW(LPSECURITY_ATTRIBUTES security, LONG count, LONG limit, LPCWSTR name)
{
    struct base_attributes where;
    HANDLE semaphore = NULL;
    NTSTATUS status = NtCreateSemaphore(&semaphore, SEMAPHORE_ALL_ACCESS,
                                        base_attributes(&where, name, security), count, limit);

    return base_created(status, semaphore);
}

HANDLE WINAPI CreateSemaphoreA(LPSECURITY_ATTRIBUTES security, LONG count, LONG limit, LPCSTR name)
{
    HANDLE semaphore;
    LPWSTR wide;

    if (!base_widen(name, &wide))
        return NULL;
    semaphore = CreateSemaphoreW(security, count, limit, wide);
    base_free(wide);
    return semaphore;
}

HANDLE WINAPI OpenSemaphoreW(DWORD access, BOOL inherit, LPCWSTR name)
{
    return open_wide(NtOpenSemaphore, access, inherit, name);
}

HANDLE WINAPI OpenSemaphoreA(DWORD access, BOOL inherit, LPCSTR name)
{
    return open_ansi(NtOpenSemaphore, access, inherit, name);
}

BOOL WINAPI ReleaseSemaphore(HANDLE semaphore, LONG count, LPLONG previous)
{
    return base_result(NtReleaseSemaphore(semaphore, count, previous));
}

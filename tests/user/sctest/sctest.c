/*
 * sctest.exe: the service control manager and the registry calls as a program meets them, every
 * documented error among it. Prints TAP on the log.
 *
 * The error codes: MSDN's pages of the calls, and what Windows 2000 gives where those are silent
 * (Wine's tests of advapi32 accept the same values).
 */
#include "common/native.h"

#include <winsvc.h>

void WINAPI start(void);

static int number, failures;

static void check(BOOL passed, const char *name, DWORD actual)
{
    failures += !passed;
    DbgPrint("%sok %d - %s\n", passed ? "" : "not ", ++number, name);
    if (!passed)
        DbgPrint("# actual: %lu\n", actual);
}

/* A call that must fail with an error, or succeed with ERROR_SUCCESS. */
#define EXPECT(error, call)                                                                        \
    do {                                                                                           \
        SetLastError(0xDEAD);                                                                      \
        BOOL done = !!(call);                                                                      \
        check(done == ((error) == ERROR_SUCCESS) && (done || GetLastError() == (error)), #call,    \
              GetLastError());                                                                     \
    } while (0)

#define EQUAL(actual, expected) check((actual) == (expected), #actual " is " #expected, actual)

static SC_HANDLE manager;

/* The driver under a name of this test. */
static SC_HANDLE create(const char *name, DWORD access, DWORD type, DWORD start_type,
                        const char *path)
{
    return CreateServiceA(manager, name, NULL, access, type, start_type, SERVICE_ERROR_IGNORE, path,
                          NULL, NULL, NULL, NULL, NULL);
}

static SC_HANDLE create_driver(const char *name, const char *path)
{
    return create(name, SERVICE_ALL_ACCESS, SERVICE_KERNEL_DRIVER, SERVICE_DEMAND_START, path);
}

static void test_manager(void)
{
    SC_HANDLE handle;

    EXPECT(RPC_S_SERVER_UNAVAILABLE, OpenSCManagerA("elsewhere", NULL, SC_MANAGER_CONNECT));
    EXPECT(ERROR_INVALID_NAME, OpenSCManagerA(NULL, "nonsense", SC_MANAGER_CONNECT));
    EXPECT(ERROR_DATABASE_DOES_NOT_EXIST, OpenSCManagerA(NULL, "ServicesFailed", 1));
    EXPECT(ERROR_ACCESS_DENIED, OpenSCManagerA(NULL, NULL, 0x1000));
    EXPECT(ERROR_SUCCESS, handle = OpenSCManagerW(NULL, L"ServicesActive", GENERIC_READ));
    EXPECT(ERROR_ACCESS_DENIED,
           CreateServiceA(handle, "", NULL, 0, 0, 0, 0, "x", NULL, NULL, NULL, NULL, NULL));
    EXPECT(ERROR_INVALID_HANDLE, DeleteService(handle));
    EXPECT(ERROR_SUCCESS, CloseServiceHandle(handle));
    EXPECT(ERROR_INVALID_HANDLE, CloseServiceHandle(handle));
    EXPECT(ERROR_INVALID_HANDLE, CloseServiceHandle(NULL));
}

static void test_names(void)
{
    char long_name[300];

    memset(long_name, 'a', sizeof(long_name));
    long_name[257] = 0;
    EXPECT(ERROR_INVALID_HANDLE, OpenServiceA(NULL, "sctest", SERVICE_START));
    EXPECT(ERROR_INVALID_PARAMETER, OpenServiceA(manager, NULL, SERVICE_START));
    EXPECT(ERROR_SERVICE_DOES_NOT_EXIST, OpenServiceA(manager, "sctest", SERVICE_START));
    EXPECT(ERROR_INVALID_NAME, OpenServiceA(manager, "", SERVICE_START));
    EXPECT(ERROR_INVALID_NAME, create_driver("", "x"));
    EXPECT(ERROR_INVALID_NAME, create_driver("a\\b", "x"));
    EXPECT(ERROR_INVALID_NAME, create_driver("a/b", "x"));
    EXPECT(ERROR_INVALID_NAME, create_driver(long_name, "x"));
    EXPECT(ERROR_INVALID_PARAMETER, create_driver("sctest", ""));
    EXPECT(ERROR_INVALID_PARAMETER, create_driver("sctest", NULL));
    EXPECT(ERROR_INVALID_PARAMETER, create_driver(NULL, "x"));
    EXPECT(ERROR_INVALID_PARAMETER, create("sctest", 0, 3, SERVICE_DEMAND_START, "x"));
    EXPECT(ERROR_INVALID_PARAMETER, create("sctest", 0, SERVICE_KERNEL_DRIVER, 5, "x"));
    EXPECT(ERROR_NOT_SUPPORTED, create("sctest", 0, SERVICE_WIN32_OWN_PROCESS, 3, "x"));
    EXPECT(ERROR_ACCESS_DENIED, create("sctest", 0x1000, SERVICE_KERNEL_DRIVER, 3, "x"));
    EXPECT(ERROR_SERVICE_DOES_NOT_EXIST, OpenServiceA(manager, "sctest", SERVICE_START));
}

static DWORD state_of(SC_HANDLE service)
{
    SERVICE_STATUS status = {0};

    return QueryServiceStatus(service, &status) ? status.dwCurrentState : 0;
}

static void test_life(void)
{
    SC_HANDLE service, second;
    SERVICE_STATUS status = {0};
    HANDLE device;

    EXPECT(ERROR_SUCCESS, service = create_driver("SCTest", "C:\\VirtToPhys.sys"));
    EXPECT(ERROR_SERVICE_EXISTS, create_driver("sctest", "x"));
    EXPECT(ERROR_DUPLICATE_SERVICE_NAME,
           CreateServiceA(manager, "other", "scTEST", 0, SERVICE_KERNEL_DRIVER,
                          SERVICE_DEMAND_START, 0, "x", NULL, NULL, NULL, NULL, NULL));
    EQUAL(state_of(service), SERVICE_STOPPED);
    EXPECT(ERROR_SERVICE_NOT_ACTIVE, ControlService(service, SERVICE_CONTROL_STOP, &status));
    EXPECT(ERROR_INVALID_SERVICE_CONTROL, ControlService(service, SERVICE_CONTROL_PAUSE, &status));
    EXPECT(ERROR_INVALID_SERVICE_CONTROL, ControlService(service, 200, &status));
    EXPECT(ERROR_INVALID_PARAMETER, ControlService(service, 0, &status));
    EXPECT(ERROR_INVALID_PARAMETER, ControlService(service, 99, &status));
    EXPECT(ERROR_SUCCESS, StartServiceA(service, 0, NULL));
    EQUAL(state_of(service), SERVICE_RUNNING);
    EXPECT(ERROR_SERVICE_ALREADY_RUNNING, StartServiceA(service, 0, NULL));
    EXPECT(ERROR_SUCCESS, ControlService(service, SERVICE_CONTROL_INTERROGATE, &status));
    EQUAL(status.dwControlsAccepted, SERVICE_ACCEPT_STOP);

    device = CreateFileA("\\\\.\\slVirtToPhys", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    EXPECT(ERROR_SUCCESS, device != INVALID_HANDLE_VALUE);
    EXPECT(ERROR_SUCCESS, ControlService(service, SERVICE_CONTROL_STOP, &status));
    EQUAL(status.dwCurrentState, SERVICE_STOP_PENDING);
    EXPECT(ERROR_SERVICE_CANNOT_ACCEPT_CTRL, ControlService(service, 1, &status));
    CloseHandle(device);
    EQUAL(state_of(service), SERVICE_STOPPED);

    EXPECT(ERROR_SUCCESS, second = OpenServiceA(manager, "SCTEST", SERVICE_QUERY_STATUS));
    EXPECT(ERROR_ACCESS_DENIED, StartServiceA(second, 0, NULL));
    EXPECT(ERROR_ACCESS_DENIED, ControlService(second, SERVICE_CONTROL_STOP, &status));
    EXPECT(ERROR_ACCESS_DENIED, DeleteService(second));
    EXPECT(ERROR_SUCCESS, DeleteService(service));
    EXPECT(ERROR_SERVICE_MARKED_FOR_DELETE, DeleteService(service));
    EXPECT(ERROR_SERVICE_MARKED_FOR_DELETE, StartServiceA(service, 0, NULL));
    EXPECT(ERROR_SERVICE_MARKED_FOR_DELETE, create_driver("sctest", "x"));
    EXPECT(ERROR_SUCCESS, CloseServiceHandle(service));
    EXPECT(ERROR_SERVICE_MARKED_FOR_DELETE, create_driver("sctest", "x"));
    EXPECT(ERROR_SUCCESS, CloseServiceHandle(second));
    EXPECT(ERROR_SERVICE_DOES_NOT_EXIST, OpenServiceA(manager, "sctest", SERVICE_START));
}

/* Marked while it runs: it goes when it has stopped. */
static void test_deleted_while_running(void)
{
    SC_HANDLE service;
    SERVICE_STATUS status;

    EXPECT(ERROR_SUCCESS, service = create_driver("sctest", "C:\\VirtToPhys.sys"));
    EXPECT(ERROR_SUCCESS, StartServiceA(service, 0, NULL));
    EXPECT(ERROR_SUCCESS, DeleteService(service));
    EXPECT(ERROR_SUCCESS, CloseServiceHandle(service));
    EXPECT(ERROR_SUCCESS, service = OpenServiceA(manager, "sctest", SERVICE_STOP));
    EXPECT(ERROR_SUCCESS, ControlService(service, SERVICE_CONTROL_STOP, &status));
    EXPECT(ERROR_SUCCESS, CloseServiceHandle(service));
    EXPECT(ERROR_SERVICE_DOES_NOT_EXIST, OpenServiceA(manager, "sctest", SERVICE_START));
}

/* Why a driver does not start. */
static void test_failures(void)
{
    static const struct {
        const char *path;
        DWORD error;
    } drivers[] = {
        {"C:\\missing.sys", ERROR_FILE_NOT_FOUND},
        {"C:\\failentry.sys", ERROR_GEN_FAILURE}, /* its DriverEntry: STATUS_UNSUCCESSFUL */
        {"C:\\kernel32.dll", ERROR_BAD_EXE_FORMAT},
    };

    for (ULONG i = 0; i < ARRAY_SIZE(drivers); i++) {
        SC_HANDLE service = create_driver("sctest", drivers[i].path);
        SERVICE_STATUS status = {0};

        EXPECT(drivers[i].error, StartServiceA(service, 0, NULL));
        EXPECT(ERROR_SUCCESS, QueryServiceStatus(service, &status));
        EQUAL(status.dwWin32ExitCode, drivers[i].error);
        EXPECT(ERROR_SUCCESS, DeleteService(service));
        EXPECT(ERROR_SUCCESS, CloseServiceHandle(service));
    }
}

static BOOL same(const char *a, const char *b)
{
    return lstrcmpA(a, b) == 0;
}

static void test_config(void)
{
    union {
        QUERY_SERVICE_CONFIGA config;
        char bytes[512];
    } buffer;
    SC_HANDLE service = CreateServiceA(
        manager, "sctest", "The display name", SERVICE_ALL_ACCESS, SERVICE_KERNEL_DRIVER,
        SERVICE_DISABLED, SERVICE_ERROR_NORMAL, "C:\\VirtToPhys.sys", NULL, NULL, NULL, NULL, NULL);
    char name[32];
    DWORD needed = 0, count = sizeof(name);

    EXPECT(ERROR_INSUFFICIENT_BUFFER, QueryServiceConfigA(service, NULL, 0, &needed));
    EXPECT(ERROR_INSUFFICIENT_BUFFER,
           QueryServiceConfigA(service, &buffer.config, needed - 1, &needed));
    EXPECT(ERROR_SUCCESS, QueryServiceConfigA(service, &buffer.config, needed, &needed));
    EQUAL(buffer.config.dwServiceType, SERVICE_KERNEL_DRIVER);
    EQUAL(buffer.config.dwStartType, SERVICE_DISABLED);
    EQUAL(buffer.config.dwErrorControl, SERVICE_ERROR_NORMAL);
    check(same(buffer.config.lpBinaryPathName, "\\??\\C:\\VirtToPhys.sys"), "the native path", 0);
    check(same(buffer.config.lpDisplayName, "The display name"), "the display name", 0);
    EXPECT(ERROR_SERVICE_DISABLED, StartServiceA(service, 0, NULL));
    EXPECT(ERROR_SUCCESS, GetServiceKeyNameA(manager, "The display name", name, &count));
    check(same(name, "sctest"), "the key name", count);
    count = 3;
    EXPECT(ERROR_INSUFFICIENT_BUFFER, GetServiceDisplayNameA(manager, "sctest", name, &count));
    EQUAL(count, 16);
    DeleteService(service);
    CloseServiceHandle(service);
}

static void test_enumeration(void)
{
    union {
        ENUM_SERVICE_STATUSA entries[2];
        char bytes[512];
    } buffer;
    SC_HANDLE first = create_driver("sctest1", "x"), second = create_driver("sctest2", "x");
    DWORD needed, returned, resume = 0;

    EXPECT(ERROR_INVALID_PARAMETER, EnumServicesStatusA(manager, 0, SERVICE_STATE_ALL, NULL, 0,
                                                        &needed, &returned, &resume));
    EXPECT(ERROR_MORE_DATA, EnumServicesStatusA(manager, SERVICE_DRIVER, SERVICE_STATE_ALL, NULL, 0,
                                                &needed, &returned, &resume));
    EQUAL(returned, 0);
    EQUAL(needed, 2 * (sizeof(ENUM_SERVICE_STATUSA) + 16));
    EXPECT(ERROR_MORE_DATA,
           EnumServicesStatusA(manager, SERVICE_DRIVER, SERVICE_INACTIVE, buffer.entries,
                               needed - 1, &needed, &returned, &resume));
    EQUAL(returned, 1);
    check(same(buffer.entries[0].lpServiceName, "sctest1"), "the first one's name", resume);
    EXPECT(ERROR_SUCCESS,
           EnumServicesStatusA(manager, SERVICE_DRIVER, SERVICE_INACTIVE, buffer.entries,
                               sizeof(buffer), &needed, &returned, &resume));
    EQUAL(returned, 1);
    EQUAL(resume, 0);
    check(same(buffer.entries[0].lpDisplayName, "sctest2"), "the second one's name", 0);
    EXPECT(ERROR_SUCCESS,
           EnumServicesStatusA(manager, SERVICE_DRIVER, SERVICE_ACTIVE, buffer.entries,
                               sizeof(buffer), &needed, &returned, &resume));
    EQUAL(returned, 0);
    DeleteService(first);
    DeleteService(second);
    CloseServiceHandle(first);
    CloseServiceHandle(second);
}

/* The calls of the registry return their error. */
#define RETURNS(error, call)                                                                       \
    do {                                                                                           \
        LONG got = call;                                                                           \
        check(got == (error), #call, (DWORD)got);                                                  \
    } while (0)

static void test_registry(void)
{
    static const char path[] = "Software\\sctest\\key";
    DWORD disposition = 0, type = 0, size = 3, count = 64, data = 7;
    HKEY key, parent;
    char text[64];

    RETURNS(ERROR_FILE_NOT_FOUND, RegOpenKeyExA(HKEY_LOCAL_MACHINE, path, 0, KEY_READ, &key));
    RETURNS(ERROR_SUCCESS, RegCreateKeyExA(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_ALL_ACCESS,
                                           NULL, &key, &disposition));
    EQUAL(disposition, REG_CREATED_NEW_KEY);
    RETURNS(ERROR_SUCCESS, RegSetValueExA(key, "text", 0, REG_SZ, (const BYTE *)"value", 6));
    RETURNS(ERROR_SUCCESS, RegSetValueExA(key, "number", 0, REG_DWORD, (BYTE *)&data, 4));
    RETURNS(ERROR_MORE_DATA, RegQueryValueExA(key, "TEXT", NULL, &type, (BYTE *)text, &size));
    EQUAL(size, 6);
    RETURNS(ERROR_SUCCESS, RegQueryValueExA(key, "TEXT", NULL, &type, (BYTE *)text, &size));
    EQUAL(type, REG_SZ);
    check(same(text, "value"), "the text", size);
    RETURNS(ERROR_SUCCESS, RegQueryValueExW(key, L"text", NULL, NULL, NULL, &size));
    EQUAL(size, 12);
    size = sizeof(data);
    RETURNS(ERROR_SUCCESS, RegEnumValueA(key, 1, text, &count, NULL, &type, (BYTE *)&data, &size));
    check(same(text, "number") && data == 7, "the second value", data);
    count = sizeof(text);
    RETURNS(ERROR_NO_MORE_ITEMS, RegEnumValueA(key, 2, text, &count, NULL, NULL, NULL, NULL));
    RETURNS(ERROR_SUCCESS, RegDeleteValueA(key, "number"));
    RETURNS(ERROR_FILE_NOT_FOUND, RegDeleteValueA(key, "number"));
    RETURNS(ERROR_SUCCESS, RegCloseKey(key));
    RETURNS(ERROR_INVALID_HANDLE, RegCloseKey(key));
    RETURNS(ERROR_SUCCESS,
            RegOpenKeyExA(HKEY_LOCAL_MACHINE, "Software\\sctest", 0, KEY_READ, &parent));
    RETURNS(ERROR_SUCCESS, RegEnumKeyExA(parent, 0, text, &count, NULL, NULL, NULL, NULL));
    check(same(text, "key"), "the subkey's name", count);
    RegCloseKey(parent);
    RETURNS(ERROR_ACCESS_DENIED, RegDeleteKeyA(HKEY_LOCAL_MACHINE, "Software\\sctest"));
    RETURNS(ERROR_SUCCESS, RegDeleteKeyA(HKEY_LOCAL_MACHINE, path));
    RETURNS(ERROR_SUCCESS, RegDeleteKeyA(HKEY_LOCAL_MACHINE, "Software\\sctest"));
}

/* A program that ends with handles open: they are closed, and what only they kept is gone. */
static void test_death(void)
{
    static char line[] = "sctest.exe child";
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    DWORD code = 99;

    EXPECT(ERROR_SUCCESS,
           CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process));
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    EQUAL(code, 0);
    EXPECT(ERROR_SERVICE_DOES_NOT_EXIST, OpenServiceA(manager, "left", SERVICE_START));
}

/* services.exe, to be ended and waited for. */
static HANDLE open_services(void)
{
    static UCHAR list[8192];
    const SYSTEM_PROCESS_INFORMATION *process = (void *)list;
    UNICODE_STRING name;

    RtlInitUnicodeString(&name, L"services.exe");
    if (!NT_SUCCESS(NtQuerySystemInformation(SystemProcessInformation, list, sizeof(list), NULL)))
        return NULL;
    while (!RtlEqualUnicodeString(&process->ImageName, &name, TRUE) && process->NextEntryOffset)
        process = (void *)((UCHAR *)process + process->NextEntryOffset);
    return OpenProcess(PROCESS_TERMINATE | SYNCHRONIZE, FALSE,
                       (DWORD)(ULONG_PTR)process->UniqueProcessId);
}

/* Its port is there some time after it has been started. */
static SC_HANDLE connect_again(void)
{
    SC_HANDLE handle;

    while (!(handle = OpenSCManagerA(NULL, NULL, SC_MANAGER_ALL_ACCESS)) &&
           GetLastError() == RPC_S_SERVER_UNAVAILABLE)
        Sleep(10);
    return handle;
}

/* services.exe ends, and another one comes: the connection is made anew, old handles are none. */
static void test_restart(void)
{
    static char line[] = "services.exe";
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    HANDLE services = open_services();
    SC_HANDLE before = manager;

    EXPECT(ERROR_SUCCESS, TerminateProcess(services, 1));
    WaitForSingleObject(services, INFINITE);
    EXPECT(RPC_S_CALL_FAILED, OpenServiceA(manager, "left", SERVICE_START));
    EXPECT(RPC_S_SERVER_UNAVAILABLE, OpenServiceA(manager, "left", SERVICE_START));
    EXPECT(RPC_S_SERVER_UNAVAILABLE, OpenSCManagerA(NULL, NULL, SC_MANAGER_CONNECT));
    EXPECT(ERROR_SUCCESS,
           CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process));
    EXPECT(ERROR_SUCCESS, manager = connect_again());
    EXPECT(ERROR_INVALID_HANDLE, CloseServiceHandle(before));
    EXPECT(ERROR_SERVICE_DOES_NOT_EXIST, OpenServiceA(manager, "left", SERVICE_START));
    EXPECT(ERROR_SUCCESS, CloseServiceHandle(manager));
}

/* What the child does: its service is marked and open when it ends. */
static UINT leave_one(void)
{
    return DeleteService(create_driver("left", "x")) ? 0 : GetLastError();
}

static BOOL is_child(void)
{
    const char *line = GetCommandLineA();
    int length = lstrlenA(line);

    return length > 5 && same(line + length - 5, "child");
}

void WINAPI start(void)
{
    manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    if (is_child())
        ExitProcess(leave_one());
    EXPECT(ERROR_SUCCESS, manager);
    test_manager();
    test_names();
    test_life();
    test_deleted_while_running();
    test_failures();
    test_config();
    test_enumeration();
    test_registry();
    test_death();
    test_restart();
    DbgPrint("1..%d\n", number);
    ExitProcess((UINT)failures);
}

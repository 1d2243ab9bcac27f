/*
 * The tutorial's device: \\.\slVirtToPhys of VirtToPhys.sys. tutorial 4.2.5 to 4.2.9; docs: CreateFile,
 * DeviceIoControl. Skipped where the driver cannot be started.
 */
#include "conform.h"
#include <winioctl.h>

#define LINK    "\\\\.\\slVirtToPhys"
#define ENTRIES 4
#define BYTES   (ENTRIES * sizeof(DWORD))
#define TRANSLATE                                                                                  \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)
#define UNKNOWN CTL_CODE(FILE_DEVICE_UNKNOWN, 0x8FF, METHOD_BUFFERED, FILE_ANY_ACCESS)

static HANDLE open(const char *name, DWORD access, DWORD share, DWORD disposition)
{
    return CreateFileA(name, access, share, NULL, disposition, 0, NULL);
}

static HANDLE open_device(DWORD access)
{
    return open(LINK, access, 0, OPEN_EXISTING);
}

static const struct {
    const char *name;
    DWORD access, share, disposition;
    const char *what;
} opens[] = {
    {LINK, GENERIC_READ | GENERIC_WRITE, 0, OPEN_EXISTING, "it is opened as the tutorial does"},
    {LINK, GENERIC_READ | GENERIC_WRITE, 0, OPEN_EXISTING,
     "again, though nothing is shared (4.2.5, share mode)"},
    {"\\\\.\\SLVIRTTOPHYS", GENERIC_READ, 0, OPEN_EXISTING, "in any case"},
    {LINK, GENERIC_READ | GENERIC_WRITE, 0, CREATE_ALWAYS, "with CREATE_ALWAYS"},
    {LINK, 0, 0, OPEN_EXISTING, "for nothing at all"},
    {LINK "\\sub\\file", GENERIC_READ, 0, OPEN_EXISTING,
     "with a name behind it, which is the driver's affair"},
};

static void check_opens(void)
{
    HANDLE handles[COUNT(opens)];
    unsigned i;

    for (i = 0; i < COUNT(opens); i++) {
        handles[i] = open(opens[i].name, opens[i].access, opens[i].share, opens[i].disposition);
        expect(handles[i] != INVALID_HANDLE_VALUE, opens[i].what);
    }
    for (i = 0; i < COUNT(opens); i++)
        CloseHandle(handles[i]);
}

static BOOL control(HANDLE device, DWORD code, void *in, DWORD in_size, void *out, DWORD out_size,
                    DWORD *returned)
{
    return DeviceIoControl(device, code, in, in_size, out, out_size, returned, NULL);
}

/* tutorial 4.2.8; part 5: 0 is the answer for what is not present */
static void check_translation(HANDLE device)
{
    DWORD in[ENTRIES] = {(DWORD)(DWORD_PTR)GetModuleHandleA(NULL),
                         (DWORD)(DWORD_PTR)GetModuleHandleA("kernel32"), 0, 0};
    DWORD out[ENTRIES] = {1, 1, 1, 1}, returned = 0;

    in[3] = in[0] + 0x3C;
    expect_success(CALL(control(device, TRANSLATE, in, BYTES, out, BYTES, &returned)),
                   "addresses are translated");
    expect_value(returned, BYTES, "all four");
    expect(out[0] != 0 && out[0] % 4096 == 0, "the program's base is a page in memory");
    expect(out[1] != 0 && out[1] % 4096 == 0 && out[1] != out[0], "kernel32's is another");
    expect_value(out[2], 0, "what is not present is 0");
    expect_value(out[3], out[0] + 0x3C, "a place in a page stays in its page");
    expect_value(in[0], (DWORD)(DWORD_PTR)GetModuleHandleA(NULL), "the input stays");
}

static const struct {
    DWORD code, in, out, error;
    const char *name;
} refusals[] = {
    {UNKNOWN, BYTES, BYTES, 1, "an unknown code is 1"},
    {TRANSLATE, BYTES - 1, BYTES, 122, "a short input is 122"},
    {TRANSLATE, BYTES, BYTES - 1, 122, "a short output is 122"},
    {TRANSLATE, 0, BYTES, 122, "no input is 122"},
    {TRANSLATE, BYTES, 0, 122, "no output is 122"},
};

/* Wine: ntoskrnl.exe/tests: an error leaves the count and the output as they were */
static void check_refusals(HANDLE device)
{
    DWORD in[ENTRIES] = {0}, out[ENTRIES] = {UNTOUCHED}, returned = UNTOUCHED;
    unsigned i;

    for (i = 0; i < COUNT(refusals); i++)
        expect_error(CALL(control(device, refusals[i].code, in, refusals[i].in, out,
                                  refusals[i].out, &returned)),
                     refusals[i].error, refusals[i].name);
    expect_value(returned, UNTOUCHED, "the count is not touched");
    expect_value(out[0], UNTOUCHED, "nor is the output");
}

/* docs: METHOD_BUFFERED: the I/O manager probes both buffers; 998 is STATUS_ACCESS_VIOLATION */
static void check_pointers(HANDLE device)
{
    DWORD buffer[ENTRIES] = {0}, returned;

    expect_error(
        CALL(control(device, TRANSLATE, (void *)0x80100000, BYTES, buffer, BYTES, &returned)), 998,
        "the kernel's memory is no input: 998");
    expect_error(
        CALL(control(device, TRANSLATE, buffer, BYTES, (void *)0x80100000, BYTES, &returned)), 998,
        "nor an output: 998");
    expect_error(CALL(control(device, TRANSLATE, (void *)0x1000, BYTES, buffer, BYTES, &returned)),
                 998, "an input that is not there is 998");
    expect_error(CALL(control(device, TRANSLATE, buffer, BYTES, (void *)0x1000, BYTES, &returned)),
                 998, "an output that is not there is 998");
    expect_error(CALL(control(device, TRANSLATE, buffer, BYTES, (void *)GetModuleHandleA(NULL),
                              BYTES, &returned)),
                 998, "a read-only output is 998");
    expect_error(CALL(control(device, TRANSLATE, buffer, BYTES, NULL, BYTES, &returned)), 122,
                 "NULL as output is an output of 0 bytes: 122");
    expect_error(CALL(control(device, TRANSLATE, NULL, BYTES, buffer, BYTES, &returned)), 122,
                 "NULL as input is an input of 0 bytes: 122");
}

/* tutorial 4.2.7; docs: Defining I/O Control Codes, RequiredAccess: the handle must have it */
static void check_access(void)
{
    static const DWORD lacking[] = {0, GENERIC_READ, GENERIC_WRITE};
    DWORD buffer[ENTRIES] = {0}, returned, i, granted = 0;

    for (i = 0; i < COUNT(lacking); i++) {
        HANDLE device = open_device(lacking[i]);
        struct outcome outcome =
            CALL(control(device, TRANSLATE, buffer, BYTES, buffer, BYTES, &returned));

        granted += outcome.value != 0 || outcome.error != ERROR_ACCESS_DENIED;
        outcome = CALL(control(device, UNKNOWN, buffer, BYTES, buffer, BYTES, &returned));
        granted += outcome.error != ERROR_INVALID_FUNCTION;
        CloseHandle(device);
    }
    expect_value(granted, 0, "the code's access bits are held against the handle's");
}

static void check_handles_of(HANDLE device)
{
    DWORD buffer[ENTRIES] = {0}, returned, count;
    HANDLE copy;

    expect_error(CALL(ReadFile(device, buffer, BYTES, &count, NULL)), 1,
                 "reading is not the driver's: 1");
    expect_error(CALL(WriteFile(device, buffer, BYTES, &count, NULL)), 1, "nor is writing: 1");
    expect(DuplicateHandle(GetCurrentProcess(), device, GetCurrentProcess(), &copy, 0, FALSE,
                           DUPLICATE_SAME_ACCESS),
           "its handle can be copied");
    expect_success(CALL(CloseHandle(device)), "and closed, whatever the driver says to CLEANUP");
    expect_error(CALL(control(device, TRANSLATE, buffer, BYTES, buffer, BYTES, &returned)), 6,
                 "then it is 6");
    expect(control(copy, TRANSLATE, buffer, BYTES, buffer, BYTES, &returned),
           "the copy still works");
    CloseHandle(copy);
}

/* tutorial 4.2.4, figure 4-6 */
static void check_link(void)
{
    char target[TEXT_SIZE] = "";

    QueryDosDeviceA("slVirtToPhys", target, sizeof(target));
    expect_text(target, "\\Device\\devVirtToPhys", "the link leads to the device");
}

/* docs: ControlService, StartService: the codes around a driver that runs */
static void check_states(void)
{
    SC_HANDLE manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    SC_HANDLE service = OpenServiceA(manager, "ConformDriver", SERVICE_ALL_ACCESS);
    SERVICE_STATUS status = {0};

    expect(QueryServiceStatus(service, &status) && status.dwCurrentState == SERVICE_RUNNING,
           "its service runs");
    expect_error(CALL(StartServiceA(service, 0, NULL)), 1056, "starting it again is 1056");
    CloseServiceHandle(service);
    CloseServiceHandle(manager);
}

static void check_running(void)
{
    HANDLE device;

    check_states();
    check_link();
    check_opens();
    device = open_device(GENERIC_READ | GENERIC_WRITE);
    check_translation(device);
    check_refusals(device);
    check_pointers(device);
    check_access();
    check_handles_of(device);
}

void check_device(void)
{
    if (sizeof(void *) != 4 || !driver_start("ConformDriver", "VirtToPhys.sys")) {
        skip("the driver can be started", "this machine does not run it");
        return;
    }
    expect(TRUE, "the driver can be started");
    check_running();
    driver_stop("ConformDriver");
    expect_failure(CALL(open_device(GENERIC_READ)), (DWORD_PTR)INVALID_HANDLE_VALUE, 2,
                   "stopped, it has no device: 2");
}

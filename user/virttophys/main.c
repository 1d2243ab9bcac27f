/*
 * VirtToPhys.exe, the tutorial's control program in C: it registers and starts the driver, asks it
 * where the first page of four modules lies in physical memory, and shows the table
 * "Modules Base Address". Step for step the listing of part 4; each failure undoes what was done.
 */
#include <windows.h>
#include <winioctl.h>

#include "ioctl/virttophys.h"

/* NUL-terminated rows and texts; the program's own name may be up to MAX_PATH long. */
#define NUMBER_SIZE 32
#define ROW_SIZE    (MAX_PATH + 64)
#define TEXT_SIZE   (4 * ROW_SIZE)

#define ROW_FORMAT  "%s \t%08Xh\t%08Xh ( %s )\n"
#define TEXT_FORMAT "Module:\t\tVirtual:\t\tPhysical:\n\n%s\n%s%s%s"

void WINAPI start(void);

/* The first entry, the program itself, has no fixed name. */
static const char *const ModuleNames[NUM_DATA_ENTRY] = {NULL, "kernel32.dll", "user32.dll",
                                                        "advapi32.dll"};

/* Writes a number with its thousands separated by spaces into NUMBER_SIZE characters. */
static void BigNumToString(DWORD number, char *buffer)
{
    static char decimal[] = ".", thousand[] = " ";
    NUMBERFMTA format = {.NumDigits = 0,
                         .LeadingZero = FALSE,
                         .Grouping = 3,
                         .lpDecimalSep = decimal,
                         .lpThousandSep = thousand,
                         .NegativeOrder = 0};
    char digits[NUMBER_SIZE];

    wsprintfA(digits, "%u", number);
    GetNumberFormatA(LOCALE_USER_DEFAULT, 0, digits, &format, buffer, NUMBER_SIZE);
}

static void ShowFailure(const char *text)
{
    MessageBoxA(NULL, text, NULL, MB_OK | MB_ICONSTOP);
}

/* The part of a module's path behind the last backslash; path has MAX_PATH characters. */
static const char *GetOwnName(HMODULE module, char *path)
{
    char *name = path + GetModuleFileNameA(module, path, MAX_PATH);

    while (name != path && name[-1] != '\\')
        name--;
    return name;
}

static void FormatRow(char *row, const char *name, DWORD virtual, DWORD physical)
{
    char number[NUMBER_SIZE];

    BigNumToString(physical, number);
    wsprintfA(row, ROW_FORMAT, name, virtual, physical, number);
}

static void ShowTable(const DWORD *virtual, const DWORD *physical)
{
    char path[MAX_PATH], rows[NUM_DATA_ENTRY][ROW_SIZE], text[TEXT_SIZE];
    int i;

    FormatRow(rows[0], GetOwnName((HMODULE) virtual[0], path), virtual[0], physical[0]);
    for (i = 1; i < NUM_DATA_ENTRY; i++)
        FormatRow(rows[i], ModuleNames[i], virtual[i], physical[i]);
    wsprintfA(text, TEXT_FORMAT, rows[0], rows[1], rows[2], rows[3]);
    MessageBoxA(NULL, text, "Modules Base Address", MB_OK | MB_ICONINFORMATION);
}

/* The driver sees this as IRP_MJ_DEVICE_CONTROL. */
static void AskDevice(HANDLE device)
{
    DWORD virtual[NUM_DATA_ENTRY], physical[NUM_DATA_ENTRY], returned;
    int i;

    for (i = 0; i < NUM_DATA_ENTRY; i++)
        virtual[i] = (DWORD)GetModuleHandleA(ModuleNames[i]);
    if (DeviceIoControl(device, IOCTL_GET_PHYS_ADDRESS, virtual, sizeof(virtual), physical,
                        sizeof(physical), &returned, NULL) &&
        returned != 0)
        ShowTable(virtual, physical);
    else
        ShowFailure("Can't send control code to device.");
}

/* The driver sees IRP_MJ_CREATE here, and IRP_MJ_CLOSE when the handle is closed. */
static void UseDevice(void)
{
    HANDLE device = CreateFileA("\\\\.\\slVirtToPhys", GENERIC_READ | GENERIC_WRITE, 0, NULL,
                                OPEN_EXISTING, 0, NULL);

    if (device == INVALID_HANDLE_VALUE) {
        ShowFailure("Device is not present.");
        return;
    }
    AskDevice(device);
    CloseHandle(device);
}

/* Starting runs the driver's DriverEntry, stopping its DriverUnload. */
static void RunDriver(SC_HANDLE service)
{
    SERVICE_STATUS status;

    if (!StartServiceA(service, 0, NULL)) {
        ShowFailure("Can't start driver.");
        return;
    }
    UseDevice();
    ControlService(service, SERVICE_CONTROL_STOP, &status);
}

static SC_HANDLE RegisterDriver(SC_HANDLE manager)
{
    char path[MAX_PATH], *file_part;

    GetFullPathNameA("VirtToPhys.sys", sizeof(path), path, &file_part);
    return CreateServiceA(manager, "VirtToPhys", "Virtual To Physical Address Converter",
                          SERVICE_START | SERVICE_STOP | DELETE, SERVICE_KERNEL_DRIVER,
                          SERVICE_DEMAND_START, SERVICE_ERROR_IGNORE, path, NULL, NULL, NULL, NULL,
                          NULL);
}

static void UseServiceManager(SC_HANDLE manager)
{
    SC_HANDLE service = RegisterDriver(manager);

    if (service == NULL) {
        ShowFailure("Can't register driver.");
        return;
    }
    RunDriver(service);
    DeleteService(service);
    CloseServiceHandle(service);
}

void WINAPI start(void)
{
    SC_HANDLE manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_ALL_ACCESS);

    if (manager != NULL) {
        UseServiceManager(manager);
        CloseServiceHandle(manager);
    } else {
        ShowFailure("Can't connect to Service Control Manager.");
    }
    ExitProcess(0);
}

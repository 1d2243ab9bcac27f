/*
 * VirtToPhys.exe as a reader of the tutorial writes it on Windows: the headers and import libraries of
 * mingw-w64, no C runtime, nothing of this tree. tests/system/test_outside.py runs it.
 */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <winioctl.h>
#include <winsvc.h>

#include "common.h"

#define SERVICE_NAME TEXT("VirtToPhys")
#define DISPLAY_NAME TEXT("Virtual To Physical Address Converter")

typedef struct {
    LPCTSTR Name; /* NULL: this program, whose name is asked for */
    HMODULE Module;
} MODULE_ENTRY;

static MODULE_ENTRY Modules[NUM_DATA_ENTRY] = {
    {NULL, NULL},
    {TEXT("kernel32.dll"), NULL},
    {TEXT("user32.dll"), NULL},
    {TEXT("advapi32.dll"), NULL},
};

static void Complain(LPCTSTR Text)
{
    MessageBox(NULL, Text, NULL, MB_OK | MB_ICONSTOP);
}

/* 1234567 becomes "1 234 567". */
static void BigNumToString(UINT Number, LPTSTR Buffer, int Size)
{
    TCHAR Digits[32];
    NUMBERFMT Format;

    Format.NumDigits = 0;
    Format.LeadingZero = 0;
    Format.Grouping = 3;
    Format.lpDecimalSep = (LPTSTR)TEXT(".");
    Format.lpThousandSep = (LPTSTR)TEXT(" ");
    Format.NegativeOrder = 0;
    wsprintf(Digits, TEXT("%u"), Number);
    GetNumberFormat(LOCALE_USER_DEFAULT, 0, Digits, &Format, Buffer, Size);
}

/* The file's name in the path of a module; the path stays in the buffer of MAX_PATH characters. */
static LPCTSTR FileName(HMODULE Module, LPTSTR Path)
{
    LPCTSTR Name = Path;
    DWORD Length = GetModuleFileName(Module, Path, MAX_PATH);

    for (DWORD i = 0; i < Length; i++)
        if (Path[i] == TEXT('\\'))
            Name = &Path[i + 1];
    return Name;
}

/* Writes a module's line of the table and returns how long it is. */
static int FormatModule(LPTSTR Line, const MODULE_ENTRY *Entry, ULONG Physical)
{
    TCHAR Path[MAX_PATH], Number[32];

    BigNumToString(Physical, Number, 32);
    return wsprintf(Line, TEXT("%s \t%08Xh\t%08Xh ( %s )\n"),
                    Entry->Name ? Entry->Name : FileName(Entry->Module, Path),
                    (UINT)(ULONG_PTR)Entry->Module, (UINT)Physical, Number);
}

static void ShowModules(const PHYS_ADDRESS_DATA *Physical)
{
    TCHAR Text[4 * MAX_PATH];
    LPTSTR End = Text;

    End += wsprintf(End, TEXT("Module:\t\tVirtual:\t\tPhysical:\n\n"));
    for (int i = 0; i < NUM_DATA_ENTRY; i++) {
        End += FormatModule(End, &Modules[i], Physical->Address[i]);
        if (i == 0)
            End += wsprintf(End, TEXT("\n"));
    }
    MessageBox(NULL, Text, TEXT("Modules Base Address"), MB_OK | MB_ICONINFORMATION);
}

/* IRP_MJ_DEVICE_CONTROL */
static void AskDriver(HANDLE Device)
{
    PHYS_ADDRESS_DATA Virtual, Physical;
    DWORD Returned = 0;

    for (int i = 0; i < NUM_DATA_ENTRY; i++) {
        Modules[i].Module = GetModuleHandle(Modules[i].Name);
        Virtual.Address[i] = (ULONG)(ULONG_PTR)Modules[i].Module;
    }
    if (!DeviceIoControl(Device, IOCTL_GET_PHYS_ADDRESS, &Virtual, sizeof Virtual, &Physical,
                         sizeof Physical, &Returned, NULL) ||
        Returned == 0)
        Complain(TEXT("Can't send control code to device."));
    else
        ShowModules(&Physical);
}

/* IRP_MJ_CREATE in the beginning, IRP_MJ_CLEANUP and IRP_MJ_CLOSE in the end */
static void TalkToDevice(void)
{
    HANDLE Device = CreateFile(TEXT("\\\\.\\slVirtToPhys"), GENERIC_READ | GENERIC_WRITE, 0, NULL,
                               OPEN_EXISTING, 0, NULL);

    if (Device == INVALID_HANDLE_VALUE) {
        Complain(TEXT("Device is not present."));
        return;
    }
    AskDriver(Device);
    CloseHandle(Device);
}

/* DriverEntry in the beginning, DriverUnload in the end */
static void RunDriver(SC_HANDLE Service)
{
    SERVICE_STATUS Status;

    if (!StartService(Service, 0, NULL)) {
        Complain(TEXT("Can't start driver."));
        return;
    }
    TalkToDevice();
    ControlService(Service, SERVICE_CONTROL_STOP, &Status);
}

static void UseManager(SC_HANDLE Manager)
{
    TCHAR Path[MAX_PATH];
    LPTSTR FilePart;
    SC_HANDLE Service;

    GetFullPathName(TEXT("VirtToPhys.sys"), MAX_PATH, Path, &FilePart);
    Service =
        CreateService(Manager, SERVICE_NAME, DISPLAY_NAME, SERVICE_START | SERVICE_STOP | DELETE,
                      SERVICE_KERNEL_DRIVER, SERVICE_DEMAND_START, SERVICE_ERROR_IGNORE, Path, NULL,
                      NULL, NULL, NULL, NULL);
    if (!Service) {
        Complain(TEXT("Can't register driver."));
        return;
    }
    RunDriver(Service);
    DeleteService(Service);
    CloseServiceHandle(Service);
}

/* The entry point: the C runtime's start-up is left out. */
void WINAPI Start(void)
{
    SC_HANDLE Manager = OpenSCManager(NULL, NULL, SC_MANAGER_ALL_ACCESS);

    if (Manager) {
        UseManager(Manager);
        CloseServiceHandle(Manager);
    } else {
        Complain(TEXT("Can't connect to Service Control Manager."));
    }
    ExitProcess(0);
}

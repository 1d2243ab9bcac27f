/*
 * What system calls cost, measured from ring 3 (tests/bench/ring3.py).
 *
 *   bench          each operation some times between the labels bench_NAME_begin and bench_NAME_end,
 *                  for whoever counts the instructions from the one to the other
 *   bench clock    each operation often, and what a clock says:
 *                  [bench] name=NAME times=COUNT us=MICROSECONDS
 *   bench child    nothing at all: the process whose start is measured
 */
#include <windows.h>
#include <winioctl.h>

#include "common/say.h"
#include "ioctl/pagewalk.h"
#include "ioctl/virttophys.h"

#define WARM_TIMES 64 /* the first few of them find cold caches of the kernel's */
#define STARTS     4
#define SCANS      8

void WINAPI start(void);
NTSTATUS NTAPI NtYieldExecution(void);

/* NtTestAlert looks whether an alert is pending, and none ever is: no service does less. */

/*
 * The two ways into the kernel as system DLLs have them: Windows 2000's own stub, and the one that
 * takes what the kernel found to be the fastest.
 */
__asm__(".text\n"
        "_call_int:\n"
        "    movl $0xE2, %eax\n"
        "    leal 4(%esp), %edx\n"
        "    int $0x2E\n"
        "    ret\n"
        "_call_fast:\n"
        "    movl $0xE2, %eax\n"
        "    movl $0x7FFE0300, %edx\n"
        "    call *(%edx)\n"
        "    ret\n");

NTSTATUS __cdecl call_int(void);
NTSTATUS __cdecl call_fast(void);

/* Whether the number means this service, by both ways. */
static BOOL calls_succeed(void)
{
    return call_int() == 0 && call_fast() == 0;
}

/* Whether the word that _call_fast calls through leads to sysenter. */
static BOOL fast_is_sysenter(void)
{
    return *(FARPROC *)0x7FFE0300 ==
           GetProcAddress(GetModuleHandleA("ntdll.dll"), "KiFastSystemCall");
}

/* What stands between is not moved out, and no other instruction stands there. */
#define BEGIN(name)                                                                                \
    __asm__ volatile(".globl _bench_" name "_begin\n_bench_" name "_begin:" ::: "memory")
#define END(name) __asm__ volatile(".globl _bench_" name "_end\n_bench_" name "_end:" ::: "memory")

#define NULL_CALL(name, stub)                                                                      \
    __asm__ volatile(".globl _bench_" name "_begin, _bench_" name "_end\n"                         \
                     "_bench_" name "_begin: call " stub "\n"                                      \
                     "_bench_" name "_end:" ::                                                     \
                         : "eax", "ecx", "edx", "cc", "memory")

/* Each label stands once. */
#define MEASURED __attribute__((noinline, noclone)) static void

MEASURED null_int(DWORD times)
{
    while (times--)
        NULL_CALL("null_int", "_call_int");
}

MEASURED null_fast(DWORD times)
{
    while (times--)
        NULL_CALL("null_fast", "_call_fast");
}

/* ---- The tutorial's request ---- */

static HANDLE device;

MEASURED control(DWORD times)
{
    DWORD addresses[NUM_DATA_ENTRY], physical[NUM_DATA_ENTRY], returned;

    for (int i = 0; i < NUM_DATA_ENTRY; i++)
        addresses[i] = (DWORD)GetModuleHandleA("kernel32.dll");
    while (times--) {
        BEGIN("ioctl");
        DeviceIoControl(device, IOCTL_GET_PHYS_ADDRESS, addresses, sizeof(addresses), physical,
                        sizeof(physical), &returned, NULL);
        END("ioctl");
    }
}

/* ---- A whole space, by pagewalk.sys ---- */

static HANDLE walker;

MEASURED scan(DWORD times)
{
    static struct {
        struct pagewalk_head head;
        struct pagewalk_range ranges[250];
    } answer;
    struct pagewalk_question question = {0};
    DWORD returned;

    while (times--) {
        BEGIN("scan");
        DeviceIoControl(walker, IOCTL_PAGEWALK_RANGES, &question, sizeof(question), &answer,
                        sizeof(answer), &returned, NULL);
        END("scan");
    }
    if (!answer.head.count || answer.head.more)
        say("[bench] problem=\"not all ranges\" ranges=%u\r\n", answer.head.count);
}

/* ---- Two threads, one after the other ---- */

MEASURED yield(DWORD times)
{
    while (times--) {
        BEGIN("yield");
        NtYieldExecution();
        END("yield");
    }
}

static HANDLE turns[2];

MEASURED hand_over(DWORD times, int mine)
{
    while (times--) {
        BEGIN("handover");
        SetEvent(turns[!mine]);
        WaitForSingleObject(turns[mine], INFINITE);
        END("handover");
    }
}

static DWORD WINAPI yield_too(LPVOID times)
{
    yield((DWORD)times);
    return 0;
}

static DWORD WINAPI hand_back(LPVOID times)
{
    WaitForSingleObject(turns[1], INFINITE);
    hand_over((DWORD)times - 1, 1);
    SetEvent(turns[0]);
    return 0;
}

/* At the highest priority below real time: a wait's end raises it no further, so they take turns. */
static void both(void (*ours)(DWORD times), LPTHREAD_START_ROUTINE theirs, DWORD times)
{
    HANDLE thread = CreateThread(NULL, 0, theirs, (LPVOID)times, CREATE_SUSPENDED, NULL);

    SetThreadPriority(thread, THREAD_PRIORITY_TIME_CRITICAL);
    SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_TIME_CRITICAL);
    ResumeThread(thread);
    ours(times);
    SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_NORMAL);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

static void hand_over_first(DWORD times)
{
    hand_over(times, 0);
}

static void yields(DWORD times)
{
    both(yield, yield_too, times);
}

static void hand_overs(DWORD times)
{
    both(hand_over_first, hand_back, times);
}

/* ---- A process ---- */

/* From CreateProcess to the child's entry point, which is this program's. */
MEASURED starts(DWORD times)
{
    char command[] = "bench.exe child";
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;

    while (times--) {
        BEGIN("start");
        CreateProcessA("bench.exe", command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process);
        WaitForSingleObject(process.hProcess, INFINITE);
        CloseHandle(process.hProcess);
        CloseHandle(process.hThread);
    }
}

/* ---- All of them ---- */

static const struct operation {
    const char *name;
    void (*perform)(DWORD times);
    DWORD counted, timed; /* times */
    DWORD switches;       /* of threads, in each */
} operations[] = {
    {"null_int", null_int, WARM_TIMES, 200000, 1},
    {"null_fast", null_fast, WARM_TIMES, 200000, 1},
    {"ioctl", control, WARM_TIMES, 50000, 1},
    {"yield", yields, WARM_TIMES, 50000, 2},
    {"handover", hand_overs, WARM_TIMES, 50000, 2},
    {"start", starts, STARTS, 50, 1},
    {"scan", scan, SCANS, 500, 1},
};

#define OPERATIONS (sizeof(operations) / sizeof(operations[0]))

static void count(const struct operation *operation)
{
    operation->perform(operation->counted);
}

static void take_time(const struct operation *operation)
{
    LARGE_INTEGER frequency, before, after;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&before);
    operation->perform(operation->timed);
    QueryPerformanceCounter(&after);
    say("[bench] name=%s times=%u us=%u\r\n", operation->name,
        operation->timed * operation->switches,
        (DWORD)MulDiv((int)(after.QuadPart - before.QuadPart), 1000000, (int)frequency.QuadPart));
}

static void perform_all(void (*with)(const struct operation *operation))
{
    for (DWORD i = 0; i < OPERATIONS; i++)
        with(&operations[i]);
}

static SC_HANDLE load_driver(SC_HANDLE manager, const char *name, const char *path)
{
    SC_HANDLE service = CreateServiceA(manager, name, NULL, SERVICE_ALL_ACCESS,
                                       SERVICE_KERNEL_DRIVER, SERVICE_DEMAND_START,
                                       SERVICE_ERROR_IGNORE, path, NULL, NULL, NULL, NULL, NULL);

    if (!StartServiceA(service, 0, NULL))
        say("[bench] problem=\"no driver\" error=%u\r\n", GetLastError());
    return service;
}

static void unload_driver(SC_HANDLE service)
{
    SERVICE_STATUS status;

    ControlService(service, SERVICE_CONTROL_STOP, &status);
    DeleteService(service);
    CloseServiceHandle(service);
}

static HANDLE open_device(const char *name)
{
    return CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
}

/* With the drivers' devices and two events. */
static void measure(BOOL by_clock)
{
    SC_HANDLE manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    SC_HANDLE service = load_driver(manager, "VirtToPhys", "C:\\VirtToPhys.sys");
    SC_HANDLE walk_service = load_driver(manager, "PageWalk", "C:\\pagewalk.sys");

    CloseServiceHandle(manager);
    turns[0] = CreateEventA(NULL, FALSE, FALSE, NULL);
    turns[1] = CreateEventA(NULL, FALSE, FALSE, NULL);
    device = open_device("\\\\.\\slVirtToPhys");
    walker = open_device("\\\\.\\PageWalk");
    perform_all(by_clock ? take_time : count);
    CloseHandle(device);
    CloseHandle(walker);
    unload_driver(service);
    unload_driver(walk_service);
}

void WINAPI start(void)
{
    char *words[1];
    int word_count = arguments(words, 1);

    if (word_count && !lstrcmpA(words[0], "child"))
        ExitProcess(0);
    if (!calls_succeed())
        ExitProcess(1);
    say("[bench] fast=%s\r\n", fast_is_sysenter() ? "sysenter" : "int");
    measure(word_count && !lstrcmpA(words[0], "clock"));
    say("[bench] done=1\r\n");
    ExitProcess(0);
}

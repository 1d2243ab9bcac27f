/*
 * What is left undone: calls that by right end the machine, speak for the user or reach processes
 * and objects of others, which this system guards by no rights of access. As narrow as can be: the
 * same calls are made with arguments that lack the right.
 */
#include "hostile/hostile.h"

#include <winioctl.h>

#include "ioctl/async.h"
#include "nt/system.h"

#define BAD_ADDRESS 0x80000010u

static void keep_running(struct call *call)
{
    if (call->arguments[0] <= ShutdownPowerOff || call->arguments[0] == ShutdownFailed)
        call->arguments[0] += 0x100;
}

/* The child's own end comes in its last act (last_act.c). */
/* Or one whose handle does not let us ask. */
static BOOLEAN may_be_own_process(HANDLE handle)
{
    PROCESS_BASIC_INFORMATION basic;
    NTSTATUS status =
        NtQueryInformationProcess(handle, ProcessBasicInformation, &basic, sizeof basic, NULL);

    return status == STATUS_ACCESS_DENIED ||
           (NT_SUCCESS(status) && basic.UniqueProcessId == (ULONG_PTR)nt_teb()->client_id.process);
}

static void keep_process(struct call *call)
{
    if (!call->arguments[0] || may_be_own_process((HANDLE)call->arguments[0]))
        call->arguments[0] = 2;
}

/* The program's own view. */
static void keep_image(struct call *call)
{
    ULONG base = (ULONG)nt_peb()->image_base;

    if (call->arguments[1] - base < 0x100000)
        call->arguments[1] += 0x100000;
}

static void keep_first_chance(struct call *call)
{
    call->arguments[2] |= 1;
}

static void keep_user(struct call *call)
{
    if (call->arguments[1] && call->arguments[1] <= 4)
        call->arguments[3] = BAD_ADDRESS;
    else
        call->arguments[1] |= 0x80000000;
}

/* Two characters are enough. */
static void keep_screen(struct call *call)
{
    PUNICODE_STRING text = (PUNICODE_STRING)call->arguments[0];

    if ((ULONG)text < ARENA || (ULONG)text >= ARENA + ARENA_RW_BYTES - sizeof *text)
        call->arguments[0] = BAD_ADDRESS;
    else
        text->Length &= 2;
}

/* Any path that ends with a driver's name means it: the supervisor's are not to go. */
static void keep_driver(struct call *call)
{
    PUNICODE_STRING path = (PUNICODE_STRING)call->arguments[0];
    const WCHAR *end;

    if ((ULONG)path < ARENA || (ULONG)path >= ARENA + ARENA_RW_BYTES - sizeof *path)
        return;
    end = path->Buffer + path->Length / sizeof(WCHAR);
    if ((ULONG)path->Buffer >= ARENA && (ULONG)end <= ARENA + ARENA_RW_BYTES && path->Length &&
        ((end[-1] | 0x20) == 'c' || (end[-1] | 0x20) == 'k'))
        path->Length -= sizeof(WCHAR);
}

static BOOLEAN is_late(ULONG code)
{
    return code == IOCTL_ASYNC_DPC || code == IOCTL_ASYNC_CANCEL || code == IOCTL_ASYNC_THREAD;
}

/* The milliseconds until a late request's end lie where no call overwrites them by chance. */
static void keep_soon(struct call *call)
{
    static ULONG soon[512];

    if (call->arguments[5] == IOCTL_ASYNC_NEITHER)
        call->arguments[5] = IOCTL_ASYNC_BUFFERED;
    if (is_late(call->arguments[5]) && call->arguments[6] - 0x10000 < 0x7FFE0000) {
        soon[0] = below(20);
        call->arguments[6] = (ULONG)soon;
    }
}

static void keep_log(struct call *call)
{
    if (call->arguments[0] == SystemIrpTrace && call->arguments[2] == sizeof(ULONG))
        call->arguments[1] = BAD_ADDRESS;
}

/* Only ids that values.c made, or none. */
static void keep_clients(struct call *call)
{
    ULONG id = call->arguments[3];

    if (id >= ARENA && id < region_address(REGIONS))
        call->arguments[3] = BAD_ADDRESS;
}

/* Reading, waiting, asking. */
static void keep_shared(struct call *call)
{
    if (call->service->kinds[1] == 'a')
        call->arguments[1] &= 0x00120089;
}

static const struct {
    USHORT number;
    void (*keep)(struct call *call);
    const char *what, *reason;
} kept_out[] = {
    {SERVICE_NtShutdownSystem, keep_running, "actions that exist", "they end the machine"},
    {SERVICE_NtTerminateProcess, keep_process, "the current process",
     "the child's last act has it"},
    {SERVICE_NtUnmapViewOfSection, keep_image, "the program's image",
     "the child's last act has it"},
    {SERVICE_NtRaiseException, keep_first_chance, "the second chance",
     "the child's last act has it"},
    {SERVICE_NtRaiseHardError, keep_user, "parameters that can be read",
     "it speaks to the user, and to the log"},
    {SERVICE_NtDisplayString, keep_screen, "more than a character", "the screen is the user's"},
    {SERVICE_NtSetSystemInformation, keep_log, "SystemIrpTrace", "it floods the log"},
    {SERVICE_NtUnloadDriver, keep_driver, "async.sys and pagewalk.sys",
     "their requests are a part of this"},
    {SERVICE_NtDeviceIoControlFile, keep_soon,
     "IOCTL_ASYNC_NEITHER, \\Device\\asyncnei, and requests that end in hours",
     "async.sys does not guard itself against the pointers that it uses; nobody waits so long"},
    {SERVICE_NtOpenProcess, keep_clients, "ids of other processes",
     "a handle to them may do anything"},
    {SERVICE_NtOpenThread, keep_clients, "ids of other processes' threads",
     "a handle to them may do anything"},
};

void keep_out(struct call *call)
{
    for (ULONG i = 0; i < COUNT_OF(kept_out); i++)
        if (kept_out[i].number == call->number)
            kept_out[i].keep(call);
    if (call->shared_name)
        keep_shared(call);
}

void keep_out_report(void)
{
    for (ULONG i = 0; i < COUNT_OF(kept_out); i++)
        DbgPrint("[hostile] kept_out=%u what=\"%s\" reason=\"%s\"\n", kept_out[i].number,
                 kept_out[i].what, kept_out[i].reason);
    DbgPrint("[hostile] kept_out=any what=\"more than reading by names that others use\" "
             "reason=\"files, devices, directories and keys of others could be changed\"\n");
    DbgPrint("[hostile] kept_out=any what=\"OBJ_PERMANENT, but for one event\" reason=\"what is "
             "made with it stays when its maker is gone\"\n");
}

/* smss.exe: services.exe, the program, then a command line until its `exit`, unless none was wanted. */
#include "smss/smss.h"

#include "common/svcctl.h"
#include "nt/system.h"

#define SERVICES L"services.exe"
#define PROGRAM  L"VirtToPhys.exe"
#define SHELL    L"cmd.exe"

VOID NTAPI NtProcessStartup(struct nt_peb *peb);

/* Created before services.exe, which sets it. */
static NTSTATUS create_start_event(HANDLE *event)
{
    struct nt_named named;

    return NtCreateEvent(event, EVENT_ALL_ACCESS,
                         nt_name(&named, NULL, SVCCTL_START_EVENT, OBJ_OPENIF), NT_NOTIFICATION,
                         FALSE);
}

/*
 * Waits until the service control manager can be connected to, or has ended. Without it the programs
 * still run: they are told so when they call it.
 */
static void start_services(void)
{
    HANDLE objects[2]; /* the event, the process */

    if (!NT_SUCCESS(create_start_event(&objects[0])))
        return;
    objects[1] = start_program(SERVICES, SERVICES);
    if (objects[1]) {
        NtWaitForMultipleObjects(2, objects, NT_WAIT_ANY, FALSE, NULL);
        NtClose(objects[1]);
    }
    NtClose(objects[0]); /* services.exe has its own handle */
}

/* Runs a program to its end: its exit status. */
static DWORD run(const WCHAR *program, const WCHAR *command)
{
    HANDLE process = start_program(program, command);

    return process ? start_wait(process) : (DWORD)STATUS_UNSUCCESSFUL;
}

VOID NTAPI NtProcessStartup(struct nt_peb *peb)
{
    struct options options;
    DWORD status;

    (void)peb;
    options_read(&options);
    start_init();
    start_services();
    status = options.program[0] ? run(options.program, options.command) : run(PROGRAM, PROGRAM);
    if (!options.leave)
        run(SHELL, SHELL);
    NtShutdownSystem(status == 0 ? ShutdownNoReboot : ShutdownFailed);
    NtTerminateProcess(NtCurrentProcess(), STATUS_UNSUCCESSFUL);
}

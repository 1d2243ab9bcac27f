/* tasklist and taskkill. */
#include "ntdll/ntdll.h"

#include "cmd.h"

/* What a process that taskkill ended leaves. */
#define KILLED 1

#define FIRST_SIZE 4096

/* The list of processes, for HeapFree; NULL with the status where there is none. */
static SYSTEM_PROCESS_INFORMATION *read_list(NTSTATUS *status)
{
    for (ULONG size = FIRST_SIZE;; size *= 2) {
        void *list = HeapAlloc(GetProcessHeap(), 0, size);

        if (list == NULL) {
            *status = STATUS_NO_MEMORY;
            return NULL;
        }
        *status = NtQuerySystemInformation(SystemProcessInformation, list, size, NULL);
        if (NT_SUCCESS(*status))
            return list;
        HeapFree(GetProcessHeap(), 0, list);
        if (*status != STATUS_INFO_LENGTH_MISMATCH)
            return NULL;
    }
}

static void list_process(const SYSTEM_PROCESS_INFORMATION *process)
{
    char name[MAX_PATH] = "System Idle Process";
    int length = process->ImageName.Length / (int)sizeof(WCHAR);

    if (length != 0) {
        length = WideCharToMultiByte(CP_OEMCP, 0, process->ImageName.Buffer, length, name,
                                     sizeof(name) - 1, NULL, NULL);
        name[length] = '\0';
    }
    say("%6u  %6u  %7u  %7u  %s\r\n", (DWORD)(ULONG_PTR)process->UniqueProcessId,
        (DWORD)(ULONG_PTR)process->InheritedFromUniqueProcessId, process->NumberOfThreads,
        process->HandleCount, name);
}

void command_tasklist(const struct line *line)
{
    NTSTATUS status;
    SYSTEM_PROCESS_INFORMATION *list = read_list(&status), *process = list;

    UNREFERENCED_PARAMETER(line);
    if (list == NULL) {
        commands_fail("tasklist", RtlNtStatusToDosError(status));
        return;
    }
    say("   PID  Parent  Threads  Handles  Name\r\n");
    for (;;) {
        list_process(process);
        if (process->NextEntryOffset == 0)
            break;
        process = (SYSTEM_PROCESS_INFORMATION *)((char *)process + process->NextEntryOffset);
    }
    HeapFree(GetProcessHeap(), 0, list);
}

void command_taskkill(const struct line *line)
{
    unsigned id;
    HANDLE process;

    if (!words_number(line->words[1], &id)) {
        commands_usage("taskkill");
        return;
    }
    process = OpenProcess(PROCESS_TERMINATE, FALSE, id);
    if (process == NULL || !TerminateProcess(process, KILLED))
        commands_fail(line->words[1], GetLastError());
    if (process != NULL)
        CloseHandle(process);
}

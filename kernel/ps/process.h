/*
 * Processes: an address space, a handle table and threads (ps/thread.h). A process is an object of
 * type Process; it lives as long as a handle, a thread or kernel code points to it. When its last
 * thread has ended, its handles are closed, its space is freed and it is signalled.
 */
#pragma once

#include "ke/process.h"
#include "ob/ob.h"

struct process {
    struct ke_process ke;
    LIST_ENTRY link;    /* in ps_processes, in the order of creation */
    LIST_ENTRY threads; /* of struct thread, those that have not ended */
    ULONG id, parent_id;
    NTSTATUS exit_status; /* STATUS_PENDING (STILL_ACTIVE) while it runs */
    BOOLEAN exiting;      /* no new threads */
    BOOLEAN ended;
    char name[32];                 /* the program's file name */
    ULONG image_base, entry;       /* of the program, linear addresses */
    LARGE_INTEGER created, exited; /* system time, 100 ns since 1601 */
};

#define PROCESS_TERMINATE         0x0001u
#define PROCESS_CREATE_THREAD     0x0002u
#define PROCESS_VM_OPERATION      0x0008u
#define PROCESS_VM_READ           0x0010u
#define PROCESS_VM_WRITE          0x0020u
#define PROCESS_DUP_HANDLE        0x0040u
#define PROCESS_CREATE_PROCESS    0x0080u
#define PROCESS_SET_INFORMATION   0x0200u
#define PROCESS_QUERY_INFORMATION 0x0400u
#define PROCESS_ALL_ACCESS        (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0xFFFu)

#define PS_BASE_PRIORITY 8 /* of every process: the normal class */

extern POBJECT_TYPE ps_process_type;

/* All processes that have not been deleted; the System process is the first. */
extern LIST_ENTRY ps_processes;

/* The System process: the kernel's own space and handle table, id 8. Its threads run before there are
 * objects, so its storage is static. */
extern struct ps_system {
    OBJECT_HEADER header;
    struct process process;
} ps_system;
#define ps_system_process ps_system.process

/* Types Process and Thread, the System process as an object. After ke_init and ob_init. */
void ps_init(void);

/* The process whose space and handles are current. */
struct process *ps_current(void);

/* Lets the current thread run in a process's space, with its handles; returns the one before. */
struct process *ps_attach(struct process *process);

/*
 * Makes a process for `\??\C:\<program>` with the program and ntdll.dll mapped and a PEB; it has no
 * thread yet. STATUS_SUCCESS: *process, with a pointer for the caller, whose end is the process's if
 * it never gets a thread. Otherwise nothing is left: the statuses of section_create_image,
 * STATUS_INVALID_IMAGE_FORMAT for a DLL, STATUS_NO_MEMORY; the log and the screen name the image and
 * what was wrong.
 */
NTSTATUS ps_create_image_process(const char *program, struct process **process);

/*
 * The process behind a handle or NtCurrentProcess(), with a pointer that the caller gives back with
 * ObfDereferenceObject. Rights bind UserMode. Handle statuses.
 */
NTSTATUS ps_reference_process(HANDLE handle, ACCESS_MASK access, struct process **process);

/* A new id, for a process or a thread. */
ULONG ps_next_id(void);

/* The process with an id, with a pointer for the caller, or NULL. */
struct process *ps_find_process(ULONG id);

/*
 * For the last thread: closes the handles (in the process's space), frees the space and signals the
 * process. The current thread is attached to the System process afterwards.
 */
void ps_end_process(struct process *process);

/*
 * A new process of the section's image; its parent's inheritable handles are copied if `inherit`.
 * `parent` and `section` are handles; ports must be NULL. STATUS_SUCCESS,
 * STATUS_INVALID_PARAMETER, STATUS_SECTION_NOT_IMAGE, STATUS_NO_MEMORY, handle statuses.
 */
NTSTATUS NTAPI NtCreateProcess(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                               HANDLE parent, BOOLEAN inherit, HANDLE section, HANDLE debug_port,
                               HANDLE exception_port);

struct nt_client_id;

/*
 * Opens a process by its id (`client->process`; a name in `attributes` is
 * STATUS_INVALID_PARAMETER). STATUS_INVALID_CID: there is none.
 */
NTSTATUS NTAPI NtOpenProcess(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                             struct nt_client_id *client);

/*
 * Ends all threads of a process, with a status; handle NULL: all but the current thread.
 * STATUS_SUCCESS, STATUS_PROCESS_IS_TERMINATING, STATUS_ACCESS_DENIED (the System process), handle
 * statuses.
 */
NTSTATUS NTAPI NtTerminateProcess(HANDLE handle, NTSTATUS status);

/*
 * A handle in one process to the object of a handle in another (both handles of processes, or
 * NtCurrentProcess(), need PROCESS_DUP_HANDLE). The source may be NtCurrentProcess() or
 * NtCurrentThread() itself. Rights beyond the source's are refused with STATUS_ACCESS_DENIED (our
 * choice: there are no security descriptors to ask). DUPLICATE_CLOSE_SOURCE closes the source in
 * every case but that of an invalid one, and makes `target` optional.
 * STATUS_PROCESS_IS_TERMINATING: one of the processes has ended. Handle statuses.
 */
NTSTATUS NTAPI NtDuplicateObject(HANDLE source_process, HANDLE source, HANDLE target_process,
                                 PHANDLE target, ACCESS_MASK access, ULONG attributes,
                                 ULONG options);
NTSTATUS NTAPI ZwDuplicateObject(HANDLE source_process, HANDLE source, HANDLE target_process,
                                 PHANDLE target, ACCESS_MASK access, ULONG attributes,
                                 ULONG options);

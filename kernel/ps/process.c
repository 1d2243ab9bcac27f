#include "ps/process.h"

#include "console/log.h"
#include "io/trace.h"
#include "ke/thread.h"
#include "ke/caller.h"
#include "ke/clock.h"
#include "ke/wait.h"
#include "mm/pool.h"
#include "ps/image.h"
#include "ps/pe.h"
#include "ps/peb.h"
#include "ps/section.h"
#include "ps/thread.h"
#include "rtl/rtl.h"

enum { SYSTEM_PROCESS_ID = 8 };

POBJECT_TYPE ps_process_type;
struct ps_system ps_system;
LIST_ENTRY ps_processes = {&ps_processes, &ps_processes};

/* As NT's: multiples of 4, never used twice; the System process gets the first. */
ULONG ps_next_id(void)
{
    static ULONG next = SYSTEM_PROCESS_ID;
    ULONG id = next;

    next += 4;
    return id;
}

static void free_space(struct process *process)
{
    if (process->ke.space)
        mm_space_destroy(process->ke.space);
    process->ke.space = NULL;
}

static void close_handles(struct process *process)
{
    if (process->ke.handles)
        ob_handle_table_destroy(process->ke.handles);
    process->ke.handles = NULL;
}

/* The Process type's: the last pointer is gone, so no thread is left. */
static void delete_process(PVOID object)
{
    struct process *process = object;

    ASSERT(IsListEmpty(&process->threads));
    close_handles(process);
    free_space(process);
    RemoveEntryList(&process->link);
}

static void create_type(void)
{
    static const struct ob_type_info info = {
        .mapping = {STANDARD_RIGHTS_READ | PROCESS_VM_READ | PROCESS_QUERY_INFORMATION,
                    STANDARD_RIGHTS_READ | PROCESS_CREATE_PROCESS | PROCESS_CREATE_THREAD |
                        PROCESS_VM_OPERATION | PROCESS_VM_WRITE | PROCESS_DUP_HANDLE |
                        PROCESS_TERMINATE | PROCESS_SET_INFORMATION,
                    STANDARD_RIGHTS_READ | SYNCHRONIZE, PROCESS_ALL_ACCESS},
        .valid_access = PROCESS_ALL_ACCESS,
        .pool_tag = POOL_TAG('P', 'r', 'o', 'c'),
        .waitable = TRUE,
        .dispatcher_offset = offsetof(struct process, ke.header),
        .delete = delete_process,
    };
    NTSTATUS status = ob_create_type(u"Process", &info, &ps_process_type);

    ASSERT(NT_SUCCESS(status));
}

static void init_process(struct process *process, const char *name)
{
    InitializeListHead(&process->threads);
    InsertTailList(&ps_processes, &process->link);
    process->id = ps_next_id();
    process->exit_status = STATUS_PENDING;
    KeQuerySystemTime(&process->created);
    rtl_copy_printable(process->name, name, sizeof process->name);
}

/* A process without space and handles, in the list; the caller owns a pointer. */
static struct process *create_object(const char *name)
{
    struct process *process;

    if (!NT_SUCCESS(ob_create_object(ps_process_type, NULL, sizeof *process, (PVOID *)&process)))
        return NULL;
    ke_process_init(&process->ke);
    init_process(process, name);
    return process;
}

static void process_switched(struct ke_process *process)
{
    ob_set_current_handles(process->handles);
}

/* For the trace of IRPs and the lines about drivers. */
static struct io_process describe(struct ke_process *ke)
{
    struct process *process = CONTAINING_RECORD(ke, struct process, ke);

    return (struct io_process){process->id, process->name};
}

void ps_init(void)
{
    io_describe_process = describe;
    create_type();
    ob_adopt_object(&ps_system_process, ps_process_type);
    init_process(&ps_system_process, "System");
    ps_system_process.ke.handles = ob_current_handles();
    ke_process_switched = process_switched;
    ps_thread_init();
}

struct process *ps_current(void)
{
    return CONTAINING_RECORD(ke_current_process(), struct process, ke);
}

struct process *ps_attach(struct process *process)
{
    return CONTAINING_RECORD(ke_attach(&process->ke), struct process, ke);
}

/* A process with an empty space and, if it inherits, its parent's handles. */
static NTSTATUS create_empty(const char *name, struct process *parent, BOOLEAN inherit,
                             struct process **result)
{
    struct process *process = create_object(name);

    if (!process)
        return STATUS_NO_MEMORY;
    process->parent_id = parent->id;
    process->ke.space = mm_space_create();
    process->ke.handles =
        inherit ? ob_handle_table_inherit(parent->ke.handles) : ob_handle_table_create();
    if (!process->ke.space || !process->ke.handles) {
        ObfDereferenceObject(process);
        return STATUS_NO_MEMORY;
    }
    *result = process;
    return STATUS_SUCCESS;
}

static void log_creation(const struct process *process)
{
    log_printf("[process] event=create id=%u name=%s parent=%u cr3=%08X\n", process->id,
               process->name, process->parent_id, process->ke.space->cr3);
}

/* ---- Images ---- */

/* ntdll's section, kept for good once the first process has been made. */
static NTSTATUS open_ntdll(PVOID *section)
{
    static const UNICODE_STRING path = UNICODE_STRING_INIT(u"\\??\\C:\\ntdll.dll");
    static PVOID ntdll;
    NTSTATUS status = ntdll ? STATUS_SUCCESS : section_create_image(&path, &ntdll);

    *section = ntdll;
    return status;
}

/* The program's and ntdll's views, and the PEB; the process must be attached. */
static NTSTATUS map_images(struct process *process, PVOID program, PVOID ntdll)
{
    const SECTION_IMAGE_INFORMATION *image = section_image_information(program);
    ULONG ntdll_at = 0;
    NTSTATUS status = section_map_image(program, process, &process->image_base);

    process->entry = (ULONG)image->TransferAddress;
    if (NT_SUCCESS(status))
        status = section_map_image(ntdll, process, &ntdll_at);
    return NT_SUCCESS(status) ? peb_create(process, ntdll_at) : status;
}

/* A process of a program's section. */
static NTSTATUS create_from_section(PVOID program, struct process *parent, BOOLEAN inherit,
                                    struct process **result)
{
    struct process *process;
    char name[sizeof process->name];
    PVOID ntdll;
    NTSTATUS status = open_ntdll(&ntdll);

    if (!NT_SUCCESS(status))
        return status;
    section_image_name(program, name, sizeof name);
    status = create_empty(name, parent, inherit, &process);
    if (!NT_SUCCESS(status))
        return status;
    struct process *last = ps_attach(process);

    status = map_images(process, program, ntdll);
    ps_attach(last);
    if (!NT_SUCCESS(status)) {
        ObfDereferenceObject(process);
        return status;
    }
    log_creation(process);
    *result = process;
    return STATUS_SUCCESS;
}

/* NtCreateProcess takes a DLL, as NT's does; as a program of its own it would end in no order. */
static NTSTATUS check_program(const char *name, PVOID section)
{
    static const struct pe_error library = {.what = "it is a library, not a program"};

    if (section_image_information(section)->ImageCharacteristics & IMAGE_FILE_DLL)
        return image_log_failure(name, STATUS_INVALID_IMAGE_FORMAT, &library);
    return STATUS_SUCCESS;
}

NTSTATUS ps_create_image_process(const char *program, struct process **process)
{
    WCHAR buffer[64];
    UNICODE_STRING path = {0, sizeof buffer, buffer};
    PVOID section;
    NTSTATUS status = rtl_append_text(&path, "\\??\\C:\\");

    if (NT_SUCCESS(status))
        status = rtl_append_text(&path, program);
    if (!NT_SUCCESS(status))
        return STATUS_OBJECT_NAME_INVALID;
    status = section_create_image(&path, &section);
    if (!NT_SUCCESS(status))
        return status;
    status = check_program(program, section);
    if (NT_SUCCESS(status))
        status = create_from_section(section, ps_current(), FALSE, process);
    ObfDereferenceObject(section);
    return status;
}

static NTSTATUS reference_image(HANDLE handle, PVOID *section)
{
    NTSTATUS status = ob_reference(handle, SECTION_MAP_EXECUTE, section_type, section);

    if (NT_SUCCESS(status) && !section_image_information(*section)) {
        ObfDereferenceObject(*section);
        status = STATUS_SECTION_NOT_IMAGE;
    }
    return status;
}

NTSTATUS NTAPI NtCreateProcess(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                               HANDLE parent_handle, BOOLEAN inherit, HANDLE section_handle,
                               HANDLE debug_port, HANDLE exception_port)
{
    struct process *parent, *process;
    PVOID section;
    NTSTATUS status;

    if (debug_port || exception_port || (attributes && attributes->ObjectName))
        return STATUS_INVALID_PARAMETER;
    status = ps_reference_process(parent_handle, PROCESS_CREATE_PROCESS, &parent);
    if (!NT_SUCCESS(status))
        return status;
    status =
        parent->ended ? STATUS_PROCESS_IS_TERMINATING : reference_image(section_handle, &section);
    if (NT_SUCCESS(status)) {
        status = create_from_section(section, parent, inherit, &process);
        ObfDereferenceObject(section);
    }
    ObfDereferenceObject(parent);
    if (!NT_SUCCESS(status))
        return status;
    status = ob_open_pointer(handle, access, attributes, process, ps_process_type);
    ObfDereferenceObject(process);
    return status;
}

/* Nobody runs in it: what it has goes, and who waits for it goes on. */
static void finish(struct process *process)
{
    free_space(process);
    KeQuerySystemTime(&process->exited);
    log_printf("[process] event=exit id=%u name=%s status=%08X\n", process->id, process->name,
               process->exit_status);
    ke_signal(&process->ke.header);
}

void ps_end_process(struct process *process)
{
    process->exiting = process->ended = TRUE;
    ob_set_current_handles(ps_system_process.ke.handles);
    close_handles(process);
    ps_attach(&ps_system_process);
    finish(process);
}

/* One that never had a thread: its handles, which may be to itself, would keep it for ever. */
static void end_without_threads(struct process *process)
{
    process->ended = TRUE;
    close_handles(process);
    finish(process);
}

struct process *ps_find_process(ULONG id)
{
    LIST_FOR_EACH(process, &ps_processes, struct process, link)
    {
        if (process->id == id) {
            ObfReferenceObject(process);
            return process;
        }
    }
    return NULL;
}

NTSTATUS ps_reference_process(HANDLE handle, ACCESS_MASK access, struct process **process)
{
    if (handle != NtCurrentProcess())
        return ob_reference(handle, access, ps_process_type, (PVOID *)process);
    *process = ps_current();
    ObfReferenceObject(*process);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtOpenProcess(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                             struct nt_client_id *client)
{
    struct nt_client_id id;
    NTSTATUS status = ke_copy_from_caller(&id, client, sizeof id);
    struct process *process;

    if (!NT_SUCCESS(status))
        return status;
    if (attributes && attributes->ObjectName)
        return STATUS_INVALID_PARAMETER;
    process = ps_find_process((ULONG)id.process);
    if (!process)
        return STATUS_INVALID_CID;
    status = ob_open_pointer(handle, access, attributes, process, ps_process_type);
    ObfDereferenceObject(process);
    return status;
}

/* All threads but the current one end at their next way back to ring 3. */
static void terminate_threads(struct process *process, NTSTATUS status)
{
    LIST_FOR_EACH(thread, &process->threads, struct thread, link)
    {
        thread->exit_status = status;
        if (&thread->ke != ke_current_thread())
            ke_terminate_thread(&thread->ke);
    }
}

static NTSTATUS terminate(struct process *process, NTSTATUS status)
{
    if (process == &ps_system_process)
        return STATUS_ACCESS_DENIED;
    if (process->exiting)
        return STATUS_PROCESS_IS_TERMINATING;
    process->exiting = TRUE;
    process->exit_status = status;
    if (IsListEmpty(&process->threads)) {
        end_without_threads(process);
        return STATUS_SUCCESS;
    }
    terminate_threads(process, status);
    if (&process->ke == ke_current_thread()->home)
        ke_terminate_thread(ke_current_thread());
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtTerminateProcess(HANDLE handle, NTSTATUS exit_status)
{
    struct process *process;

    if (!handle) {
        terminate_threads(ps_current_thread()->process, exit_status);
        return STATUS_SUCCESS;
    }
    NTSTATUS status = ps_reference_process(handle, PROCESS_TERMINATE, &process);

    if (!NT_SUCCESS(status))
        return status;
    status = terminate(process, exit_status);
    ObfDereferenceObject(process);
    return status;
}

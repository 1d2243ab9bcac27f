#include "ps/process.h"

#include "mm/pool.h"
#include "ps/image.h"
#include "rtl/rtl.h"

struct process ps_system_process;

static void use_handles(struct ke_process *process)
{
    ob_set_current_handles(process->handles);
}

void ps_init(void)
{
    ps_system_process.ke.handles = ob_current_handles();
    InitializeListHead(&ps_system_process.modules);
    ke_process_switched = use_handles;
}

struct process *ps_current(void)
{
    return (struct process *)ke_current_process();
}

struct process *ps_attach(struct process *process)
{
    return (struct process *)ke_attach(&process->ke);
}

static void free_modules(struct process *process)
{
    while (!IsListEmpty(&process->modules))
        ExFreePool(CONTAINING_RECORD(RemoveHeadList(&process->modules), struct module, link));
}

void ps_destroy_process(struct process *process)
{
    ASSERT(process != ps_current() && process != &ps_system_process);
    if (process->ke.handles)
        ob_handle_table_destroy(process->ke.handles);
    free_modules(process);
    if (process->ke.space)
        mm_space_destroy(process->ke.space);
    ExFreePool(process);
}

static NTSTATUS create_empty(struct process **result)
{
    struct process *process = pool_allocate_zeroed(sizeof *process, POOL_TAG('P', 'r', 'o', 'c'));

    if (!process)
        return STATUS_NO_MEMORY;
    ke_process_init(&process->ke);
    InitializeListHead(&process->modules);
    process->ke.space = mm_space_create();
    process->ke.handles = ob_handle_table_create();
    if (!process->ke.space || !process->ke.handles) {
        ps_destroy_process(process);
        return STATUS_NO_MEMORY;
    }
    *result = process;
    return STATUS_SUCCESS;
}

NTSTATUS ps_create_process(const char *program, struct process **result)
{
    struct module *module;
    struct process *process;
    NTSTATUS status = create_empty(&process);

    if (!NT_SUCCESS(status))
        return status;
    struct process *last = ps_attach(process);

    status = image_load_user(process, program, &module);
    ps_attach(last);
    if (!NT_SUCCESS(status)) {
        ps_destroy_process(process);
        return status;
    }
    *result = process;
    return STATUS_SUCCESS;
}

#include "ps/start.h"

#include "ke/thread.h"
#include "mm/user.h"
#include "mm/vad.h"
#include "ps/peb.h"
#include "ps/thread.h"
#include "rtl/rtl.h"

enum { STACK_BYTES = 0x40000, STACK_COMMITTED = 0x4000 };

#define FOLDER u"C:\\"

/* A process's parameters as they lie in one page, strings behind the record. */
struct parameters {
    struct nt_process_parameters record;
    WCHAR folder[4];
    WCHAR path[40];
    WCHAR environment[2];
};

static UNICODE_STRING string_at(ULONG base, ULONG offset, const WCHAR *text)
{
    USHORT bytes = 0;

    while (text[bytes / sizeof(WCHAR)])
        bytes += sizeof(WCHAR);
    return (UNICODE_STRING){bytes, (USHORT)(bytes + sizeof(WCHAR)), (PWSTR)(base + offset)};
}

/* `to` is zeroed. */
static void fill_parameters(struct parameters *to, ULONG base, const char *name)
{
    static const WCHAR folder[] = FOLDER;
    WCHAR *at = to->path;

    memcpy(to->folder, folder, sizeof folder);
    for (const WCHAR *from = folder; *from; from++)
        *at++ = *from;
    while (*name && at < to->path + ARRAY_SIZE(to->path) - 1)
        *at++ = (UCHAR)*name++;
    to->record.maximum_length = to->record.length = sizeof *to;
    to->record.flags = 1; /* the strings' Buffers are addresses */
    to->record.current_directory = string_at(base, offsetof(struct parameters, folder), to->folder);
    to->record.dll_path = to->record.current_directory;
    to->record.image_path = string_at(base, offsetof(struct parameters, path), to->path);
    to->record.command_line = to->record.image_path;
    to->record.environment = (PWSTR)(base + offsetof(struct parameters, environment));
}

/* The space must be current. */
static NTSTATUS create_parameters(const char *name)
{
    struct mm_range range = {0, PAGE_SIZE};
    NTSTATUS status = mm_vad_reserve(mm_space_current(), &range, 0, MEM_COMMIT, PAGE_READWRITE);
    struct parameters parameters = {0};

    if (!NT_SUCCESS(status))
        return status;
    fill_parameters(&parameters, range.base, name);
    status = mm_copy_to_user((PVOID)range.base, &parameters, sizeof parameters);
    if (NT_SUCCESS(status))
        status =
            mm_copy_to_user(&((struct nt_peb *)NT_PEB)->parameters, &range.base, sizeof range.base);
    return status;
}

/* A stack with its guard page, as other programs' creators make it (ps/stack.h). */
static NTSTATUS create_stack(struct ps_initial_teb *stack)
{
    struct mm_space *space = mm_space_current();
    struct mm_range all = {0, STACK_BYTES}, top, guard;
    NTSTATUS status = mm_vad_reserve(space, &all, 0, MEM_RESERVE, PAGE_READWRITE);

    if (!NT_SUCCESS(status))
        return status;
    top = (struct mm_range){all.base + STACK_BYTES - STACK_COMMITTED, STACK_COMMITTED};
    guard = (struct mm_range){top.base - PAGE_SIZE, PAGE_SIZE};
    *stack = (struct ps_initial_teb){.stack_base = (PVOID)(all.base + STACK_BYTES),
                                     .stack_limit = (PVOID)top.base,
                                     .allocation_base = (PVOID)all.base};
    status = mm_vad_commit(space, &top, PAGE_READWRITE);
    if (NT_SUCCESS(status))
        status = mm_vad_commit(space, &guard, PAGE_READWRITE | PAGE_GUARD);
    return status;
}

/* The stack pointer with the entry point's argument and a return address of 0 on it. */
static NTSTATUS push_argument(const struct ps_initial_teb *stack, ULONG *stack_pointer)
{
    const ULONG words[2] = {0, NT_PEB};

    *stack_pointer = (ULONG)stack->stack_base - sizeof words;
    return mm_copy_to_user((PVOID)*stack_pointer, words, sizeof words);
}

static NTSTATUS start_thread(struct process *process)
{
    struct ps_initial_teb stack;
    CONTEXT context = {.ContextFlags = CONTEXT_FULL, .Eip = process->entry, .Eax = process->entry};
    HANDLE handle;
    NTSTATUS status = create_stack(&stack);

    if (NT_SUCCESS(status))
        status = push_argument(&stack, &context.Esp);
    if (NT_SUCCESS(status))
        status = NtCreateThread(&handle, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), NULL,
                                &context, &stack, FALSE);
    if (NT_SUCCESS(status))
        NtClose(handle);
    return status;
}

NTSTATUS ps_start_program(const char *name, struct process **result)
{
    struct process *process;
    NTSTATUS status = ps_create_image_process(name, &process);

    if (!NT_SUCCESS(status))
        return status;
    struct process *last = ps_attach(process);

    status = create_parameters(name);
    if (NT_SUCCESS(status))
        status = start_thread(process);
    ps_attach(last);
    if (!NT_SUCCESS(status)) {
        ObfDereferenceObject(process);
        return status;
    }
    *result = process;
    return STATUS_SUCCESS;
}
